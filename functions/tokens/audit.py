"""The audit trail of the vault: one item per reveal, appended and never changed, and one log line.

A reveal that cannot be recorded does not happen.
"""

import logging
from functools import cache
from typing import Final, Literal

from paycorex import clock, ids, redaction, settings, storage
from tokens.items import AuditItem

Outcome = Literal["revealed", "token_integrity", "vault_shredded"]
_INTEGRITY: Final = "token_integrity"


def record(merchant_id: str, token_id: str, *, purpose: str, payment_id: str | None, outcome: Outcome) -> None:
    """Append an audit event. Raises storage.Unavailable or storage.OutcomeUnknown."""
    item = AuditItem(
        merchant_id=merchant_id,
        audited_at=f"{clock.rfc3339(clock.now_ms())}#{ids.new('evt')[4:]}",
        token_id=token_id,
        purpose=purpose,
        payment_id=payment_id,
        actor=settings.current().aws_lambda_function_name,
        outcome=outcome,
    )
    storage.run(storage.put(item, AuditItem.audited_at.does_not_exist()))
    facts = {"merchant_id": merchant_id, "token_id": token_id, "purpose": purpose, "payment_id": payment_id, "outcome": outcome}
    # The template's alarm counts lines of this message.
    if outcome == _INTEGRITY:
        _logger().error(_INTEGRITY, extra=facts)
    else:
        _logger().info("token_reveal", extra=facts)


@cache
def _logger() -> logging.Logger:
    return redaction.logger("vault")
