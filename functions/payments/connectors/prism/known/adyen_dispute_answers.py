"""Answers to Adyen's disputes: https://docs.adyen.com/api-explorer/Disputes/30/overview. A defence is a reason of Adyen's list for the
dispute, with a file of each type that this reason wants; Adyen takes no text. It cannot be asked whether it has an answer: webhooks say so.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from payments.connectors import documents, request_bodies
from payments.connectors import http_calls as calls
from payments.connectors.disputing import Answer, Document, KnownDispute
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.prism.ways import Ways
from payments.connectors.results import Declined, Fault

_SERVICE: Final = "/ca/services/DisputeService/v30"
# Material of any kind, and the type of a receipt beside it.
_MATERIAL: Final = "DefenseMaterial"
_RECEIPT: Final = "TIDorInvoice"
_MOST_REASONS: Final = 100
_UNSAID: Final = "Adyen did not take it."


def submit(ways: Ways, answer: Answer) -> Declined | None:
    """The files, then the defence. Raises NotSent for what is before the defence, which answers nothing; OutcomeUnknown."""
    if any(answer.text.values()):
        return Declined("text_not_taken", "Adyen takes files only. Put the text into one, and take it back here.", fault=Fault.SETUP)
    try:
        chosen = _before(ways, answer)
    except (calls.OutcomeUnknown, documents.Malformed) as unknown:
        raise calls.NotSent("Adyen did not say which defence it takes, or whether it has the files.") from unknown
    if isinstance(chosen, Declined):
        return chosen
    if not answer.claims():
        raise calls.NotSent("Another process gives this answer.")
    return _refusal(_ask(ways, "defendDispute", answer.dispute, defenseReasonCode=chosen))


def accept(ways: Ways, known: KnownDispute) -> Declined | None:
    """Adyen closes it for the payer. Raises NotSent, OutcomeUnknown."""
    return _refusal(_ask(ways, "acceptDispute", known))


def _before(ways: Ways, answer: Answer) -> str | Declined:
    """The reason, after its files were supplied; supplied again they are the same. Raises NotSent, OutcomeUnknown, Malformed."""
    listed = _ask(ways, "retrieveApplicableDefenseReasons", answer.dispute)
    refused = _refusal(listed)
    if refused is not None:
        return refused
    for reason in documents.objects(listed.document, "defenseReasons")[:_MOST_REASONS]:
        placed = _placed(reason, answer.documents)
        if placed is not None:
            refused = _supplied(ways, answer.dispute, placed)
            return refused or documents.text(reason, "defenseReasonCode")
    return Declined("no_defence", "No defence that Adyen lists for this dispute takes these files. Its Customer Area says what it wants.")


def _supplied(ways: Ways, dispute: KnownDispute, placed: Mapping[str, Document]) -> Declined | None:
    given = [
        {"content": base64.b64encode(file.read()).decode(), "contentType": file.content_type, "defenseDocumentTypeCode": kind}
        for kind, file in placed.items()
    ]
    # The one call that may be long; all of them together end before the function does.
    return _refusal(ways.send(_path("supplyDefenseDocument"), _body(ways, dispute, defenseDocuments=given), "application/json"))


def _placed(reason: Mapping[str, Any], files: Sequence[Document]) -> dict[str, Document] | None:
    """Each file by the type that it is supplied as; None where the reason does not take all of them, or wants others."""
    types = {str(each.get("defenseDocumentTypeCode")): each for each in documents.objects(reason, "defenseDocumentTypes")}
    placed: dict[str, Document] = {}
    for file in sorted(files, key=lambda each: each.kind == "receipt"):
        kinds = (_MATERIAL, _RECEIPT) if file.kind == "receipt" else (_MATERIAL,)
        kind = next((each for each in kinds if each in types and each not in placed), None)
        if kind is None:
            return None
        placed[kind] = file
    there = placed.keys() | {name for name, each in types.items() if each.get("available") is True}
    wanted = {name for name, each in types.items() if each.get("requirementLevel") == "Required"}
    some_of = {name for name, each in types.items() if each.get("requirementLevel") == "OneOrMore"}
    return placed if placed and wanted <= there and (not some_of or some_of & there) else None


def _ask(ways: Ways, name: str, dispute: KnownDispute, **more: Any) -> ProviderResponse:
    return ways.ask("POST", _path(name), _body(ways, dispute, **more))


def _path(name: str) -> str:
    return f"{_SERVICE}/{name}"


def _body(ways: Ways, dispute: KnownDispute, **more: Any) -> bytes:
    about = {"disputePspReference": dispute.reference, "merchantAccountCode": ways.credentials["merchant_account"]}
    return request_bodies.body({**about, **more})


def _refusal(response: ProviderResponse) -> Declined | None:
    """What Adyen says against it. Raises OutcomeUnknown for what says neither."""
    if not response.is_success:
        code = documents.code_or(response.document, "refused", "errorCode")
        return Declined(code, documents.shown(documents.text_or(response.document, _UNSAID, "message")), fault=Fault.SETUP)
    done = documents.find(response.document, "disputeServiceResult", "success")
    if done is True:
        return None
    if done is False:
        words = documents.text_or(response.document, _UNSAID, "disputeServiceResult", "errorMessage")
        return Declined("refused", documents.shown(words), fault=Fault.SETUP)
    raise calls.OutcomeUnknown("Adyen did not say whether it took the answer.")
