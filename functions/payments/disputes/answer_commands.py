"""`paycorex admin answers` and `answered`: answers to disputes of which it is not known whether their provider took them."""

import argparse
from typing import TYPE_CHECKING

from paycorex import clock, ids, redaction, storage
from paycorex.audit import chain, contents
from paycorex.audit.entry import DONE
from paycorex.errors import InvalidState, NotFound, Refusal
from paycorex.records.dispute import DisputeItem, has_unknown_answer
from payments.disputes import unknown_answers

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

logger = redaction.logger("disputes")


def add_to(subparsers: "Subparsers") -> None:
    """Add the commands to those of `paycorex admin`."""
    listed = subparsers.add_parser("answers", help="answers to disputes whose outcome is not known; exit status 1 when there are any")
    listed.set_defaults(run=_list)
    answered = subparsers.add_parser("answered", help="end such an answer: its provider has it, or the merchant may answer again")
    answered.add_argument("dispute", metavar="dsp_...")
    answered.add_argument("--taken", required=True, choices=("yes", "no"), help="what the provider's dashboard shows")
    answered.add_argument("--by", required=True, type=_text, help="who looked there, for the audit log")
    answered.add_argument("--reason", required=True, type=_text, help="what was found; the merchant sees it where it was not taken")
    answered.set_defaults(run=_end)


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return value.strip()


def _list(_arguments: argparse.Namespace) -> int:
    found = [item for item in storage.scan_all(DisputeItem) if has_unknown_answer(item)]
    for item in found:
        print(item.dispute_id, item.merchant_id, item.status, item.answering, f"{item.provider} {item.provider_reference}")
    return 1 if found else 0


def _end(arguments: argparse.Namespace) -> int:
    try:
        item = unknown_answers.find(arguments.dispute)
        after = unknown_answers.end(item, is_taken=arguments.taken == "yes", reason=arguments.reason)
    except NotFound:
        print("No such dispute, or it has no answer whose outcome is not known.")
        return 1
    except InvalidState as refusal:
        print(refusal.message)
        return 1
    _note(item, after, arguments)
    print(f"{item.dispute_id}: the answer ended, and the dispute is {after.status}.")
    return 0


def _note(before: DisputeItem, after: DisputeItem, arguments: argparse.Namespace) -> None:
    """In the merchant's audit log. What cannot be written there is said in the log: it was done already."""
    operation = "operator_ends_answer"
    shown = {name: {"status": each.status, "answering": each.answering} for name, each in (("before", before), ("after", after))}
    fields = {
        "audit_id": ids.new("aud"),
        "at": clock.now_ms(),
        "actor": arguments.by,
        "actor_name": "",
        "operation": operation,
        "method": "",
        "path": "",
        "object_id": before.dispute_id,
        "asked": contents.text({"taken": arguments.taken, "reason": arguments.reason}),
        "before": contents.text(shown["before"]),
        "after": contents.text(shown["after"]),
        "outcome": DONE,
        "source_ip": "",
        "agent": "",
        "session_id": "",
        "request_id": "",
    }
    try:
        chain.append(before.merchant_id, fields)
    except (Refusal, storage.Unavailable, storage.OutcomeUnknown):
        logger.exception("no audit entry", extra={"merchant_id": before.merchant_id, "operation": operation})
