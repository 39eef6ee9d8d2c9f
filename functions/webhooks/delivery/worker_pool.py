"""The worker pool: a batch of messages in threads, with one deadline and a result for each message."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.set_aside import guarded
from webhooks import queues
from webhooks.delivery import set_aside_deliveries
from webhooks.delivery.attempt import Done, Forward, Retry, Verdict
from webhooks.messages import DeliveryMessage, Unreadable
from webhooks.work_log import WorkLog

# The size of SQS's largest batch without a batching window. The threads wait for merchants' servers, not for the processor.
THREADS: Final = 10
# Reserved before Lambda's deadline, to store the results of the attempts.
MARGIN_SECONDS: Final = 4.0
MIN_SECONDS: Final = 2.0
DEFAULT_SECONDS: Final = 20.0

Record = Mapping[str, Any]
Work = Callable[[DeliveryMessage, str, float], Verdict]


def remaining_seconds(context: Any) -> float:
    """How much time this invocation has left; a default outside of Lambda."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return DEFAULT_SECONDS if remaining is None else float(remaining()) / 1000


def _guarded(message: DeliveryMessage, work: Callable[[], Verdict]) -> Verdict:
    """The verdict of the work. A delivery that fails for a reason of its own is set aside, and its message waits as long."""
    verdict: Verdict | None = None
    with guarded(set_aside_deliveries.subject_of(message)) as guard:
        try:
            verdict = work()
        except storage.ConditionRefused as overtaken:
            raise storage.Unavailable("overtaken") from overtaken
    return verdict or Retry(max((guard.next_try_at or 0) - clock.now_ms(), 0) / 1000)


@dataclass(slots=True)
class Tally:
    """The results of a batch, counted."""

    results: dict[str, int]
    oldest_seconds: float = 0.0

    def count(self, result: str, age_seconds: float = 0.0) -> None:
        """Count one result."""
        self.results[result] = self.results.get(result, 0) + 1
        self.oldest_seconds = max(self.oldest_seconds, age_seconds)


class WorkerPool:
    """The threads of one execution environment. They are kept between invocations."""

    def __init__(self, log: WorkLog) -> None:
        self._log: Final = log
        self._pool: Final = ThreadPoolExecutor(THREADS, thread_name_prefix="delivery")

    def work(self, records: Sequence[Record], work: Work, *, remaining_seconds: float) -> tuple[list[str], Tally]:
        """Do the work for each record. Returns the ids of the messages that must come back, and the counted results.

        A message that is late comes back after its visibility timeout. Its thread may still write: the row's condition guards that.
        """
        seconds = max(remaining_seconds - MARGIN_SECONDS, 0.0)
        started = {self._pool.submit(self._one, record, work, time.monotonic() + seconds): record for record in records}
        done, late = wait(started, timeout=seconds + MARGIN_SECONDS / 2)
        tally = Tally({})
        again = [started[future]["messageId"] for future in done if not self._settled(future, started[future], tally)]
        for future in late:
            future.cancel()
            tally.count("late")
        return again + [started[future]["messageId"] for future in late], tally

    def _one(self, record: Record, work: Work, deadline: float) -> Verdict:
        message = DeliveryMessage.parse(record["body"])
        queue_url = queues.queue_of(record)
        remaining = deadline - time.monotonic()
        if remaining < MIN_SECONDS:
            # Too late to begin: the time-out would be ours, not the merchant's.
            return Retry(0)
        verdict = _guarded(message, lambda: work(message, queue_url, remaining))
        if isinstance(verdict, Forward):
            queues.send_text(verdict.message.text(), queue_url=verdict.queue_url, group=verdict.group)
        if isinstance(verdict, Retry):
            queues.postpone(queue_url, record["receiptHandle"], min(math.ceil(verdict.seconds), queues.MAX_VISIBILITY_SECONDS))
        return verdict

    def _settled(self, future: Future[Verdict], record: Record, tally: Tally) -> bool:
        """True when the message may be deleted."""
        try:
            verdict = future.result()
        except Unreadable:
            self._log.note("message is not readable", message_id=record["messageId"])
            tally.count("unreadable")
            return False
        except Exception as error:  # noqa: BLE001 - one message's failure must not affect the others; it comes back
            self._log.failure("delivery interrupted", error, message_id=record["messageId"])
            tally.count("interrupted")
            return False
        match verdict:
            case Done(result, age):
                tally.count(result, age)
            case Forward(result=result):
                tally.count(result)
            case Retry():
                tally.count("postponed")
        return not isinstance(verdict, Retry)
