"""What the library's messages have in common: amounts, references, the instrument, the payer."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex.money import Money
from payments.connectors.one_time import ApplePay, GooglePay, OneTime
from payments.connectors.prism import wallets
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.library import Library
from payments.connectors.prism.translation import Untranslatable
from payments.connectors.requests import Attempt, Payer
from tokens.instruments import Card, ProviderToken, Upi

_UNSPECIFIED: Final = 0

# What pays; None: the payer who follows the UPI link.
Paying = Card | Upi | OneTime | ProviderToken | None


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier calls brought. access_token, session_token, order, card_token: of the steps before a charge. notes: the library's own
    about a payment, as JSON. reference: the processor's name of it. ours: our reference there.
    """

    ours: str
    reference: str = ""
    access_token: str | None = None
    session_token: str | None = None
    order: str | None = None
    card_token: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Parts:
    """Fills messages of the library for a processor. webhook_url: where it sends its callbacks."""

    library: Library
    known: Processor
    webhook_url: str

    def references(self, known: Known) -> dict[str, Any]:
        return {"merchant_transaction_id": known.ours, "merchant_order_id": known.ours, "webhook_url": self.webhook_url}

    def common(self, attempt: Attempt) -> dict[str, Any]:
        said = {"return_url": attempt.return_url, "description": attempt.description}
        given = {name: text for name, text in said.items() if text is not None}
        return {"capture_method": self.capture_method(is_manual=attempt.is_manual), **given}

    def capture_method(self, *, is_manual: bool) -> int:
        method: int = self.library.payment.MANUAL if is_manual else self.library.payment.AUTOMATIC
        return method

    def money(self, message: Any, amount: Money) -> None:
        message.minor_amount = amount.minor
        # A currency that the library does not know stays unspecified, and it refuses the message.
        known = amount.currency in self.library.payment.Currency.keys()  # noqa: SIM118 - an enum's wrapper is no mapping
        message.currency = self.library.payment.Currency.Value(amount.currency) if known else _UNSPECIFIED

    def carry(self, message: Any, known: Known) -> None:
        """Notes and tokens, where this message has a place for them."""
        fields = message.DESCRIPTOR.fields_by_name
        if known.access_token is not None and "state" in fields:
            message.state.access_token.token.value = known.access_token
            message.state.access_token.token_type = "Bearer"  # noqa: S105 - a scheme's name
        if known.notes is not None and "connector_feature_data" in fields:
            message.connector_feature_data.value = known.notes
        if known.notes is not None and "refund_metadata" in fields:
            # Some read the notes of a question about a refund here.
            message.refund_metadata.value = known.notes

    def instrument(self, message: Any, attempt: Attempt, instrument: Paying, known: Known) -> None:
        if known.card_token is not None:
            message.token.token.value = known.card_token
            return
        match instrument:
            case ApplePay():
                wallets.fill_apple(message.apple_pay_sdk, instrument)
            case GooglePay():
                wallets.fill_google(message.google_pay_sdk, instrument)
            case Card():
                self._card(message, attempt, instrument)
            case Upi(vpa=vpa):
                message.upi_collect.vpa_id.value = vpa
            case None:
                message.upi_intent.SetInParent()

    def _card(self, message: Any, attempt: Attempt, card: Card) -> None:
        details = message.card
        fill_card(details, card)
        if attempt.security_code is None:
            raise Untranslatable("missing_security_code", "This processor wants the card's security code: give it as security_code.")
        details.card_cvc.value = attempt.security_code

    def payer(self, message: Any, payer: Payer | None) -> None:
        message.address.SetInParent()
        message.address.billing_address.SetInParent()
        if payer is None:
            return
        fill_customer(message.customer, payer)
        self._address(message.address.billing_address, payer)
        if payer.ip_address or payer.user_agent:
            fill_browser(message.browser_info, payer)

    def _address(self, message: Any, payer: Payer) -> None:
        first, _, last = (payer.name or "").rpartition(" ")
        lines = (payer.line2 or "N/A", payer.line1) if self.known.house_first and payer.line1 else (payer.line1, payer.line2)
        texts = {"first_name": first or last, "last_name": last, "line1": lines[0], "line2": lines[1], "city": payer.city}
        more = {"state": payer.state, "zip_code": payer.postal_code, "email": payer.email, "phone_number": payer.phone}
        for name, value in {**texts, **more}.items():
            if value:
                getattr(message, name).value = value
        if payer.phone:
            # The number is as it was given, with its country's code or without.
            message.phone_country_code = ""
        countries = self.library.methods.CountryAlpha2
        if payer.country in countries.keys():  # noqa: SIM118 - an enum's wrapper is no mapping
            message.country_alpha2_code = countries.Value(payer.country)


def fill_card(message: Any, card: Card) -> None:
    message.card_number.value = card.number
    message.card_exp_month.value = f"{card.expiry_month:02d}"
    message.card_exp_year.value = str(card.expiry_year)
    if card.holder:
        message.card_holder_name.value = card.holder


def fill_customer(message: Any, payer: Payer) -> None:
    """Name, e-mail and phone."""
    if payer.name:
        message.name = payer.name
    if payer.email:
        message.email.value = payer.email
    if payer.phone:
        message.phone_number.value = payer.phone


def fill_browser(message: Any, payer: Payer) -> None:
    """What the payer's browser says of itself."""
    names = ("ip_address", "user_agent", "accept_header", "language", "color_depth", "screen_height", "screen_width")
    for name in (*names, "time_zone_offset_minutes", "java_enabled"):
        value = getattr(payer, name)
        if value is not None:
            setattr(message, name, value)
