"""What a risk rule demands with `require_3ds` reaches each processor that can let the payer's bank ask; no other one is charged."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from payments.connectors import capabilities
from tests.fakes.http_servers import Recorded
from tests.integration.payments.processors import fake, phonepe
from tests.integration.payments.processors.fake import REDIRECTED, FakeProcessor
from tests.integration.payments.processors.test_certified import PAYER, charge, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
CARDS = [kind for kind in fake.every() if kind.pays_by == "card"]
# What each documents for a charge that the payer's bank must ask about.
ASKED: dict[str, Any] = {
    "adyen": {"threeDS2RequestData": {"threeDSRequestorChallengeInd": "04"}},
    "checkout": {"3ds": {"enabled": True, "force_3ds": True, "challenge_indicator": "challenge_requested"}},
    "datatrans": {"redirect": {}},
    "paypal": {"payment_source": {"card": {"attributes": {"verification": {"method": "SCA_ALWAYS"}}}}},
    "stripe": {"payment_method_options[card][request_three_d_secure]": "challenge"},
    "worldpay": {"instruction": {"threeDS": {"mode": "always", "challenge": {"preference": "challengeMandated"}}}},
    "xendit": {"payment_method": {"card": {"channel_properties": {"skip_three_d_secure": False}}}},
}
ASKING = [kind for kind in CARDS if kind.name in ASKED]
OTHERS = [kind for kind in CARDS if kind.name not in ASKED]
RULE = {"rule_id": "ask", "by": "email", "max_payments": 1, "window_seconds": 600, "then": "require_3ds"}


def test_each_claim_is_tested() -> None:
    assert {kind.name for kind in CARDS if capabilities.asks_payer(f"prism:{kind.name}", by_fields=False)} == set(ASKED)


@pytest.fixture
def ruled(world: World, who: Signer, server: FakeProcessor) -> None:
    """A rule by which the second payment of a payer needs the bank's question; the first one was made."""
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE]}).status == 200
    world.clock.now += 120
    assert charge(world, who, server).body["status"] == "success"
    server.requests.clear()


@pytest.mark.usefixtures("ruled")
@pytest.mark.parametrize("kind", ASKING, ids=[kind.name for kind in ASKING])
def test_the_processor_is_asked_to_let_the_bank_ask(world: World, who: Signer, server: FakeProcessor) -> None:
    made = charge(world, who, server, REDIRECTED).body
    assert (made["status"], made["risk"]["action"], made["next_action"]["type"]) == ("processing", "require_3ds", "redirect")
    sent = [_content(each) for each in server.requests if each.method == "POST"]
    assert any(_holds(each, ASKED[server.name]) for each in sent), sent


@pytest.mark.usefixtures("ruled")
@pytest.mark.parametrize("kind", OTHERS, ids=[kind.name for kind in OTHERS])
def test_a_processor_that_cannot_is_not_charged(world: World, who: Signer, server: FakeProcessor) -> None:
    made = charge(world, who, server, support.APPROVE).body
    assert server.requests == []
    assert (made["provider"], made["status"]) == ("sandbox_backup", "processing")


def _content(request: Recorded) -> dict[str, Any]:
    if "json" in request.headers["content-type"]:
        content: dict[str, Any] = json.loads(request.body)
        return content
    return dict(parse_qsl(request.body.decode()))


def _holds(document: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(document == wanted)
    return isinstance(document, dict) and all(name in document and _holds(document[name], value) for name, value in wanted.items())


@pytest.mark.parametrize("kind", [phonepe.Fake], ids=["phonepe"])
def test_a_payer_of_upi_confirms_anyway(world: World, who: Signer, server: FakeProcessor) -> None:
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE | {"max_payments": 1}]}).status == 200
    world.clock.now += 120
    made = [support.collect(world, who, "12.34", payer=PAYER).body for _ in range(2)]
    assert [(each["provider"], each["status"]) for each in made] == [("prism:phonepe", "pending")] * 2
