"""Runs the janitor every minute; tries again what crypto settlement and fees set aside, whose doors are called by streams only."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction, set_aside
from payments import clock_moves, janitor
from payments.crypto import settlement as crypto_settlement
from payments.payment import fee_books

# A provider may take this long for one answer, and what it says must still be written down.
RESERVE_MS: Final = 8_000

logger = redaction.logger("janitor")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. What is left over is still due at the next."""

    def may_go_on() -> bool:
        return context is None or context.get_remaining_time_in_millis() > RESERVE_MS

    # First: what a test clock moved may be due now.
    clock_moves.run(may_go_on)
    tick = janitor.run(may_go_on=may_go_on)
    set_aside.retry_due(crypto_settlement.LOOP, crypto_settlement.apply_again, may_go_on)
    set_aside.retry_due(fee_books.LOOP, fee_books.charge_again, may_go_on)
    logger.info("tick", extra=asdict(tick))
    return asdict(tick)
