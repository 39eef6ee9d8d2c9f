"""Card fields of processors of the library: what is begun for the payer's browser, and what settles it."""

from typing import Any

import pytest

from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import EVERY, PAYER, post_callback, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
BY_FIELDS = {
    "stripe": {"client_secret": "pi_0_secret_x"},
    "adyen": {"session_id": "CS0000000000000000", "session_data": "Ab02b4c0!BQABAgBfYI29"},
}
PLAYED = [kind for kind in EVERY if kind.name in BY_FIELDS]
every = pytest.mark.parametrize("kind", PLAYED, ids=[kind.name for kind in PLAYED])


def begin(world: World, who: Signer, server: FakeProcessor, order: dict[str, Any] | None = None, **more: Any) -> Any:
    given = {**server.credentials, "webhook_secret": server.webhook_secret, "publishable_key": "pk_browser", **more}
    rules = [{"use": [{"connector": f"prism:{server.name}"}]}]
    support.settings(world, who, connectors={f"prism:{server.name}": given}, routing_rules=rules)
    body = {"amount": "12.34", "currency": "USD", "method": "tokenized", "payer": PAYER, **(order or {})}
    headers = [("Host", "shop.example"), ("X-Forwarded-Proto", "https")]
    return world.call(who, "POST", "/v1/payments/create", body, headers=headers)


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
