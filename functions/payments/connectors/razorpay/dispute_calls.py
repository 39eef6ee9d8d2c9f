"""Razorpay's disputes, asked for and answered (https://razorpay.com/docs/api/disputes, https://razorpay.com/docs/api/documents)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from paycorex import clock
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.disputing import (
    Answer,
    Answered,
    Document,
    FoundDispute,
    KnownDispute,
    ListedDispute,
    ListedDisputes,
    RecentDisputes,
)
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.notices import Dispute
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay import errors
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.results import Declined
from payments.connectors.settling import Page

# Razorpay lists all disputes of an account, the newest first.
PAGE: Final = 50
MAX_PAGES: Final = 4
# Razorpay takes one text.
MAX_SUMMARY_CHARACTERS: Final = 1_000
# What Razorpay calls our kinds of files; what is not among them goes to `others`, under our name.
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": "billing_proof",
        "shipping_proof": "shipping_proof",
        "service_proof": "proof_of_service",
        "customer_communication": "customer_communication",
        "explanation_letter": "explanation_letter",
        "access_log": "access_activity_log",
        "refund_policy": "refund_cancellation_policy",
        "refund_proof": "refund_confirmation",
        "cancellation_policy": "refund_cancellation_policy",
        "cancellation_proof": "cancellation_proof",
    }
)


class RazorpayDisputes:
    """Razorpay's part that is `payments.connectors.disputing.Disputing`."""

    _api: RazorpayApi

    @calls.errors_as_results
    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:  # noqa: ARG002 - an account is one merchant's
        """The newest disputes of the account that are about this payment."""
        found: list[Dispute] = []
        for number in range(MAX_PAGES):
            page = documents.objects(self._api.get(f"/v1/disputes?count={PAGE}&skip={number * PAGE}").body(), "items")
            mine = [each for each in page if documents.find(each, "payment_id") == charge_reference]
            found += [reading.dispute_of(each, clock.now_ms()) for each in mine]
            if len(page) < PAGE:
                break
        return tuple(found)

    @calls.errors_as_results
    def recent_disputes(self, since_ms: int, until_ms: int, cursor: str | None) -> RecentDisputes:
        """The account's disputes, the newest first, as far back as they were opened in this time."""
        found, following = self._api.page("/v1/disputes", {"count": PAGE}, cursor)
        opened = [(documents.moment_ms(each, "created_at") or until_ms - 1, each) for each in found]
        mine = (each for moment, each in opened if since_ms <= moment < until_ms)
        named = tuple(ListedDispute(documents.reference(each, "id"), documents.reference(each, "payment_id")) for each in mine)
        return Page(named, None if any(moment < since_ms for moment, _ in opened) else following)

    @calls.errors_as_results
    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """Fetch it."""
        return _identified(self._api.get(_path(known)).body(), known)

    @calls.errors_as_results
    def submit_evidence(self, answer: Answer) -> Answered:
        """Store the files, then contest the whole amount with them."""
        summary = "\n".join(f"{kind.replace('_', ' ')}: {text}" for kind, text in answer.text.items())
        if len(summary) > MAX_SUMMARY_CHARACTERS:
            return Declined("text_too_long", f"Razorpay takes {MAX_SUMMARY_CHARACTERS} characters of text. Put the rest into a file.")
        proofs: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for document in answer.documents:
            stored = self._store(document)
            if isinstance(stored, Declined):
                return stored
            place = FILES.get(document.kind)
            (others if place is None else proofs).setdefault(place or document.kind, []).append(stored)
        content: dict[str, Any] = {"amount": reading.units(answer.dispute.amount), "summary": summary, **proofs, "action": "submit"}
        if others:
            content["others"] = [{"type": kind, "document_ids": ids} for kind, ids in others.items()]
        return self._answered(self._api.patch(f"{_path(answer.dispute)}/contest", content), answer.dispute)

    def _store(self, document: Document) -> str | Declined:
        response = self._api.upload(
            "/v1/documents",
            {"purpose": "dispute_evidence"},
            name=document.name,
            content_type=document.content_type,
            content=document.read(),
        )
        return documents.reference(response.document, "id") if response.is_success else self._refused(response)

    @calls.errors_as_results
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Give in; the amount is deducted."""
        return self._answered(self._api.post(f"{_path(known)}/accept", {}), known)

    def _answered(self, response: ProviderResponse, known: KnownDispute) -> Dispute | Declined:
        return _identified(response.document, known) if response.is_success else self._refused(response)

    def _refused(self, response: ProviderResponse) -> Declined:
        refused = errors.refusal(response.document, self._api.hidden)
        return Declined(refused.code, refused.reason, fault=refused.fault)


def _path(known: KnownDispute) -> str:
    return f"/v1/disputes/{quote(known.reference, safe='')}"


def _identified(found: Any, known: KnownDispute) -> Dispute:
    """The dispute, when it is the one that was asked for. Raises Malformed, Contradiction."""
    documents.expect(found, known.reference, "id")
    return reading.dispute_of(found, clock.now_ms())
