"""What a dispute does to the books: from where its money is to where it should be, one journal at a time. Pure.

Where it should be follows from what is known alone (stage, status, how often the provider took it and gave it back), never from the order
in which that became known. So the same reports in any order end in the same balances. A journal's reference is the dispute's id and number.
"""

from typing import Any, Final

from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records import dispute
from paycorex.records.dispute import HELD, TAKEN, WITH_MERCHANT, DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from payments.connectors.notices import Stage
from payments.disputes import states

# A provider may change its mind, or the amount; after so many journals a person must look.
MAX_MOVES: Final = 24


def next_move(item: DisputeItem) -> list[Any] | None:
    """The next of the moves that bring the money where it should be: from, to, minor units, currency. None when it is there."""
    here, amount = dispute.funds(item), Money(int(item.amount), item.currency)
    booked = _booked(item)
    if booked is not None and here != WITH_MERCHANT and booked != amount:
        # Another amount is booked back whole, then anew: each journal is a whole dispute's.
        return [here, WITH_MERCHANT, booked.minor, booked.currency]
    wanted = _wanted(item)
    if here == wanted:
        return None
    if (here, wanted) == (WITH_MERCHANT, TAKEN):
        wanted = HELD
    return [here, wanted, amount.minor, amount.currency]


def journal(item: DisputeItem, move: list[Any]) -> Journal:
    """The journal of a move that is the next of the dispute."""
    source, target, minor, currency = move
    return Journal.transfer(
        source=_account(item, source, currency),
        target=_account(item, target, currency),
        amount=Money(int(minor), currency),
        reference=dispute.move_reference(item.dispute_id, len(item.moves) + 1),
    )


def counted(item: DisputeItem, payment: PaymentItem) -> int:
    """How much of the payment cannot be refunded because of it, in minor units of the payment's currency.

    All of it where the provider says another currency: what it is worth of the payment is not known then.
    """
    if _wanted(item) == WITH_MERCHANT:
        return 0
    whole = captured(payment) or int(payment.amount)
    return min(int(item.amount), whole) if item.currency == payment.currency else whole


def _wanted(item: DisputeItem) -> str:
    if item.refund_id is not None and states.bank_has_it(item.status):
        # A refund that is booked by itself took the money.
        return WITH_MERCHANT
    is_taken = int(item.withdrawn) > int(item.reinstated)
    if item.status == states.Status.CLOSED and is_taken:
        # It ended without a ruling: what the provider took and did not give back is still there.
        return TAKEN
    if states.merchant_has_it(item.status):
        return WITH_MERCHANT
    if states.bank_has_it(item.status) or is_taken:
        # An inquiry that ends without the merchant's answer asks for no money: what was never asked for is not lost.
        return WITH_MERCHANT if item.stage == Stage.INQUIRY and not is_taken else TAKEN
    return WITH_MERCHANT if item.stage == Stage.INQUIRY else HELD


def _booked(item: DisputeItem) -> Money | None:
    return Money(int(item.moves[-1][2]), str(item.moves[-1][3])) if item.moves else None


def _account(item: DisputeItem, place: str, currency: str) -> Account:
    if place == HELD:
        return Account.disputed(item.merchant_id, currency)
    if place == TAKEN:
        return Account.clearing(item.merchant_id, item.provider, currency)
    return Account.of_merchant(item.merchant_id, currency)
