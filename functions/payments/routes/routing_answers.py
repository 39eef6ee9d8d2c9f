"""The answers about routing: what is known of connectors, and what other rules would have done."""

from typing import Any, Final

from paycorex import clock
from paycorex.contract import View
from paycorex.loading import later
from paycorex.money import format_minor
from paycorex.records.payment_routing import shown_part
from paycorex.records.routing_experiment import ExperimentItem, ExperimentView, fields

with later():
    from paycorex.routing_outcomes import window
    from paycorex.routing_outcomes.segment import Segment
    from payments.replay import arms, replay
    from payments.replay.counterfactual import Basis

_MILLION: Final = 1_000_000
MAX_CHANGED: Final = 100
NOTES: Final = (
    "A connector that a payment tried would have answered the same; of one that it did not try, only its rate for such payments is known.",
    "What would have followed a failure at a connector that was not tried is not known, and not counted.",
    "Payers who would have behaved otherwise, and outages that would have come at another time, are not known.",
    "A fee is what was kept of this payment, else the mean measured at the connector, else its price list's; without any it counts as 0.",
)


class Estimate(View):
    """What only rates tell: of so many payments, how many are expected to be approved; low and high are two standard deviations away."""

    payments: int
    approved: str
    low: str
    high: str


class Changed(View):
    """A payment that would have gone another way.

    basis: `tried` (it tried that connector, too), `segment_rate` (only the connector's rate for such payments is known) or `unknown` (not
    even that; it counts as it happened). approved_after: 0 or 1, or that rate.
    """

    payment_id: str
    rule_before: int | None
    rule_after: int | None
    connectors_before: list[str]
    connector_after: str | None
    approved_before: bool
    approved_after: str
    basis: str


class RulesReplayed(View):
    """What happened, and what would have. `changed`: the newest 100 of `changed_count`. `notes`: what it cannot know.

    approved_after: a whole number where all is known, else with the expected part of `estimate`. fees by currency. unnoted: payments of the
    time before routes were noted, whose brand is not known. complete: false where there were more payments than one answer can look at.
    """

    payments: int
    attempts: int
    approved_before: int
    approved_after: str
    fees_before: dict[str, str]
    fees_after: dict[str, str]
    changed: list[Changed]
    changed_count: int
    estimate: Estimate
    unknown: int
    unnoted: int
    complete: bool
    notes: list[str]


class ArmView(View):
    """The payments of one arm: how many, how many of them are decided and approved, and the volume of those by currency."""

    payments: int
    decided: int
    approved: int
    success_rate: str | None
    volume: dict[str, str]


class ExperimentArmsView(ExperimentView):
    """An experiment with its arms. `complete`: false where only its newest 5,000 payments are counted."""

    arms: dict[str, ArmView]
    complete: bool


class SegmentView(View):
    """What is known of a connector in a segment: of its last attempts, at most 300 of 30 days. `brand`: null for what is no card."""

    method: str
    currency: str
    brand: str | None
    connector: str
    samples: int
    success_rate: str
    fee: str
    made_by: str
    updated_at: str


class SegmentList(View):
    """Some segments, in the order of their names."""

    data: list[SegmentView]
    next_cursor: str | None


def replayed(done: "replay.Replay") -> RulesReplayed:
    """The contract's shape of a replay."""
    changed = done.changed
    after = sum(each.approved_after for each in done.payments)
    return RulesReplayed(
        payments=len(done.payments),
        attempts=done.attempts,
        approved_before=sum(1 for each in done.payments if each.before.approved),
        approved_after=_count(after),
        fees_before=_by_currency(done, "fee_before"),
        fees_after=_by_currency(done, "fee_after"),
        changed=[_changed(each) for each in changed[:MAX_CHANGED]],
        changed_count=len(changed),
        estimate=_estimate(done),
        unknown=sum(1 for each in changed if each.after.basis is Basis.UNKNOWN),
        unnoted=done.unnoted,
        complete=done.complete,
        notes=list(NOTES),
    )


def experiment(item: ExperimentItem, found: "arms.Arms") -> ExperimentArmsView:
    """The contract's shape of an experiment with its arms."""
    return ExperimentArmsView(**fields(item), arms={"a": _arm(found.a), "b": _arm(found.b)}, complete=found.complete)


def _arm(arm: "arms.Arm") -> ArmView:
    rate = shown_part(_MILLION * arm.approved // arm.decided) if arm.decided else None
    volume = {currency: format_minor(minor, currency) for currency, minor in sorted(arm.volume.items())}
    return ArmView(payments=arm.payments, decided=arm.decided, approved=arm.approved, success_rate=rate, volume=volume)


def segment(row: Any) -> SegmentView:
    """The contract's shape of a stored window."""
    segment, connector = Segment.of_row(row.segment)
    tally = window.Window.unpack(row.packed).tally(int(clock.now_seconds()))
    return SegmentView(
        method=segment.method,
        currency=segment.currency,
        brand=segment.brand,
        connector=connector,
        samples=tally.samples,
        success_rate=shown_part(tally.rate),
        fee=shown_part(tally.fee),
        made_by=row.made_by,
        updated_at=clock.rfc3339(int(row.updated_at)),
    )


def _count(millionths: int) -> str:
    """A number of payments; with two decimals where it is no whole one."""
    whole, part = divmod(millionths, _MILLION)
    return f"{whole}.{part // 10_000:02d}" if part else str(whole)


def _estimate(done: "replay.Replay") -> Estimate:
    guessed = [each for each in done.payments if each.after.basis is Basis.SEGMENT_RATE]
    approved, spread = sum(each.rate for each in guessed), done.uncertainty()
    low, high = max(approved - spread, 0), min(approved + spread, len(guessed) * _MILLION)
    return Estimate(payments=len(guessed), approved=_count(approved), low=_count(low), high=_count(high))


def _by_currency(done: "replay.Replay", name: str) -> dict[str, str]:
    sums: dict[str, int] = {}
    for each in done.payments:
        sums[each.amount.currency] = sums.get(each.amount.currency, 0) + getattr(each, name)
    return {currency: format_minor(minor, currency) for currency, minor in sorted(sums.items())}


def _changed(each: "replay.Replayed") -> Changed:
    return Changed(
        payment_id=each.payment_id,
        rule_before=each.rule_before,
        rule_after=each.rule_after,
        connectors_before=list(each.tried),
        connector_after=each.after.connector,
        approved_before=bool(each.before.approved),
        approved_after=shown_part(each.approved_after),
        basis=each.after.basis.value,
    )
