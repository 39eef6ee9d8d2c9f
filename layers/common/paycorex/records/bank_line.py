"""A line of a bank statement, stored once whatever is imported twice: what it is, which payouts it brings, and whether both agree.

Nothing else of a statement is kept: no names and accounts of counterparties.
"""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.storage import Item

# Payouts that a line may bring at once, what it may be found by, and what may be decided about it.
MAX_SETTLEMENTS: Final = 20
MAX_REFERENCES: Final = 12
MAX_DECISIONS: Final = 20
MAX_PROPOSALS: Final = 10

# Nothing known is what it brings. A line without money is not looked for.
UNEXPECTED: Final = "unexpected"
MATCHED: Final = "matched"
AMOUNT_DIFFERS: Final = "amount_differs"
DUPLICATE: Final = "duplicate"
# A person decided that it is none of the platform's, or that it has no money.
ASIDE: Final = "aside"


class BankLineItem(Item):
    """A line as it is stored. Amounts are signed minor units, + into the account; days are `YYYY-MM-DD` as the bank wrote them."""

    class Meta:
        """Which table."""

        table_name = "bank_lines"

    bank_line_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    account = UnicodeAttribute()
    currency = UnicodeAttribute()
    amount = NumberAttribute()
    booked_on = UnicodeAttribute()
    valued_on = UnicodeAttribute(null=True)
    bank_reference = UnicodeAttribute(null=True)
    references = JSONAttribute(null=True)
    text = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    is_reversal = BooleanAttribute(default=False)
    # Which import brought it.
    import_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    # What it and the other lines of its payouts bring more than these payouts are.
    difference = NumberAttribute(null=True)
    # Of the payouts: whose they are, which, and the first of them, by which all lines of it are found.
    connector = UnicodeAttribute(null=True)
    settlements = JSONAttribute(null=True)
    settlement_id = UnicodeAttribute(null=True)
    # Payouts of its amount and time, which a person may accept.
    proposals = JSONAttribute(null=True)
    # [[entity, entity id, lane, sequence number], ...] of its journal.
    entries = JSONAttribute(null=True)
    # What was decided: {action, reason, who, at, difference}; `difference` where a journal of it was booked.
    decisions = JSONAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # `<merchant>#<currency>` while something is open.
    open_key = UnicodeAttribute(null=True)


class BankDecision(View):
    """What was decided about a line, by whom and why. `who` is the key's id."""

    action: str
    reason: str
    who: str
    at: str
    journal_id: str | None


class BankLineView(View):
    """The contract's bank line.

    `state`: `unexpected` (no payout is known that it brings), `matched`, `amount_differs` and `duplicate` (`difference` says by how much
    all lines of its payouts bring more than these are), `aside` (decided to be none of the platform's, or no money). `references`: what it
    is found by. `proposals`: payouts of the same amount and time, of which a person may accept one.
    """

    bank_line_id: str
    merchant_id: str
    mode: Mode
    account: str
    currency: str
    amount: str
    booked_on: str
    valued_on: str | None
    bank_reference: str | None
    references: list[str]
    text: str | None
    is_reversal: bool
    import_id: str | None
    state: str
    difference: str | None
    provider: str | None
    settlement_ids: list[str]
    proposals: list[str]
    journal_id: str | None
    decisions: list[BankDecision]
    version: int
    created_at: str
    updated_at: str


def bank_line_id(merchant_id: str, account: str, currency: str, *named: str) -> str:
    """The id that a line always has. named: its day, amount, name, and its number among equal lines of the day."""
    return ids.derive("bnk", merchant_id, account, currency, *named)


def open_key(merchant_id: str, currency: str) -> str:
    """The partition of a merchant's lines with which something is open."""
    return f"{merchant_id}#{currency}"


def booking_reference(of: str) -> Reference:
    """The reference of a line's one journal."""
    return Reference(ReferenceType.BANK_LINE, of)


def decision_reference(of: str, number: int) -> Reference:
    """The reference of the journal of the n-th decision about a line, from 1."""
    return Reference(ReferenceType.RESOLUTION, f"{of}.{number}")


def view(item: BankLineItem) -> BankLineView:
    """The contract object of a stored line."""
    return BankLineView(
        bank_line_id=item.bank_line_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        account=item.account,
        currency=item.currency,
        amount=format_minor(int(item.amount), item.currency),
        booked_on=item.booked_on,
        valued_on=item.valued_on,
        bank_reference=item.bank_reference,
        references=[str(each) for each in item.references or ()],
        text=item.text,
        is_reversal=bool(item.is_reversal),
        import_id=item.import_id,
        state=item.state,
        difference=None if item.difference is None else format_minor(int(item.difference), item.currency),
        provider=item.connector,
        settlement_ids=[str(each) for each in item.settlements or ()],
        proposals=[str(each) for each in item.proposals or ()],
        journal_id=booking_reference(item.bank_line_id).journal_id if item.entries else None,
        decisions=[_decision(item, number, made) for number, made in enumerate(item.decisions or (), start=1)],
        version=int(item.version),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )


def _decision(item: BankLineItem, number: int, made: dict[str, Any]) -> BankDecision:
    is_booked = bool(made.get("difference"))
    return BankDecision(
        action=made["action"],
        reason=made["reason"],
        who=made["who"],
        at=clock.rfc3339(int(made["at"])),
        journal_id=decision_reference(item.bank_line_id, number).journal_id if is_booked else None,
    )
