"""Stripe's disputes, asked for and answered (https://docs.stripe.com/api/disputes, https://docs.stripe.com/api/files)."""

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
from payments.connectors.request_bodies import Fields
from payments.connectors.results import Declined, NotFound
from payments.connectors.settling import Page
from payments.connectors.stripe import documents as reading
from payments.connectors.stripe import errors
from payments.connectors.stripe.api import PAGE, StripeApi

# What Stripe calls our kinds of evidence: `evidence[...]`.
TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "explanation": "uncategorized_text",
        "product_description": "product_description",
        "customer_name": "customer_name",
        "customer_email": "customer_email_address",
        "customer_ip": "customer_purchase_ip",
        "billing_address": "billing_address",
        "shipping_address": "shipping_address",
        "shipping_carrier": "shipping_carrier",
        "shipping_date": "shipping_date",
        "shipping_tracking_number": "shipping_tracking_number",
        "service_date": "service_date",
        "access_log": "access_activity_log",
        "refund_policy": "refund_policy_disclosure",
        "refund_refusal": "refund_refusal_explanation",
        "cancellation_policy": "cancellation_policy_disclosure",
        "cancellation_rebuttal": "cancellation_rebuttal",
        "duplicate_explanation": "duplicate_charge_explanation",
    }
)
# Each takes one file. What has no place of its own goes to `uncategorized_file`, as does a second one of its kind.
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": "receipt",
        "shipping_proof": "shipping_documentation",
        "service_proof": "service_documentation",
        "customer_communication": "customer_communication",
        "customer_signature": "customer_signature",
        "refund_policy": "refund_policy",
        "cancellation_policy": "cancellation_policy",
        "duplicate_proof": "duplicate_charge_documentation",
    }
)
OTHER_FILE: Final = "uncategorized_file"


class StripeDisputes:
    """Stripe's part that is `payments.connectors.disputing.Disputing`."""

    _api: StripeApi

    @calls.errors_as_results
    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:  # noqa: ARG002 - an account is one merchant's
        """List the disputes of an intent, or of a charge."""
        name = "payment_intent" if charge_reference.startswith("pi_") else "charge"
        listed = self._api.listed("/v1/disputes", {name: charge_reference})
        return tuple(reading.dispute_of(each, said_ms=clock.now_ms()) for each in listed)

    @calls.errors_as_results
    def recent_disputes(self, since_ms: int, until_ms: int, cursor: str | None) -> RecentDisputes:
        """List the account's disputes by when they were opened."""
        wanted: dict[str, str | int] = {"created[gte]": -(-since_ms // 1000), "created[lt]": -(-until_ms // 1000), "limit": PAGE}
        found, following = self._api.page("/v1/disputes", wanted, cursor)
        named = tuple(ListedDispute(documents.reference(each, "id"), reading.charge_of(each)) for each in found)
        if not all(each.charge_reference for each in named):
            raise documents.Malformed("a dispute of no charge")
        return Page(named, following)

    @calls.errors_as_results
    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """Retrieve it."""
        response = self._api.get(_path(known))
        return NotFound() if response.status == 404 else _identified(response.body(), known)

    @calls.errors_as_results
    def submit_evidence(self, answer: Answer) -> Answered:
        """Store the files, then the evidence with them, for the bank at once."""
        fields: dict[str, str | int] = {f"evidence[{TEXTS[kind]}]": text for kind, text in answer.text.items()}
        for document in answer.documents:
            stored = self._store(document)
            if isinstance(stored, Declined):
                return stored
            place = FILES.get(document.kind, OTHER_FILE)
            if f"evidence[{place}]" in fields:
                place = OTHER_FILE
            if f"evidence[{place}]" in fields:
                return Declined("too_many_files", "Stripe takes one file of each kind, and one other. Put several into one PDF.")
            fields[f"evidence[{place}]"] = stored
        return self._answered(_path(answer.dispute), {**fields, "submit": "true"}, answer.answer_id, answer.dispute)

    def _store(self, document: Document) -> str | Declined:
        response = self._api.upload(
            {"purpose": "dispute_evidence"},
            document.file_id,
            name=document.name,
            content_type=document.content_type,
            content=document.read(),
        )
        return documents.reference(response.document, "id") if response.is_success else self._refused(response)

    @calls.errors_as_results
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Close it, which cannot be undone."""
        return self._answered(f"{_path(known)}/close", {}, f"close-{known.reference}", known)

    def _answered(self, path: str, fields: Fields, key: str, known: KnownDispute) -> Dispute | Declined:
        response = self._api.post(path, fields, key)
        return _identified(response.document, known) if response.is_success else self._refused(response)

    def _refused(self, response: ProviderResponse) -> Declined:
        refused = errors.refusal(response.document, None, self._api.hidden)
        return Declined(refused.code, refused.reason, fault=refused.fault)


def _path(known: KnownDispute) -> str:
    return f"/v1/disputes/{quote(known.reference, safe='')}"


def _identified(found: Any, known: KnownDispute) -> Dispute:
    """The dispute, when it is the one that was asked for. Raises Malformed, Contradiction."""
    documents.expect(found, known.reference, "id")
    return reading.dispute_of(found, said_ms=clock.now_ms())
