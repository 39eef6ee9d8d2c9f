"""Looks up which records of ours a report's lines may be about, and asks the rules.

By the provider's name of the charge first, then by our id that the line carries. A line about a payment costs two reads, one about a refund
or a dispute one more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from paycorex import ids
from paycorex.records.payment import PaymentItem, dispute_id
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import RefundItem
from paycorex.records.settlement import settlement_id
from paycorex.records.settlement_line import SettlementLineItem
from payments.connectors.settling import LineKind, ReportLine
from payments.payment import late_money, overflow_store, references
from payments.payment import store as payment_store
from payments.refunds import store as refund_store
from settlements.matching import clearing
from settlements.matching.rules import FAMILIES, NOTHING, Family, Known, Match, Said, match
from settlements.stores import settlements

CURRENCY_DIFFERS: Final = "currency_differs"
# A payment with more refunds than this is matched by its refunds' own names only.
MAX_REFUNDS: Final = 100


def identify(merchant_id: str, connector: str, lines: Sequence[ReportLine]) -> list[Match]:
    """For each line the record of ours that it is about. Lines about nothing of ours have none. Raises storage.Unavailable."""
    memory = _Memory(merchant_id, connector)
    taken: set[str] = set()
    found: list[Match] = []
    for line in lines:
        said = said_of(line)
        known = memory.known_for(line) if said.family is not Family.OTHER else []
        decided = match(said, known, taken)
        if decided.record is not None and said.family is not Family.PAYMENT:
            taken.add(decided.record)
        found.append(_in_one_currency(decided, line, known))
    return found


def said_of(line: ReportLine) -> Said:
    """What the rules ask of a line."""
    family = FAMILIES.get(line.kind.value, Family.OTHER)
    return Said(family, abs(line.gross), line.currency, line.charge_reference, line.object_reference, line.our_reference)


def _in_one_currency(decided: Match, line: ReportLine, known: Sequence[Known]) -> Match:
    """A line in another currency than its record cannot pay it."""
    if any(each.key == decided.record and each.currency != line.currency for each in known):
        return Match(None, CURRENCY_DIFFERS)
    return decided if decided.record is not None else NOTHING


@dataclass(slots=True)
class _Memory:
    """What was looked up for the lines before: reports list a charge's lines close together."""

    merchant_id: str
    connector: str
    by_reference: dict[str, list[str]] = field(default_factory=dict)
    payments: dict[str, PaymentItem | None] = field(default_factory=dict)
    refunds: dict[str, list[RefundItem]] = field(default_factory=dict)

    def known_for(self, line: ReportLine) -> list[Known]:
        """The records that a line may be about."""
        if FAMILIES.get(line.kind.value) is Family.PAYOUT:
            return self._payouts(line)
        wants_refunds = FAMILIES.get(line.kind.value) is Family.REFUND
        charge = line.charge_reference
        return [each for payment in self._payments_of(line) for each in self._known(payment, charge, with_refunds=wants_refunds)]

    def _payouts(self, line: ReportLine) -> list[Known]:
        """The payout of this provider that a line names."""
        name = line.object_reference or ""
        found = settlements.find(settlement_id(self.merchant_id, self.connector, name, line.currency)) if name else None
        if found is None:
            return []
        objects = frozenset({name})
        key = f"{clearing.PAYOUT}:{found.settlement_id}"
        return [Known(key, Family.PAYOUT, abs(int(line.gross)), found.currency, objects=objects, created_at=int(found.created_at))]

    def _payments_of(self, line: ReportLine) -> list[PaymentItem]:
        named = self._named(line.charge_reference) if line.charge_reference else []
        own = self._by_own_id(line.our_reference or "") if not named else []
        found = (self._payment(payment_id) for payment_id in dict.fromkeys([*named, *own]))
        return [payment for payment in found if payment is not None and payment.merchant_id == self.merchant_id]

    def _named(self, reference: str) -> list[str]:
        if reference not in self.by_reference:
            self.by_reference[reference] = references.find(self.merchant_id, reference, connector=self.connector)
        return self.by_reference[reference]

    def _by_own_id(self, own_id: str) -> list[str]:
        if ids.is_id("pay", own_id):
            return [own_id]
        if ids.is_id("ref", own_id):
            refund = refund_store.find_refund(own_id)
            return [] if refund is None else [refund.payment_id]
        return []

    def _payment(self, payment_id: str) -> PaymentItem | None:
        if payment_id not in self.payments:
            self.payments[payment_id] = payment_store.find(payment_id)
        return self.payments[payment_id]

    def _known(self, payment: PaymentItem, charge: str | None, *, with_refunds: bool) -> list[Known]:
        named = {reference for reference, connector in references.of(payment) if connector == self.connector}
        late = self._late(payment, charge)
        charges = frozenset(named - {reference for each in late for reference in each.charges})
        own = _known_payment(payment, charges)
        refunds = [_known_refund(refund, frozenset(named)) for refund in self._refunds(payment)] if with_refunds else []
        return [own, *late, *refunds, *self._disputes(payment)]

    def _late(self, payment: PaymentItem, charge: str | None) -> list[Known]:
        found = overflow_store.with_reported(payment, self.connector, charge)
        return [
            Known(
                key=f"{clearing.LATE}:{money.late_id}",
                family=Family.PAYMENT,
                amount=money.money.minor,
                currency=money.currency,
                charges=frozenset({money.provider_reference} if money.provider_reference else ()),
                created_at=int(payment.created_at),
            )
            for money in late_money.of(found)
            if money.connector == self.connector
        ]

    def _refunds(self, payment: PaymentItem) -> list[RefundItem]:
        if payment.payment_id not in self.refunds:
            self.refunds[payment.payment_id] = refund_store.refunds_of(payment.payment_id, limit=MAX_REFUNDS, position=None).items
        return self.refunds[payment.payment_id]

    def _disputes(self, payment: PaymentItem) -> list[Known]:
        return [
            Known(
                key=f"{clearing.DISPUTE}:{dispute_id(self.merchant_id, self.connector, entry['dispute_id'])}",
                family=Family.DISPUTE,
                amount=0,
                currency=entry["currency"],
                charges=frozenset({entry["provider_reference"]}),
                objects=frozenset({entry["dispute_id"]}),
                created_at=int(payment.created_at),
            )
            for entry in payment.disputes or ()
            if entry["connector"] == self.connector
        ]


def _known_payment(payment: PaymentItem, charges: frozenset[str]) -> Known:
    return Known(
        key=f"{clearing.PAYMENT}:{payment.payment_id}",
        family=Family.PAYMENT,
        amount=captured(payment) or int(payment.amount),
        currency=payment.currency,
        charges=charges,
        own_ids=frozenset({payment.payment_id}),
        created_at=int(payment.created_at),
    )


def _known_refund(refund: RefundItem, charges: frozenset[str]) -> Known:
    return Known(
        key=f"{clearing.REFUND}:{refund.refund_id}",
        family=Family.REFUND,
        amount=int(refund.amount),
        currency=refund.currency,
        charges=charges,
        objects=frozenset({refund.provider_reference} if refund.provider_reference else ()),
        own_ids=frozenset({refund.refund_id}),
        created_at=int(refund.created_at),
    )


def report_line(line: SettlementLineItem) -> ReportLine:
    """A stored line as it was reported."""
    return ReportLine(
        line_reference=line.line_reference,
        kind=LineKind(line.kind),
        kind_name=line.kind_name,
        gross=int(line.gross),
        fee=int(line.fee),
        tax=int(line.tax),
        currency=line.currency,
        charge_reference=line.charge_reference,
        object_reference=line.object_reference,
        our_reference=line.our_reference,
        occurred_at=None if line.occurred_at is None else int(line.occurred_at),
    )
