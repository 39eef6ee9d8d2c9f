"""Payments. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, Moment, NotGiven, given


class Payments:
    """Payments."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        in_review: bool | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.PaymentView]:
        """Payments, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        method: How it is paid.
        capture_method: Only payments that are captured in this way: with `manual`, those whose money is held first.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: Only payments of this connector, such as `stripe`.
        failure_code: Only payments that failed with this code, or for this reason of the provider's.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        in_review: Only payments that a risk rule holds until a person decides, newest first. A page may hold fewer than
        `limit` where more follow.
        """
        call = Call(
            "GET",
            "/v1/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                    "in_review": in_review,
                }
            ),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.PaymentView)

    def create(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        customer_initiated: bool | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven | None = NOT_GIVEN,
        hold_for: int | NotGiven | None = NOT_GIVEN,
        initial_payment_id: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | NotGiven | None = NOT_GIVEN,
        one_time_token: inputs.OneTimeToken | NotGiven | None = NOT_GIVEN,
        payer: inputs.PayerDetails | NotGiven | None = NOT_GIVEN,
        return_url: str | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven | None = NOT_GIVEN,
        security_code: str | NotGiven | None = NOT_GIVEN,
        statement_descriptor: str | NotGiven | None = NOT_GIVEN,
        token_id: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        asset: The coin or token, such as `ETH` or `USDC`.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        currency: ISO 4217, in capitals. Default: the merchant's currency.
        customer_id: The id of the customer.
        customer_initiated: False for a payment that the merchant starts without the payer, such as a subscription's.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: After how many seconds an open payment ends.
        hold_for: For how many seconds a wallet's money is held at most, when `capture_method` is `manual`.
        initial_payment_id: The payment with which the payer agreed to be charged again.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        method: How it is paid.
        network: The chain.
        one_time_token: What pays this payment only, from the payer's device or browser: never stored.
        payer: Who pays, for the processors that want to know. Passed on in one call; never stored.
        return_url: Where the payer goes after the provider's page: https, at most 1024 characters.
        save: The payer may let the provider keep a card that is typed into its fields.
        security_code: The card's three or four digits. Used in one call; never stored.
        statement_descriptor: What the payer's statement shows: 2 to 22 characters with at least one letter.
        token_id: The id of the token.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "one_time_token": one_time_token,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.PaymentView})

    def create_dry_run(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        customer_initiated: bool | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven | None = NOT_GIVEN,
        hold_for: int | NotGiven | None = NOT_GIVEN,
        initial_payment_id: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | NotGiven | None = NOT_GIVEN,
        one_time_token: inputs.OneTimeToken | NotGiven | None = NOT_GIVEN,
        payer: inputs.PayerDetails | NotGiven | None = NOT_GIVEN,
        return_url: str | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven | None = NOT_GIVEN,
        security_code: str | NotGiven | None = NOT_GIVEN,
        statement_descriptor: str | NotGiven | None = NOT_GIVEN,
        token_id: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.DryRunView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        What it would do, without doing it.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        asset: The coin or token, such as `ETH` or `USDC`.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        currency: ISO 4217, in capitals. Default: the merchant's currency.
        customer_id: The id of the customer.
        customer_initiated: False for a payment that the merchant starts without the payer, such as a subscription's.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: After how many seconds an open payment ends.
        hold_for: For how many seconds a wallet's money is held at most, when `capture_method` is `manual`.
        initial_payment_id: The payment with which the payer agreed to be charged again.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        method: How it is paid.
        network: The chain.
        one_time_token: What pays this payment only, from the payer's device or browser: never stored.
        payer: Who pays, for the processors that want to know. Passed on in one call; never stored.
        return_url: Where the payer goes after the provider's page: https, at most 1024 characters.
        save: The payer may let the provider keep a card that is typed into its fields.
        security_code: The card's three or four digits. Used in one call; never stored.
        statement_descriptor: What the payer's statement shows: 2 to 22 characters with at least one letter.
        token_id: The id of the token.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "one_time_token": one_time_token,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                    "dry_run": True,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.DryRunView})

    def get(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentView:
        """One payment with its timeline, ledger references and attempts."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentView})

    def decide_review(
        self,
        payment_id: str,
        *,
        review: Literal["approve", "decline"],
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Approve or decline a payment that a risk rule holds for a review. Approved, it is captured, unless you capture it
        yourself.

        reason: Why it is declined; it becomes the payment's `failure_message`.
        review: `approve`: the payment is captured, or may be where you capture it yourself. `decline`: what is held is
        released.
        """
        call = Call(
            "PATCH",
            f"/v1/payments/{segment(payment_id)}",
            body=given({"reason": reason, "review": review}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView})

    def cancel(self, payment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.PaymentView:
        """Give up a payment that is not decided yet."""
        call = Call("POST", f"/v1/payments/{segment(payment_id)}/cancel", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentView})

    def capture(
        self,
        payment_id: str,
        *,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        final: bool | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CaptureView:
        """Capture what is held: all that is left, or a part; with `final` (the default) the rest is released.

        amount: How much to take, in major units. Default: all that is left.
        final: Whether what is left is given back after this capture. Default: true.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/capture",
            body=given({"amount": amount, "final": final}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.CaptureView})

    def captures(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.CaptureView]:
        """The captures of a payment, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/captures", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.CaptureView)

    def increment(
        self, payment_id: str, *, amount: Amount, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.PaymentView:
        """Hold more: `amount` is the new total.

        amount: The new total, in major units.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/increment",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView})

    def late_money(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.LateMoney]:
        """All money that came late or beside what was asked, the first first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/late", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.LateMoney)

    def decide_late_money(
        self,
        payment_id: str,
        *,
        action: Literal["accept", "refund"],
        late_id: str | NotGiven | None = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        refund_address: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView | models.RefundView:
        """Decide about money that came late or beside what was asked: take it as the payment's, or give it back.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        late_id: Which money, when more than one is held.
        reason: Why, for the refund.
        refund_address: For a crypto payment: where the payer takes the money.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/late",
            body=given({"action": action, "late_id": late_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        answers: Mapping[int, type[models.PaymentView | models.RefundView]] = {200: models.PaymentView, 201: models.RefundView}
        return self._transport.answer(call, answers)

    def money(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentMoney:
        """Where the money of a payment is: authorized, captured, with its provider, paid out, in the bank; with the dates that
        are known.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/money", timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentMoney})

    def proof(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentProof:
        """Merkle proof that the payment's entries are in a signed checkpoint."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/proof", timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentProof})

    def qr_png(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as PNG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.png", timeout=timeout)
        return self._transport.content(call)

    def qr_svg(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as SVG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.svg", timeout=timeout)
        return self._transport.content(call)

    def refunds(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.RefundView]:
        """The refunds of a payment, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/refunds", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.RefundView)

    def void(
        self,
        payment_id: str,
        *,
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Release what is held. What was captured stays the merchant's.

        reason: Why, in the merchant's own words.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/void",
            body=given({"reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView})


class AsyncPayments:
    """Payments."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        in_review: bool | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.PaymentView]:
        """Payments, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        method: How it is paid.
        capture_method: Only payments that are captured in this way: with `manual`, those whose money is held first.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: Only payments of this connector, such as `stripe`.
        failure_code: Only payments that failed with this code, or for this reason of the provider's.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        in_review: Only payments that a risk rule holds until a person decides, newest first. A page may hold fewer than
        `limit` where more follow.
        """
        call = Call(
            "GET",
            "/v1/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                    "in_review": in_review,
                }
            ),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.PaymentView)

    async def create(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        customer_initiated: bool | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven | None = NOT_GIVEN,
        hold_for: int | NotGiven | None = NOT_GIVEN,
        initial_payment_id: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | NotGiven | None = NOT_GIVEN,
        one_time_token: inputs.OneTimeToken | NotGiven | None = NOT_GIVEN,
        payer: inputs.PayerDetails | NotGiven | None = NOT_GIVEN,
        return_url: str | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven | None = NOT_GIVEN,
        security_code: str | NotGiven | None = NOT_GIVEN,
        statement_descriptor: str | NotGiven | None = NOT_GIVEN,
        token_id: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        asset: The coin or token, such as `ETH` or `USDC`.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        currency: ISO 4217, in capitals. Default: the merchant's currency.
        customer_id: The id of the customer.
        customer_initiated: False for a payment that the merchant starts without the payer, such as a subscription's.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: After how many seconds an open payment ends.
        hold_for: For how many seconds a wallet's money is held at most, when `capture_method` is `manual`.
        initial_payment_id: The payment with which the payer agreed to be charged again.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        method: How it is paid.
        network: The chain.
        one_time_token: What pays this payment only, from the payer's device or browser: never stored.
        payer: Who pays, for the processors that want to know. Passed on in one call; never stored.
        return_url: Where the payer goes after the provider's page: https, at most 1024 characters.
        save: The payer may let the provider keep a card that is typed into its fields.
        security_code: The card's three or four digits. Used in one call; never stored.
        statement_descriptor: What the payer's statement shows: 2 to 22 characters with at least one letter.
        token_id: The id of the token.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "one_time_token": one_time_token,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.PaymentView})

    async def create_dry_run(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        customer_initiated: bool | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven | None = NOT_GIVEN,
        hold_for: int | NotGiven | None = NOT_GIVEN,
        initial_payment_id: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | NotGiven | None = NOT_GIVEN,
        one_time_token: inputs.OneTimeToken | NotGiven | None = NOT_GIVEN,
        payer: inputs.PayerDetails | NotGiven | None = NOT_GIVEN,
        return_url: str | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven | None = NOT_GIVEN,
        security_code: str | NotGiven | None = NOT_GIVEN,
        statement_descriptor: str | NotGiven | None = NOT_GIVEN,
        token_id: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        wallet_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.DryRunView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        What it would do, without doing it.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        asset: The coin or token, such as `ETH` or `USDC`.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        currency: ISO 4217, in capitals. Default: the merchant's currency.
        customer_id: The id of the customer.
        customer_initiated: False for a payment that the merchant starts without the payer, such as a subscription's.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: After how many seconds an open payment ends.
        hold_for: For how many seconds a wallet's money is held at most, when `capture_method` is `manual`.
        initial_payment_id: The payment with which the payer agreed to be charged again.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        method: How it is paid.
        network: The chain.
        one_time_token: What pays this payment only, from the payer's device or browser: never stored.
        payer: Who pays, for the processors that want to know. Passed on in one call; never stored.
        return_url: Where the payer goes after the provider's page: https, at most 1024 characters.
        save: The payer may let the provider keep a card that is typed into its fields.
        security_code: The card's three or four digits. Used in one call; never stored.
        statement_descriptor: What the payer's statement shows: 2 to 22 characters with at least one letter.
        token_id: The id of the token.
        user_id: The merchant's own name for its user.
        wallet_id: The id of the wallet.
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "one_time_token": one_time_token,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                    "dry_run": True,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.DryRunView})

    async def get(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentView:
        """One payment with its timeline, ledger references and attempts."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentView})

    async def decide_review(
        self,
        payment_id: str,
        *,
        review: Literal["approve", "decline"],
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Approve or decline a payment that a risk rule holds for a review. Approved, it is captured, unless you capture it
        yourself.

        reason: Why it is declined; it becomes the payment's `failure_message`.
        review: `approve`: the payment is captured, or may be where you capture it yourself. `decline`: what is held is
        released.
        """
        call = Call(
            "PATCH",
            f"/v1/payments/{segment(payment_id)}",
            body=given({"reason": reason, "review": review}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView})

    async def cancel(self, payment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.PaymentView:
        """Give up a payment that is not decided yet."""
        call = Call("POST", f"/v1/payments/{segment(payment_id)}/cancel", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentView})

    async def capture(
        self,
        payment_id: str,
        *,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        final: bool | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CaptureView:
        """Capture what is held: all that is left, or a part; with `final` (the default) the rest is released.

        amount: How much to take, in major units. Default: all that is left.
        final: Whether what is left is given back after this capture. Default: true.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/capture",
            body=given({"amount": amount, "final": final}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.CaptureView})

    def captures(
        self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.CaptureView]:
        """The captures of a payment, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/captures", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.CaptureView)

    async def increment(
        self, payment_id: str, *, amount: Amount, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.PaymentView:
        """Hold more: `amount` is the new total.

        amount: The new total, in major units.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/increment",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView})

    def late_money(
        self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.LateMoney]:
        """All money that came late or beside what was asked, the first first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/late", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.LateMoney)

    async def decide_late_money(
        self,
        payment_id: str,
        *,
        action: Literal["accept", "refund"],
        late_id: str | NotGiven | None = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        refund_address: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView | models.RefundView:
        """Decide about money that came late or beside what was asked: take it as the payment's, or give it back.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        late_id: Which money, when more than one is held.
        reason: Why, for the refund.
        refund_address: For a crypto payment: where the payer takes the money.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/late",
            body=given({"action": action, "late_id": late_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        answers: Mapping[int, type[models.PaymentView | models.RefundView]] = {200: models.PaymentView, 201: models.RefundView}
        return await self._transport.answer(call, answers)

    async def money(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentMoney:
        """Where the money of a payment is: authorized, captured, with its provider, paid out, in the bank; with the dates that
        are known.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/money", timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentMoney})

    async def proof(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentProof:
        """Merkle proof that the payment's entries are in a signed checkpoint."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/proof", timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentProof})

    async def qr_png(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as PNG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.png", timeout=timeout)
        return await self._transport.content(call)

    async def qr_svg(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as SVG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.svg", timeout=timeout)
        return await self._transport.content(call)

    def refunds(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.RefundView]:
        """The refunds of a payment, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/refunds", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.RefundView)

    async def void(
        self,
        payment_id: str,
        *,
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Release what is held. What was captured stays the merchant's.

        reason: Why, in the merchant's own words.
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/void",
            body=given({"reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView})
