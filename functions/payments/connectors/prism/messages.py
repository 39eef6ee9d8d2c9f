"""Our requests as the library's messages: exact minor units, our own references, and nothing that was not said."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex.money import Money
from payments.connectors.prism.library import Library
from payments.connectors.prism.processors import Processor
from payments.connectors.prism.translation import Untranslatable
from payments.connectors.requests import Attempt, CaptureRequest, Payer, RefundRequest, VoidRequest
from tokens.instruments import Card, Upi

_UNSPECIFIED: Final = 0

# What pays; None: the payer who follows the UPI link.
Paying = Card | Upi | None


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
class Messages:
    """Makes messages of the library for a processor. webhook_url: where it sends its callbacks."""

    library: Library
    known: Processor
    webhook_url: str

    def authorize(self, attempt: Attempt, instrument: Paying, known: Known) -> Any:
        """A charge of a card, a request to a UPI address, or (None) a UPI link that any payer may follow."""
        payment = self.library.payment
        message = payment.PaymentServiceAuthorizeRequest(**self._references(known), **self._common(attempt))
        message.auth_type = payment.THREE_DS if attempt.customer_initiated and self.known.three_ds else payment.NO_THREE_DS
        self._money(message.amount, attempt.amount)
        self._instrument(message.payment_method, attempt, instrument, known)
        self._payer(message, attempt.payer)
        if not attempt.customer_initiated:
            message.off_session = True
        if attempt.return_url is not None:
            message.complete_authorize_url = attempt.return_url
        if known.session_token or known.order:
            # Some name the session after its order.
            message.session_token = known.session_token or known.order or ""
        if known.order is not None:
            message.connector_order_id = known.order
        self._carry(message, known)
        return message

    def charge(self, attempt: Attempt, instrument: Paying, known: Known) -> Any:
        """A charge by what the processor keeps, or one that refers to the payer's first payment by the network's name of it."""
        payment = self.library.payment
        message = payment.RecurringPaymentServiceChargeRequest(
            merchant_charge_id=known.ours, merchant_order_id=known.ours, webhook_url=self.webhook_url, **self._common(attempt)
        )
        self._money(message.amount, attempt.amount)
        mandate = message.connector_recurring_payment_id
        if known.card_token is not None:
            mandate.connector_mandate_id.connector_mandate_id = known.card_token
        elif isinstance(instrument, Card):
            mandate.network_mandate_id.network_transaction_id = attempt.network_transaction_id or ""
            _fill_card(message.payment_method.card_details_for_network_transaction_id, instrument)
        message.off_session = not attempt.customer_initiated
        self._payer(message, attempt.payer)
        self._carry(message, known)
        return message

    def token_authorize(self, attempt: Attempt, token: str, known: Known) -> Any:
        """A charge of what the processor keeps under a name of its own."""
        message = self.library.payment.PaymentServiceTokenAuthorizeRequest(**self._references(known), **self._common(attempt))
        self._money(message.amount, attempt.amount)
        message.connector_token.value = token
        self._payer(message, attempt.payer)
        if known.order is not None:
            message.connector_order_id = known.order
        self._carry(message, known)
        return message

    def tokenize(self, attempt: Attempt, instrument: Paying, known: Known) -> Any:
        """The card, to be kept there for this one charge."""
        message = self.library.payment.PaymentMethodServiceTokenizeRequest(merchant_payment_method_id=known.ours)
        self._money(message.amount, attempt.amount)
        self._instrument(message.payment_method, attempt, instrument, known)
        self._payer(message, attempt.payer)
        self._carry(message, known)
        return message

    def order(self, attempt: Attempt, known: Known) -> Any:
        """An order, which a charge pays."""
        message = self.library.payment.PaymentServiceCreateOrderRequest(merchant_order_id=known.ours, webhook_url=self.webhook_url)
        self._money(message.amount, attempt.amount)
        self._customer(message.customer, attempt.payer)
        self._carry(message, known)
        return message

    def session(self, attempt: Attempt, known: Known) -> Any:
        """A session, in which a charge is made."""
        payment = self.library.payment
        message = payment.MerchantAuthenticationServiceCreateServerSessionAuthenticationTokenRequest(merchant_server_session_id=known.ours)
        self._money(message.payment.amount, attempt.amount)
        self._carry(message, known)
        return message

    def fields(self, attempt: Attempt, known: Known) -> Any:
        """What the payer's browser pays by fields of the processor's own."""
        kind = self.library.payment.MerchantAuthenticationServiceCreateClientAuthenticationTokenRequest
        message = kind(merchant_client_session_id=known.ours)
        self._money(message.payment.amount, attempt.amount)
        if attempt.return_url is not None:
            message.payment.return_url = attempt.return_url
        self._carry(message, known)
        return message

    def access_token(self) -> Any:
        """A short-lived token for the calls of one merchant."""
        return self.library.payment.MerchantAuthenticationServiceCreateServerAuthenticationTokenRequest(merchant_access_token_id="access")  # noqa: S106 - a name

    def get(self, attempt: Attempt, known: Known, brought: str | None = None) -> Any:
        """A question about a charge. Of its amount the library may only repeat what it is given here."""
        message = self.library.payment.PaymentServiceGetRequest(
            merchant_transaction_id=known.ours,
            connector_transaction_id=known.reference or known.ours,
            connector_order_reference_id=known.order or known.ours,
            capture_method=self._capture_method(is_manual=attempt.is_manual),
        )
        if brought is not None:
            message.encoded_data = brought
        self._money(message.amount, attempt.amount)
        self._carry(message, known)
        return message

    def capture(self, request: CaptureRequest, known: Known) -> Any:
        """Take what is held, or a part of it."""
        payment = self.library.payment
        message = payment.PaymentServiceCaptureRequest(
            merchant_capture_id=request.capture_id,
            connector_transaction_id=request.authorization_reference,
            capture_method=payment.MANUAL if request.is_final and not request.captured_minor else payment.MANUAL_MULTIPLE,
            merchant_order_id=known.ours,
        )
        self._money(message.amount_to_capture, request.amount)
        self._carry(message, known)
        return message

    def void(self, request: VoidRequest, known: Known) -> Any:
        """Release what is held."""
        message = self.library.payment.PaymentServiceVoidRequest(
            merchant_void_id=request.void_id,
            connector_transaction_id=request.authorization_reference,
            merchant_order_id=known.ours,
            cancellation_reason="requested_by_customer",
        )
        self._money(message.amount, request.left)
        self._carry(message, known)
        return message

    def refund(self, request: RefundRequest, known: Known) -> Any:
        """Give back, in part or whole."""
        payment = self.library.payment
        message = payment.PaymentServiceRefundRequest(
            merchant_refund_id=request.refund_id,
            connector_transaction_id=request.charge_reference,
            payment_amount=request.amount.minor,
            reason=self.known.refund_reason,
            webhook_url=self.webhook_url,
            capture_method=payment.AUTOMATIC,
            payment_method_type=payment.CREDIT,
            connector_order_id=known.ours,
        )
        self._money(message.refund_amount, request.amount)
        self._carry(message, known)
        return message

    def refund_get(self, request: RefundRequest, known: Known) -> Any:
        """A question about a refund."""
        message = self.library.payment.RefundServiceGetRequest(
            merchant_refund_id=request.refund_id,
            connector_transaction_id=request.charge_reference,
            refund_id=request.provider_reference or request.refund_id,
            connector_refund_id=request.provider_reference or request.refund_id,
            payment_method_type=self.library.payment.CREDIT,
        )
        self._money(message.refund_amount, request.amount)
        self._carry(message, known)
        return message

    def _references(self, known: Known) -> dict[str, Any]:
        return {"merchant_transaction_id": known.ours, "merchant_order_id": known.ours, "webhook_url": self.webhook_url}

    def _common(self, attempt: Attempt) -> dict[str, Any]:
        said = {"return_url": attempt.return_url, "description": attempt.description}
        given = {name: text for name, text in said.items() if text is not None}
        return {"capture_method": self._capture_method(is_manual=attempt.is_manual), **given}

    def _capture_method(self, *, is_manual: bool) -> int:
        method: int = self.library.payment.MANUAL if is_manual else self.library.payment.AUTOMATIC
        return method

    def _money(self, message: Any, amount: Money) -> None:
        message.minor_amount = amount.minor
        # A currency that the library does not know stays unspecified, and it refuses the message.
        known = amount.currency in self.library.payment.Currency.keys()  # noqa: SIM118 - an enum's wrapper is no mapping
        message.currency = self.library.payment.Currency.Value(amount.currency) if known else _UNSPECIFIED

    def _carry(self, message: Any, known: Known) -> None:
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

    def _instrument(self, message: Any, attempt: Attempt, instrument: Paying, known: Known) -> None:
        match instrument:
            case Card():
                self._card(message, attempt, instrument, known)
            case Upi(vpa=vpa):
                message.upi_collect.vpa_id.value = vpa
            case None:
                message.upi_intent.SetInParent()

    def _card(self, message: Any, attempt: Attempt, card: Card, known: Known) -> None:
        if known.card_token is not None:
            message.token.token.value = known.card_token
            return
        details = message.card
        _fill_card(details, card)
        if attempt.security_code is None:
            raise Untranslatable("missing_security_code", "This processor wants the card's security code: give it as security_code.")
        details.card_cvc.value = attempt.security_code

    def _payer(self, message: Any, payer: Payer | None) -> None:
        message.address.SetInParent()
        message.address.billing_address.SetInParent()
        if payer is None:
            return
        fill_customer(message.customer, payer)
        self._address(message.address.billing_address, payer)
        if payer.ip_address or payer.user_agent:
            fill_browser(message.browser_info, payer)

    def _customer(self, message: Any, payer: Payer | None) -> None:
        if payer is not None:
            fill_customer(message, payer)

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


def _fill_card(message: Any, card: Card) -> None:
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
