"""What a payer's browser asks for while a card is typed into a provider's fields: the sandbox's frame and endpoint, and a look-up after."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from paycorex.connectors import has_sandbox
from paycorex.contract import Body, View
from paycorex.errors import InvalidState, TemporarilyUnavailable
from paycorex.http import Answer, Call
from paycorex.loading import later
from payments.payment import attempts
from payments.routes import browsers
from payments.routes.app import app
from payments.routes.payers import HTML, PayerQuery, PayerStatus, opened, refused_page, status_of
from payments.routes.requests import PayerDetails

with later():
    from payments import payer_returns
    from payments.connectors import registry
    from payments.connectors.requests import Payer
    from payments.connectors.results import Unavailable, Unknown
    from payments.connectors.sandbox import connector as sandbox
    from payments.connectors.sandbox import fields
    from payments.connectors.sandbox.charges import BookItem
    from payments.methods import kept_cards, named_cards
    from payments.payer_page import page as payer_page
    from payments.payment import asking, keeping
    from payments.risk import guard

Signed = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]

# Some are signed documents of a few thousand characters.
CardName = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,8192}$")]


class PayerReturn(Body):
    """What a provider's script hands to the page, where it does: Razorpay's, with its signature, a processor's name of the card, or
    what opens the result of its session there.

    None of it is believed.
    """

    razorpay_payment_id: Signed | None = None
    razorpay_order_id: Signed | None = None
    razorpay_signature: Signed | None = None
    card_name: CardName | None = None
    session_result: CardName | None = None
    payer: PayerDetails | None = None


class KeptCard(Body):
    """What the sandbox's script says of a card that the sandbox may keep."""

    brand: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,32}$")]
    last4: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    expiry_month: Annotated[int, Field(ge=1, le=12)]
    expiry_year: Annotated[int, Field(ge=2000, le=2099)]

    def noted(self, card: str) -> list[Any]:
        """As the sandbox notes it."""
        return [card, self.brand, self.last4, self.expiry_month, self.expiry_year]


class KeepCard(Body):
    """Whether the payer lets the provider keep the card."""

    keep: bool


class Agreed(View):
    """What the provider's script needs besides, to keep the card."""

    parameters: dict[str, str]


class TypedCard(Body):
    """What the sandbox's script sends: the test card's name, or the answer to the bank's question. Never a number."""

    client_secret: Annotated[str, Field(max_length=64)]
    card: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")] | None = None
    kept: KeptCard | None = None
    answer: Literal["confirm", "refuse"] | None = None


class Typed(View):
    """What the sandbox answers its own script."""

    status: str
    code: str | None
    message: str | None


@app.route("GET", "/pay/{payment_id}/fields", public=True, query=PayerQuery, media_types=("text/html",), refused=refused_page)
def show_sandbox_fields(call: Call[None, PayerQuery]) -> Answer:
    """The sandbox's frame for the page: what is typed in it cannot be sent anywhere from it."""
    _sandbox(call)
    frame = payer_page.sandbox_frame(payer_page.languages.of(call.request.headers))
    return Answer(200, frame.html, content_type=HTML, headers=frame.headers)


@app.route("POST", "/pay/{payment_id}/fields", public=True, query=PayerQuery, body=TypedCard, answer=Typed)
def take_typed_card(call: Call[TypedCard, PayerQuery]) -> Answer:
    """The sandbox's own endpoint: its script pays with a test card, or answers the bank's question."""
    body, (connector, attempt, is_agreed) = call.body, _sandbox(call)

    def ask(item: "BookItem") -> "fields.Confirmed":
        if body.card is not None:
            guard.admit_card(opened(call)[0], call.request.source_ip)
            kept = None if body.kept is None or not is_agreed else body.kept.noted(body.card)
            return fields.pay(item, attempt, body.card, backup=connector.is_backup, kept=kept)
        return fields.confirm(item, approve=body.answer == "confirm")

    said = connector.take(attempt, body.client_secret, ask)
    if said is None:
        raise InvalidState("This is not the secret of this payment.")
    if isinstance(said, Unavailable | Unknown):
        raise TemporarilyUnavailable
    return Answer(200, Typed(status=said.status, code=said.code, message=said.message))


@app.route("POST", "/pay/{payment_id}/look", public=True, query=PayerQuery, body=PayerReturn, answer=PayerStatus)
def wake_look_up(call: Call[PayerReturn, PayerQuery]) -> Answer:
    """The payer is done at the provider: it is asked what happened. Nothing that the browser says settles a payment.

    With the provider's name of the card: it is claimed for this payment, and then charged.
    """
    payment, merchant = opened(call)
    if call.body.card_name is not None:
        payer = None if call.body.payer is None else _payer(call.body.payer, browsers.described(call.request))
        after = named_cards.charge(payment, merchant, call.body.card_name, base_url=call.request.base_url, payer=payer)
        return Answer(200, status_of(after))
    said = call.body.model_dump(exclude_none=True, exclude={"card_name", "payer", "session_result"})
    brought = {} if call.body.session_result is None else {"sessionResult": call.body.session_result}
    return Answer(200, status_of(payer_returns.look(payment, said, brought)))


@app.route("POST", "/pay/{payment_id}/keep", public=True, query=PayerQuery, body=KeepCard, answer=Agreed)
def agree_to_keep(call: Call[KeepCard, PayerQuery]) -> Answer:
    """The payer ticks that the provider may keep the card, or takes it back, before paying."""
    payment, _ = opened(call)
    return Answer(200, Agreed(parameters=kept_cards.decide(payment, keeps=call.body.keep)))


def _payer(typed: PayerDetails, browser: Mapping[str, str]) -> "Payer":
    """browser: what its request says of it, which some processors want to know; what the payer's page gives counts first."""
    return Payer(**{**browser, **typed.model_dump(exclude_none=True)})


def _sandbox(call: Call[Any, PayerQuery]) -> "tuple[sandbox.Sandbox, Any, bool]":
    """The sandbox of this payment, the attempt in its fields, and whether the payer lets it keep the card.

    Raises what `opened` raises, InvalidState.
    """
    payment, merchant = opened(call)
    latest = attempts.last(payment)
    if not payer_page.has_fields_of_the_sandbox(payment) or latest is None or not has_sandbox(payment.merchant_id):
        raise InvalidState("This payment has no fields of the sandbox.", details={"status": payment.status})
    connector = registry.connect(merchant, latest.connector)
    assert isinstance(connector, sandbox.Sandbox)
    return connector, asking.attempt_of(payment, latest.number), keeping.step_of(payment) == keeping.AGREED
