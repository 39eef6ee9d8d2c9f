"""A log line has the fields of Powertools' line for the same record, and its level is Lambda's or the template's."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from paycorex import log_lines, redaction
from paycorex.log_lines import JsonFormatter

TRACE = "Root=1-5e1b4151-5ac6c58dc39a6b2fea7a7ee8;Parent=53995c3f42cd8ad8;Sampled=0"


def fail(note: str | None = None) -> None:
    error = ValueError("no such thing")
    if note:
        error.add_note(note)
    raise error


def plain(logger: logging.Logger) -> None:
    logger.info("request", extra={"status": 201, "code": None, "path": "/v1/é", "replayed": False, "parts": ["a", {"b": 1}]})


def with_arguments(logger: logging.Logger) -> None:
    logger.warning("%s of %d", "one", 2, extra={"level": "mine", "location": "mine", "timestamp": "mine"})


def of_another_service(logger: logging.Logger) -> None:
    logger.error("moved", extra={"service": "another", "when": {1}})


def an_exception(logger: logging.Logger) -> None:
    try:
        fail()
    except ValueError:
        logger.exception("failed", extra={"n": 1})


def an_exception_with_a_note(logger: logging.Logger) -> None:
    try:
        fail("a note")
    except ValueError:
        logger.critical("failed", exc_info=True, extra={"exception": "given"})


@pytest.mark.parametrize("write", [plain, with_arguments, of_another_service, an_exception, an_exception_with_a_note])
@pytest.mark.parametrize("trace", ["", TRACE])
def test_a_line_is_powertools_line(write: Callable[[logging.Logger], None], trace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace)
    library = LambdaPowertoolsFormatter(service="shop", json_serializer=redaction.serialize, use_rfc3339=True, utc=True)
    ours = JsonFormatter("shop", redaction.serialize, {"_X_AMZN_TRACE_ID": trace})
    expected, found = (json.loads(line) for line in written(write, library, ours))
    if "stack_trace" in expected:
        # The library writes the error's own text by `str` as it serialises; the frames are the same.
        assert found["stack_trace"]["frames"] == expected["stack_trace"]["frames"]
    assert found == expected
    assert found["location"].startswith(write.__name__)


def written(write: Callable[[logging.Logger], None], *formatters: Any) -> list[str]:
    """The line that each formatter makes of one same record."""
    logger, streams = logging.getLogger("lines-test"), list[io.StringIO]()
    for formatter in formatters:
        streams.append(io.StringIO())
        handler = logging.StreamHandler(streams[-1])
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    write(logger)
    logger.handlers.clear()
    return [stream.getvalue() for stream in streams]


def test_a_logger_is_made_once_and_writes_each_line_once() -> None:
    first, second = (log_lines.logger("once", redaction.serialize, {}) for _ in range(2))
    assert first is second
    assert len(first.handlers) == 1
    # Lambda's own handler is at the root: with it each line would be there twice.
    assert not first.propagate


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ({}, "INFO"),
        ({"POWERTOOLS_LOG_LEVEL": "WARNING"}, "WARNING"),
        ({"POWERTOOLS_LOG_LEVEL": "debug"}, "DEBUG"),
        ({"POWERTOOLS_LOG_LEVEL": "DEBUG", "AWS_LAMBDA_LOG_LEVEL": "WARN"}, "WARNING"),
        ({"AWS_LAMBDA_LOG_LEVEL": "TRACE"}, "DEBUG"),
        ({"AWS_LAMBDA_LOG_LEVEL": "FATAL"}, "CRITICAL"),
        ({"POWERTOOLS_LOG_LEVEL": "loud"}, "INFO"),
    ],
)
def test_the_level_is_lambdas_or_the_templates(environment: dict[str, str], level: str) -> None:
    assert log_lines.level_of(environment) == level
