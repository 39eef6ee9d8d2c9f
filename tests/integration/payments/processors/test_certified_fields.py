"""Card fields of processors of the library: what is begun for the payer's browser, and what settles it."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import EVERY, PAYER, post_callback, server
from tests.integration.payments.test_payer_access import follow, link
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
BY_FIELDS = {
    "stripe": {"client_secret": "pi_0_secret_x"},
    "adyen": {"session_id": "CS0000000000000000", "session_data": "Ab02b4c0!BQABAgBfYI29"},
}
PLAYED = [kind for kind in EVERY if kind.name in BY_FIELDS]
adyens = pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
every = pytest.mark.parametrize("kind", PLAYED, ids=[kind.name for kind in PLAYED])


def begin(world: World, who: Signer, server: FakeProcessor, order: dict[str, Any] | None = None, **more: Any) -> Any:
    given = {**server.credentials, "webhook_secret": server.webhook_secret, "publishable_key": "pk_browser", **more}
    rules = [{"use": [{"connector": f"prism:{server.name}"}]}]
    support.settings(world, who, connectors={f"prism:{server.name}": given}, routing_rules=rules)
    body = {"amount": "12.34", "currency": "USD", "method": "tokenized", "payer": PAYER, **(order or {})}
    headers = [("Host", "shop.example"), ("X-Forwarded-Proto", "https")]
    return world.call(who, "POST", "/v1/payments/create", body, headers=headers)


def look(world: World, payment: dict[str, Any]) -> Reply:
    """What our page does once the processor's script is done."""
    session = payment["next_action"].get("session_id")
    body = {} if session is None else {"session_result": f"result-of-{session}"}
    return follow(world, payment, "/look", "POST", json.dumps(body).encode())


@every
def test_the_browser_gets_what_it_pays_by_and_no_secret(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server).body
    assert payment.get("status") == "pending", payment
    action = payment["next_action"]
    wanted = {"type": "provider_fields", "provider": f"prism:{server.name}", "publishable_key": "pk_browser", **BY_FIELDS[server.name]}
    assert {name: action[name] for name in wanted} == wanted
    assert not [secret for secret in server.credentials.values() if secret in str(payment)]
    (begun,) = server.payments.values()
    assert (begun.ours, begun.amount) == (payment["payment_id"], 1234)
    for _ in range(2):
        support.tick(world, after_seconds=120)
    assert support.show(world, who, payment["payment_id"])["status"] == "pending"


@every
def test_a_paid_session_settles_once(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = begin(world, who, server).body["payment_id"]
    (begun,) = server.payments.values()
    server.confirm(begun)
    answers = [post_callback(world, who, server, "taken").body for _ in range(2)]
    assert answers == [{"received": True, "applied": True}] * 2
    found = support.show(world, who, payment_id)
    assert (found["status"], found["late_money"]) == ("success", [])


@every
def test_what_the_fields_hold_is_captured_by_the_merchant(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server, {"capture_method": "manual"}).body
    (begun,) = server.payments.values()
    server.confirm(begun)
    assert look(world, payment).body["status"] == "authorized"
    assert begun.captured == 0
    captured = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {})
    assert captured.status == 201, captured.raw
    assert (begun.status, begun.captured) == ("taken", 1234)


@every
def test_a_hold_that_is_not_wanted_is_released(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server, {"capture_method": "manual"}).body
    (begun,) = server.payments.values()
    server.confirm(begun)
    assert look(world, payment).body["status"] == "authorized"
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/void", {}).status in {200, 201}
    assert (begun.status, begun.captured) == ("released", 0)


@every
def test_a_card_that_was_refused_in_the_fields_ends_nothing(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = begin(world, who, server).body["payment_id"]
    (begun,) = server.payments.values()
    assert post_callback(world, who, server, "refused").body == {"received": True, "applied": True}
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment_id)["status"] == "pending"
    server.confirm(begun)
    assert post_callback(world, who, server, "taken").body["applied"] is True
    found = support.show(world, who, payment_id)
    assert (found["status"], found["provider_reference"], found["late_money"]) == ("success", begun.reference, [])


@every
def test_what_the_browser_brings_opens_the_answer_and_is_none(world: World, who: Signer, server: FakeProcessor) -> None:
    """The processor says how it stands: before the payer paid, nothing that is brought settles anything."""
    payment = begin(world, who, server).body
    (begun,) = server.payments.values()
    assert look(world, payment).body["status"] == "pending"
    server.confirm(begun)
    assert look(world, payment).body["status"] == "success"
    found = support.show(world, who, payment["payment_id"])
    assert (found["provider_reference"], found["amount"]) == (begun.reference, "12.34")


@adyens
@pytest.mark.parametrize(
    ("lie", "review", "late"),
    [
        ({"payments.0.amount.value": 9900}, None, ["99.00"]),
        ({"reference": "pay_" + "z" * 26}, "another_object", []),
        ({"id": "CS0000000000000009"}, "another_object", []),
    ],
    ids=["amount", "ours", "session"],
)
def test_a_result_of_something_else_is_not_believed(
    world: World, who: Signer, server: FakeProcessor, lie: dict[str, Any], review: str | None, late: list[str]
) -> None:
    payment = begin(world, who, server).body
    (begun,) = server.payments.values()
    server.confirm(begun)
    server.lies, server.lies_at = lie, "sessionResult"
    look(world, payment)
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], [money["amount"] for money in found["late_money"]]) == ("pending", late)
    assert (found["review"] or {"reason": None})["reason"] == review


@adyens
@pytest.mark.parametrize("status", ["refused", "canceled", "expired"])
def test_a_session_that_is_over_ends_the_payment(world: World, who: Signer, server: FakeProcessor, status: str) -> None:
    assert isinstance(server, adyen.Fake)
    payment, server.session_status = begin(world, who, server).body, status
    said = look(world, payment).body
    assert (said["status"], said["failure_code"]) == ("failed", "card_declined")


@adyens
def test_a_session_lasts_as_long_as_its_payment_waits(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server, {"expires_in": 900}).body
    (asked,) = server.asked("/sessions")
    until = datetime.fromisoformat(json.loads(asked.body)["expiresAt"])
    assert until == datetime.fromisoformat(payment["next_action"]["expires_at"]).replace(microsecond=0)


@adyens
def test_after_the_banks_own_page_the_fields_go_on_and_nothing_is_decided(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server).body
    asked = len(server.requests)
    path, token = link(payment)
    back = world.send(
        "GET", f"{path}/back?t={token}&redirectResult=X6XtfGC3%21Y", [("Host", "shop.example"), ("X-Forwarded-Proto", "https")]
    )
    assert (back.status, len(server.requests)) == (303, asked)
    page, _, rest = back.headers["location"].partition("#")
    assert (page, rest) == (payment["next_action"]["pay_url"], "redirectResult=X6XtfGC3%21Y")


@every
def test_without_a_key_for_the_browser_nothing_is_begun(world: World, who: Signer, server: FakeProcessor) -> None:
    refused = begin(world, who, server, publishable_key=None)
    assert refused.code == "provider_configuration", refused.raw
    assert server.payments == {}


@every
@pytest.mark.parametrize("lie", ["amount", "reference", "ours"])
def test_what_was_begun_for_something_else_is_not_shown(world: World, who: Signer, server: FakeProcessor, lie: str) -> None:
    paths = {"stripe": {"amount": "amount", "reference": "id", "ours": "metadata.order_id"}}
    paths["adyen"] = {"amount": "amount.value", "reference": "", "ours": "reference"}
    path = paths[server.name][lie]
    if not path:
        pytest.skip("its session is named by its id alone")
    server.lies[path] = {"amount": 9900, "reference": "pi_other", "ours": "pay_" + "z" * 26}[lie]
    assert begin(world, who, server).code == "provider_unavailable"
