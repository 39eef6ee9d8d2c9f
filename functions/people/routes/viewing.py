"""An operator looks at a merchant's page: a session of half an hour that reads everything there and changes nothing."""

from typing import Final

from paycorex import clock, credentials, storage
from paycorex.credentials import sessions, viewers
from paycorex.credentials.operators import scope_of
from paycorex.errors import InvalidState, NotFound, Unauthorized
from paycorex.http import Answer, App, Call
from paycorex.http.request import Request
from paycorex.records.console_session import SessionItem
from people import store
from people.operator_views import EndedView, MerchantViewed
from people.requests import BeginView

_V1: Final = "/operator/v1"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    begin, end = f"{_V1}/merchants/{{merchant_id}}/view", f"{_V1}/view"
    scope = scope_of("POST", begin)
    app.route("POST", begin, scope=scope, body=BeginView, answer=MerchantViewed, status=201, self_idempotent=True)(operator_begin_view)
    app.route("DELETE", end, scope=scope_of("DELETE", end), answer=EndedView, self_idempotent=True)(operator_end_view)


def operator_begin_view(call: Call[BeginView, None]) -> Answer:
    """Look at a merchant's page for half an hour. It is in the merchant's audit log, with the reason; nothing can be changed by it."""
    merchant = credentials.find_merchant(call.path["merchant_id"])
    if merchant is None:
        raise NotFound("merchant")
    if merchant.status != "active":
        raise InvalidState("The page of a merchant who is suspended is closed.")
    secret, now = sessions.new_secret(), clock.now_ms()
    item = SessionItem(
        session_id=sessions.session_id(secret),
        merchant_id=merchant.merchant_id,
        person_id=call.caller.key_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now // 1000 + viewers.LIFETIME_SECONDS,
        agent=sessions.agent_of(call.request.headers),
        source_ip=call.request.source_ip,
        passkey_id="",
        operator_id=call.caller.key_id,
    )
    storage.transact([store.new_session(item), *_ended(call.request, call.caller.key_id)])
    until = clock.rfc3339(int(item.expires_at) * 1000)
    cookie = sessions.set_cookie(secret, viewers.LIFETIME_SECONDS)
    return Answer(201, MerchantViewed(merchant_id=merchant.merchant_id, until=until), headers={"Set-Cookie": cookie})


def operator_end_view(call: Call[None, None]) -> Answer:
    """Look at it no longer."""
    ended = _ended(call.request, call.caller.key_id)
    if not ended:
        return Answer(200, EndedView(ended=False))
    storage.transact(ended)
    return Answer(200, EndedView(ended=True), headers={"Set-Cookie": sessions.drop_cookie()})


def _ended(request: Request, operator_id: str) -> list[storage.Write]:
    """The write that ends what this operator looks at in this browser; a person's own session stays."""
    try:
        secret = sessions.secret_of(request.headers)
    except Unauthorized:
        return []
    found = None if secret is None else store.find_session(sessions.session_id(secret))
    return [] if found is None or found.operator_id != operator_id else [store.end_session(found.session_id)]
