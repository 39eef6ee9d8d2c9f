"""The log of the engine's workers: one JSON line per batch with its counts, and one per failure. It never contains a URL, body, header or
secret.

Where `WorkerMetrics` says so, a batch's line is its metrics too (CloudWatch embedded metric format). Each name is charged for while it is
written; queues, streams and functions have metrics of their own, free of charge, and the alarms use those.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import Final

from paycorex import clock, redaction, settings

_NAMESPACE: Final = "PayCoreX/Webhooks"


class WorkLog:
    """The log of one worker."""

    def __init__(self, service: str) -> None:
        self._service: Final = service
        self._logger: Final = redaction.logger(service)

    def failure(self, message: str, error: BaseException, **fields: object) -> None:
        """An unexpected error. Its message is left out, because libraries quote their input in messages."""
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        self._logger.error(message, extra={"exception": type(error).__name__, "stack": frames, **fields})

    def note(self, message: str, **fields: object) -> None:
        """An event worth reading later."""
        self._logger.info(message, extra=fields)

    def counted(self, message: str, **counts: float) -> None:
        """A batch is done. Its counts are fields of the line, and metrics of this worker where the stack wants them."""
        self._count(logging.INFO, message, counts)

    def routine(self, message: str, **counts: float) -> None:
        """The same of a batch of which other lines say all that its own would: metrics, or a line at the level DEBUG."""
        self._count(logging.INFO if settings.current().worker_metrics else logging.DEBUG, message, counts)

    def _count(self, level: int, message: str, counts: Mapping[str, float]) -> None:
        self._logger.log(level, message, extra={**counts, **(_embedded(counts) if settings.current().worker_metrics else {})})


def _embedded(counts: Mapping[str, float]) -> dict[str, object]:
    """What makes CloudWatch read the line's counts as metrics, by service."""
    metrics = [{"Name": name, "Unit": _unit(name)} for name in counts]
    directive = {"Namespace": _NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
    return {"_aws": {"Timestamp": clock.now_ms(), "CloudWatchMetrics": [directive]}}


def _unit(name: str) -> str:
    return "Seconds" if name.endswith("_seconds") else "Count"
