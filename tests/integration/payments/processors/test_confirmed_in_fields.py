"""What a risk rule demands with `require_3ds` of a card that is typed into a processor's own fields: its script has the bank ask, before it
names the card, and our charge demands that it did.
"""

import json
from typing import Any

import pytest

from paycorex import processors as catalogue
from payments.connectors import capabilities
from payments.connectors.prism import processors
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import fake, shift4
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import PAYER, charge, server
from tests.integration.payments.processors.test_certified_fields import begin
from tests.integration.payments.processors.test_named_cards import bring, charged
from tests.integration.payments.processors.test_required_confirmation import RULE
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
ASKING = [shift4.Fake]
asking = pytest.mark.parametrize("kind", ASKING, ids=[kind.name for kind in ASKING])
OTHERS = [kind for kind in fake.every() if capabilities.has_fields(f"prism:{kind.name}") and kind not in ASKING]
# What each documents for a charge of a name that is refused unless the bank was asked.
DEMANDED = {"shift4": {"threeDSecure": dict.fromkeys(shift4.DEMANDS, True)}}


def counted(world: World, who: Signer, server: FakeProcessor) -> None:
    """A rule by which the next payment of this payer needs the bank's question."""
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE]}).status == 200
    world.clock.now += 120
    assert charge(world, who, server).body["status"] == "success"
    server.payments.clear()
    server.requests.clear()


def begun(world: World, who: Signer, server: FakeProcessor) -> dict[str, Any]:
    counted(world, who, server)
    payment: dict[str, Any] = begin(world, who, server).body
    assert (payment["status"], payment["risk"]["action"], payment["provider"]) == ("pending", "require_3ds", f"prism:{server.name}")
    return payment


def shown(world: World, who: Signer, payment: dict[str, Any]) -> dict[str, Any]:
    return support.show(world, who, payment["payment_id"])


def test_each_claim_is_tested() -> None:
    claimed = {kind.name for kind in fake.every() if capabilities.asks_payer(f"prism:{kind.name}", by_fields=True)}
    assert claimed == {kind.name for kind in ASKING} == set(DEMANDED)
    for name in claimed:
        derived = catalogue.find(f"prism:{name}")
        assert derived is not None
        assert capabilities.flows_of(f"prism:{name}", derived.flows)["three_ds"]


@asking
def test_the_script_is_asked_and_the_charge_demands_it(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    assert payment["next_action"]["three_ds"] == "required"
    assert bring(world, payment, "name_of_approved_3ds").body["status"] == "success"
    (sent,) = [json.loads(request.body) for request in server.asked(server.charges_at)]
    assert {name: sent[name] for name in DEMANDED[server.name]} == DEMANDED[server.name]
    (taken,) = server.payments.values()
    assert (taken.captured, taken.currency, taken.ours) == (1234, "USD", payment["payment_id"])
    assert shown(world, who, payment)["provider_reference"] == taken.reference


@asking
def test_a_name_whose_bank_was_not_asked_pays_nothing(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    assert bring(world, payment, "name_of_approved").body["status"] == "failed"
    found = shown(world, who, payment)
    assert (found["failure_code"], found["attempts"][0]["code"], charged(server)) == ("card_declined", "authentication_required", [])


@asking
def test_a_card_that_the_bank_refuses_after_its_question_is_a_decline(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    assert bring(world, payment, "name_of_declined_3ds").body["status"] == "failed"
    assert (shown(world, who, payment)["attempts"][0]["code"], charged(server)) == (server.decline_code, [])


@asking
def test_a_lost_answer_is_not_charged_again(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    server.trouble[server.charges_at], server.acts = CutMidBody(), True
    assert bring(world, payment, "name_of_approved_3ds").body["status"] == "processing"
    for _ in range(3):
        support.tick(world, after_seconds=300)
    assert bring(world, payment, "name_of_approved_3ds").body["status"] == "processing"
    assert (len(server.asked(server.charges_at)), charged(server)) == (1, [1234])


@asking
@pytest.mark.parametrize(("about", "wrong"), [("amount", 9900), ("currency", "EUR")])
def test_an_answer_about_another_sum_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str, wrong: object) -> None:
    payment = begun(world, who, server)
    server.lies, server.lies_at = {about: wrong}, server.charges_at
    assert bring(world, payment, "name_of_approved_3ds").body["status"] != "success"
    assert shown(world, who, payment)["status"] != "success"


@asking
def test_without_the_rule_no_one_is_asked(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server).body
    assert "three_ds" not in payment["next_action"]
    assert bring(world, payment, "name_of_approved").body["status"] == "success"
    assert not any(name in json.loads(server.asked(server.charges_at)[0].body) for name in DEMANDED[server.name])


@asking
@pytest.mark.parametrize(("name", "status"), [("name_of_approved_3ds", "success"), ("name_of_approved", "failed")])
def test_the_same_is_demanded_of_a_name_that_the_merchants_own_page_brings(
    world: World, who: Signer, server: FakeProcessor, name: str, status: str
) -> None:
    counted(world, who, server)
    token = {"type": "processor_token", "payload": name, "connector": f"prism:{server.name}"}
    body = {"amount": "12.34", "currency": "USD", "method": "tokenized", "payer": PAYER, "one_time_token": token}
    made = world.call(who, "POST", "/v1/payments/create", body)
    found = made.body if status == "success" else made.body["error"]["details"]["payment"]
    assert (found["status"], found["risk"]["action"], charged(server)) == (status, "require_3ds", [1234] if status == "success" else [])


@pytest.mark.parametrize("kind", OTHERS, ids=[kind.name for kind in OTHERS])
def test_fields_that_cannot_be_made_to_ask_are_left_out(world: World, who: Signer, server: FakeProcessor) -> None:
    assert processors.of(server.name).names is None or processors.of(server.name).names.asks is None  # type: ignore[union-attr]
    counted(world, who, server)
    made = begin(world, who, server)
    assert (made.status, made.code) == (402, "payment_declined")
    refused = made.body["error"]["details"]["payment"]
    assert (refused["status"], refused["failure_code"], refused["risk"]["action"]) == ("failed", "risk_rule", "block")
    assert server.requests == []
