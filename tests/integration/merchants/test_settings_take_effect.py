"""From when a change acts everywhere is said with the change, and from then on no environment acts by what was before."""

from typing import Any

import pytest

from operations import merchants, stuck_payments
from paycorex import clock, credentials, settings
from paycorex.records.effective import NOTICE_SECONDS
from tests.fakes.providers import FakeStripe
from tests.fakes.receiver_behaviours import Reply
from tests.support import payments as support
from tests.support.expectations import assert_refused
from tests.support.warm import Environment
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
STRIPE = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}
RULES = [{"when": {"method": "tokenized"}, "use": [{"connector": "sandbox_backup", "weight": 1}]}]
CHANGES: list[dict[str, Any]] = [
    {"name": "Chai Corner"},
    {"payee_vpa": "chai@okbank"},
    {"payee_name": "Chai"},
    {"merchant_category_code": "5812"},
    {"routing_rules": RULES},
    {"connectors": {"stripe": STRIPE}},
    {"connectors": {"sandbox": None}},
    {"signature_policy": "v2_only"},
    {"crypto_tolerance_percent": "1"},
    {"ledger_lanes": 3},
]


def _at(moment: str) -> float:
    return clock.parse_rfc3339(moment) / 1000


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_setting_acts_everywhere_from_the_moment_that_its_answer_says(world: World, merchant: Signer, change: dict[str, Any]) -> None:
    if "sandbox" in change.get("connectors", {}):
        support.settings(world, merchant, connectors={"sandbox": {"failure_percent": "1"}})
    assert (world.call(merchant, "GET", ME).body["settings_effective_at"] is None) is ("sandbox" not in change.get("connectors", {}))
    warm = Environment()
    with warm.running():
        before = credentials.find_merchant(merchant.merchant_id)
    said = world.call(merchant, "PATCH", ME, change)
    assert said.status == 200, said.raw
    assert _at(said.body["settings_effective_at"]) == pytest.approx(world.clock.now + NOTICE_SECONDS, abs=1)
    assert world.call(merchant, "GET", ME).body["settings_effective_at"] == said.body["settings_effective_at"]
    with warm.running():
        remembered = credentials.find_merchant(merchant.merchant_id)
        assert remembered is before
        world.clock.now = _at(said.body["settings_effective_at"])
        acts = credentials.find_merchant(merchant.merchant_id)
    world.restart()
    assert acts is not None
    assert acts.serialize() == credentials.find_merchant(merchant.merchant_id).serialize()  # type: ignore[union-attr]  # it is there
    assert acts.version == said.body.get("version", acts.version)


def test_a_removed_connector_is_asked_for_nothing_from_then_on(world: World, merchant: Signer) -> None:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, merchant, connectors={"stripe": STRIPE})
        token_id = support.token(world, merchant, support.APPROVE)
        order = {"amount": "10", "method": "tokenized", "token_id": token_id}
        warm = Environment()
        with warm.running():
            assert world.call(merchant, "POST", "/v1/payments/create", order).body["provider"] == "stripe"
        said = world.call(merchant, "PATCH", ME, {"connectors": {"stripe": None}}).body
        with warm.running():
            assert world.call(merchant, "POST", "/v1/payments/create", {**order, "amount": "11"}).body["provider"] == "stripe"
            sent = len(server.requests)
            world.clock.now = _at(said["settings_effective_at"])
            assert world.call(merchant, "POST", "/v1/payments/create", {**order, "amount": "12"}).body["provider"] == "sandbox"
        assert len(server.requests) == sent


def test_removing_a_connector_with_money_under_way_says_so_and_so_does_the_list_of_stuck_payments(world: World, merchant: Signer) -> None:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, merchant, connectors={"stripe": STRIPE})
        open_ids = [support.charge(world, merchant, support.REDIRECT).body["payment_id"] for _ in range(2)]
        paid = support.charge(world, merchant, support.APPROVE).body["payment_id"]
        server.trouble["/v1/refunds"] = Reply(429, b"{}")
        refund = world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "1"}).body
        assert refund["status"] == "pending"
        assert stuck_payments.page(100).data == []
        removed = world.call(merchant, "PATCH", ME, {"connectors": {"stripe": None}}).body
        assert removed["money_under_way"] == [{"connector": "stripe", "payments": 2, "refunds": 1, "looked_back_to": None}]
        world.restart()
        for _ in range(4):
            support.tick(world, after_seconds=600)
        stuck = stuck_payments.page(100).data
        assert {line.payment_id: line.problem for line in stuck} == dict.fromkeys(
            open_ids, "The connector stripe is not configured. The payment's outcome cannot be requested until it is."
        )
        waits = world.call(merchant, "GET", f"/v1/refunds/{refund['refund_id']}").body
        assert (waits["status"], waits["failure_message"]) == ("pending", "The connector is not configured.")
        back = world.call(merchant, "PATCH", ME, {"connectors": {"stripe": STRIPE}}).body
        assert back["money_under_way"] == []
        world.restart()
        for intent in server.intents.values():
            server.pay(intent)
        support.settle_all(world)
        assert [support.show(world, merchant, payment_id)["status"] for payment_id in open_ids] == ["success", "success"]
        assert stuck_payments.page(100).data == []


def test_a_suspension_says_from_when_it_acts(world: World, merchant: Signer) -> None:
    warm = Environment()
    with warm.running():
        assert world.call(merchant, "GET", ME).status == 200
    line = merchants.set_status(merchant.merchant_id, merchants.SUSPENDED)
    assert line.status_effective_at is not None
    with warm.running():
        assert world.call(merchant, "GET", ME).status == 200
        world.clock.now = _at(line.status_effective_at)
        assert_refused(world.call(merchant, "GET", ME), "unauthorized")


def test_a_revoked_and_a_rotated_key_say_until_when_they_may_be_accepted(world: World, merchant: Signer) -> None:
    keys = "/v1/merchants/apikeys"
    assert world.call(merchant, "GET", keys).body["data"][0]["accepted_until"] is None
    rotated = world.call(merchant, "POST", "/v1/merchants/apikey", {"overlap_seconds": 0})
    fresh = Signer(rotated.body["api_key"], rotated.body["secret"], merchant.merchant_id, rotated.body["key_id"], rotated.body)
    warm = Environment()
    with warm.running():
        world.call(fresh, "GET", ME)
    third = world.call(fresh, "POST", "/v1/merchants/apikey", {"overlap_seconds": 7200}).body
    assert third["previous"]["accepted_until"] == third["previous"]["expires_at"]
    last = Signer(third["api_key"], third["secret"], merchant.merchant_id, third["key_id"], third)
    revoked = world.call(last, "DELETE", f"{keys}/{fresh.key_id}").body
    shown = {line["key_id"]: line["accepted_until"] for line in world.call(last, "GET", keys).body["data"]}
    assert shown[fresh.key_id] == revoked["accepted_until"]
    assert _at(shown[merchant.key_id]) == pytest.approx(_at(rotated.body["previous"]["accepted_until"]), abs=1)
    for ended in (revoked["accepted_until"], rotated.body["previous"]["accepted_until"]):
        assert _at(ended) == pytest.approx(world.clock.now + NOTICE_SECONDS, abs=1)
    with warm.running():
        assert world.call(fresh, "GET", ME).status == 200
        world.clock.now = _at(revoked["accepted_until"])
        assert_refused(world.call(fresh, "GET", ME), "unauthorized")
