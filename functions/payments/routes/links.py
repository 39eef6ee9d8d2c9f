"""Routes of payment links: those of the merchant, and the page that their address leads to."""

from typing import Any

from paycorex import clock, credentials
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import Money
from paycorex.records import payment_link
from paycorex.records.merchant import MerchantItem
from paycorex.records.payer import ASKED, SessionDetails
from paycorex.records.payment_link import LinkItem, LinkView
from payments.routes.app import app
from payments.routes.checkout import with_payers
from payments.routes.checkout_pages import Chosen
from payments.routes.checkout_requests import BeginPayment, ChangeLink, CreateLink, PrintQuery
from payments.routes.payers import HTML, closed_page, refused_page

with later():
    from payments.checkout import access, link_page, links, store
    from payments.payer_page import page as payer_page
    from payments.payer_page import qr_codes
    from payments.payer_page.access import ShopClosed


class LinkList(View):
    """A page of links, newest first."""

    data: list[LinkView]
    next_cursor: str | None


class LinkPayments(View):
    """A page of the checkouts that were begun from a link, newest first: each is one payer."""

    data: list[SessionDetails]
    next_cursor: str | None


def _url(call: Call[Any, Any], item: LinkItem) -> str:
    return f"{call.request.base_url}/l/{item.code}"


def _replay(caller: Caller, link_id: str) -> LinkView:
    found = links.find(caller.merchant_id, link_id)
    return payment_link.view(found, f"/l/{found.code}")


def _addressed(call: Call[Any, Any], shown: LinkView) -> LinkView:
    return shown.model_copy(update={"url": f"{call.request.base_url}{shown.url}"})


@app.route("POST", "/v1/links", scope="checkout:write", body=CreateLink, answer=LinkView, status=201, replay=_replay, addressed=_addressed)
def create_link(call: Call[CreateLink, None]) -> Answer:
    """Make a link that takes many payments: of a fixed amount, or of one that the payer types."""
    body, currency = call.body, call.body.currency or call.caller.currency
    bounds = body.open_amount
    new = links.NewLink(
        name=body.name,
        currency=currency,
        amount=None if body.amount is None else Money.parse(body.amount, currency),
        least=None if bounds is None else Money.parse(bounds.min, currency),
        most=None if bounds is None else Money.parse(bounds.max, currency),
        suggested=() if bounds is None else tuple(Money.parse(each, currency) for each in bounds.suggested),
        methods=None if body.methods is None else list(dict.fromkeys(body.methods)),
        metadata=body.metadata,
        ask=tuple(dict.fromkeys(body.ask)),
        first_min=None if body.accept_partial is None else Money.parse(body.accept_partial.first_min, currency),
        max_payments=body.max_payments,
        expires_ms=None if body.expires_at is None else clock.parse_rfc3339(body.expires_at),
    )
    made = links.create(call.caller.merchant_id, call.caller.cursor_key, new, claim=call.claim)
    return Answer(201, payment_link.view(made, _url(call, made)))


@app.route("GET", "/v1/links", scope="checkout:read", query=ListQuery, answer=LinkList)
def list_links(call: Call[None, ListQuery]) -> Answer:
    """Links, newest first."""
    found, position = store.links_of(call.caller.merchant_id, limit=call.query.limit, position=call.position("links"))
    data = [payment_link.view(item, _url(call, item)) for item in found]
    return Answer(200, LinkList(data=data, next_cursor=call.next_cursor("links", position)))


@app.route("GET", "/v1/links/{link_id}", scope="checkout:read", answer=LinkView)
def show_link(call: Call[None, None]) -> Answer:
    """One link as it stands."""
    found = links.find(call.caller.merchant_id, call.path["link_id"])
    return Answer(200, payment_link.view(found, _url(call, found)))


@app.route("PATCH", "/v1/links/{link_id}", scope="checkout:write", body=ChangeLink, answer=LinkView, replay=_replay, addressed=_addressed)
def change_link(call: Call[ChangeLink, None]) -> Answer:
    """Rename a link, or switch it off and on. A payer who has begun may end."""
    before = links.find(call.caller.merchant_id, call.path["link_id"])
    after = links.change(before, is_active=call.body.active, name=call.body.name, claim=call.claim)
    return Answer(200, payment_link.view(after, _url(call, after)))


@app.route("GET", "/v1/links/{link_id}/payments", scope="checkout:read", query=ListQuery, answer=LinkPayments)
def list_link_payments(call: Call[None, ListQuery]) -> Answer:
    """What was begun and paid from a link, each payer apart."""
    found = links.find(call.caller.merchant_id, call.path["link_id"])
    listing = f"links/{found.link_id}"
    made, position = store.sessions_of_link(found.link_id, limit=call.query.limit, position=call.position(listing))
    return Answer(200, LinkPayments(data=with_payers(call.caller, made), next_cursor=call.next_cursor(listing, position)))


@app.route("GET", "/v1/links/{link_id}/qr.svg", scope="checkout:read", media_types=("image/svg+xml",))
def show_link_qr(call: Call[None, None]) -> Answer:
    """The code of a link's address to print, as SVG."""
    found = links.find(call.caller.merchant_id, call.path["link_id"])
    return Answer(200, qr_codes.svg(_url(call, found)), content_type="image/svg+xml")


@app.route("GET", "/v1/links/{link_id}/qr.png", scope="checkout:read", media_types=("image/png",))
def show_link_qr_png(call: Call[None, None]) -> Answer:
    """The code of a link's address to print, as PNG."""
    found = links.find(call.caller.merchant_id, call.path["link_id"])
    return Answer(200, qr_codes.png(_url(call, found)), content_type="image/png")


def _opened(code: str) -> tuple[LinkItem, MerchantItem]:
    """The link of an address and its merchant. Raises NotFound, ShopClosed."""
    found = store.link_with(code)
    merchant = None if found is None else credentials.find_merchant(found.merchant_id)
    if found is None or merchant is None:
        raise NotFound("link")
    if merchant.status != "active":
        raise ShopClosed
    return found, merchant


@app.route("GET", "/l/{code}", public=True, query=PrintQuery, media_types=("text/html",), refused=refused_page)
def show_link_page(call: Call[None, PrintQuery]) -> Answer:
    """The page of a link; `print=1` is a sheet with its code. Writes nothing: a robot that reads it begins no payment."""
    found, merchant = _opened(call.path["code"])
    if call.query.print is None and payment_link.status_of(found, clock.now_ms()) != payment_link.ACTIVE:
        return closed_page(410, payer_page.LINK_CLOSED, call.request.headers)
    language = payer_page.languages.of(call.request.headers)
    shown = link_page.render(found, merchant, _url(call, found), language, is_for_print=call.query.print is not None)
    return Answer(200, shown.html, content_type=HTML, headers=shown.headers)


@app.route("POST", "/l/{code}/pay", public=True, body=BeginPayment, answer=Chosen, status=201)
def begin_link_payment(call: Call[BeginPayment, None]) -> Answer:
    """Begin a payment from a link: a checkout of its own for this payer."""
    found, merchant = _opened(call.path["code"])
    answers = {name: getattr(call.body, name) for name in ASKED}
    session = links.begin(found, call.body.amount, answers, call.request.source_ip)
    return Answer(201, Chosen(url=access.page_url(call.request.base_url, session, merchant.cursor_key), status=session.status))
