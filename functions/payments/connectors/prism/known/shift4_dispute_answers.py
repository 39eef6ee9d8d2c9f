"""Answers to Shift4's disputes (https://dev.shift4.com/docs/api#dispute-update): evidence, by texts and uploaded files in one call, and
acceptance. Only a dispute that waits for an answer takes either, so it is asked for that first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.connectors import documents, request_bodies
from payments.connectors.disputing import Answer, Document, KnownDispute, placed
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.notices import Ruling
from payments.connectors.prism.known import shift4_disputes as disputes
from payments.connectors.prism.ways import Ways
from payments.connectors.results import Declined, Fault

# https://dev.shift4.com/docs/api#dispute-evidence-object; what has no place of its own goes to the last ones.
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "product_description": "productDescription",
        "customer_email": "customerEmail",
        "customer_ip": "customerPurchaseIp",
        "billing_address": "billingAddress",
        "shipping_address": "shippingAddress",
        "shipping_carrier": "shippingCarrier",
        "shipping_date": "shippingDate",
        "shipping_tracking_number": "shippingTrackingNumber",
        "service_date": "serviceDate",
        "access_log": "accessActivityLogs",
        "refund_policy": "refundPolicyDisclosure",
        "refund_refusal": "refundRefusalExplanation",
        "cancellation_policy": "cancellationPolicyDisclosure",
        "cancellation_rebuttal": "cancellationRefusalExplanation",
        "duplicate_explanation": "duplicateChargeExplanation",
    }
)
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": "receipt",
        "shipping_proof": "shippingDocumentation",
        "service_proof": "serviceDocumentation",
        "customer_communication": "customerCommunication",
        "customer_signature": "customerSignature",
        "refund_policy": "refundPolicy",
        "cancellation_policy": "cancellationPolicy",
        "duplicate_proof": "duplicateChargeDocumentation",
    }
)
_OTHER_TEXT: Final = "uncategorizedText"
_OTHER_FILE: Final = "uncategorizedFile"
_NOT_NOW: Final = "Shift4 takes no {0} for this dispute now. Its dashboard says what can be done."


def submit(ways: Ways, answer: Answer) -> Declined | None:
    """All of it. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    refused = _not_now(ways, answer.dispute, "evidence")
    if refused is not None:
        return refused
    files = placed(answer.documents, FILES, _OTHER_FILE, "Shift4")
    if isinstance(files, Declined):
        return files
    evidence: dict[str, Any] = _texts(answer.text)
    for place, file in files.items():
        uploaded = _uploaded(ways, file)
        if isinstance(uploaded, Declined):
            return uploaded
        evidence[place] = uploaded
    return _refusal(ways.ask("POST", disputes.path(answer.dispute.reference), request_bodies.body({"evidence": evidence})))


def accept(ways: Ways, known: KnownDispute) -> Declined | None:
    """The payer keeps the money. Raises what submit raises."""
    return _not_now(ways, known, "acceptance") or _refusal(ways.ask("POST", disputes.path(known.reference, "close"), b"{}"))


def _not_now(ways: Ways, known: KnownDispute, what: str) -> Declined | None:
    found = disputes.look_up(ways.ask, known.reference)
    if found is not None and found.charge_reference != known.charge_reference:
        raise documents.Contradiction("another_object", found.charge_reference, known.charge_reference)
    if found is not None and found.ruling is Ruling.NEEDS_RESPONSE:
        return None
    return Declined("not_answerable", _NOT_NOW.format(what), fault=Fault.SETUP)


def _texts(text: Mapping[str, str]) -> dict[str, Any]:
    """By place."""
    found = {TEXTS[kind]: said for kind, said in text.items() if said and kind in TEXTS}
    others = [f"{kind.replace('_', ' ')}: {said}" for kind, said in text.items() if said and kind not in TEXTS]
    return {**found, **({_OTHER_TEXT: "\n".join(others)} if others else {})}


def _uploaded(ways: Ways, file: Document) -> str | Declined:
    """Its name there. Uploaded again it is another file, which nothing refers to."""
    name = f"evidence.{file.ending}"
    fields = {"purpose": "dispute_evidence"}
    kind, body = request_bodies.multipart(fields, name=name, content_type=file.content_type, content=file.read())
    response = ways.send("/files", body, kind)
    return _refusal(response) or documents.reference(response.document, "id")


def _refusal(response: ProviderResponse) -> Declined | None:
    if response.is_success:
        return None
    code = documents.code_or(response.document, "refused", "error", "code")
    reason = documents.shown(documents.text_or(response.document, code, "error", "message"))
    return Declined(code, f"Shift4 did not take it: {reason}", fault=Fault.SETUP)
