"""Answers at providers that cannot be asked about disputes: each is asked for once. It is claimed in the dispute's record directly before
the call that gives it: files may be sent again, so a process that ends while it sends them has claimed nothing. While the outcome is not
known the dispute waits for the provider's callback, or for an operator who looks there, and says so.
"""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from paycorex.records import dispute
from paycorex.records.dispute import DisputeItem
from payments.connectors import calls as calling
from payments.connectors.disputing import FindsDisputes
from payments.disputes import reports
from payments.disputes.states import Status

SUBMIT: Final = "submit"
ACCEPT: Final = "accept"
ASKED: Final = dispute.ASKED
_WAITS: Final = (
    "It is not known yet whether the provider took the answer, and it cannot be asked. Its callback decides, or a person who looks there."
)
NEVER_KNOWN: Final = "The dispute ended before it was known whether the provider took the answer."
# Reported since the answer was asked for, these say that it is no longer under way, and that it was taken.
ENDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        SUBMIT: frozenset({Status.UNDER_REVIEW, Status.WON, Status.LOST, Status.CLOSED}),
        ACCEPT: frozenset({Status.LOST, Status.WON, Status.CLOSED}),
    }
)
TAKEN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {SUBMIT: frozenset({Status.UNDER_REVIEW, Status.WON}), ACCEPT: frozenset({Status.LOST})}
)


def finds(item: DisputeItem) -> bool | None:
    """True when its provider can be asked how it stands; None when the connector cannot be used now."""
    found = calling.call(item.merchant_id, item.provider, lambda connector: isinstance(connector, FindsDisputes))
    return found if isinstance(found, bool) else None


def is_asked(item: DisputeItem) -> bool:
    """True while an answer is under way that is not asked for again."""
    return ASKED in (item.evidence or {})


def new_claim() -> str:
    """A name for one process's claim."""
    return secrets.token_hex(8)


def claim(item: DisputeItem, ours: str) -> tuple[DisputeItem, bool]:
    """The dispute with the claim on its answer, and whether that is ours: then the provider is asked. Raises TemporarilyUnavailable."""

    def edit(found: DisputeItem) -> bool:
        if not is_asked(found) and (found.answering, _ended(found)) == (item.answering, _ended(item)):
            found.evidence = {**(found.evidence or {}), ASKED: ours, "problem": _WAITS}
        return False

    after = reports.revise(item, edit)
    return after, (after.evidence or {}).get(ASKED) == ours


def is_ours(item: DisputeItem, ours: str | None) -> bool:
    """False of an answer that another process has claimed. ours: None where nothing is claimed."""
    return ours is None or (item.evidence or {}).get(ASKED) in {ours, None}


def give_back(item: DisputeItem, ours: str) -> bool:
    """The claim of an answer that did not reach the provider; an edit for `reports.revise`."""
    if not is_ours(item, ours):
        return False
    item.evidence = {name: value for name, value in (item.evidence or {}).items() if name not in {ASKED, "problem"}}
    return False


def _ended(item: DisputeItem) -> int:
    """How many answers ended: by that and its kind one is known from the next."""
    return int((item.evidence or {}).get("ended", 0))
