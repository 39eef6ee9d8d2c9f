"""Live and test mode: what each may be given, the sandbox in test alone, and the test merchant beside a live one."""

from collections.abc import Callable
from typing import Any

import pytest

from local import openapi
from merchants.mode_rules import mode_of
from paycorex import ids, modes, settings
from tests.support.engine import Engine
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
XPUB = "xpub6Bh6Cg7bvjFdW6VEAaZmsyhZh86WdJ9Kr5aqqY5LN7UFLpxTrxsiys213UCu8MAYjcq5JhF7jzZXvruGfWfPbxqsByNNhwWaNQRuhP3JcC3"
STRIPE = {"test": {"secret_key": "sk_test_51"}, "live": {"secret_key": "sk_live_51"}}
RAZORPAY = {"test": {"key_id": "rzp_test_1", "key_secret": "s"}, "live": {"key_id": "rzp_live_1", "key_secret": "s"}}
PROCESSOR = {"test": {"api_key": "sk_test_51"}, "live": {"api_key": "sk_live_51"}}
OTHER = {"test": "live", "live": "test"}


@pytest.fixture
def at_stage(world: World) -> Callable[..., None]:
    """A function that moves the world to a stage."""

    def move(stage: Any, **more: Any) -> None:
        world.settings = world.settings.model_copy(update={"stage": stage, **more})
        settings.use(world.settings)

    return move


def known(world: World, **fields: Any) -> Signer:
    """A merchant whose key was used before, which is noted once."""
    signer = world.register(**fields)
    assert world.call(signer, "GET", ME).status == 200
    return signer


def beside(world: World, live: Signer) -> Signer:
    """The test merchant of a live one."""
    made = world.call(live, "POST", "/v1/test").body
    signer = Signer(made["api_key"], made["secret"], made["merchant_id"], made["key_id"], made)
    assert world.call(signer, "GET", ME).status == 200
    return signer


@pytest.mark.parametrize(("stage", "mode"), [("local", "test"), ("staging", "test"), ("prod", "live")])
def test_a_merchant_without_a_mode_has_the_stages(world: World, at_stage: Any, stage: str, mode: str) -> None:
    at_stage(stage)
    signer = world.register()
    assert (signer.registered["mode"], world.call(signer, "GET", ME).body["mode"]) == (mode, mode)
    for chosen in ("live", "test"):
        other = world.register("Other", mode=chosen)
        assert (other.registered["mode"], modes.of(other.merchant_id)) == (chosen, chosen)
        assert ids.is_id("mer", other.merchant_id)


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_chosen_mode_is_the_same_on_every_stage(world: World, at_stage: Any, mode: modes.Mode) -> None:
    marked = world.register(mode=mode).merchant_id
    for stage in ("local", "staging", "prod"):
        at_stage(stage)
        assert modes.of(marked) == mode


def test_ids_without_a_mark_are_of_no_mode_of_their_own(world: World, at_stage: Any) -> None:
    found = [ids.new("mer") for _ in range(200)]
    assert {modes.of(one) for one in found} == {"test"}
    at_stage("prod")
    assert {modes.of(one) for one in [*found, "mer_x", ""]} == {"live"}
    for one in found:
        pair = [modes.marked(one, "test"), modes.marked(one, "live")]
        assert len({one, *pair}) == 3
        assert [modes.of(each) for each in pair] == ["test", "live"]
        assert modes.of(modes.test_id(one)) == "test"


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_key_says_its_mode(world: World, mode: str) -> None:
    signer = world.register(mode=mode)
    assert signer.api_key.startswith(f"pcx_{mode}_")
    assert signer.secret.startswith(f"sk_{mode}_")
    shown = world.call(signer, "POST", "/v1/merchants/apikey", {}).body
    assert (shown["api_key"][: len(shown["prefix"])], shown["api_key"].startswith(f"pcx_{mode}_")) == (shown["prefix"], True)
    assert world.call(Signer(shown["api_key"], shown["secret"]), "GET", ME).body["mode"] == mode


@pytest.mark.parametrize("mode", ["live", "test"])
@pytest.mark.parametrize("stage", ["local", "prod"])
@pytest.mark.parametrize(
    ("connector", "field", "credentials"),
    [("stripe", "secret_key", STRIPE), ("razorpay", "key_id", RAZORPAY), ("prism:stripe", "api_key", PROCESSOR)],
)
def test_credentials_are_of_the_merchants_mode(
    world: World, at_stage: Any, stage: str, mode: str, connector: str, field: str, credentials: dict[str, Any]
) -> None:
    at_stage(stage)
    signer = known(world, mode=mode)
    with nothing_written(world, but_outcomes=True):
        refused = world.call(signer, "PATCH", ME, {"connectors": {connector: credentials[OTHER[mode]]}})
        assert_refused(refused, "wrong_mode")
    expected = {"field": f"connectors.{connector}.{field}", "mode": mode, "given": OTHER[mode]}
    assert refused.body["error"]["details"] == expected
    assert credentials[OTHER[mode]][field] not in refused.raw.decode()
    assert world.call(signer, "PATCH", ME, {"connectors": {connector: credentials[mode]}}).status == 200


@pytest.mark.parametrize(
    ("credential", "mode"),
    [
        *(("sk_test_1", "test"), ("rk_live_1", "live"), ("pk_test_1", "test"), ("rzp_live_1", "live"), ("live_1", "live")),
        *(("sk_sbox_1", "test"), ("xnd_development_1", "test"), ("xnd_public_production_1", "live"), ("FLWSECK_TEST-1", "test")),
        *(("FLWSECK-1", "live"), ("cfsk_ma_test_1", "test"), ("cfsk_ma_prod_1", "live")),
        *(("AQEyhmfxK", None), ("", None), ("whsec_test_1", None), ("contest_1", None), ("TEST", None), ("merchant_live", None)),
    ],
)
def test_a_credential_says_its_mode_by_how_it_begins(credential: str, mode: str | None) -> None:
    assert mode_of(credential) == mode


def test_the_sandbox_is_of_test_merchants_alone(world: World, at_stage: Any) -> None:
    at_stage("prod")
    live = world.register()
    test = beside(world, live)
    offered = {who.merchant_id: world.call(who, "GET", "/v1/merchants/connectors").body["data"] for who in (live, test)}
    assert offered[live.merchant_id] == []
    assert [each["connector"] for each in offered[test.merchant_id]] == ["sandbox", "sandbox_backup"]
    card = {"amount": "10.00", "method": "upi_intent"}
    assert_refused(world.call(live, "POST", "/v1/payments/create", card), "unsupported_method")
    paid = world.call(test, "POST", "/v1/payments/create", card)
    assert (paid.status, paid.body["provider"]) == (201, "sandbox")
    assert "merchant@sandbox" in paid.body["next_action"]["upi_url"]
    for body in ({"connectors": {"sandbox": {"failure_percent": "1"}}}, {"routing_rules": [{"use": [{"connector": "sandbox"}]}]}):
        with nothing_written(world, but_outcomes=True):
            assert_refused(world.call(live, "PATCH", ME, body), "invalid_request")
        assert world.call(test, "PATCH", ME, body).status == 200
    assert [world.call(who, "GET", "/v1/processors/sandbox").status for who in (live, test)] == [404, 200]
    at_stage("prod", allow_sandbox_connector=True)
    assert len(world.call(live, "GET", "/v1/merchants/connectors").body["data"]) == 2


@pytest.mark.parametrize("setting", [{"payee_vpa": "chai@okbank"}, {"xpubs": {"ethereum": XPUB}}])
def test_in_production_a_test_merchant_has_no_place_for_real_money(world: World, at_stage: Any, setting: dict[str, Any]) -> None:
    at_stage("prod")
    live = world.register()
    test = beside(world, live)
    (field,) = setting
    with nothing_written(world, but_outcomes=True):
        refused = world.call(test, "PATCH", ME, setting)
        assert_refused(refused, "wrong_mode")
    assert refused.body["error"]["details"] == {"field": field, "mode": "test", "given": "live"}
    assert world.call(live, "PATCH", ME, setting).status == 200
    at_stage("local")
    assert world.call(test, "PATCH", ME, setting).status == 200


def test_a_live_merchant_has_one_test_merchant(world: World) -> None:
    live = world.register("Chai", mode="live", currency="USD", webhook_url="https://example.com/hook")
    made = world.call(live, "POST", "/v1/test", key="k")
    assert made.status == 201, made.raw
    shown = made.body
    assert (shown["mode"], shown["name"], shown["currency"], shown["webhook"]) == ("test", "Chai", "USD", None)
    again = world.call(live, "POST", "/v1/test", key="k")
    assert (again.status, again.body["merchant_id"], again.body["api_key"], again.body["secret"]) == (201, shown["merchant_id"], None, None)
    with nothing_written(world, but_outcomes=True):
        refused = world.call(live, "POST", "/v1/test", key="other")
        assert_refused(refused, "invalid_state")
    assert refused.body["error"]["details"] == {"test_merchant_id": shown["merchant_id"]}
    test = Signer(shown["api_key"], shown["secret"], shown["merchant_id"])
    own = {who.api_key: world.call(who, "GET", ME).body for who in (live, test)}
    assert own[live.api_key]["test_merchant_id"] == own[test.api_key]["merchant_id"] == shown["merchant_id"]
    assert own[test.api_key]["live_merchant_id"] == own[live.api_key]["merchant_id"] == live.merchant_id
    assert (own[live.api_key]["live_merchant_id"], own[test.api_key]["test_merchant_id"]) == (None, None)
    assert world.call(test, "GET", "/v1/webhooks/provider").body["data"] == []
    assert_refused(world.call(test, "POST", "/v1/test"), "invalid_state")


def test_a_key_without_the_right_makes_no_test_merchant(world: World) -> None:
    live = known(world, mode="live")
    made = world.call(live, "POST", "/v1/merchants/apikey", {"scopes": ["merchant:read"]}).body
    key = Signer(made["api_key"], made["secret"])
    assert world.call(key, "GET", ME).status == 200
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(key, "POST", "/v1/test"), "forbidden")
    assert world.call(live, "GET", ME).body["test_merchant_id"] is None


def test_test_money_is_in_no_figure_of_the_live_merchant(world: World) -> None:
    live = world.register(mode="live")
    test = beside(world, live)
    figures = (
        "/v1/dashboard/stats",
        "/v1/dashboard/money",
        "/v1/dashboard/payment_sums",
        "/v1/dashboard/ledgers",
        "/v1/payments",
        "/v1/settlements",
    )
    before = [world.call(live, "GET", target).without_request_id() for target in figures]
    world.wallet(test, "asha", "100.00")
    assert world.pay(test, "asha", "10.00").status == 201
    assert world.call(test, "POST", "/v1/payments/create", {"amount": "5.00", "method": "upi_intent"}).status == 201
    after = [world.call(live, "GET", target).without_request_id() for target in figures]
    assert [_without_times(one) for one in after] == [_without_times(one) for one in before]
    assert len(world.call(test, "GET", "/v1/payments").body["data"]) == 2


def _without_times(shown: Any) -> Any:
    if isinstance(shown, dict):
        return {name: _without_times(value) for name, value in shown.items() if name not in {"as_of", "at", "from", "to", "generated_at"}}
    return [_without_times(each) for each in shown] if isinstance(shown, list | tuple) else shown


def test_every_answer_that_names_its_merchant_says_the_mode() -> None:
    schemas = openapi.generate()["components"]["schemas"]
    named = {name for name, schema in schemas.items() if "merchant_id" in schema.get("properties", {})}
    silent = {name for name in named if "mode" not in schemas[name]["properties"]}
    assert not silent
    assert {"PaymentEvent", "ApiKeyView", "EndpointView", "TransferView", "CryptoTransactionView"} <= {
        name for name, schema in schemas.items() if "mode" in schema.get("properties", {})
    }


@pytest.mark.parametrize("mode", ["live", "test"])
def test_objects_and_events_say_the_mode(world: World, engine: Engine, mode: str) -> None:
    world.settings = world.settings.model_copy(update={"allow_sandbox_connector": True})
    settings.use(world.settings)
    signer = world.register(mode=mode, webhook_url="https://example.com/hook")
    world.wallet(signer, "asha", "100.00")
    paid = world.pay(signer, "asha", "10.00").body
    refunded = world.call(signer, "POST", "/v1/payments/refund", {"payment_id": paid["payment_id"], "amount": "1.00"}).body
    shown = [paid, refunded, *(world.call(signer, "GET", target).body["data"][0] for target in ("/v1/payments", "/v1/webhooks/provider"))]
    assert {each["mode"] for each in shown} == {mode}
    engine.settle()
    events = world.call(signer, "GET", "/v1/events").body["data"]
    assert {each["mode"] for each in events} == {each.event["mode"] for each in engine.internet.received} == {mode}
    assert {each["data"]["mode"] for each in events} == {mode}
    assert {"payment.success", "refund.success"} <= {each["event"] for each in events}
