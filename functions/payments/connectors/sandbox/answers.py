"""A card charge in the sandbox's books: the line that is written for one, and what is answered by it."""

from paycorex.money import Money
from payments.connectors.requests import Attempt
from payments.connectors.results import Approved, Authorized, Declined, Pending, Redirect, Released
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox import hold_books, holds, refunds
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import DISPUTED, Behaviour, Way


def line(attempt: Attempt, connector: str, wanted: Behaviour, *, is_card: bool) -> BookItem:
    """A charge that goes so, not written yet."""
    waits = wanted.way in {Way.REDIRECT, Way.PENDING}
    taken = books.HELD if attempt.is_manual else books.APPROVED
    status = books.DECLINED if wanted.way is Way.DECLINE else books.WAITING if waits else taken
    kind = "retryable" if wanted.retryable else wanted.way
    until = holds.held_until(wanted.way) if attempt.is_manual else None
    code, reason = wanted.code, wanted.reason
    item = books.charge(attempt, connector, kind="charge", status=status, way=kind, code=code, reason=reason, held_until=until)
    item.network_id = books.network_id(attempt.attempt_id) if is_card else None
    return item


def of(item: BookItem, attempt: Attempt) -> Approved | Authorized | Released | Declined | Redirect | Pending:
    """What a line says."""
    found = decided(item)
    if found is not None:
        return found
    if item.way == Way.REDIRECT and attempt.page_url:
        # The sandbox's payer confirms on our page.
        return Redirect(attempt.page_url, item.reference)
    return Pending(item.reference)


def paid(item: BookItem) -> str:
    """What a line becomes when its payer pays."""
    return books.APPROVED if item.held_until is None else books.HELD


def decided(item: BookItem) -> Approved | Authorized | Released | Declined | None:
    """The same; None while it is open."""
    if item.status == books.DECLINED:
        return Declined(item.code or "declined", item.reason or "", item.way == "retryable", item.reference)
    if item.status == books.WAITING:
        return None
    if item.held_until is not None:
        return holds.shown(hold_books.ended_by_time(item))
    amount, name = Money(int(item.amount), item.currency), item.network_id
    back = refunds.given_back_there(item)
    return Approved(item.reference, amount, back, network_transaction_id=name, is_disputed=item.way in DISPUTED)
