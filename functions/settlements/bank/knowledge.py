"""What is stored of settlements and bank lines, as the rules of `settlements.bank.matching` see it."""

from datetime import UTC, date, datetime
from typing import Final

from paycorex.records.bank_line import BankLineItem
from paycorex.records.settlement import SettlementItem
from settlements.bank.matching import Credit, Payout, names_of
from settlements.settling.states import booked_sums, is_booked

_MILLISECONDS: Final = 1000


def sent(item: SettlementItem) -> int:
    """What its journals have on its way to the bank, in minor units: nothing for a payout that failed."""
    _lines, gross, fee, tax, _clearing, _suspense = booked_sums(item)
    return gross - fee - tax


def payout_of(item: SettlementItem) -> Payout:
    """A settlement as a payout that a bank line may bring."""
    moment = item.arrival_at if item.arrival_at is not None else item.created_at
    return Payout(
        settlement_id=item.settlement_id,
        connector=item.connector,
        currency=item.currency,
        names=names_of(item.bank_reference, item.provider_reference),
        net=sent(item) if is_booked(item) else None,
        expected_on=datetime.fromtimestamp(int(moment) / _MILLISECONDS, UTC).date(),
        is_matched=item.bank_line_id is not None,
    )


def credit_of(item: BankLineItem) -> Credit:
    """A stored line as the rules see it."""
    references = tuple(str(each) for each in item.references or ())
    return Credit(item.bank_line_id, item.currency, int(item.amount), date.fromisoformat(item.booked_on), references)


def decided_of(item: BankLineItem) -> int:
    """By how much decisions about a line took a difference out, in minor units."""
    return sum(int(made.get("difference") or 0) for made in item.decisions or ())
