"""The journal of a settlement: the difference between what is known and what is booked, which the first time is all of it."""

from paycorex.ledger import Account, Journal, Posting
from paycorex.records.settlement import SettlementItem, booking_reference
from settlements.settling import states


def journal(item: SettlementItem, root: str) -> Journal | None:
    """The next journal, whose description is the root of the lines; None when no money moves. Raises OutOfBounds."""
    _lines, gross, fee, tax, clearing, suspense = (new - old for new, old in zip(states.sums(item), states.booked_sums(item), strict=True))
    merchant_id, connector, currency = item.merchant_id, item.connector, item.currency
    debited = (
        (Account.bank_in_transit(merchant_id, connector, currency), gross - fee - tax),
        (Account.fees(merchant_id, currency), fee),
        (Account.tax(merchant_id, currency), tax),
        (Account.clearing(merchant_id, connector, currency), -clearing),
        (Account.suspense(merchant_id, currency), -suspense),
    )
    postings = tuple(Posting(account, max(-minor, 0), max(minor, 0)) for account, minor in debited if minor)
    if not postings:
        return None
    return Journal(booking_reference(item.settlement_id, len(item.bookings or ()) + 1), postings, root)


def moved(made: Journal | None) -> int:
    """How much a journal credits, in minor units."""
    return 0 if made is None else sum(posting.credit for posting in made.postings)
