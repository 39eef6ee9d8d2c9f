"""The log of the engine's workers: one JSON line per batch, which is also its metrics (CloudWatch embedded metric format), and one per
failure. No URL, body, header or secret comes near it."""

import traceback
from collections.abc import Mapping
from typing import Final

from paycorex import clock, redaction

_NAMESPACE: Final = "PayCoreX/Webhooks"


class WorkLog:
    """The log of one worker."""

    def __init__(self, service: str) -> None:
        self._service: Final = service
        self._logger: Final = redaction.logger(service)

    def failure(self, message: str, error: BaseException, **fields: object) -> None:
        """Something nobody expected. The error's message is left out: messages of libraries quote their input."""
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        self._logger.error(message, extra={"exception": type(error).__name__, "stack": frames, **fields})

    def note(self, message: str, **fields: object) -> None:
        """Something worth reading later."""
        self._logger.info(message, extra=fields)

    def counted(self, message: str, **counts: float) -> None:
        """A batch is done. The counts become metrics of this worker."""
        metrics = [{"Name": name, "Unit": _unit(name)} for name in counts]
        dimensions = {"Namespace": _NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
        embedded: Mapping[str, object] = {"Timestamp": clock.now_ms(), "CloudWatchMetrics": [dimensions]}
        self._logger.info(message, extra={**counts, "_aws": embedded})


def _unit(name: str) -> str:
    return "Seconds" if name.endswith("_seconds") else "Count"
