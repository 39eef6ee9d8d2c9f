"""A settlement: a provider's payout to a bank account, with sums over the lines of its report. Stored shape and contract object."""

from typing import Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.stamps import StampedItem

# Journals of one settlement: one, and one for each part that was reported after the one before was booked.
MAX_BOOKINGS: Final = 100
# Subtrees of a root that is being made: one for each power of two of its lines.
MAX_SUBTREES: Final = 40


class SettlementItem(StampedItem):
    """A settlement as it is stored. Amounts are signed minor units, + to the merchant, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "settlements"

    # Follows from merchant, connector, the provider's name and currency: reported twice it is one.
    settlement_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    connector = UnicodeAttribute()
    provider_reference = UnicodeAttribute()
    # What a bank statement shows of it (India: UTR).
    bank_reference = UnicodeAttribute(null=True)
    currency = UnicodeAttribute()
    # reading, booked, reconciled, exception: follows from what is known (`settlements.settling.states`).
    state = UnicodeAttribute()
    # Why it is an exception.
    problem = UnicodeAttribute(null=True)
    # How much the provider says that it paid out, where it says so.
    amount = NumberAttribute(null=True)
    # The provider's word: pending, paid, failed, canceled; null where only lines are known.
    payout_status = UnicodeAttribute(null=True)
    arrival_at = NumberAttribute(null=True)
    # Sums over all of its lines that are stored; each line is added in the transaction that stores it.
    lines = NumberAttribute(default=0)
    gross = NumberAttribute(default=0)
    fee = NumberAttribute(default=0)
    tax = NumberAttribute(default=0)
    # Of gross: lines that are about records of ours, and the rest.
    clearing = NumberAttribute(default=0)
    suspense = NumberAttribute(default=0)
    # Lines whose kind has no rule: while there is one, nothing is booked.
    unknown_lines = NumberAttribute(default=0)
    # Which import stored lines of it last: until that is done, more may come.
    import_id = UnicodeAttribute(null=True)
    # [[lines, gross, fee, tax, clearing, suspense, root, moved], ...]: sums that were booked, a journal each; the last is what is booked.
    bookings = JSONAttribute(null=True)
    # [[entity, entity id, lane, sequence number], ...] of the last journal.
    entries = JSONAttribute(null=True)
    # Merkle root of its lines as they were booked last, in hexadecimal digits.
    lines_root = UnicodeAttribute(null=True)
    # How far the root of its lines was made: [lines when it began, lines read, order key of the last one, [[size, hash], ...]].
    folding = JSONAttribute(null=True)
    # What its last journal left with the provider, because the payout failed.
    returned = NumberAttribute(null=True)
    # How far the reconciliation took in its lines: the order key of the last one, or "done".
    absorbed_to = UnicodeAttribute(null=True)
    # Items of the reconciliation that its lines left open.
    open_items = NumberAttribute(null=True)
    bank_line_id = UnicodeAttribute(null=True)
    # True until its bank lines are compared with it, and while they bring more or less and no person decided about that.
    is_bank_open = BooleanAttribute(default=False)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # While there is something to do: booked, absorbed, looked at again.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


class SettlementView(View):
    """The contract's settlement.

    `amount` is what the provider says it paid out (null where it does not say), `net` what its lines add up to. `ledger`: a journal, and a
    further one for each part that was reported after the one before was booked.
    """

    settlement_id: str
    merchant_id: str
    provider: str
    provider_reference: str
    bank_reference: str | None
    currency: str
    state: str
    problem: str | None
    status: str | None
    amount: str | None
    gross: str
    fee: str
    tax: str
    net: str
    matched: str
    unmatched: str
    lines: int
    lines_root: str | None
    arrival_at: str | None
    bank_line_id: str | None
    ledger: list[str]
    version: int
    created_at: str
    updated_at: str
    # Last: the columns of the CSV stay where they were.
    mode: Mode


def settlement_id(merchant_id: str, connector: str, provider_reference: str, currency: str) -> str:
    """The id that a provider's payout always has."""
    return ids.derive("set", merchant_id, connector, provider_reference, currency)


def booking_reference(of: str, number: int) -> Reference:
    """The reference of the n-th journal of a settlement, from 1."""
    return Reference(ReferenceType.SETTLEMENT, of if number == 1 else f"{of}.{number}")


def net(item: SettlementItem) -> int:
    """What its lines add up to, in minor units."""
    return int(item.gross) - int(item.fee) - int(item.tax)


def view(item: SettlementItem) -> SettlementView:
    """The contract object of a stored settlement."""

    def amount(minor: int) -> str:
        return format_minor(minor, item.currency)

    return SettlementView(
        settlement_id=item.settlement_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        provider=item.connector,
        provider_reference=item.provider_reference,
        bank_reference=item.bank_reference,
        currency=item.currency,
        state=item.state,
        problem=item.problem,
        status=item.payout_status,
        amount=None if item.amount is None else amount(int(item.amount)),
        gross=amount(int(item.gross)),
        fee=amount(int(item.fee)),
        tax=amount(int(item.tax)),
        net=amount(net(item)),
        matched=amount(int(item.clearing)),
        unmatched=amount(int(item.suspense)),
        lines=int(item.lines),
        lines_root=item.lines_root,
        arrival_at=None if item.arrival_at is None else clock.rfc3339(int(item.arrival_at)),
        bank_line_id=item.bank_line_id,
        ledger=[booking_reference(item.settlement_id, number).journal_id for number in range(1, len(item.bookings or ()) + 1)],
        version=int(item.version),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )
