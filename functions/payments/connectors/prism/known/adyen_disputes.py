"""Adyen's disputes, as its webhooks tell of them: https://docs.adyen.com/risk-management/disputes-api/dispute-notifications/."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from paycorex import clock
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.notices import Dispute, Ruling, Stage

_ITEM: Final = ("notificationItems", 0, "NotificationRequestItem")
# What a code means (no stage: of an inquiry and of a chargeback alike).
# How often the money was taken and given back by then. A chargeback takes it and may be defended all the same.
_CODES: Final[Mapping[str, tuple[Ruling | None, Stage | None, int, int]]] = MappingProxyType(
    {
        "REQUEST_FOR_INFORMATION": (Ruling.NEEDS_RESPONSE, Stage.INQUIRY, 0, 0),
        "NOTIFICATION_OF_CHARGEBACK": (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 0, 0),
        "CHARGEBACK": (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 1, 0),
        "INFORMATION_SUPPLIED": (Ruling.UNDER_REVIEW, None, 0, 0),
        "CHARGEBACK_REVERSED": (Ruling.WON, Stage.CHARGEBACK, 1, 1),
        "SECOND_CHARGEBACK": (Ruling.LOST, Stage.CHARGEBACK, 2, 1),
        # Of a dispute that was accepted too: what that came to is its status.
        "DISPUTE_DEFENSE_PERIOD_ENDED": (None, None, 0, 0),
    }
)
# `additionalData.disputeStatus` of a dispute whose time to be defended is over.
_OVER: Final = frozenset({"Accepted", "Lost"})


def read(event: Any) -> Dispute:
    """Raises Malformed, Contradiction."""
    item = documents.find(event, *_ITEM)
    code = documents.text(item, "eventCode")
    if code not in _CODES:
        raise Malformed(f"event {code[:40]}")
    ruling, stage, withdrawn, reinstated = _CODES[code]
    if ruling is None and documents.text_or(item, "", "additionalData", "disputeStatus") in _OVER:
        ruling = Ruling.LOST
    reference = documents.reference(item, "pspReference")
    amount = documents.amount(documents.whole(item, "amount", "value"), documents.text(item, "amount", "currency"), reference)
    return Dispute(
        reference=reference,
        charge_reference=documents.reference(item, "originalReference"),
        amount=amount,
        status=code.lower(),
        reason=documents.code_or(item, "", "reason") or None,
        ruling=ruling,
        stage=stage,
        reason_code=documents.code_or(item, "", "additionalData", "chargebackReasonCode") or None,
        network=documents.code_or(item, "", "additionalData", "chargebackSchemeCode") or None,
        respond_by_ms=_moment_ms(item, "additionalData", "defensePeriodEndsAt"),
        withdrawn=withdrawn,
        reinstated=reinstated,
    )


def _moment_ms(item: Any, *path: str) -> int | None:
    """A time of RFC 3339 as milliseconds since the epoch; None where there is none."""
    try:
        return clock.parse_rfc3339(documents.text_or(item, "", *path))
    except ValueError:
        return None
