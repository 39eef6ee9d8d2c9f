"""One process of a function: started from the package that was deployed, asked one event at a time.

It sees the package and Python, and nothing of the environment that the emulator runs in: what a package lacks is missing here too.
"""

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Final

from ministack.core.responses import request_scope  # type: ignore[import-untyped]  # the emulator has no types

from local.emulator_plugin import moved_clock
from local.emulator_plugin.code_directories import UNPACK_SECONDS, unpacked
from local.emulator_plugin.pipes import Pipes, TimeIsOver

_BOOTSTRAP: Final = Path(__file__).with_name("bootstrap.py")
_END_SECONDS: Final = 2.0
# Where the process that serves this thread's invocation logs to.
SERVED: Final = threading.local()
_DIED: Final = {"status": "error", "error": "Worker process died"}


class FunctionProcess:
    """A process of one function, in the shape in which the emulator keeps its own workers.

    runtime, service: the emulator's modules `lambda_runtime` and `lambda_svc`. config: the function's configuration, as the API shows it.
    """

    def __init__(self, runtime: Any, service: Any, config: dict[str, Any], code: bytes) -> None:
        self._runtime, self._service = runtime, service
        self.config, self._code = config, code
        self.in_use, self.last_used = False, time.time()
        self.log_stream = uuid.uuid4().hex
        self._timeout = float(config.get("Timeout", 3))
        # The emulator holds it while it makes sure, for a snapshot, that the process runs.
        self._lock = threading.Lock()
        # The emulator ends a process by this name.
        self._proc: subprocess.Popen[bytes] | None = None
        self._pipes: Pipes | None = None

    def start(self) -> None:
        """Unpack the package, start the process, and return when its handler is loaded. Raises RuntimeError with its own words."""
        code = unpacked(self._code)
        # Who calls through the gateway names no region, and the emulator looks for layers in the caller's.
        with request_scope(*self._runtime._account_region_from_function_config(self.config)):
            layers = [unpacked(self._service._resolve_layer_zip(layer)) for layer in self.config.get("Layers", [])]
        module, _, handler = self.config["Handler"].rpartition(".")
        # -I and -S: neither this environment's packages nor its variables.
        command = [sys.executable, "-I", "-S", str(_BOOTSTRAP)]
        self._proc = subprocess.Popen(
            command, cwd=code, env=self._environment(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._pipes = Pipes(self._proc)
        paths = [*(str(layer / "python") for layer in reversed(layers)), str(code)]
        about = {
            "paths": paths,
            "module": module.replace("/", "."),
            "handler": handler,
            "timeout": self._timeout,
            "from_snapshot": (self.config.get("SnapStart") or {}).get("OptimizationStatus") == "On",
        }
        answer = self._ask(about, self._timeout + UNPACK_SECONDS)
        if answer["status"] != "ready":
            self.end()
            raise RuntimeError(f"The function's process could not be started: {answer['error']}\n{answer['log']}")

    def is_alive(self) -> bool:
        """True while it can take an invocation."""
        return self._proc is not None and self._proc.poll() is None

    def invoke(self, event: Any, request_id: str, **context: Any) -> dict[str, Any]:
        """The emulator's own shape of an answer: status, result or error, and log."""
        SERVED.log_stream = self.log_stream
        message = {"event": event, "request_id": request_id, "ahead_seconds": moved_clock.CLOCK.ahead_seconds, **context}
        return self._ask(message, self._timeout)

    def end(self) -> None:
        """Kill it."""
        if self._proc is not None:
            self._proc.kill()
            self._proc.wait(_END_SECONDS)

    def _discard_tmpdir(self) -> None:
        """The emulator's name for clearing up after a process: what was unpacked is shared and stays."""

    def _ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        assert self._pipes is not None
        try:
            answer, log = self._pipes.ask(json.dumps(message).encode(), seconds)
        except TimeIsOver as over:
            self.end()
            return {"status": "error", "error": f"Task timed out after {self._timeout:.0f}.00 seconds", "log": over.log}
        if answer is None:
            self.end()
            return {**_DIED, "log": log}
        return {**json.loads(answer), "log": log}

    def _environment(self, code: Path) -> dict[str, str]:
        """What AWS puts into a function's environment, the function's own variables, and where the emulator is."""
        config, runtime = self.config, self._runtime
        _account, region = runtime._account_region_from_function_config(config)
        own = config.get("Environment", {}).get("Variables", {})
        name = config["FunctionName"]
        return {
            **{given: os.environ[given] for given in ("PATH", "LANG", "TMPDIR") if given in os.environ},
            "TZ": ":UTC",
            "AWS_ENDPOINT_URL": f"http://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}",
            # CloudFormation makes text of a number.
            **{given: str(value) for given, value in own.items() if given not in runtime._RESERVED_RUNTIME_ENV_VARS},
            **runtime.execution_credentials(config),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_LOG_GROUP_NAME": (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream,
            "LAMBDA_TASK_ROOT": str(code),
        }
