"""The order of a rule's connectors: by weight, or by what is known of them. Pure but for `known` and the time; draws follow from its id.

The best is the one with the largest success times (amount minus fee) over the last outcomes of its segment; where no fee is measured, the
price list's counts. A bounded share of payments explores: there each connector draws its success from the Beta distribution of what is
known of it (Thompson sampling), so that one of which little is known is tried more often, and one that is surely worse hardly ever. Where
no connector has enough samples, the weights decide.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from paycorex import clock, redaction, storage
from paycorex.records.fee_rate import Cost, FeeSubject, scheduled
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment_routing import BEST, EXPLORE, FEW, Compared
from paycorex.records.routing_rule import Best, RoutingRule, RuleTarget
from paycorex.routing_outcomes import Segment, Tally, store
from paycorex.routing_outcomes.window import FEE_SCALE

_PERCENT: Final = 100
# Exploring believes no number more than so many samples make it: what was true a while ago may not be any more.
_BELIEVED: Final = 100
_NOTHING: Final = Tally()

logger = redaction.logger("routing")


@dataclass(frozen=True, slots=True)
class Choice:
    """Every connector of the rule in its order, how it came about, and by which numbers."""

    order: tuple[str, ...]
    how: str
    numbers: tuple[Compared, ...]


def known(merchant_id: str, segment: Segment) -> Mapping[str, Tally]:
    """What is known of each connector there; nothing while the table cannot be read, because no payment waits for that."""
    try:
        return store.tallies(merchant_id, segment)
    except storage.Unavailable as failure:
        logger.warning("outcomes not read", extra={"merchant_id": merchant_id, "exception": type(failure).__name__})
        return {}


def with_prices(merchant: MerchantItem, tallies: Mapping[str, Tally], names: Sequence[str], subject: FeeSubject) -> Mapping[str, Tally]:
    """The same with what the price lists say now of connectors of which no fee is measured."""
    now, known = clock.now_ms(), dict(tallies)
    for name in names:
        tally = known.get(name, _NOTHING)
        cost = None if tally.fee else scheduled(merchant.settings.fee_schedules, name, subject, now)
        if cost is not None:
            known[name] = replace(tally, fee=part_of(cost, subject.amount.minor))
    return known


def part_of(cost: Cost, minor: int) -> int:
    """A fee with its tax, in millionths of an amount."""
    return min((cost.fee + cost.tax) * FEE_SCALE // max(minor, 1), FEE_SCALE)


def choose(rule: RoutingRule, tallies: Mapping[str, Tally], payment_id: str, minor: int) -> Choice:
    """The order for a payment of so many minor units. Connectors of weight 0 come last, as in any rule."""
    wanted = rule.best or Best()
    by_weight = in_weighted_order(rule.use, payment_id)
    judged = [target.connector for target in rule.use if target.weight > 0]
    enough = [name for name in judged if tallies.get(name, _NOTHING).samples >= wanted.min_samples]
    if not enough:
        return Choice(tuple(by_weight), FEW, _numbers(judged, tallies))
    if _drawn(payment_id, "explore", _PERCENT) < wanted.explore_percent:
        scores = {name: _score(_sampled(tallies.get(name, _NOTHING), payment_id, name), tallies, name, minor) for name in judged}
        how = EXPLORE
    else:
        scores = {name: _score(tallies[name].rate, tallies, name, minor) for name in enough}
        how = BEST
    first = sorted(scores, key=lambda name: -scores[name])
    order = (*first, *(name for name in by_weight if name not in scores))
    return Choice(order, how, _numbers(order[: len(judged)], tallies))


def in_weighted_order(targets: Sequence[RuleTarget], payment_id: str) -> list[str]:
    """The connectors in an order drawn by weight, always the same for the same payment."""
    left = {target.connector: target.weight for target in targets}
    order: list[str] = []
    while left:
        total = sum(left.values())
        if total == 0:
            return [*order, *left]
        drawn = _drawn(payment_id, str(len(order)), total)
        chosen = next(name for name, upper in zip(left, accumulate(left.values()), strict=True) if drawn < upper)
        order.append(chosen)
        del left[chosen]
    return order


def _score(rate: int, tallies: Mapping[str, Tally], name: str, minor: int) -> int:
    """What is to be expected of a payment: its success times what the fee leaves of it."""
    return rate * minor * (FEE_SCALE - tallies.get(name, _NOTHING).fee)


def _sampled(tally: Tally, payment_id: str, name: str) -> int:
    """A success rate drawn from Beta(1 + approved, 1 + the others), in millionths."""
    samples = min(tally.samples, _BELIEVED)
    approved = tally.approved * samples // max(tally.samples, 1)
    seed = hashlib.sha256(f"{payment_id}/best/{name}".encode()).digest()
    draws = random.Random(int.from_bytes(seed))  # noqa: S311 - repeatable for one payment, guards nothing
    return int(draws.betavariate(1 + approved, 1 + samples - approved) * FEE_SCALE)


def _drawn(payment_id: str, what: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{payment_id}/{what}".encode()).digest()[:8]) % below


def _numbers(names: Sequence[str], tallies: Mapping[str, Tally]) -> tuple[Compared, ...]:
    every = ((name, tallies.get(name, _NOTHING)) for name in names)
    return tuple(Compared(name, tally.rate, tally.samples, tally.fee) for name, tally in every)
