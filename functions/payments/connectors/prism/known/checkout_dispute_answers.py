"""Answers to Checkout.com's disputes (https://api-reference.checkout.com/#tag/Disputes): evidence, and acceptance.

Files are uploaded, then texts and files are put into the places that the dispute has for evidence, and then all of it is submitted, once.
A dispute takes an answer while it requires evidence, so it is asked for that first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from payments.connectors import documents, request_bodies
from payments.connectors.disputing import Answer, Document, KnownDispute, placed
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.prism.known import checkout_disputes as disputes
from payments.connectors.prism.ways import Ways
from payments.connectors.results import Declined, Fault

# Each place takes a file and a text; what has none of its own goes here.
_OTHER: Final = "additional_evidence"
_DELIVERY: Final = "proof_of_delivery_or_service"
_POLICY: Final = "refund_or_cancellation_policy"
_DISTINCT: Final = "invoice_showing_distinct_transactions"
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": "invoice_or_receipt",
        "shipping_proof": _DELIVERY,
        "service_proof": _DELIVERY,
        "customer_signature": _DELIVERY,
        "customer_communication": "customer_communication",
        "refund_policy": _POLICY,
        "cancellation_policy": _POLICY,
        "duplicate_proof": _DISTINCT,
    }
)
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("shipping_address", "shipping_carrier", "shipping_tracking_number"), _DELIVERY),
        **dict.fromkeys(("shipping_date", "service_date"), f"{_DELIVERY}_date"),
        **dict.fromkeys(("refund_policy", "refund_refusal", "cancellation_policy", "cancellation_rebuttal"), _POLICY),
        "duplicate_explanation": _DISTINCT,
    }
)
# https://api-reference.checkout.com/#operation/updateDisputeEvidence and #operation/uploadFile.
MAX_TEXT_CHARACTERS: Final = 500
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_NOT_NOW: Final = "Checkout.com takes no {0} for this dispute now. Its dashboard says what can be done."


def submit(ways: Ways, answer: Answer) -> Declined | None:
    """All of it. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    refused = _not_now(ways, answer.dispute, "evidence")
    if refused is not None:
        return refused
    texts, files = _texts(answer.text), placed(answer.documents, FILES, _OTHER, "Checkout.com")
    if isinstance(texts, Declined):
        return texts
    if isinstance(files, Declined):
        return files
    given = {f"{place}_text": text for place, text in texts.items()}
    for place, file in files.items():
        uploaded = _uploaded(ways, file)
        if isinstance(uploaded, Declined):
            return uploaded
        given[f"{place}_file"] = uploaded
    refused = _refusal(ways.ask("PUT", disputes.path(answer.dispute.reference, "evidence"), request_bodies.body(given)))
    return refused or _refusal(ways.ask("POST", disputes.path(answer.dispute.reference, "evidence"), b""))


def accept(ways: Ways, known: KnownDispute) -> Declined | None:
    """The payer keeps the money. Raises what submit raises."""
    return _not_now(ways, known, "acceptance") or _refusal(ways.ask("POST", disputes.path(known.reference, "accept"), b""))


def _not_now(ways: Ways, known: KnownDispute, what: str) -> Declined | None:
    shown = ways.ask("GET", disputes.path(known.reference), b"").body()
    documents.expect(shown, known.reference, "id")
    if documents.text(shown, "status") == disputes.EVIDENCE_REQUIRED:
        return None
    return Declined("not_answerable", _NOT_NOW.format(what), fault=Fault.SETUP)


def _texts(text: Mapping[str, str]) -> dict[str, str] | Declined:
    """By place."""
    found: dict[str, str] = {}
    for kind, said in text.items():
        if said:
            place = TEXTS.get(kind, _OTHER)
            found[place] = "\n".join([*([found[place]] if place in found else []), f"{kind.replace('_', ' ')}: {said}"])
    if all(len(said) <= MAX_TEXT_CHARACTERS for said in found.values()):
        return found
    return Declined("text_too_long", f"Checkout.com takes {MAX_TEXT_CHARACTERS} characters of text of one kind. Put the rest into a file.")


def _uploaded(ways: Ways, file: Document) -> str | Declined:
    """Its name there. Uploaded again it is another file, which nothing refers to."""
    content = file.read()
    if len(content) > MAX_FILE_BYTES:
        return Declined("file_too_large", f"Checkout.com takes files of up to {MAX_FILE_BYTES // 1024 // 1024} MB.", fault=Fault.SETUP)
    name = f"evidence.{file.ending}"
    kind, body = request_bodies.multipart({"purpose": "dispute_evidence"}, name=name, content_type=file.content_type, content=content)
    response = ways.send("/files", body, kind)
    return _refusal(response) or documents.reference(response.document, "id")


def _refusal(response: ProviderResponse) -> Declined | None:
    if response.is_success:
        return None
    code = documents.code_or(response.document, "refused", "error_codes", 0)
    return Declined(code, f"Checkout.com did not take it: {documents.shown(code)}.", fault=Fault.SETUP)
