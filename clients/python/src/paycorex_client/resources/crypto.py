"""Crypto. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Crypto:
    """Crypto."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def watch(
        self,
        *,
        address: str,
        network: Literal["ethereum", "polygon", "bsc"],
        label: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CryptoAddressView:
        """Watch a user's address; 200 with the existing record when it is watched already.

        address: An EVM address, `0x` and 40 hex digits; mixed case is checked by EIP-55.
        label: The merchant's own name for it.
        network: The chain.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/crypto/address",
            body=given({"address": address, "label": label, "network": network, "user_id": user_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.CryptoAddressView, 201: models.CryptoAddressView})

    def addresses(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.CryptoAddressView]:
        """The watch list, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/crypto/addresses", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.CryptoAddressView)

    def stop_watching(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.CryptoAddressView:
        """Stop watching an address."""
        call = Call("DELETE", f"/v1/crypto/addresses/{segment(id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.CryptoAddressView})

    def status(self, tx_hash: str, *, network: Literal["ethereum", "polygon", "bsc"], timeout: float | None = None) -> models.StatusView:
        """The status of a transaction, read from the chain.

        network: The chain.
        """
        call = Call("GET", f"/v1/crypto/status/{segment(tx_hash)}", query=given({"network": network}), timeout=timeout)
        return self._transport.answer(call, {200: models.StatusView})

    def transactions(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.CryptoTransactionView]:
        """The transfers that the monitor found, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/crypto/transactions", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.CryptoTransactionView)

    def preview_xpub(
        self, *, network: Literal["ethereum", "polygon", "bsc"], xpub: str, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.Preview:
        """The first addresses that an xpub derives, before it is saved. Changes nothing, so a replay is answered again.

        network: The chain.
        xpub: An extended public key of an account (BIP 32).
        """
        call = Call(
            "POST",
            "/v1/crypto/xpub/preview",
            body=given({"network": network, "xpub": xpub}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.Preview})


class AsyncCrypto:
    """Crypto."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def watch(
        self,
        *,
        address: str,
        network: Literal["ethereum", "polygon", "bsc"],
        label: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CryptoAddressView:
        """Watch a user's address; 200 with the existing record when it is watched already.

        address: An EVM address, `0x` and 40 hex digits; mixed case is checked by EIP-55.
        label: The merchant's own name for it.
        network: The chain.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/crypto/address",
            body=given({"address": address, "label": label, "network": network, "user_id": user_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.CryptoAddressView, 201: models.CryptoAddressView})

    def addresses(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.CryptoAddressView]:
        """The watch list, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/crypto/addresses", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.CryptoAddressView)

    async def stop_watching(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.CryptoAddressView:
        """Stop watching an address."""
        call = Call("DELETE", f"/v1/crypto/addresses/{segment(id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.CryptoAddressView})

    async def status(
        self, tx_hash: str, *, network: Literal["ethereum", "polygon", "bsc"], timeout: float | None = None
    ) -> models.StatusView:
        """The status of a transaction, read from the chain.

        network: The chain.
        """
        call = Call("GET", f"/v1/crypto/status/{segment(tx_hash)}", query=given({"network": network}), timeout=timeout)
        return await self._transport.answer(call, {200: models.StatusView})

    def transactions(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.CryptoTransactionView]:
        """The transfers that the monitor found, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/crypto/transactions", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.CryptoTransactionView)

    async def preview_xpub(
        self, *, network: Literal["ethereum", "polygon", "bsc"], xpub: str, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.Preview:
        """The first addresses that an xpub derives, before it is saved. Changes nothing, so a replay is answered again.

        network: The chain.
        xpub: An extended public key of an account (BIP 32).
        """
        call = Call(
            "POST",
            "/v1/crypto/xpub/preview",
            body=given({"network": network, "xpub": xpub}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.Preview})
