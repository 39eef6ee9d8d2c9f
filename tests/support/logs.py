"""What the doors log, caught line by line."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paycorex.log_lines import JsonFormatter


class Log:
    """Everything that was logged, as text and as JSON lines."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line parsed; raises ValueError for one that is not JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        """The lines of requests that reached a door."""
        return [line for line in self.lines if line["message"] == "request"]

    def clear(self) -> None:
        self.stream.seek(0)
        self.stream.truncate()


@contextmanager
def captured() -> Iterator[Log]:
    """Redirect the logs of all doors that are imported."""
    log = Log()
    handlers = [
        handler
        for logger in logging.root.manager.loggerDict.values()
        for handler in getattr(logger, "handlers", ())
        if isinstance(handler, logging.StreamHandler) and isinstance(handler.formatter, JsonFormatter)
    ]
    # Not setStream(): it flushes, and a logger that was made inside an earlier test may hold that test's closed stream.
    before = [(handler, handler.stream) for handler in handlers]
    try:
        for handler in handlers:
            handler.stream = log.stream
        yield log
    finally:
        for handler, stream in before:
            handler.stream = stream
