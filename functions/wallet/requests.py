"""What clients send to the wallets' routes."""

from typing import Annotated

from pydantic import StringConstraints

from paycorex.contract import AmountText, Body, CurrencyCode, Query
from paycorex.text import Reference, Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[a-z2-7]{26}$")]


class CreateWallet(Body):
    """POST /v1/wallet/create."""

    user_id: Reference
    currency: CurrencyCode | None = None


class MoveMoney(Body):
    """POST /v1/wallet/topup and /v1/wallet/pay: the wallet by its id, or the user's in the merchant's currency."""

    wallet_id: Id | None = None
    user_id: Reference | None = None
    amount: AmountText
    reference: Text | None = None


class WalletQuery(Query):
    """GET /v1/wallet."""

    user_id: Reference
