"""HTTP door of the merchants."""

from typing import Final

from merchants import (
    accounts,
    brands,
    dangers,
    experiments,
    key_views,
    keys,
    live_keys,
    money_under_way,
    shadow_merchants,
    store,
    test_clock,
    views,
)
from merchants.requests import AdvanceClock, NewExperiment, Register, Rotate, Settings
from merchants.test_clock import TestClockView
from paycorex import aws, clock, rate_limits, settings
from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, App, Call
from paycorex.records import api_key_view
from paycorex.records.routing_experiment import ExperimentView
from paycorex.test_clock import seconds_of

app = App("merchants")

# A picture is nothing else, whatever a browser would make of its bytes.
_PICTURE_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


@app.route("POST", "/v1/merchants/register", public=True, body=Register, answer=key_views.RegisteredView, status=201)
def register_merchant(call: Call[Register, None]) -> Answer:
    """Register a merchant; api_key and secret are in this answer only."""
    current = settings.current()
    rate_limits.take("register", call.request.source_ip, per_minute=current.registrations_per_minute)
    done = accounts.register(call.body, claim=call.claim, open_to_all=current.registration_mode == "open")
    answer = Answer(201, key_views.registered(done))
    return answer if done.issued else answer.replayed()


def _replay_key(caller: Caller, key_id: str) -> key_views.RotatedView:
    return key_views.RotatedView(**api_key_view.view(live_keys.find(caller.merchant_id, key_id)).model_dump())


@app.route(
    "POST",
    "/v1/merchants/apikey",
    scope="merchant:write",
    body=Rotate,
    answer=key_views.RotatedView,
    status=201,
    replay=_replay_key,
    danger=lambda call: dangers.of_key(call.caller, call.body),
)
def rotate_key(call: Call[Rotate, None]) -> Answer:
    """Issue a new key pair that ends no later than the key that signed this request, which stays valid for the overlap.

    A person of the console gets one with scopes of the own role, and no other key ends.
    """
    body, caller = call.body, call.caller
    expires_at = clock.parse_rfc3339(body.expires_at) if body.expires_at else None
    if caller.is_person:
        done = keys.issue_to_person(
            merchant_id=caller.merchant_id, held=caller.scopes, scopes=body.scopes, expires_at=expires_at, claim=call.claim
        )
    else:
        done = keys.rotate(
            merchant_id=caller.merchant_id,
            signing_key_id=caller.key_id,
            overlap_seconds=body.overlap_seconds,
            scopes=body.scopes,
            expires_at=expires_at,
            claim=call.claim,
        )
    return Answer(201, key_views.rotated(done))


@app.route("GET", "/v1/merchants/apikeys", scope="merchant:read", query=ListQuery, answer=key_views.ApiKeyList)
def list_keys(call: Call[None, ListQuery]) -> Answer:
    """API keys of the merchant, newest first, without their secrets."""
    page = live_keys.page(call.caller.merchant_id, call.query.limit, call.position("apikeys"))
    return Answer(200, key_views.listed(page.items, call.next_cursor("apikeys", page.position)))


def _replay_revoked(caller: Caller, key_id: str) -> api_key_view.ApiKeyView:
    return api_key_view.view(live_keys.find(caller.merchant_id, key_id))


@app.route("DELETE", "/v1/merchants/apikeys/{key_id}", scope="merchant:write", answer=api_key_view.ApiKeyView, replay=_replay_revoked)
def revoke_key(call: Call[None, None]) -> Answer:
    """Revoke a key; never the last active one, nor the one that may manage keys the longest."""
    return Answer(200, api_key_view.view(keys.revoke(merchant_id=call.caller.merchant_id, key_id=call.path["key_id"], claim=call.claim)))


@app.route("GET", "/v1/merchants/me", scope="merchant:read", answer=views.MerchantView)
def show_merchant(call: Call[None, None]) -> Answer:
    """The merchant's profile and settings."""
    return Answer(200, views.merchant(accounts.find(call.caller.merchant_id)))


@app.route("GET", "/v1/merchants/me/logo", scope="merchant:read", media_types=("image/png", "image/jpeg"))
def show_logo(call: Call[None, None]) -> Answer:
    """The logo that payers see, as it was written anew when it came."""
    logo = brands.logo(call.caller.merchant_id)
    return Answer(200, bytes(logo.content), content_type=logo.content_type, headers=_PICTURE_HEADERS)


def _replay_settings(caller: Caller, _merchant_id: str) -> views.MerchantView:
    return views.merchant(accounts.find(caller.merchant_id))


@app.route(
    "PATCH",
    "/v1/merchants/me",
    scope="merchant:write",
    body=Settings,
    answer=views.MerchantView,
    replay=_replay_settings,
    danger=lambda call: dangers.of_settings(call.caller.merchant_id, call.body),
)
def change_merchant(call: Call[Settings, None]) -> Answer:
    """Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere."""
    dangers.refuse_keys(call.caller, call.body)
    if call.body.signature_policy == "v2_only" and call.claim.single_use:
        raise InvalidRequest(
            "Send this request signed with v2: so it is shown that this client can, before v1 is turned off.",
            details={"field": "signature_policy"},
        )
    changed = accounts.change(call.caller.merchant_id, call.body, claim=call.claim)
    return Answer(200, views.merchant(changed, money_under_way.at_removed(changed, call.body.removed_connectors)))


def _replay_experiment(caller: Caller, experiment_id: str) -> ExperimentView:
    return views.experiment(experiments.find(caller.merchant_id, experiment_id))


@app.route(
    "POST",
    "/v1/routing/experiments",
    scope="merchant:write",
    body=NewExperiment,
    answer=ExperimentView,
    status=201,
    replay=_replay_experiment,
)
def start_experiment(call: Call[NewExperiment, None]) -> Answer:
    """Put a share of the payments under other routing rules; one experiment runs at a time."""
    return Answer(201, views.experiment(experiments.start(call.caller.merchant_id, call.body, claim=call.claim)))


@app.route("GET", "/v1/routing/experiments", scope="merchant:read", query=ListQuery, answer=views.ExperimentList)
def list_experiments(call: Call[None, ListQuery]) -> Answer:
    """Experiments, newest first."""
    items, more = store.experiments_page(call.caller.merchant_id, call.query.limit, call.position("experiments"))
    return Answer(200, views.experiment_list(items, call.next_cursor("experiments", more)))


@app.route("POST", "/v1/routing/experiments/{experiment_id}/end", scope="merchant:write", answer=ExperimentView, replay=_replay_experiment)
def end_experiment(call: Call[None, None]) -> Answer:
    """End an experiment: the merchant's own rules decide again."""
    return Answer(200, views.experiment(experiments.end(call.caller.merchant_id, call.path["experiment_id"], claim=call.claim)))


def _replay_test_merchant(_caller: Caller, merchant_id: str) -> key_views.RegisteredView:
    return key_views.registered(shadow_merchants.of(merchant_id))


@app.route("POST", "/v1/test", scope="merchant:write", answer=key_views.RegisteredView, status=201, replay=_replay_test_merchant)
def create_test_merchant(call: Call[None, None]) -> Answer:
    """Make the test merchant beside this live one, once: with books, webhooks and keys of its own, the sandbox and no real money.

    api_key and secret are in this answer only. A person of the console gets none: test mode has a page for keys.
    """
    return Answer(201, key_views.registered(shadow_merchants.make(call.caller.merchant_id, claim=call.claim, with_key=call.caller.signs)))


def _replay_clock(caller: Caller, _merchant_id: str) -> TestClockView:
    return test_clock.show(caller.merchant_id)


@app.route("POST", "/v1/test/clock", scope="merchant:write", body=AdvanceClock, answer=TestClockView, replay=_replay_clock)
def advance_test_clock(call: Call[AdvanceClock, None]) -> Answer:
    """Let time pass for what waits of the merchant: ends of payments, holds, checkouts, links and keys, answers to disputes, attempts of
    webhooks, the sandbox's payouts. Not in production."""
    return Answer(200, test_clock.advance(call.caller.merchant_id, seconds_of(call.body.advance), call.claim))


@app.route("GET", "/v1/test/clock", scope="merchant:read", answer=TestClockView)
def show_test_clock(call: Call[None, None]) -> Answer:
    """How much time was let pass for what waits of the merchant, and whether everything has moved. Not in production."""
    return Answer(200, test_clock.show(call.caller.merchant_id))


aws.warm("dynamodb", "kms")
handler = app.handler
