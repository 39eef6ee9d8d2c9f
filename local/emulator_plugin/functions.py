"""Lets the emulator take processes of Python functions from the pool, and start one for a function with provisioned concurrency."""

import os
import threading
from http import HTTPStatus
from typing import Any, Final

from local.emulator_plugin.code_directories import UNPACK_SECONDS
from local.emulator_plugin.function_process import FunctionProcess
from local.emulator_plugin.pool import Pool

# Processes of one function: what keeps two cores busy while some of them wait for others.
_LIMIT: Final = int(os.environ.get("LAMBDA_PROCESSES_PER_FUNCTION", "4"))


class _NotStarted:
    """Stands where a process would: the emulator has an error of a start answered as it has one of an invocation."""

    _proc = None

    def __init__(self, error: Exception) -> None:
        self._error = error
        self._lock = threading.Lock()

    def invoke(self, *_event: Any, **_context: Any) -> dict[str, Any]:
        raise self._error

    def _spawn(self) -> None:
        """The emulator's name for starting it now, for a snapshot."""
        raise self._error


def install(runtime: Any, service: Any) -> None:
    """runtime, service: the emulator's modules `lambda_runtime` and `lambda_svc`. Functions of other languages stay as they are."""
    pool = Pool(runtime._workers, runtime._lock, limit=_LIMIT)
    acquire, release = runtime.acquire_worker, runtime.release_worker

    def acquire_worker(
        name: str, config: dict[str, Any], code: bytes, qualifier: str = "$LATEST", max_concurrency: int | None = None
    ) -> Any:
        if not config.get("Runtime", "").startswith("python"):
            return acquire(name, config, code, qualifier=qualifier, max_concurrency=max_concurrency)
        key = runtime._worker_key(name, config, qualifier)
        seconds = float(config.get("Timeout", 3)) + UNPACK_SECONDS
        try:
            process = pool.take(key, lambda: FunctionProcess(runtime, service, config, code), seconds=seconds)
        except Exception as error:  # noqa: BLE001 - of any kind: it is raised again where the emulator answers it
            return _NotStarted(error), "spawn"
        return process, "func_cap" if process is None else "reused"

    def release_worker(worker: Any) -> None:
        if isinstance(worker, FunctionProcess):
            pool.give_back(worker)
        elif not isinstance(worker, _NotStarted):
            release(worker)

    for module in (runtime, service):
        module.acquire_worker, module.release_worker = acquire_worker, release_worker
    _start_what_is_provisioned(runtime, service, pool)


def _start_what_is_provisioned(runtime: Any, service: Any, pool: Pool) -> None:
    """The emulator notes provisioned concurrency and starts nothing."""
    put = service._put_provisioned_concurrency

    def put_provisioned_concurrency(name: str, qualifier: str, data: dict[str, Any]) -> Any:
        answer = put(name, qualifier, data)
        record, config = service._get_func_record_for_qualifier(name, qualifier)
        if answer[0] == HTTPStatus.ACCEPTED and config.get("Runtime", "").startswith("python"):
            key = runtime._worker_key(name, config, config.get("Version", "$LATEST"))
            pool.start_ahead(key, lambda: FunctionProcess(runtime, service, config, record["code_zip"]))
        return answer

    service._put_provisioned_concurrency = put_provisioned_concurrency
