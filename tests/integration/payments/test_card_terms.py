"""What a request says of a card charge: the payer's security code, that the payer is not there, what the statement shows."""

import hashlib
import itertools
import json
import logging
from typing import Any

import pytest

from paycorex import settings
from payments.connectors.stripe.connector import Stripe
from payments.payment import asking
from tests.fakes import receiver_behaviours
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.fakes.stripe_holds import NETWORK_TRANSACTION_ID
from tests.support import logs
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

WANTS_CODE, KNOWN_PAYER = "4000000000009102", "4000000000009201"
# Four digits that are part of no id, amount or time of this test.
CANARY = "9407"


@pytest.fixture
def stripe(world: World, who: Signer) -> Any:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


def attempts_of(reply: Reply) -> dict[str, Any]:
    payment = reply.body if reply.status < 400 else reply.body["error"]["details"]["payment"]
    attempt: dict[str, Any] = payment["attempts"][0]
    return attempt


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, "security_code_required"), ({"security_code": "000"}, "incorrect_security_code"), ({"security_code": CANARY}, None)],
)
def test_a_card_may_want_its_security_code(world: World, who: Signer, given: dict[str, Any], code: str | None) -> None:
    attempt = attempts_of(support.charge(world, who, WANTS_CODE, **given))
    assert (attempt["status"], attempt["code"]) == ("approved" if code is None else "declined", code)


@pytest.mark.parametrize("code", ["12", "12345", "12a", "१२३", "", 123])
def test_what_is_no_security_code_is_refused_and_not_repeated(world: World, who: Signer, code: object) -> None:
    token = support.token(world, who, WANTS_CODE)
    body = {"amount": "1.00", "method": "tokenized", "token_id": token, "security_code": code}
    with nothing_written(world):
        refused = world.call(who, "POST", "/v1/payments/create", body)
        assert_refused(refused, "invalid_request")
    assert f'"{code}"'.encode() not in refused.raw


def _charge_in_every_way(world: World, who: Signer) -> list[str]:
    """The answers to a card that is approved, two that are declined and one to be confirmed, each with and without a key."""
    numbers = [support.APPROVE, support.DECLINE, support.RETRYABLE, support.REDIRECT]
    every = itertools.product(numbers, [None, "k"])
    return [str(support.charge(world, who, number, key=key and key + number, security_code=CANARY).raw) for number, key in every]


def test_a_security_code_is_in_no_record_log_or_answer(
    world: World, who: Signer, stripe: FakeStripe, caplog: pytest.LogCaptureFixture
) -> None:
    """The provider repeats it in its refusal."""
    caplog.set_level(logging.DEBUG)
    stripe.DECLINES = {**stripe.DECLINES, support.RETRYABLE: f"Code {CANARY} of the card is wrong"}  # type: ignore[misc]  # of this test
    with logs.captured() as log:
        answers = _charge_in_every_way(world, who)
        support.settle_all(world)
    assert any(CANARY in request.body.decode() for request in stripe.asked("/confirm"))
    written, logged = json.dumps(world.dump(), default=str), log.text + caplog.text
    assert "payments/create" in logged
    for place in (*answers, written, logged):
        assert CANARY not in place


def test_no_stored_hash_gives_a_security_code_away(world: World, who: Signer) -> None:
    """A plain hash of a request whose other fields are known is undone by ten thousand tries."""
    token = support.token(world, who, WANTS_CODE)
    body = {"amount": "1.00", "method": "tokenized", "token_id": token}
    first = world.call(who, "POST", "/v1/payments/create", {**body, "security_code": "123"}, key="k-1")
    again = world.call(who, "POST", "/v1/payments/create", {**body, "security_code": "321"}, key="k-1")
    assert (first.body["payment_id"], first.status, again.status) == (again.body["payment_id"], 201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    without = world.call(who, "POST", "/v1/payments/create", body, key="k-1")
    assert without.code == "idempotency_key_reused"
    hashes = {hashlib.sha256(str(code).encode()).hexdigest()[:32] for code in ("123", "321")}
    assert not any(digest in json.dumps(world.dump(), default=str) for digest in hashes)


def test_a_payment_keeps_the_networks_name_of_it(world: World, who: Signer) -> None:
    paid = support.charge(world, who, support.APPROVE).body
    assert paid["network_transaction_id"] == support.books()[0].network_id
    assert (len(paid["network_transaction_id"]), paid["customer_initiated"]) == (15, True)
    held = support.charge(world, who, support.APPROVE, capture_method="manual").body
    assert (held["status"], held["network_transaction_id"]) == ("authorized", support.stored(held["payment_id"]).network_transaction_id)
    assert held["network_transaction_id"].startswith("SBX")
    assert support.collect(world, who).body["network_transaction_id"] is None


def later_charge(world: World, who: Signer, first: dict[str, Any], **more: Any) -> Reply:
    body = {"amount": "5.00", "method": "tokenized", "token_id": first["token_id"], "customer_initiated": False, **more}
    return world.call(who, "POST", "/v1/payments/create", body)


def test_a_charge_without_its_payer_is_known_by_the_first_one(world: World, who: Signer) -> None:
    first = support.charge(world, who, KNOWN_PAYER).body
    assert first["status"] == "success"
    assert attempts_of(later_charge(world, who, first))["code"] == "unknown_payer"
    charged = later_charge(world, who, first, initial_payment_id=first["payment_id"]).body
    assert (charged["status"], charged["customer_initiated"]) == ("success", False)
    assert charged["network_transaction_id"] not in {None, first["network_transaction_id"]}


def test_what_the_payer_has_to_confirm_is_declined_without_the_payer(world: World, who: Signer) -> None:
    first = support.charge(world, who, support.REDIRECT).body
    assert attempts_of(later_charge(world, who, first))["code"] == "authentication_required"


def test_the_initial_payment_is_the_same_cards_and_known_to_its_network(world: World, who: Signer) -> None:
    first, other = support.charge(world, who, support.APPROVE).body, support.charge(world, who, "5555555555554444").body
    stranger = support.charge(world, world.register(), support.APPROVE).body
    declined = support.charge(world, who, support.DECLINE).body["error"]["details"]["payment"]
    with nothing_written(world, but_outcomes=True):
        for named, code in ((other, "invalid_request"), (stranger, "not_found")):
            assert later_charge(world, who, first, initial_payment_id=named["payment_id"]).code == code
        assert later_charge(world, who, declined, initial_payment_id=declined["payment_id"]).code == "invalid_request"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"method": "upi_intent", "security_code": "123"}, "security_code"),
    ({"method": "upi_intent", "statement_descriptor": "Tea shop"}, "statement_descriptor"),
    ({"method": "upi_intent", "customer_initiated": False}, "customer_initiated"),
    ({"method": "tokenized", "customer_initiated": False}, "customer_initiated"),
    ({"method": "tokenized", "security_code": "123"}, "security_code"),
    ({"method": "tokenized", "token_id": "tok_" + "a" * 26, "customer_initiated": False, "security_code": "123"}, "security_code"),
    ({"method": "tokenized", "token_id": "tok_" + "a" * 26, "initial_payment_id": "pay_" + "a" * 26}, "initial_payment_id"),
    ({"method": "tokenized", "statement_descriptor": "1234"}, "statement_descriptor"),
    ({"method": "tokenized", "statement_descriptor": "Tea <shop>"}, "statement_descriptor"),
    ({"method": "tokenized", "statement_descriptor": "A" * 23}, "statement_descriptor"),
]


@pytest.mark.parametrize(("given", "field"), WRONG, ids=lambda value: str(value)[:60])
def test_what_does_not_fit_together_is_refused_by_its_name(world: World, who: Signer, given: dict[str, Any], field: str) -> None:
    with nothing_written(world):
        refused = world.call(who, "POST", "/v1/payments/create", {"amount": "1.00", **given})
        assert_refused(refused, "invalid_request")
    assert field in json.dumps(refused.body["error"]["details"])


def fields_of(server: FakeStripe, ending: str) -> str:
    return server.asked(ending)[-1].body.decode()


def test_stripe_gets_the_code_the_descriptor_and_that_the_payer_is_not_there(world: World, who: Signer, stripe: FakeStripe) -> None:
    first = support.charge(world, who, support.APPROVE, security_code=CANARY, statement_descriptor="Chai Point 7").body
    assert (first["network_transaction_id"], first["statement_descriptor"]) == (NETWORK_TRANSACTION_ID, "Chai Point 7")
    assert "statement_descriptor_suffix=Chai+Point+7" in fields_of(stripe, "/v1/payment_intents")
    confirmed = fields_of(stripe, "/confirm")
    assert f"payment_method_data%5Bcard%5D%5Bcvc%5D={CANARY}" in confirmed
    assert "off_session" not in confirmed
    later_charge(world, who, first, initial_payment_id=first["payment_id"])
    confirmed = fields_of(stripe, "/confirm")
    assert "off_session=true" in confirmed
    assert f"payment_method_options%5Bcard%5D%5Bmit_exemption%5D%5Bnetwork_transaction_id%5D={NETWORK_TRANSACTION_ID}" in confirmed
    assert "return_url" not in confirmed
    assert "cvc" not in confirmed


def test_an_intent_that_was_not_noted_is_asked_for_again_in_the_same_words(world: World, who: Signer, stripe: FakeStripe) -> None:
    """The descriptor is part of what its idempotency key stands for; the security code is not, and is not there any more."""
    stripe.trouble["/confirm"], stripe.acts = receiver_behaviours.Reply(500, b"{}"), True
    payment = support.charge(world, who, support.APPROVE, security_code=CANARY, statement_descriptor="Chai Point 7").body
    stored = support.stored(payment["payment_id"])
    stored.attempts[0]["provider_reference"] = None
    found = Stripe(support.STRIPE).lookup(asking.attempt_of(stored, 0))
    assert type(found).__name__ == "Approved"
    assert len(stripe.intents) == 1


def test_razorpay_gets_the_code_and_charges_no_card_without_its_payer(world: World, who: Signer) -> None:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": support.RAZORPAY})
        first = support.charge(world, who, support.APPROVE, security_code=CANARY).body
        assert json.loads(server.asked("/create/json")[0].body)["card"]["cvv"] == CANARY
        refused = later_charge(world, who, first)
        assert (refused.code, len(server.asked("/create/json")), server.problems) == ("provider_configuration", 1, [])
