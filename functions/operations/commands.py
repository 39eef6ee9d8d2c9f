"""`paycorex admin …`: the operators' routes as commands, with the caller's own AWS permissions."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from operations import failed_stream_records, ledger, merchants, queue_depths, set_aside, stuck_payments
from operations.views import AsideLine
from paycorex import installed
from paycorex.errors import Refusal
from paycorex.ledger.proof import verification_runs

OF_OTHER_ROOMS = "paycorex.admin_commands"

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command `admin`. (The books are verified, with progress, by `paycorex ledger verify`.)"""
    commands = subparsers.add_parser("admin", help="merchants, stuck payments, queues").add_subparsers(required=True, metavar="command")
    commands.add_parser("merchants", help="all merchants and their status").set_defaults(run=_merchants)
    for name, status in (("suspend", merchants.SUSPENDED), ("resume", merchants.ACTIVE)):
        change = commands.add_parser(name, help=f"make a merchant {status}; the answer says from when it takes effect everywhere")
        change.add_argument("merchant", metavar="mer_...")
        change.set_defaults(run=_change, status=status)
    rate = commands.add_parser("rate", help="set how many requests a second a merchant may make; takes effect within a minute")
    rate.add_argument("merchant", metavar="mer_...")
    rate.add_argument("limit", type=int, metavar="requests_per_second")
    rate.set_defaults(run=_rate)
    stuck = commands.add_parser("stuck", help="payments that are overdue; exit status 1 when there are any")
    stuck.add_argument("--limit", type=int, default=100)
    stuck.set_defaults(run=_stuck)
    commands.add_parser("queues", help="how many messages wait in each queue").set_defaults(run=_queues)
    recover = "send stream records that failed all retries to their functions again; exit status 1 when some are left"
    commands.add_parser("recover", help=recover).set_defaults(run=_recover)
    aside = commands.add_parser("set-aside", help="items that loops could not process").add_subparsers(required=True, metavar="command")
    aside.add_parser("list", help="all of it; exit status 1 when there is any").set_defaults(run=_aside)
    retry = aside.add_parser("retry", help="have a loop try an item (or all of its items) with its next run")
    retry.add_argument("loop")
    retry.add_argument("item", nargs="?", help="as the list names it (default: all of the loop)")
    retry.set_defaults(run=_retry_aside)
    _add_ledger_to(commands)
    for point in installed.points(OF_OTHER_ROOMS):
        point.load()(commands)


def _add_ledger_to(commands: "Subparsers") -> None:
    shown = commands.add_parser("checkpoints", help="the ledger's checkpoints, newest first")
    shown.add_argument("--limit", type=int, default=1, help="how many; by default 1")
    shown.set_defaults(run=_checkpoints)
    verify = commands.add_parser("verify", help="have the stack verify its ledger against its checkpoints; says how far it is")
    verify.set_defaults(run=_verify)
    last = commands.add_parser("verifications", help="the last verifications; exit status 1 unless the newest one is sound")
    last.add_argument("--limit", type=int, default=5)
    last.set_defaults(run=_verifications)


def _merchants(_arguments: argparse.Namespace) -> int:
    after: str | None = None
    while True:
        page = merchants.page(100, after)
        _print(page.data)
        after = page.next_after
        if after is None:
            return 0


def _change(arguments: argparse.Namespace) -> int:
    try:
        _print([merchants.set_status(arguments.merchant, arguments.status)])
    except Refusal as refusal:
        print(refusal.message)
        return 1
    return 0


def _rate(arguments: argparse.Namespace) -> int:
    try:
        _print([merchants.set_requests_per_second(arguments.merchant, arguments.limit)])
    except Refusal as refusal:
        print(refusal.message)
        return 1
    return 0


def _stuck(arguments: argparse.Namespace) -> int:
    found = stuck_payments.page(arguments.limit).data
    _print(found)
    return 1 if found else 0


def _all_aside() -> Iterator[AsideLine]:
    after: str | None = None
    while True:
        page = set_aside.page(100, after)
        yield from page.data
        after = page.next_after
        if after is None:
            return


def _aside(_arguments: argparse.Namespace) -> int:
    found = list(_all_aside())
    _print(found)
    return 1 if found else 0


def _retry_aside(arguments: argparse.Namespace) -> int:
    wanted = [arguments.item] if arguments.item else [line.item_id for line in _all_aside() if line.loop == arguments.loop]
    try:
        _print([set_aside.retry(arguments.loop, item) for item in wanted])
    except Refusal as refusal:
        print(refusal.message)
        return 1
    return 0


def _queues(_arguments: argparse.Namespace) -> int:
    _print(queue_depths.depths().data)
    return 0


def _recover(_arguments: argparse.Namespace) -> int:
    def report(results: Counter[str]) -> None:
        print(", ".join(f"{count} {result}" for result, count in sorted(results.items())), flush=True)

    done = failed_stream_records.recover(report)
    return 1 if done.total() > done[failed_stream_records.HANDLED] else 0


def _checkpoints(arguments: argparse.Namespace) -> int:
    _print(ledger.checkpoints(arguments.limit, None).data)
    return 0


def _verify(_arguments: argparse.Namespace) -> int:
    line, _is_new = ledger.verify()
    _print([line])
    return 0


def _verifications(arguments: argparse.Namespace) -> int:
    found = ledger.verifications(arguments.limit).data
    _print(found)
    return 0 if found and found[0].status == verification_runs.SOUND else 1


def _print(lines: Sequence[BaseModel]) -> None:
    for line in lines:
        print(line.model_dump_json())
