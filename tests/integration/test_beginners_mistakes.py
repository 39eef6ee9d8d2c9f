"""The mistakes that beginners make in requests that are signed rightly: each is answered with what is wrong and what to do, in plain words.

Mistakes of the signature itself are in test_signing_mistakes.py.
"""

import json
import re
from typing import Any

import pytest

from paycorex.http import forms
from tests.scenarios.beginners_mistakes import CREATE, MISTAKES, PAID, Mistake
from tests.support import gateway
from tests.support.expectations import PYDANTIC, assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def made(world: World, who: Signer, mistake: Mistake) -> Reply:
    return world.call(who, mistake.method, mistake.path, mistake.body, key=mistake.key, headers=list(mistake.headers))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_with_what_is_wrong_and_changes_nothing(world: World, payer: Signer, name: str) -> None:
    mistake = MISTAKES[name]
    with nothing_written(world, but_outcomes=True):
        reply = made(world, payer, mistake)
    assert reply.status == mistake.status
    assert_refused(reply, mistake.code)
    error = reply.body["error"]
    assert [part for part in mistake.says if part not in error["message"]] == [], error["message"]
    assert error["details"] | dict(mistake.details or {}) == error["details"]
    assert not PYDANTIC.search(reply.raw.decode()), error
    assert error["doc_url"].endswith(f"/docs/reference/errors/#{mistake.code}")
    if reply.status == 405:
        assert reply.headers["allow"].split(", ") == error["details"]["allow"]


def test_the_right_request_beside_them_is_carried_out(world: World, payer: Signer) -> None:
    """What the rows change is what is wrong with them."""
    assert world.call(payer, "POST", CREATE, PAID).status == 201


def test_a_refund_of_too_much_says_how_much_is_left(world: World, payer: Signer) -> None:
    payment_id = world.call(payer, "POST", CREATE, PAID).body["payment_id"]
    reply = world.call(payer, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": 1000})
    assert_refused(reply, "refund_exceeds_payment")
    assert "what is left of the payment, which is 10.00." in reply.body["error"]["message"]


def test_a_key_for_another_request_and_a_second_wallet_say_so(world: World, payer: Signer) -> None:
    world.call(payer, "POST", CREATE, PAID, key="order-1")
    again = world.call(payer, "POST", CREATE, PAID | {"amount": "11.00"}, key="order-1")
    assert (again.status, again.code) == (409, "idempotency_key_reused")
    assert "was used for another request" in again.body["error"]["message"]
    wallet = world.call(payer, "POST", "/v1/wallet/create", {"user_id": "asha"})
    assert (wallet.status, wallet.code) == (409, "wallet_exists")
    assert wallet.body["error"]["details"]["wallet_id"].startswith("wal_")


def patterns(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {found for each in schema for found in patterns(each)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    return own | {found for each in schema.values() for found in patterns(each)}


# Of fields whose own rule speaks before the pattern does, which the contract alone shows: amounts, and a duration.
_SCHEMA_ALONE = re.compile(r"\^\[0-9\]\{1,12\}|\^P\(")


def test_every_form_of_a_field_has_words(world: World) -> None:
    models = [model for route in gateway.merchants_routes() for model in (route.body, route.query) if model is not None]
    found = {pattern for model in models for pattern in patterns(json.loads(json.dumps(model.model_json_schema())))}
    assert len(found) > 30
    mute = [pattern for pattern in sorted(found) if pattern in forms.words_of(pattern) and not _SCHEMA_ALONE.match(pattern)]
    assert mute == []
