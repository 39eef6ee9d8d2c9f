"""A world with one merchant, for tests of payments."""

from collections.abc import Iterator

import pytest

from paycorex import settings
from payments.connectors import http_calls
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support import payments as support
from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    """Torn down only when the money adds up: no test of payments may leave books that do not."""
    with World().running() as world:
        yield world
        assert support.findings() == []
        assert support.charged_twice() == []


@pytest.fixture
def who(world: World) -> Signer:
    """The key's first use is noted already, so that a refused request leaves no trace at all."""
    who = world.register()
    assert world.call(who, "GET", "/v1/merchants/me").status == 200
    return who


@pytest.fixture
def stripe(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    """A server that answers as Stripe's reference says; the merchant pays through it."""
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRazorpay]:
    """A server that answers as Razorpay's reference says; the merchant pays through it."""
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": support.RAZORPAY}, payee_name="Chai & Co")
        yield server
        assert server.problems == []
