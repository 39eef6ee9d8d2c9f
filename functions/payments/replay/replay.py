"""A replay: a merchant's newest payments through other rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import isqrt
from typing import Final

from paycorex import clock, credentials
from paycorex.errors import NotFound
from paycorex.money import Money
from paycorex.records.fee_rate import FeeSubject, scheduled
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from paycorex.records.payment_fee import PaymentFee
from paycorex.records.payment_routing import Noted
from paycorex.records.routing_rule import RoutingRule
from paycorex.routing_outcomes import Segment, Tally
from paycorex.routing_outcomes.window import FEE_SCALE
from payments.connectors import best, fitness, routing
from payments.payment import attempts
from payments.payment.attempts import AttemptRecord
from payments.payment.states import OPEN
from payments.replay.counterfactual import Basis, Verdict, happened, on_another_way
from payments.replay.newest import Newest
from tokens.instruments import ProviderToken

DEFAULT_LAST: Final = 500
MAX_LAST: Final = 2_000
# Payments without a connector lie between those that are looked for; beyond so many the search ends.
MAX_LISTED: Final = 10_000
# A replay answers within its request.
MAX_SECONDS: Final = 15
_NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class Replayed:
    """One payment: what became of it, and what would have. rate: of the other connector in millionths, where only that is known."""

    payment_id: str
    amount: Money
    tried: tuple[str, ...]
    before: Verdict
    after: Verdict
    rule_before: int | None
    rule_after: int | None
    rate: int
    fee_before: int
    fee_after: int

    @property
    def approved_after(self) -> int:
        """How much of a payment is approved on the other way, in millionths."""
        if self.after.approved is None:
            return self.rate
        return FEE_SCALE if self.after.approved else 0


@dataclass(slots=True)
class Replay:
    """The sums. Millionths of payments and minor units by currency. complete: every payment that was asked for was looked at."""

    payments: list[Replayed] = field(default_factory=list)
    attempts: int = 0
    unnoted: int = 0
    complete: bool = True

    @property
    def changed(self) -> list[Replayed]:
        """Those that would have gone another way."""
        return [each for each in self.payments if each.after.basis is not Basis.HAPPENED]

    def uncertainty(self) -> int:
        """Two standard deviations of the number of approvals, in millionths, from what only rates tell."""
        rates = [each.rate for each in self.payments if each.after.basis is Basis.SEGMENT_RATE]
        return 2 * isqrt(sum(rate * (FEE_SCALE - rate) for rate in rates))


def replay(merchant_id: str, rules: Sequence[RoutingRule], last: int) -> Replay:
    """The merchant's newest decided payments that went through connectors, by these rules. Raises NotFound, storage.Unavailable."""
    merchant = credentials.find_merchant(merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    done = Replay()
    ends_ms = clock.now_ms() + MAX_SECONDS * 1000
    newest = Newest(merchant_id, most=MAX_LISTED, ends_ms=ends_ms)
    for item in islice(filter(_is_decided, newest), last):
        if clock.now_ms() > ends_ms:
            done.complete = False
            break
        tried = attempts.of(item)
        done.attempts += len(tried)
        done.unnoted += item.routing is None
        done.payments.append(_replayed(merchant, rules, item, tried))
    done.complete = done.complete and newest.complete
    return done


def _is_decided(item: PaymentItem) -> bool:
    """True of one with attempts of which none is open."""
    return item.status not in OPEN and bool(item.attempts) and not attempts.is_open(item)


def _replayed(merchant: MerchantItem, rules: Sequence[RoutingRule], item: PaymentItem, tried: tuple[AttemptRecord, ...]) -> Replayed:
    noted = Noted.load(item.routing)
    subject = _subject(item, noted, tried)
    candidate, order = routing.by_rules(merchant, rules, subject)
    before = happened(tried)
    # The very rule that decided then decides as it did then, whatever is known or configured now.
    is_same = item.routing is not None and candidate.mark == noted.mark
    after = before if is_same else on_another_way(tried, routing.able(merchant, order, subject)[: routing.MAX_ATTEMPTS])
    tallies = best.known(merchant.merchant_id, Segment.of(item.method, item.currency, noted.brand))
    other = tallies.get(after.connector or "", _NOTHING)
    if after.basis is Basis.SEGMENT_RATE and not other.samples:
        after = Verdict(Basis.UNKNOWN, after.connector, before.approved)
    fees = [_part(merchant, item, noted, tallies, each.connector or "") for each in (before, after)]
    return Replayed(
        payment_id=item.payment_id,
        amount=subject.amount,
        tried=tuple(each.connector for each in tried),
        before=before,
        after=after,
        rule_before=noted.rule,
        rule_after=candidate.rule,
        rate=other.rate,
        fee_before=_fee(subject.amount, fees[0], FEE_SCALE if before.approved else 0),
        fee_after=_fee(subject.amount, fees[1], other.rate if after.approved is None else FEE_SCALE * after.approved),
    )


def _subject(item: PaymentItem, noted: Noted, tried: Sequence[AttemptRecord]) -> fitness.Subject:
    return fitness.Subject(
        item.payment_id,
        item.method,
        Money(int(item.amount), item.currency),
        noted.brands[0] if noted.brands else None,
        noted.instrument,
        noted.brands,
        by_fields=noted.by_fields,
        is_manual=is_manual(item),
        # Only the provider that keeps the card was asked.
        belongs_to=tried[0].connector if noted.instrument == ProviderToken.kind else None,
    )


def _part(merchant: MerchantItem, item: PaymentItem, noted: Noted, tallies: Mapping[str, Tally], connector: str) -> int:
    """A connector's fee of such a payment in millionths: kept of this one, measured there, or by its price list of then."""
    own = PaymentFee.load(item.fee).known.get(item.currency) if connector == item.provider else None
    if own is not None:
        return best.part_of(own, int(item.amount))
    measured = tallies.get(connector, _NOTHING).fee
    subject = FeeSubject(item.method, Money(int(item.amount), item.currency), noted.brand)
    cost = None if measured else scheduled(merchant.settings.fee_schedules, connector, subject, int(item.created_at))
    return measured if cost is None else best.part_of(cost, int(item.amount))


def _fee(amount: Money, fee: int, share: int) -> int:
    """The fee of so much of a payment in minor units, rounded down."""
    return amount.minor * fee * share // FEE_SCALE**2
