"""Puts the plug-in's parts into the emulator, and only into the version that they were made for."""

import importlib
import importlib.metadata
from typing import Any, Final

from local.emulator_plugin import event_sources, expressions, functions, log_streams, moved_clock, queries, server, time_machine

VERSION: Final = "1.5.33"
_SERVICES: Final = ("dynamodb", "eventbridge", "lambda_svc", "scheduler", "sqs")


class WrongVersion(RuntimeError):
    """The installed emulator is not the one that the plug-in replaces parts of; the message says what to do."""


def check_version() -> None:
    """Raises WrongVersion."""
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise WrongVersion(
            f"The plug-in replaces parts of ministack {VERSION}, but {found} is installed. Compare what it replaces with the new version, "
            "run tests/integration/local and tests/integration/test_memory_dynamo_conformance.py, then change VERSION in "
            "local/emulator_plugin/installation.py."
        )


def install() -> None:
    """Replace the emulator's parts in this process. Raises WrongVersion, and AttributeError when a part is not where it was."""
    check_version()
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    services: dict[str, Any] = {name: importlib.import_module(f"ministack.services.{name}") for name in _SERVICES}
    service, dynamodb = services["lambda_svc"], services["dynamodb"]
    # Queries take the module's functions as they are then.
    expressions.install(dynamodb)
    queries.install(dynamodb)
    functions.install(runtime, service)
    log_streams.install(service)
    event_sources.install(service)
    moved_clock.install({name: services[name] for name in moved_clock.SERVICES})
    time_machine.install(importlib.import_module("ministack.app"), services, runtime)
    server.install(importlib.import_module("hypercorn.asyncio"))
