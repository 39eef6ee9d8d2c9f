"""An item of reconciliation: one amount that two sides should agree upon. Stored shape and contract object.

side `ours`: a record of ours whose money a provider holds, in the clearing account. side `provider`: a line of a report that is about no
record of ours, or about one that was paid already; its money is in suspense.
"""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.stamps import StampedItem

OURS: Final = "ours"
PROVIDER: Final = "provider"
# A line of a bank statement.
BANK_LINE: Final = "bank"
# A transfer that a chain has and no record of ours rests on.
CHAIN: Final = "chain"
# Of ours, and of the bank's once it is booked: their open amounts are in the account that they are items of.
COUNTED: Final = frozenset({OURS, BANK_LINE})


class ReconciliationItem(StampedItem):
    """An item as it is stored. Amounts are signed minor units, + for what the provider owes, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "reconciliation_items"

    item_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    side = UnicodeAttribute()
    # Whose account it is of, see `paycorex.records.reconciliation_position`; `bank` for a bank line that brings nothing of ours.
    source = UnicodeAttribute()
    currency = UnicodeAttribute()
    # Ours and the bank's: `<kind>:<id>` of the record. The provider's: the key of the line.
    record = UnicodeAttribute()
    payment_id = UnicodeAttribute(null=True)
    provider_reference = UnicodeAttribute(null=True)
    # By our journals, by lines that count, by decisions.
    booked = NumberAttribute(default=0)
    reported = NumberAttribute(default=0)
    decided = NumberAttribute(default=0)
    # The lines of reports that are about it, see `settlements.matching.assignment.Share`.
    shares = JSONAttribute(null=True)
    # [what was known, what was reported], fee and tax together.
    fees = JSONAttribute(null=True)
    state = UnicodeAttribute()
    # More about the state, such as `currency_differs`.
    reason = UnicodeAttribute(null=True)
    responsible = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    # When its provider was asked about it last.
    looked_at = NumberAttribute(null=True)
    # Since when it is in this state.
    since = NumberAttribute()
    settlement_id = UnicodeAttribute(null=True)
    # Of a line: in which account its money is, `clearing`, `suspense`, or where a decision brought it.
    place = UnicodeAttribute(null=True)
    # True while what its lines are to it has changed and their money does not follow yet.
    pending = BooleanAttribute(null=True)
    # [debited entity, credited entity, minor units], a journal each.
    moves = JSONAttribute(null=True)
    # What was decided: {action, reason, who, at, journal}; `journal` is the number of the move, from 1. A bank line's decisions are kept
    # with the line, whose id is their `of`.
    decisions = JSONAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # While it is not matched: `<merchant>#<source>#<currency>`, and `<state>#<due or since>#<id>`.
    open_key = UnicodeAttribute(null=True)
    open_order = UnicodeAttribute(null=True)


class Decision(View):
    """What was decided about an item, by whom and why. `who` is the key's id, or `paycorex` for what followed from new knowledge."""

    action: str
    reason: str
    who: str
    at: str
    # Null where nothing was booked.
    journal_id: str | None


class ReconciliationItemView(View):
    """The contract's item.

    `amount`: what our journals say, signed, positive for what the provider owes. `matched`: what lines of reports say of it. `open`: what
    is not explained yet. `fee_expected`, `fee_reported`: with tax, where a report said one.
    """

    item_id: str
    merchant_id: str
    side: str
    source: str
    currency: str
    reference_type: str
    reference_id: str
    payment_id: str | None
    provider_reference: str | None
    settlement_id: str | None
    state: str
    reason: str | None
    responsible: str | None
    amount: str
    matched: str
    decided: str
    open: str
    fee_expected: str | None
    fee_reported: str | None
    due_at: str | None
    since: str
    age_seconds: int
    decisions: list[Decision]
    version: int
    created_at: str
    updated_at: str
    # Last: the columns of the CSV stay where they were.
    mode: Mode


def item_id(merchant_id: str, side: str, source: str, currency: str, record: str) -> str:
    """The id that the item of a record, or of a line, always has."""
    return ids.derive("rcn", merchant_id, side, source, currency, record)


def open_key(merchant_id: str, source: str, currency: str) -> str:
    """The partition of the open items of one clearing account."""
    return f"{merchant_id}#{source}#{currency}"


def move_reference(of: str, number: int) -> Reference:
    """The reference of the n-th journal of an item, from 1."""
    return Reference(ReferenceType.RESOLUTION, f"{of}.{number}")


def open_minor(item: ReconciliationItem) -> int:
    """What of it is not explained, in signed minor units: of ours in the clearing account, of the provider's in suspense."""
    return int(item.booked) - int(item.reported) - int(item.decided)


def view(item: ReconciliationItem) -> ReconciliationItemView:
    """The contract object of a stored item."""
    kind, _, record_id = item.record.partition(":")
    known, reported = item.fees or (None, None)
    return ReconciliationItemView(
        item_id=item.item_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        side=item.side,
        source=item.source,
        currency=item.currency,
        reference_type="line" if item.side == PROVIDER else kind,
        reference_id=item.record if item.side == PROVIDER else record_id,
        payment_id=item.payment_id,
        provider_reference=item.provider_reference,
        settlement_id=item.settlement_id,
        state=item.state,
        reason=item.reason,
        responsible=item.responsible,
        amount=format_minor(int(item.booked), item.currency),
        matched=format_minor(int(item.reported), item.currency),
        decided=format_minor(int(item.decided), item.currency),
        open=format_minor(open_minor(item), item.currency),
        fee_expected=None if known is None else format_minor(int(known), item.currency),
        fee_reported=None if reported is None else format_minor(int(reported), item.currency),
        due_at=None if item.due_at is None else clock.rfc3339(int(item.due_at)),
        since=clock.rfc3339(int(item.since)),
        age_seconds=max(clock.now_ms() - int(item.created_at), 0) // 1000,
        decisions=[_decision(item, made) for made in item.decisions or ()],
        version=int(item.version),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )


def _decision(item: ReconciliationItem, made: dict[str, Any]) -> Decision:
    number = made.get("journal")
    return Decision(
        action=made["action"],
        reason=made["reason"],
        who=made["who"],
        at=made["at"],
        journal_id=None if number is None else move_reference(made.get("of", item.item_id), int(number)).journal_id,
    )
