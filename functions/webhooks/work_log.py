"""The log of the engine's workers: one JSON line per batch, which is also its metrics (CloudWatch embedded metric format), and one per
failure. It never contains a URL, body, header or secret."""

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
        """An unexpected error. Its message is left out, because libraries quote their input in messages."""
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        self._logger.error(message, extra={"exception": type(error).__name__, "stack": frames, **fields})

    def note(self, message: str, **fields: object) -> None:
        """An event worth reading later."""
        self._logger.info(message, extra=fields)

    def counted(self, message: str, **counts: float) -> None:
        """A batch is done. Its counts become metrics of this worker."""
        metrics = [{"Name": name, "Unit": _unit(name)} for name in counts]
        dimensions = {"Namespace": _NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
        embedded: Mapping[str, object] = {"Timestamp": clock.now_ms(), "CloudWatchMetrics": [dimensions]}
        self._logger.info(message, extra={**counts, "_aws": embedded})


def _unit(name: str) -> str:
    return "Seconds" if name.endswith("_seconds") else "Count"
