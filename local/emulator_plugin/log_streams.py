"""Logs of a function go to one stream for each of its processes, as in AWS.

The emulator makes a stream for each invocation, and every look at the logs of a group goes through all of its streams.
"""

import threading
from typing import Any

from local.emulator_plugin.function_process import SERVED


def install(service: Any) -> None:
    """service: the emulator's module `lambda_svc`, whose names of streams end with a new id."""
    emit, new_uuid = service._emit_lambda_logs, service.new_uuid
    within = threading.local()

    def emit_lambda_logs(*invocation: Any, **more: Any) -> None:
        within.log_stream = SERVED.__dict__.pop("log_stream", None)
        try:
            emit(*invocation, **more)
        finally:
            within.log_stream = None

    def stream_or_new_uuid() -> Any:
        return getattr(within, "log_stream", None) or new_uuid()

    service._emit_lambda_logs, service.new_uuid = emit_lambda_logs, stream_or_new_uuid
