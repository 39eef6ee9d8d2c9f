"""When the janitor must look at a dispute: before its time to answer is over, when it is over, and now and then at the provider. Pure."""

from typing import Final

from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from payments.disputes import states
from payments.disputes.states import Status

HOUR_MS: Final = 3_600_000
# The merchant is warned when so many hours are left.
WARN_HOURS: Final = (72, 24)
# A callback may be lost: the provider is asked, the longer nothing has changed the less often, and so often at least.
LOOK_MS: Final = {Status.NEEDS_RESPONSE: 6 * HOUR_MS, Status.UNDER_REVIEW: 24 * HOUR_MS, Status.EXPIRED: 24 * HOUR_MS}
FIRST_LOOK_MS: Final = 120_000
# A refund that is under way beside a dispute may become a double loss.
REFUND_LOOK_MS: Final = HOUR_MS
# An answer whose outcome is not known is looked for so soon: later than any process lasts that sent it.
ANSWER_LOOK_MS: Final = 60_000


def next_look_ms(item: DisputeItem, payment: PaymentItem, now_ms: int) -> int | None:
    """The next time; None when there is nothing to look after any more."""
    times = [time for time in _deadlines(item) if time > now_ms]
    wait = LOOK_MS.get(Status(item.status))
    if wait is not None:
        unchanged_ms = now_ms - int(item.timeline[-1][1])
        times.append(now_ms + min(wait, max(unchanged_ms, FIRST_LOOK_MS)))
    if item.answering is not None and not _waits_for_report(item):
        times.append(now_ms + ANSWER_LOOK_MS)
    if int(item.counted) and int(payment.amount_reserved) > int(payment.amount_refunded):
        times.append(now_ms + REFUND_LOOK_MS)
    return min(times, default=None)


def _waits_for_report(item: DisputeItem) -> bool:
    """True of an answer that is not asked for again, of a dispute of which nothing was reported since."""
    return "asked" in (item.evidence or {}) and item.status in {Status.NEEDS_RESPONSE, Status.EXPIRED}


def warning(item: DisputeItem, now_ms: int) -> int | None:
    """For how many hours' rest the merchant is to be warned now; None when it was, or it is not time."""
    if item.status != Status.NEEDS_RESPONSE or item.respond_by is None or now_ms >= int(item.respond_by):
        return None
    left_ms = int(item.respond_by) - now_ms
    hours = min((each for each in WARN_HOURS if left_ms <= each * HOUR_MS), default=None)
    return None if hours is None or (item.warned_hours is not None and int(item.warned_hours) <= hours) else hours


def is_over(item: DisputeItem, now_ms: int) -> bool:
    """True when the time to answer is over."""
    return item.respond_by is not None and now_ms >= int(item.respond_by) and item.status in states.ANSWERABLE


def _deadlines(item: DisputeItem) -> list[int]:
    if item.status != Status.NEEDS_RESPONSE or item.respond_by is None:
        return []
    end = int(item.respond_by)
    return [*(end - hours * HOUR_MS for hours in WARN_HOURS), end]
