"""Which decisions of a merchant's people about what is not explained are dangerous acts: those after which it is looked for no more."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from paycorex.approvals.second import Danger, Second
from paycorex.audit import contents
from paycorex.contract import Body
from paycorex.money import format_minor
from paycorex.records import reconciliation_item
from paycorex.records.bank_line import BankLineItem
from paycorex.records.reconciliation_item import ReconciliationItem
from settlements.matching.states import Action

WRITE_OFFS: Final = "write_offs"
# To take the difference from the merchant's balance, or to suspense, ends the search as well.
_ENDING: Final = frozenset({Action.WRITE_OFF, Action.CORRECT})


def of_decision(action: str, body: Body, about: Callable[[], Mapping[str, Any]]) -> Collection[str]:
    """What deciding so is. about: what it is decided about, as it stands: an approval is of that amount. It may raise NotFound."""
    if action not in _ENDING:
        return ()
    return Danger({WRITE_OFFS}, lambda: Second({**contents.plain(body), "of": about()}))


def of_item(item: ReconciliationItem) -> Mapping[str, Any]:
    """An item as a second person sees it."""
    shown = reconciliation_item.view(item)
    return {name: getattr(shown, name) for name in ("source", "currency", "state", "amount", "open", "payment_id")}


def of_line(line: BankLineItem) -> Mapping[str, Any]:
    """A bank line as a second person sees it."""
    difference = None if line.difference is None else format_minor(int(line.difference), line.currency)
    amount = format_minor(int(line.amount), line.currency)
    return {"currency": line.currency, "state": line.state, "amount": amount, "difference": difference, "booked_on": line.booked_on}
