"""People. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class People:
    """People."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.PersonView]:
        """People of the merchant, who came last first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/console/users", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.PersonView)

    def invite(
        self,
        *,
        email: str,
        name: str,
        role: Literal["owner", "admin", "developer", "finance", "support", "read_only"],
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.InvitedView:
        """Invite a person by e-mail, or by the link in this answer where no e-mail is set up. One gives only roles that one
        holds.

        email: Where the invitation goes; one person a merchant has it, in lower case.
        name: What the person is called.
        role: What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`.
        """
        call = Call(
            "POST",
            "/v1/console/users",
            body=given({"email": email, "name": name, "role": role}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.InvitedView})

    def remove(self, person_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.RemovedPerson:
        """Remove a person, with passkeys and sessions."""
        call = Call("DELETE", f"/v1/console/users/{segment(person_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.RemovedPerson})

    def get(self, person_id: str, *, timeout: float | None = None) -> models.PersonView:
        """One person."""
        call = Call("GET", f"/v1/console/users/{segment(person_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.PersonView})

    def change(
        self,
        person_id: str,
        *,
        name: str | NotGiven | None = NOT_GIVEN,
        role: Literal["owner", "admin", "developer", "finance", "support", "read_only"] | NotGiven | None = NOT_GIVEN,
        status: Literal["active", "disabled"] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PersonView:
        """Change a person's name, role or status; it acts with the person's next request.

        name: What the person is called.
        role: What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`.
        status: `disabled` ends all sessions and lets the person in no more; `active` lets the person in again.
        """
        call = Call(
            "PATCH",
            f"/v1/console/users/{segment(person_id)}",
            body=given({"name": name, "role": role, "status": status}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PersonView})

    def invite_again(self, person_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.InvitedView:
        """A new invitation for a person who has not signed in yet; the older link ends."""
        call = Call("POST", f"/v1/console/users/{segment(person_id)}/invitation", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.InvitedView})


class AsyncPeople:
    """People."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.PersonView]:
        """People of the merchant, who came last first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/console/users", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.PersonView)

    async def invite(
        self,
        *,
        email: str,
        name: str,
        role: Literal["owner", "admin", "developer", "finance", "support", "read_only"],
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.InvitedView:
        """Invite a person by e-mail, or by the link in this answer where no e-mail is set up. One gives only roles that one
        holds.

        email: Where the invitation goes; one person a merchant has it, in lower case.
        name: What the person is called.
        role: What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`.
        """
        call = Call(
            "POST",
            "/v1/console/users",
            body=given({"email": email, "name": name, "role": role}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.InvitedView})

    async def remove(self, person_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.RemovedPerson:
        """Remove a person, with passkeys and sessions."""
        call = Call("DELETE", f"/v1/console/users/{segment(person_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.RemovedPerson})

    async def get(self, person_id: str, *, timeout: float | None = None) -> models.PersonView:
        """One person."""
        call = Call("GET", f"/v1/console/users/{segment(person_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.PersonView})

    async def change(
        self,
        person_id: str,
        *,
        name: str | NotGiven | None = NOT_GIVEN,
        role: Literal["owner", "admin", "developer", "finance", "support", "read_only"] | NotGiven | None = NOT_GIVEN,
        status: Literal["active", "disabled"] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PersonView:
        """Change a person's name, role or status; it acts with the person's next request.

        name: What the person is called.
        role: What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`.
        status: `disabled` ends all sessions and lets the person in no more; `active` lets the person in again.
        """
        call = Call(
            "PATCH",
            f"/v1/console/users/{segment(person_id)}",
            body=given({"name": name, "role": role, "status": status}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PersonView})

    async def invite_again(self, person_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.InvitedView:
        """A new invitation for a person who has not signed in yet; the older link ends."""
        call = Call("POST", f"/v1/console/users/{segment(person_id)}/invitation", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.InvitedView})
