"""How a merchant's connectors stand: what is stored by name, what the provider last said, and whether calls are held back."""

from payments.connectors import breakers
from tests.support import payments as support
from tests.support.world import Signer, World

PATH = "/v1/merchants/connectors"
RAZORPAY = {"key_id": "rzp_test_1", "key_secret": "shh-secret", "webhook_secret": "whisper"}


def state(world: World, who: Signer, name: str) -> dict[str, object]:
    reply = world.call(who, "GET", PATH)
    assert reply.status == 200, reply.raw
    (found,) = [each for each in reply.body["data"] if each["connector"] == name]
    return dict(found)


def test_a_new_merchant_has_the_sandboxes_only(world: World, who: Signer) -> None:
    names = [(each["connector"], each["built_in"]) for each in world.call(who, "GET", PATH).body["data"]]
    assert names == [("sandbox", True), ("sandbox_backup", True)]


def test_stored_fields_are_named_and_their_values_are_not_shown(world: World, who: Signer) -> None:
    support.settings(world, who, connectors={"razorpay": RAZORPAY})
    assert state(world, who, "razorpay")["fields"] == ["key_id", "key_secret", "webhook_secret"]
    raw = world.call(who, "GET", PATH).raw.decode()
    assert "shh-secret" not in raw
    assert "whisper" not in raw
    assert "rzp_test_1" not in raw


def test_what_the_provider_said_is_kept_until_the_settings_change(world: World, who: Signer) -> None:
    support.settings(world, who, connectors={"sandbox": {"failure_percent": "0"}})
    assert state(world, who, "sandbox")["verification"] is None
    said = world.call(who, "POST", f"{PATH}/sandbox/verify", {}).body
    assert state(world, who, "sandbox")["verification"] == said
    assert said["accepted"] is True
    world.clock.now += 1
    support.settings(world, who, connectors={"sandbox": {"failure_percent": "1"}})
    assert state(world, who, "sandbox")["verification"] is None


def test_a_connector_whose_calls_are_held_back_says_until_when(world: World, who: Signer) -> None:
    for _ in range(breakers.THRESHOLD):
        breakers.failed(who.merchant_id, "sandbox")
    shown = state(world, who, "sandbox")
    assert shown["breaker"] == "open"
    assert shown["open_until"] is not None
    world.clock.now += breakers.OPEN_SECONDS + breakers.WINDOW_SECONDS
    assert state(world, who, "sandbox")["breaker"] == "closed"


def test_another_merchants_connectors_are_not_there(world: World, who: Signer) -> None:
    support.settings(world, who, connectors={"razorpay": RAZORPAY})
    other = world.register("Other")
    assert [each["connector"] for each in world.call(other, "GET", PATH).body["data"]] == ["sandbox", "sandbox_backup"]
