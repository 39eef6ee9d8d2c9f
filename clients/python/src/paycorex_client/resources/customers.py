"""Customers. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Customers:
    """Customers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        phone: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.CustomerView]:
        """Customers, newest first, or those with a reference, an e-mail address or a phone number.

        An iterator that asks for the pages.

        limit: At most so many items.
        reference: Customers with exactly this reference.
        email: Customers with exactly this e-mail address.
        phone: Customers with exactly this phone number.
        """
        call = Call(
            "GET", "/v1/customers", query=given({"limit": limit, "reference": reference, "email": email, "phone": phone}), timeout=timeout
        )
        return Pages(self._transport, call, models.CustomerView)

    def create(
        self,
        *,
        reference: str,
        email: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        phone: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CustomerView:
        """Keep a customer. What says who the person is, is sealed; payments know the reference alone.

        email: An e-mail address.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: The name.
        phone: With or without `+` and the country's code; digits only.
        reference: Your own id of the person, what payments, tokens and wallets call `user_id`. No e-mail address and no
        phone number: it stays on payments.
        """
        call = Call(
            "POST",
            "/v1/customers",
            body=given({"email": email, "metadata": metadata, "name": name, "phone": phone, "reference": reference}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.CustomerView})

    def erase(self, customer_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.CustomerView:
        """Erase the person: name, address, number, reference and stored cards go. The books stay, and stay provable."""
        call = Call("DELETE", f"/v1/customers/{segment(customer_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.CustomerView})

    def get(self, customer_id: str, *, timeout: float | None = None) -> models.CustomerDetails:
        """One customer with its newest payments, stored instruments, wallets and mandates. Of an erased one only ids and times
        are left.
        """
        call = Call("GET", f"/v1/customers/{segment(customer_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.CustomerDetails})

    def change(
        self,
        customer_id: str,
        *,
        email: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        phone: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CustomerView:
        """Change what is known of a customer; null takes it away.

        email: An e-mail address.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: The name.
        phone: With or without `+` and the country's code; digits only.
        """
        call = Call(
            "PATCH",
            f"/v1/customers/{segment(customer_id)}",
            body=given({"email": email, "metadata": metadata, "name": name, "phone": phone}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.CustomerView})

    def vouch(
        self, customer_id: str, *, expires_in: int | NotGiven = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.CustomerTokenView:
        """Vouch for a customer whom you have signed in: put the token into the fragment of a checkout's address.

        expires_in: For how many seconds the token holds, 60 to 3,600. Default: 900.
        """
        call = Call(
            "POST",
            f"/v1/customers/{segment(customer_id)}/token",
            body=given({"expires_in": expires_in}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.CustomerTokenView})


class AsyncCustomers:
    """Customers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        phone: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.CustomerView]:
        """Customers, newest first, or those with a reference, an e-mail address or a phone number.

        An iterator that asks for the pages.

        limit: At most so many items.
        reference: Customers with exactly this reference.
        email: Customers with exactly this e-mail address.
        phone: Customers with exactly this phone number.
        """
        call = Call(
            "GET", "/v1/customers", query=given({"limit": limit, "reference": reference, "email": email, "phone": phone}), timeout=timeout
        )
        return AsyncPages(self._transport, call, models.CustomerView)

    async def create(
        self,
        *,
        reference: str,
        email: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        phone: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CustomerView:
        """Keep a customer. What says who the person is, is sealed; payments know the reference alone.

        email: An e-mail address.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: The name.
        phone: With or without `+` and the country's code; digits only.
        reference: Your own id of the person, what payments, tokens and wallets call `user_id`. No e-mail address and no
        phone number: it stays on payments.
        """
        call = Call(
            "POST",
            "/v1/customers",
            body=given({"email": email, "metadata": metadata, "name": name, "phone": phone, "reference": reference}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.CustomerView})

    async def erase(self, customer_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.CustomerView:
        """Erase the person: name, address, number, reference and stored cards go. The books stay, and stay provable."""
        call = Call("DELETE", f"/v1/customers/{segment(customer_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.CustomerView})

    async def get(self, customer_id: str, *, timeout: float | None = None) -> models.CustomerDetails:
        """One customer with its newest payments, stored instruments, wallets and mandates. Of an erased one only ids and times
        are left.
        """
        call = Call("GET", f"/v1/customers/{segment(customer_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.CustomerDetails})

    async def change(
        self,
        customer_id: str,
        *,
        email: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        phone: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CustomerView:
        """Change what is known of a customer; null takes it away.

        email: An e-mail address.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: The name.
        phone: With or without `+` and the country's code; digits only.
        """
        call = Call(
            "PATCH",
            f"/v1/customers/{segment(customer_id)}",
            body=given({"email": email, "metadata": metadata, "name": name, "phone": phone}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.CustomerView})

    async def vouch(
        self, customer_id: str, *, expires_in: int | NotGiven = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.CustomerTokenView:
        """Vouch for a customer whom you have signed in: put the token into the fragment of a checkout's address.

        expires_in: For how many seconds the token holds, 60 to 3,600. Default: 900.
        """
        call = Call(
            "POST",
            f"/v1/customers/{segment(customer_id)}/token",
            body=given({"expires_in": expires_in}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.CustomerTokenView})
