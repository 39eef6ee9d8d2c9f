"""What clients send about refunds."""

from typing import Annotated

from pydantic import StringConstraints

from paycorex.contract import NEW_FLAG, AmountText, Body
from paycorex.text import Reference, Text
from payments.routes.requests import Id


class CreateRefund(Body):
    """POST /v1/payments/refund. refund_address: for a crypto payment, where the payer takes the money. force: refund what a payer's
    bank asks for as well; needs `disputes:write`.
    """

    payment_id: Id
    amount: AmountText | None = None
    reason: Text | None = None
    refund_address: Annotated[str, StringConstraints(max_length=128)] | None = None
    force: Annotated[bool, NEW_FLAG] = False


class RefundToWallet(Body):
    """POST /v1/wallet/refund: of a wallet payment; without an amount, all that is left of it."""

    payment_id: Id
    wallet_id: Id | None = None
    user_id: Reference | None = None
    amount: AmountText | None = None
    reference: Text | None = None


class SentRefund(Body):
    """POST /v1/refunds/{refund_id}/sent."""

    tx_hash: Annotated[str, StringConstraints(max_length=128)]
