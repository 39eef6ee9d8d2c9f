"""The way back from a provider's own page: the provider is asked, and the payer goes on to the shop, or to our page without one."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Final
from urllib.parse import parse_qsl

from pydantic import ConfigDict, Field

from paycorex import storage
from paycorex.contract import Query
from paycorex.errors import Conflict, RateLimited, TemporarilyUnavailable
from paycorex.http import Answer, Call, Request
from paycorex.loading import later
from payments.routes.app import app
from payments.routes.payers import HTML, closed_page, refused_page

with later():
    from payments import payer_returns
    from payments.methods import browser_forms, named_cards
    from payments.payer_page import access, links, returns
    from payments.payer_page import page as payer_page
    from payments.payment import confirming

# Of a form that a processor sends the payer back with: a few fields, some of them signed documents.
_MOST_BYTES: Final = 65_536
_MOST_FIELDS: Final = 32


class BackQuery(Query):
    """The token of a payment's links. Each provider adds what it likes; some want it back, and judge it themselves."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    t: Annotated[str, Field(max_length=64)]


@app.route("GET", "/pay/{payment_id}/back", public=True, query=BackQuery, status=303, media_types=("text/html",), refused=refused_page)
def come_back(call: Call[None, BackQuery]) -> Answer:
    """A payer comes back from a provider's page, by a link."""
    return _on(call)


@app.route(
    "POST",
    "/pay/{payment_id}/back",
    public=True,
    raw_body=True,
    query=BackQuery,
    status=303,
    media_types=("text/html",),
    refused=refused_page,
)
def come_back_by_form(call: Call[None, BackQuery]) -> Answer:
    """The same by a form. What a browser says proves nothing; a processor that documents that it wants a field of it judges that itself."""
    return _on(call, form_fields(call.request))


def form_fields(request: Request) -> dict[str, str]:
    """Of a form, each by its last value; nothing of one that is larger than a processor's is, or is none."""
    if len(request.body) > _MOST_BYTES:
        return {}
    try:
        return dict(parse_qsl(request.body.decode("ascii"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _on(call: Call[None, BackQuery], brought: Mapping[str, str] | None = None) -> Answer:
    """brought: by a form."""
    try:
        payment, merchant = access.opened(call.path["payment_id"], call.query.t, call.request.source_ip)
    except access.LinkOver:
        return closed_page(410, payer_page.OVER, call.request.headers)
    page = links.page_url(call.request.base_url, payment, merchant.cursor_key)
    query = dict(call.request.query)
    rest = payer_page.to_resume(payment, query)
    if rest is not None:
        # Nothing is decided before the fields' script went on. The fragment stays in the payer's browser.
        return _goes_to(f"{page}#{rest}")
    with suppress(Conflict, RateLimited, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
        # The payer goes on whether or not the outcome is known by now.
        if confirming.form_of(payment) is None:
            payment = named_cards.come_back(payment, merchant, query, base_url=call.request.base_url)
            payment = payer_returns.look(payment, {}, query)
        elif brought is not None:
            payment = browser_forms.go_on(payment, merchant, brought, base_url=call.request.base_url)
    target = None if confirming.form_of(payment) is not None else returns.address(payment)
    return _goes_to(target or page)


def _goes_to(target: str) -> Answer:
    return Answer(303, "", content_type=HTML, headers={"Location": target, "Referrer-Policy": "no-referrer"})
