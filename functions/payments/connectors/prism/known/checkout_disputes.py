"""Checkout.com's disputes (https://www.checkout.com/docs/risk-management/disputes/disputes-api): how one is read, asked for and listed.

The disputed amount is debited when the dispute is received, and credited again when it is won or canceled by the payer's bank. A payment
that was refunded before is resolved without any money.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from paycorex import clock
from payments.connectors import documents
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.prism.ways import Ask

EVIDENCE_REQUIRED: Final = "evidence_required"
# What a status means, at which stage, and how often the money was taken and given back by then.
_STATUSES: Final[Mapping[str, tuple[Ruling, Stage, int, int]]] = MappingProxyType(
    {
        EVIDENCE_REQUIRED: (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 1, 0),
        "evidence_under_review": (Ruling.UNDER_REVIEW, Stage.CHARGEBACK, 1, 0),
        "resolved": (Ruling.CLOSED, Stage.CHARGEBACK, 0, 0),
        "canceled": (Ruling.CLOSED, Stage.CHARGEBACK, 1, 1),
        "expired": (Ruling.LOST, Stage.CHARGEBACK, 1, 0),
        "accepted": (Ruling.LOST, Stage.CHARGEBACK, 1, 0),
        "lost": (Ruling.LOST, Stage.CHARGEBACK, 1, 0),
        "won": (Ruling.WON, Stage.CHARGEBACK, 1, 1),
        "arb_evidence_submitted": (Ruling.UNDER_REVIEW, Stage.ARBITRATION, 1, 0),
        "arbitration_under_review": (Ruling.UNDER_REVIEW, Stage.ARBITRATION, 1, 0),
        "arbitration_lost": (Ruling.LOST, Stage.ARBITRATION, 1, 0),
        "arbitration_won": (Ruling.WON, Stage.ARBITRATION, 1, 1),
    }
)
# https://www.checkout.com/docs/workflows/webhook-event-types: events that are not called after the status that they bring.
_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "received": EVIDENCE_REQUIRED,
        "evidence_submitted": "evidence_under_review",
        "evidence_acknowledged_by_scheme": "evidence_under_review",
        "arbitration_sent_to_scheme": "arbitration_under_review",
    }
)
_EVENT: Final = "dispute_"
# The most of one payment that are asked for.
_MOST: Final = 10


def read_event(event: Any) -> Dispute:
    """A webhook. Raises Malformed, Contradiction."""
    kind = documents.text(event, "type")
    if not kind.startswith(_EVENT):
        raise documents.Malformed(f"event {kind[:40]}")
    name = kind.removeprefix(_EVENT)
    data = documents.find(event, "data")
    return _read(data, _EVENTS.get(name, name), documents.reference(data, "payment_id"), moment_ms(data, "date"))


def look_up(ask: Ask, reference: str) -> Dispute | None:
    """A dispute as it stands; None when Checkout.com knows none. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    response = ask("GET", path(reference), b"")
    if response.status == 404:
        return None
    found = response.body()
    documents.expect(found, reference, "id")
    return _read(found, documents.text(found, "status"), documents.reference(found, "payment", "id"), clock.now_ms())


def listed(ask: Ask, charge_reference: str) -> tuple[Dispute, ...]:
    """Those of a payment: the list names them, and each is asked for. Raises what look_up raises."""
    query = urlencode({"payment_id": charge_reference, "limit": _MOST})
    page = ask("GET", f"/disputes?{query}", b"").body()
    names = [documents.reference(each, "id") for each in documents.objects(page, "data")] if documents.find(page, "data") else []
    if len(names) > _MOST:
        raise documents.Malformed("more than was asked for")
    found = (look_up(ask, name) for name in names)
    return tuple(dispute for dispute in found if dispute is not None and dispute.charge_reference == charge_reference)


def path(reference: str, *more: str) -> str:
    """Of one dispute, or of something of it."""
    return "/".join(("/disputes", quote(reference, safe=""), *more))


def moment_ms(document: Any, *where: str) -> int | None:
    """A time of RFC 3339 as milliseconds since the epoch; None where there is none."""
    try:
        return clock.parse_rfc3339(documents.text_or(document, "", *where))
    except ValueError:
        return None


def _read(dispute: Any, status: str, charge_reference: str, said_ms: int | None) -> Dispute:
    reference = documents.reference(dispute, "id")
    ruling, stage, withdrawn, reinstated = _STATUSES.get(status, (None, None, 0, 0))
    return Dispute(
        reference=reference,
        charge_reference=charge_reference,
        amount=documents.amount(documents.whole(dispute, "amount"), documents.text(dispute, "currency"), reference),
        status=status[: documents.MAX_CODE_CHARACTERS],
        reason=documents.code_or(dispute, "", "category") or None,
        ruling=ruling,
        stage=stage,
        reason_code=documents.code_or(dispute, "", "reason_code") or None,
        respond_by_ms=moment_ms(dispute, "evidence_required_by"),
        withdrawn=withdrawn,
        reinstated=reinstated,
        said_ms=said_ms,
    )
