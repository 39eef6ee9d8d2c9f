"""What an answer changes in its dispute's record: it is begun, and it ends. Pure, but for the time."""

from typing import Any, Final

from paycorex import clock
from paycorex.records.dispute import DisputeItem
from payments.disputes import asked_once, evidence, versions
from payments.disputes.states import News

_NEWS: Final = {asked_once.SUBMIT: News.SUBMITTED, asked_once.ACCEPT: News.GAVE_IN}


def begin(item: DisputeItem, kind: str) -> None:
    """An answer of this kind is under way."""
    item.answering = kind
    item.evidence = {name: value for name, value in (item.evidence or {}).items() if name not in {"problem", asked_once.ASKED}}


def ended(item: DisputeItem, *, kind: str | None = None, problem: str | None = None) -> bool:
    """The answer is no longer under way; an edit for `reports.revise`. kind: of one that the provider took."""
    if item.answering is None:
        return False
    item.answering = None
    given: dict[str, Any] = {name: value for name, value in (item.evidence or {}).items() if name not in {"problem", asked_once.ASKED}}
    given["ended"] = int(given.get("ended", 0)) + 1
    if problem is not None:
        given["problem"] = problem
    if kind is not None:
        versions.ruled(item, _NEWS[kind])
    if kind == asked_once.SUBMIT:
        given["submitted_at"] = clock.rfc3339(clock.now_ms())
        given["files"] = [{**each, "status": evidence.READY} for each in given.get("files", ())]
    item.evidence = given
    return False
