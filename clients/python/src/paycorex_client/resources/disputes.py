"""Disputes. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Disputes:
    """Disputes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | NotGiven = NOT_GIVEN,
        due_before: Moment | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.DisputeView]:
        """Disputes by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        due_before: Only what is due before this time: RFC 3339.
        payment_id: The id of the payment.
        """
        call = Call(
            "GET",
            "/v1/disputes",
            query=given({"limit": limit, "status": status, "due_before": due_before, "payment_id": payment_id}),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.DisputeView)

    def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | NotGiven = NOT_GIVEN,
        due_before: Moment | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Disputes by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        status: Where it stands.
        due_before: Only what is due before this time: RFC 3339.
        payment_id: The id of the payment.
        """
        call = Call(
            "GET",
            "/v1/disputes/csv",
            query=given({"limit": limit, "cursor": cursor, "status": status, "due_before": due_before, "payment_id": payment_id}),
            timeout=timeout,
        )
        return self._transport.content(call)

    def get(self, dispute_id: str, *, timeout: float | None = None) -> models.DisputeView:
        """One dispute with its timeline, evidence and journals."""
        call = Call("GET", f"/v1/disputes/{segment(dispute_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.DisputeView})

    def accept(
        self, dispute_id: str, *, dry_run: bool | NotGiven = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.DisputeView:
        """Give in: the payer keeps the money. With `dry_run` nothing is done, and the answer shows the dispute as it would be.

        dry_run: Makes nothing: the answer says what would be made. Default: false.
        """
        call = Call(
            "POST",
            f"/v1/disputes/{segment(dispute_id)}/accept",
            body=given({"dry_run": dry_run}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.DisputeView})

    def add_evidence(
        self,
        dispute_id: str,
        *,
        files: Sequence[inputs.AnnouncedFile] | NotGiven = NOT_GIVEN,
        text: Mapping[str, str] | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.EvidenceAnswer:
        """Keep texts, and announce files: each is then put to its link. Nothing goes to the provider before it is submitted.

        files: The files of evidence.
        text: Texts of evidence by their kind.
        """
        call = Call(
            "POST",
            f"/v1/disputes/{segment(dispute_id)}/evidence",
            body=given({"files": files, "text": text}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.EvidenceAnswer})

    def pack(self, dispute_id: str, *, timeout: float | None = None) -> Content:
        """The evidence pack: a zip file with all that is known of the payment, and a signed proof that can be checked without
        this API.
        """
        call = Call("GET", f"/v1/disputes/{segment(dispute_id)}/pack", timeout=timeout)
        return self._transport.content(call)

    def submit(self, dispute_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DisputeView:
        """Send the evidence to the provider, once. The bank then decides, which takes weeks."""
        call = Call("POST", f"/v1/disputes/{segment(dispute_id)}/submit", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.DisputeView})


class AsyncDisputes:
    """Disputes."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | NotGiven = NOT_GIVEN,
        due_before: Moment | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.DisputeView]:
        """Disputes by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        due_before: Only what is due before this time: RFC 3339.
        payment_id: The id of the payment.
        """
        call = Call(
            "GET",
            "/v1/disputes",
            query=given({"limit": limit, "status": status, "due_before": due_before, "payment_id": payment_id}),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.DisputeView)

    async def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | NotGiven = NOT_GIVEN,
        due_before: Moment | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Disputes by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        status: Where it stands.
        due_before: Only what is due before this time: RFC 3339.
        payment_id: The id of the payment.
        """
        call = Call(
            "GET",
            "/v1/disputes/csv",
            query=given({"limit": limit, "cursor": cursor, "status": status, "due_before": due_before, "payment_id": payment_id}),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def get(self, dispute_id: str, *, timeout: float | None = None) -> models.DisputeView:
        """One dispute with its timeline, evidence and journals."""
        call = Call("GET", f"/v1/disputes/{segment(dispute_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.DisputeView})

    async def accept(
        self, dispute_id: str, *, dry_run: bool | NotGiven = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.DisputeView:
        """Give in: the payer keeps the money. With `dry_run` nothing is done, and the answer shows the dispute as it would be.

        dry_run: Makes nothing: the answer says what would be made. Default: false.
        """
        call = Call(
            "POST",
            f"/v1/disputes/{segment(dispute_id)}/accept",
            body=given({"dry_run": dry_run}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.DisputeView})

    async def add_evidence(
        self,
        dispute_id: str,
        *,
        files: Sequence[inputs.AnnouncedFile] | NotGiven = NOT_GIVEN,
        text: Mapping[str, str] | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.EvidenceAnswer:
        """Keep texts, and announce files: each is then put to its link. Nothing goes to the provider before it is submitted.

        files: The files of evidence.
        text: Texts of evidence by their kind.
        """
        call = Call(
            "POST",
            f"/v1/disputes/{segment(dispute_id)}/evidence",
            body=given({"files": files, "text": text}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.EvidenceAnswer})

    async def pack(self, dispute_id: str, *, timeout: float | None = None) -> Content:
        """The evidence pack: a zip file with all that is known of the payment, and a signed proof that can be checked without
        this API.
        """
        call = Call("GET", f"/v1/disputes/{segment(dispute_id)}/pack", timeout=timeout)
        return await self._transport.content(call)

    async def submit(self, dispute_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DisputeView:
        """Send the evidence to the provider, once. The bank then decides, which takes weeks."""
        call = Call("POST", f"/v1/disputes/{segment(dispute_id)}/submit", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.DisputeView})
