"""Objects that the records keep as plain JSON, because each method or processor has its own: what stands in `next_action`."""

from typing import Any, Final, Literal

from paycorex.contract import View


class UpiAction(View):
    """The payer opens or scans a UPI link."""

    type: Literal["upi_intent"]
    upi_url: str
    qr_svg_url: str
    qr_png_url: str
    pay_url: str
    expires_at: str


class CryptoAction(View):
    """The payer sends coins to an address that is for this payment alone."""

    type: Literal["crypto_transfer"]
    network: str
    chain_id: int
    asset: str
    address: str
    crypto_amount: str
    crypto_uri: str
    qr_svg_url: str
    qr_png_url: str
    pay_url: str
    expires_at: str


class RedirectAction(View):
    """The payer goes to the bank's or provider's page."""

    type: Literal["redirect"]
    url: str


class FieldsAction(View):
    """The payer types a card into the provider's own fields: on `pay_url`, or on the merchant's page with what else is given here."""

    type: Literal["provider_fields"]
    provider: str
    publishable_key: str | None = None
    client_secret: str | None = None
    order_id: str | None = None
    keeps_card: bool | None = None
    three_ds: Literal["required"] | None = None
    pay_url: str
    expires_at: str


class UnsignedTransaction(View):
    """The transaction that the merchant signs and sends to give coins back."""

    type: Literal["unsigned_transaction"]
    network: str
    asset: str
    address: str
    crypto_amount: str
    units: str
    transaction: dict[str, Any]
    crypto_uri: str


PAYER_ACTIONS: Final[tuple[type[View], ...]] = (UpiAction, CryptoAction, RedirectAction, FieldsAction)
MODELS: Final[tuple[type[View], ...]] = (*PAYER_ACTIONS, UnsignedTransaction)
# Which schema plain JSON has.
TYPED: Final = {"PaymentView.next_action": "NextAction", "RefundView.next_action": "UnsignedTransaction"}
