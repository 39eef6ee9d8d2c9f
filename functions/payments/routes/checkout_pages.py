"""Routes of the payer's checkout page: what it shows, what is chosen there, how it ends. Opened by the token in a checkout's address."""

from functools import cache
from typing import Any, Final

from paycorex.contract import View
from paycorex.errors import Forbidden, InvalidState
from paycorex.http import Answer, Call
from paycorex.http.static_files import StaticFile
from paycorex.loading import later
from paycorex.money import format_minor
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.routes import browsers
from payments.routes.app import app
from payments.routes.checkout_requests import ChooseWay, SessionQuery, VouchedFor
from payments.routes.payers import HTML, closed_page, refused_page

with later():
    from payments.checkout import access, choices, page, page_parts, places, receipt_pdf, returns, sessions, tokens
    from payments.customers import customers
    from payments.methods import kept_cards
    from payments.payer_page import page as payer_page
    from payments.payer_page.access import LinkOver
    from wallet import wallets

# Stored cards that a page shows.
_CARDS: Final = 5
_IN_THE_VAULT: Final = "card"
_CARD_TYPES: Final = frozenset({_IN_THE_VAULT, "provider_token"})


class Chosen(View):
    """Where the payer goes now."""

    url: str
    status: str


class SavedCard(View):
    """A stored card, as its owner knows it. asks_code: most processors want the card's security code with it."""

    token_id: str
    brand: str | None
    last4: str | None
    asks_code: bool


class SpendableWallet(View):
    """What can be spent of a wallet."""

    available: str
    currency: str


class Belongings(View):
    """What of the person's own may pay."""

    cards: list[SavedCard]
    wallet: SpendableWallet | None


def _opened(call: Call[Any, SessionQuery]) -> tuple[SessionItem, MerchantItem]:
    return access.opened(call.path["session_id"], call.query.t, call.request.source_ip)


@app.route("GET", "/c/{session_id}", public=True, query=SessionQuery, media_types=("text/html",), refused=refused_page)
def show_checkout(call: Call[None, SessionQuery]) -> Answer:
    """The payer's checkout: the ways to pay, or the receipt. Writes nothing. Every refusal is a page too; 410 a day after its end."""
    try:
        session, merchant = _opened(call)
    except LinkOver:
        return closed_page(410, payer_page.OVER, call.request.headers)
    shown = page.render(session, merchant, payer_page.languages.of(call.request.headers))
    return Answer(200, shown.html, content_type=HTML, headers=shown.headers)


@app.route("POST", "/c/{session_id}/pay", public=True, query=SessionQuery, body=ChooseWay, answer=Chosen)
def choose_way(call: Call[ChooseWay, SessionQuery]) -> Answer:
    """The payer chooses how to pay: what was chosen before is canceled, and the answer says where to go."""
    session, merchant = _opened(call)
    body = call.body
    choice = choices.Choice(body.method, body.network, body.asset, body.token_id)
    vouched = _is_vouched_for(session, merchant, body.customer_token)
    code = None if body.security_code is None else body.security_code.get_secret_value()
    visitor = choices.Visitor(call.request.source_ip, browsers.described(call.request), code)
    payment = choices.choose(session, merchant, choice, call.request.base_url, visitor=visitor, is_vouched_for=vouched)
    return Answer(200, Chosen(url=_next(call, session, merchant, payment), status=payment.status))


@app.route("DELETE", "/c/{session_id}", public=True, query=SessionQuery, answer=Chosen)
def leave_checkout(call: Call[None, SessionQuery]) -> Answer:
    """The payer goes back without paying: the checkout ends, and the answer says where to go."""
    session, merchant = _opened(call)
    after = choices.leave(session)
    places.count_back(after, call.request.source_ip)
    url = returns.after(after, after.status) or access.page_url(call.request.base_url, after, merchant.cursor_key)
    return Answer(200, Chosen(url=url, status=after.status))


def _is_vouched_for(session: SessionItem, merchant: MerchantItem, token: str | None) -> bool:
    if token is None or session.customer_id is None:
        return False
    if not tokens.vouches_for(token, session.customer_id, merchant.cursor_key):
        raise Forbidden("The shop must sign you in again.", details={"field": "customer_token"})
    customers.living(merchant.merchant_id, session.customer_id)
    return True


def _next(call: Call[Any, SessionQuery], session: SessionItem, merchant: MerchantItem, payment: PaymentItem) -> str:
    """The provider's page, the payment's own, or the checkout again."""
    action: dict[str, Any] = payment.next_action or {}
    if payment.status in {"pending", "processing"}:
        if action.get("type") == "redirect":
            return str(action["url"])
        return payer_page.links.page_url(call.request.base_url, payment, merchant.cursor_key)
    return access.page_url(call.request.base_url, session, merchant.cursor_key)


@app.route("POST", "/c/{session_id}/customer", public=True, query=SessionQuery, body=VouchedFor, answer=Belongings)
def show_belongings(call: Call[VouchedFor, SessionQuery]) -> Answer:
    """The stored cards and the wallet of a person for whom the shop vouches."""
    session, merchant = _opened(call)
    if not _is_vouched_for(session, merchant, call.body.customer_token) or session.user_id is None:
        raise Forbidden("This checkout is no customer's.", details={"field": "customer_token"})
    wanted = session.methods or list(page.METHOD_NAMES)
    stored = kept_cards.of_user(merchant.merchant_id, session.user_id, _CARDS) if "tokenized" in wanted else []
    cards = [
        SavedCard(token_id=each.token_id, brand=each.brand, last4=each.last4, asks_code=each.type == _IN_THE_VAULT)
        for each in stored
        if each.type in _CARD_TYPES
    ]
    own = [each for each in wallets.of_user(merchant.merchant_id, session.user_id) if each.currency == session.currency]
    wallet = None
    if own and "wallet" in wanted:
        wallet = SpendableWallet(available=format_minor(wallets.balance(own[0]), session.currency), currency=session.currency)
    return Answer(200, Belongings(cards=cards, wallet=wallet))


@app.route("GET", "/c/{session_id}/receipt.pdf", public=True, query=SessionQuery, media_types=("application/pdf",), refused=refused_page)
def show_receipt(call: Call[None, SessionQuery]) -> Answer:
    """The receipt of a paid checkout."""
    session, merchant = _opened(call)
    payment = sessions.paying_payment(session)
    if session.status != checkout_session.PAID or payment is None:
        raise InvalidState("This checkout is not paid.", details={"status": session.status})
    document = receipt_pdf.receipt(page.facts(session, merchant, payment))
    disposition = f'attachment; filename="receipt-{session.session_id}.pdf"'
    return Answer(200, document, content_type="application/pdf", headers={"Content-Disposition": disposition})


@app.route("GET", "/checkout.js", public=True, other_status=304, media_types=("text/javascript",))
def show_script(call: Call[None, None]) -> Answer:
    """The script that opens a checkout from a button of the shop."""
    return _button_script().served(call.request, {"Cache-Control": "public, max-age=3600"})


@cache
def _button_script() -> StaticFile:
    return StaticFile.read(page_parts.BUTTON_SCRIPT)
