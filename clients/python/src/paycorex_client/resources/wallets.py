"""Wallets. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class Wallets:
    """Wallets."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def of_user(self, *, user_id: str, timeout: float | None = None) -> models.WalletList:
        """The wallets of a user.

        user_id: The merchant's own name for its user.
        """
        call = Call("GET", "/v1/wallet", query=given({"user_id": user_id}), timeout=timeout)
        return self._transport.answer(call, {200: models.WalletList})

    def create(
        self, *, user_id: str, currency: str | NotGiven | None = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.WalletView:
        """Create a user's wallet; one per user and currency.

        currency: ISO 4217, in capitals. Default: the merchant's currency.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/wallet/create",
            body=given({"currency": currency, "user_id": user_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.WalletView})

    def pay(
        self,
        *,
        amount: Amount,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaidView:
        """Pay the merchant from a wallet: a payment with method `wallet`.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/pay",
            body=given({"amount": amount, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.PaidView})

    def refund(
        self,
        *,
        payment_id: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MovedView:
        """Refund a wallet payment to its wallet.

        amount: How much to give back, in major units. Default: all that is left.
        payment_id: The id of the payment.
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/refund",
            body=given({"amount": amount, "payment_id": payment_id, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.MovedView})

    def top_up(
        self,
        *,
        amount: Amount,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MovedView:
        """Credit a wallet from outside.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/topup",
            body=given({"amount": amount, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.MovedView})

    def get(self, wallet_id: str, *, timeout: float | None = None) -> models.WalletView:
        """A wallet with its balance."""
        call = Call("GET", f"/v1/wallet/{segment(wallet_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.WalletView})

    def ledger(self, wallet_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.EntryView]:
        """A wallet's ledger entries, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/wallet/{segment(wallet_id)}/ledger", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.EntryView)


class AsyncWallets:
    """Wallets."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def of_user(self, *, user_id: str, timeout: float | None = None) -> models.WalletList:
        """The wallets of a user.

        user_id: The merchant's own name for its user.
        """
        call = Call("GET", "/v1/wallet", query=given({"user_id": user_id}), timeout=timeout)
        return await self._transport.answer(call, {200: models.WalletList})

    async def create(
        self, *, user_id: str, currency: str | NotGiven | None = NOT_GIVEN, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.WalletView:
        """Create a user's wallet; one per user and currency.

        currency: ISO 4217, in capitals. Default: the merchant's currency.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/wallet/create",
            body=given({"currency": currency, "user_id": user_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.WalletView})

    async def pay(
        self,
        *,
        amount: Amount,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaidView:
        """Pay the merchant from a wallet: a payment with method `wallet`.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/pay",
            body=given({"amount": amount, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.PaidView})

    async def refund(
        self,
        *,
        payment_id: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MovedView:
        """Refund a wallet payment to its wallet.

        amount: How much to give back, in major units. Default: all that is left.
        payment_id: The id of the payment.
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/refund",
            body=given({"amount": amount, "payment_id": payment_id, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.MovedView})

    async def top_up(
        self,
        *,
        amount: Amount,
        reference: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MovedView:
        """Credit a wallet from outside.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        reference: The merchant's own name for it, such as an order number.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/wallet/topup",
            body=given({"amount": amount, "reference": reference, "user_id": user_id, "wallet_id": wallet_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.MovedView})

    async def get(self, wallet_id: str, *, timeout: float | None = None) -> models.WalletView:
        """A wallet with its balance."""
        call = Call("GET", f"/v1/wallet/{segment(wallet_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.WalletView})

    def ledger(self, wallet_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.EntryView]:
        """A wallet's ledger entries, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/wallet/{segment(wallet_id)}/ledger", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.EntryView)
