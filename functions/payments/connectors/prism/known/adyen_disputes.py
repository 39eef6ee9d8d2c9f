"""Adyen's disputes, as its webhooks tell of them: https://docs.adyen.com/risk-management/disputes-api/dispute-notifications/."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.notices import Dispute, Ruling, Stage

_ITEM: Final = ("notificationItems", 0, "NotificationRequestItem")
# What a code means, and how often the money was taken and given back by then. A chargeback takes it and may be defended all the same.
_CODES: Final[Mapping[str, tuple[Ruling, Stage, int, int]]] = MappingProxyType(
    {
        "REQUEST_FOR_INFORMATION": (Ruling.NEEDS_RESPONSE, Stage.INQUIRY, 0, 0),
        "NOTIFICATION_OF_CHARGEBACK": (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 0, 0),
        "CHARGEBACK": (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 1, 0),
        "INFORMATION_SUPPLIED": (Ruling.UNDER_REVIEW, Stage.CHARGEBACK, 0, 0),
        "CHARGEBACK_REVERSED": (Ruling.WON, Stage.CHARGEBACK, 1, 1),
        "SECOND_CHARGEBACK": (Ruling.LOST, Stage.CHARGEBACK, 2, 1),
    }
)


def read(event: Any) -> Dispute:
    """Raises Malformed, Contradiction."""
    item = documents.find(event, *_ITEM)
    code = documents.text(item, "eventCode")
    if code not in _CODES:
        raise Malformed(f"event {code[:40]}")
    ruling, stage, withdrawn, reinstated = _CODES[code]
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
        withdrawn=withdrawn,
        reinstated=reinstated,
    )
