"""Routes of checkout sessions that are the merchant's. Those of the payer's page are `checkout_pages`."""

from typing import Any

from paycorex import clock
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import Money
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem, SessionView
from paycorex.records.payer import SessionDetails
from paycorex.records.payment_amounts import MANUAL
from payments.routes.app import app
from payments.routes.checkout_requests import CreateSession, IssueCustomerToken

with later():
    from payments.checkout import access, erasure, payers, returns, sessions, store, tokens
    from payments.customers import customers


class CustomerTokenView(View):
    """A token that lets its bearer use the customer's wallet and stored cards in checkouts of this customer."""

    customer_id: str
    customer_token: str
    expires_at: str


class SessionList(View):
    """A page of checkouts, newest first."""

    data: list[SessionView]
    next_cursor: str | None


def _shown(call: Call[Any, Any], item: SessionItem) -> SessionView:
    return checkout_session.view(item, access.page_url(call.request.base_url, item, call.caller.cursor_key))


def _replay(caller: Caller, session_id: str) -> SessionView:
    return checkout_session.view(sessions.find(caller.merchant_id, session_id))


def with_payers(caller: Caller, found: list[SessionItem]) -> list[SessionDetails]:
    """Checkouts with who paid them. What a key may not read for itself is not shown here either."""
    known = payers.shown(caller.merchant_id, found) if "customers:read" in caller.scopes else {}
    return [SessionDetails(**checkout_session.view(item).model_dump(), payer=known.get(item.session_id)) for item in found]


def _replay_details(caller: Caller, session_id: str) -> SessionView:
    return with_payers(caller, [sessions.find(caller.merchant_id, session_id)])[0]


def _addressed(call: Call[Any, Any], shown: SessionView) -> SessionView:
    return shown.model_copy(update={"url": access.url_of(call.request.base_url, shown.session_id, call.caller.cursor_key)})


@app.route(
    "POST",
    "/v1/checkout/sessions",
    scope="checkout:write",
    body=CreateSession,
    answer=SessionView,
    status=201,
    replay=_replay,
    addressed=_addressed,
)
def create_session(call: Call[CreateSession, None]) -> Answer:
    """Make a checkout: send the payer to `url`. What the browser brings back proves nothing; the event or a GET does."""
    body, merchant_id = call.body, call.caller.merchant_id
    user_id = body.user_id if body.customer_id is None else customers.user_of(merchant_id, body.customer_id, body.user_id)
    if body.save and user_id is None:
        raise InvalidRequest("To save a card, name the customer whose it is.", details={"field": "customer_id"})
    addresses = {name: getattr(body, name) for name in ("success_url", "cancel_url")}
    accepted = {name: None if url is None else returns.accepted(url, name) for name, url in addresses.items()}
    new = sessions.NewSession(
        merchant_id=merchant_id,
        amount=Money.parse(body.amount, body.currency or call.caller.currency),
        methods=None if body.methods is None else list(dict.fromkeys(body.methods)),
        description=body.description,
        metadata=body.metadata,
        customer_id=body.customer_id,
        user_id=user_id,
        saves=body.save,
        is_manual=body.capture_method == MANUAL,
        success_url=accepted["success_url"],
        cancel_url=accepted["cancel_url"],
        seconds=body.expires_in,
    )
    return Answer(201, _shown(call, sessions.create(new, claim=call.claim)))


@app.route("GET", "/v1/checkout/sessions", scope="checkout:read", query=ListQuery, answer=SessionList)
def list_checkouts(call: Call[None, ListQuery]) -> Answer:
    """Checkouts, newest first; those that were begun from a link too."""
    found, position = store.sessions_of(call.caller.merchant_id, limit=call.query.limit, position=call.position("sessions"))
    return Answer(200, SessionList(data=[_shown(call, item) for item in found], next_cursor=call.next_cursor("sessions", position)))


@app.route("GET", "/v1/checkout/sessions/{session_id}", scope="checkout:read", answer=SessionDetails)
def show_session(call: Call[None, None]) -> Answer:
    """A checkout as it stands; with who paid it, where its link asked and the key may read customers."""
    (shown,) = with_payers(call.caller, [sessions.find(call.caller.merchant_id, call.path["session_id"])])
    return Answer(200, _addressed(call, shown))


@app.route(
    "DELETE",
    "/v1/checkout/sessions/{session_id}",
    scope="customers:write",
    answer=SessionDetails,
    replay=_replay_details,
    addressed=_addressed,
)
def erase_payer(call: Call[None, None]) -> Answer:
    """Erase who paid a checkout: name, address, number and reference go. The checkout and its payments stay, and stay provable."""
    found = erasure.erase_payer(call.caller.merchant_id, call.path["session_id"], claim=call.claim)
    (shown,) = with_payers(call.caller, [found])
    return Answer(200, _addressed(call, shown))


@app.route(
    "POST", "/v1/checkout/sessions/{session_id}/expire", scope="checkout:write", answer=SessionView, replay=_replay, addressed=_addressed
)
def expire_session(call: Call[None, None]) -> Answer:
    """End a checkout that is open; its open payment is canceled."""
    found = sessions.find(call.caller.merchant_id, call.path["session_id"])
    return Answer(200, _shown(call, sessions.end(found, checkout_session.EXPIRED, call.claim)))


@app.route(
    "POST",
    "/v1/customers/{customer_id}/token",
    scope="customers:write",
    body=IssueCustomerToken,
    answer=CustomerTokenView,
    status=201,
    self_idempotent=True,
)
def issue_customer_token(call: Call[IssueCustomerToken, None]) -> Answer:
    """Vouch for a customer whom you have signed in: put the token into the fragment of a checkout's address."""
    call.claim.begin()
    found = customers.living(call.caller.merchant_id, call.path["customer_id"])
    expires = int(clock.now_seconds()) + call.body.expires_in
    token = tokens.customer_token(found.customer_id, expires, call.caller.cursor_key)
    view = CustomerTokenView(customer_id=found.customer_id, customer_token=token, expires_at=clock.rfc3339(expires * 1000))
    return Answer(201, view)
