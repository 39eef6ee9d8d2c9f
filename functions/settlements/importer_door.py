"""Runs the importer every minute: reports are read in slices, and settlements booked that are whole."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction
from settlements.imports import running

# What a slice may still take when the time is up: a part of a file is read and its lines are stored, or a provider is asked.
RESERVE_MS: Final = 30_000

logger = redaction.logger("importer")
aws.warm("dynamodb")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One run. What is left over is still due at the next."""

    def may_go_on() -> bool:
        return context is None or context.get_remaining_time_in_millis() > RESERVE_MS

    done = asdict(running.run(may_go_on))
    logger.info("tick", extra=done)
    return done
