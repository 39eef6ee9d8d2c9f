"""Answers to Braintree's disputes (https://developer.paypal.com/braintree/graphql/guides/disputes): texts and files are added as evidence,
then the dispute is finalized, once; or it is accepted. Only a dispute that is open takes either, so it is asked for that first.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.connectors import documents, request_bodies
from payments.connectors.disputing import Answer, Document, KnownDispute
from payments.connectors.http_calls import OutcomeUnknown, ProviderResponse
from payments.connectors.prism.known import braintree_disputes as disputes
from payments.connectors.prism.ways import Ways
from payments.connectors.request_bodies import Part
from payments.connectors.results import Declined, Fault

# https://developer.paypal.com/braintree/graphql/reference/enums/dispute-text-evidence-category; the others are GENERAL.
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customer_name": "PURCHASER_NAME",
        "customer_email": "PURCHASER_EMAIL_ADDRESS",
        "customer_ip": "PURCHASER_IP_ADDRESS",
        "shipping_carrier": "CARRIER_NAME",
        "shipping_tracking_number": "TRACKING_NUMBER",
    }
)
FILES: Final[Mapping[str, str]] = MappingProxyType({"shipping_proof": "PROOF_OF_DELIVERY", "customer_signature": "SIGNED_DELIVERY_FORM"})
_GENERAL: Final = "GENERAL"
# https://developer.paypal.com/braintree/graphql/integration_guides/uploading_files
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_NOT_NOW: Final = "Braintree takes no {0} for this dispute now. Its Control Panel says what can be done."
# Trouble of Braintree's own, after which it may have acted: https://developer.paypal.com/braintree/graphql/guides/errors.
_ITS_OWN: Final = frozenset({"INTERNAL", "SERVICE_AVAILABILITY", "UNKNOWN"})


def submit(ways: Ways, answer: Answer) -> Declined | None:
    """All of it. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    shown = disputes.shown(ways.ask, answer.dispute.reference)
    if documents.text_or(shown, "", "status") != disputes.OPEN:
        return Declined("not_answerable", _NOT_NOW.format("evidence"), fault=Fault.SETUP)
    there = {documents.text_or(each, "", "content") for each in _evidence(shown)}
    for kind, said in answer.text.items():
        refused = None if not said or _text(kind, said) in there else _add_text(ways, answer.dispute, kind, said)
        if refused is not None:
            return refused
    for file in answer.documents:
        refused = _add_file(ways, answer.dispute, file)
        if refused is not None:
            return refused
    return _mutated(ways, "finalizeDispute", {"disputeId": answer.dispute.reference}, "dispute { id status }")


def accept(ways: Ways, known: KnownDispute) -> Declined | None:
    """The payer keeps the money. Raises what submit raises."""
    if documents.text_or(disputes.shown(ways.ask, known.reference), "", "status") != disputes.OPEN:
        return Declined("not_answerable", _NOT_NOW.format("acceptance"), fault=Fault.SETUP)
    return _mutated(ways, "acceptDispute", {"disputeId": known.reference}, "dispute { id status }")


def _evidence(shown: Any) -> list[Any]:
    return documents.objects(shown, "evidence") if documents.find(shown, "evidence") else []


def _text(kind: str, said: str) -> str:
    """What has a category of its own goes alone."""
    return said if kind in TEXTS else f"{kind.replace('_', ' ')}: {said}"


def _add_text(ways: Ways, dispute: KnownDispute, kind: str, said: str) -> Declined | None:
    given = {"disputeId": dispute.reference, "category": TEXTS.get(kind, _GENERAL), "content": _text(kind, said)}
    return _mutated(ways, "createDisputeTextEvidence", given, "evidence { id }")


def _add_file(ways: Ways, dispute: KnownDispute, file: Document) -> Declined | None:
    content = file.read()
    if len(content) > MAX_FILE_BYTES:
        return Declined("file_too_large", f"Braintree takes files of up to {MAX_FILE_BYTES // 1024 // 1024} MB.", fault=Fault.SETUP)
    given = {"disputeId": dispute.reference, "category": FILES.get(file.kind, _GENERAL)}
    name = "createDisputeFileEvidence"
    operations = {"query": _mutation(name, "evidence { id }"), "variables": {"input": given, "file": None}}
    kind, body = request_bodies.parts(
        [
            Part("operations", json.dumps(operations).encode(), "application/json"),
            Part("map", b'{"file": "variables.file"}'),
            Part("file", content, file.content_type, f"evidence.{file.ending}"),
        ]
    )
    return _refusal(ways.send(disputes.PATH, body, kind), name)


def _mutated(ways: Ways, name: str, given: Mapping[str, Any], selection: str) -> Declined | None:
    return _refusal(ways.ask("POST", disputes.PATH, disputes.query_of(_mutation(name, selection), {"input": given})), name)


def _mutation(name: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}"
    return f"mutation {kind}($input: {kind}Input!) {{ {name}(input: $input) {{ {selection} }} }}"


def _refusal(response: ProviderResponse, name: str) -> Declined | None:
    """Errors come with 200. Raises OutcomeUnknown for what says neither."""
    error = documents.find(response.document, "errors", 0)
    if error is None and documents.find(response.document, "data", name) is not None:
        return None
    kind = documents.text_or(error, "UNKNOWN", "extensions", "errorClass")
    if kind in _ITS_OWN:
        raise OutcomeUnknown("Braintree did not say whether it took the answer.")
    reason = documents.shown(documents.text_or(error, "Braintree did not take it.", "message"))
    return Declined(documents.code_or(error, kind.lower(), "extensions", "legacyCode"), reason, fault=Fault.SETUP)
