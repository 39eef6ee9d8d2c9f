"""Runs in a function's process: loads the handler, then answers one event after the other, each a line of JSON.

Only a little of the standard library is used: what is loaded here is loaded for every function. Standard output belongs to the answers;
what a function prints goes to its log.
"""

import importlib
import importlib.util
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

Message = dict[str, Any]
Handler = Callable[[Any, "Context"], Any]
_TRACE = "_X_AMZN_TRACE_ID"
END_OF_LOG = "\x00end of log\x00\n"


class Context:
    """The context object of one invocation, with the names that AWS gives it."""

    identity = None
    client_context = None

    def __init__(self, message: Message, timeout: float) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id = message["request_id"]
        self.invoked_function_arn = message["invoked_function_arn"]
        self._deadline = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Until the process is ended."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main() -> None:
    """Answer until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    about = json.loads(sys.stdin.readline())
    sys.path[:0] = about["paths"]
    try:
        handler = getattr(importlib.import_module(about["module"]), about["handler"])
        if about["from_snapshot"]:
            _pass_a_snapshot()
    except Exception as error:  # noqa: BLE001 - whatever the function's code raises is the answer
        _answer(answers, json.dumps({"status": "error", "error": f"{error}\n{traceback.format_exc()}"}))
        return
    _answer(answers, json.dumps({"status": "ready"}))
    for line in sys.stdin:
        message = json.loads(line)
        os.environ[_TRACE] = message.get("trace_id") or ""
        _move_clock(message["ahead_seconds"])
        _answer(answers, _invoked(handler, message, about["timeout"]))


def _move_clock(ahead_seconds: float) -> None:
    """The emulator's clock may have been moved: the function's code, where it takes its time from `paycorex.clock`, goes by the same."""
    clock = sys.modules.get("paycorex.clock")
    if clock is not None:
        clock.move(ahead_seconds)


def _pass_a_snapshot() -> None:
    """Run what the function's code wants to have run before a snapshot, last registered first, and after it.

    It registers that with a module of AWS's runtime; where there is none, nothing can be registered.
    """
    if importlib.util.find_spec("snapshot_restore_py") is None:
        return
    hooks = importlib.import_module("snapshot_restore_py")
    for hook, arguments, named in [*reversed(hooks.get_before_snapshot()), *hooks.get_after_restore()]:
        hook(*arguments, **named)


def _invoked(handler: Handler, message: Message, timeout: float) -> str:
    """The answer to one event."""
    try:
        return json.dumps({"status": "ok", "result": handler(message["event"], Context(message, timeout))})
    except Exception as error:  # noqa: BLE001 - whatever the function's code raises is the answer
        return json.dumps({"status": "error", "error": str(error), "trace": traceback.format_exc()})


def _answer(answers: TextIO, answer: str) -> None:
    """The reader of the answer has all of the log, because the log ends before."""
    sys.stderr.write(END_OF_LOG)
    sys.stderr.flush()
    answers.write(answer + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
