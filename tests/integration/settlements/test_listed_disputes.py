"""A dispute whose callback was lost is found by the provider's list, which is read every day."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from paycorex import clock, settings, storage
from paycorex.records.dispute import DisputeItem
from paycorex.records.settlement_import import DONE, SettlementImportItem
from payments.connectors import http_calls, registry
from payments.connectors.disputing import ListsDisputes
from payments.connectors.razorpay import dispute_calls
from payments.connectors.settling import Page
from settlements.imports import running
from settlements.sources import pulling
from tests.fakes.disputing_providers import DisputingRazorpay, DisputingStripe
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.support import payments as support
from tests.support.world import Signer, World

ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731
DAY_SECONDS = 86_400


@pytest.fixture
def world(world: World) -> World:
    """One of days, not of minutes."""
    world.settings = world.settings.model_copy(update={"stage": "dev"})
    settings.use(world.settings)
    return world


@pytest.fixture
def stripe(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[DisputingStripe]:
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with DisputingStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/"), "stage": "local"}))
        support.settings(world, merchant, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[DisputingRazorpay]:
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with DisputingRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/"), "stage": "local"}))
        support.settings(world, merchant, connectors={"razorpay": support.RAZORPAY}, payee_name="Chai & Co")
        yield server
        assert server.problems == []


def disputes() -> list[tuple[str, str, int]]:
    return sorted((item.payment_id, item.status, int(item.amount)) for item in storage.scan_all(DisputeItem))


def read_lists(world: World) -> SettlementImportItem:
    """The next daily import, and what the payments' own service makes of it."""
    from settlements import importer_door

    world.clock.now += DAY_SECONDS
    importer_door.handler({}, None)
    support.tick(world, after_seconds=1)
    return max(storage.scan_all(SettlementImportItem), key=lambda item: (item.due_at is None, item.order_key))


def test_stripes_list_opens_a_dispute_of_which_no_callback_came(world: World, merchant: Signer, stripe: DisputingStripe) -> None:
    payment_id = support.charge(world, merchant, support.APPROVE).body["payment_id"]
    other = support.charge(world, merchant, support.APPROVE).body["payment_id"]
    first, second = stripe.intents.values()
    stripe.dispute(first, 1000)
    stripe.dispute(second, 500)
    stripe.page = 1
    support.tick(world, after_seconds=3600)
    assert disputes() == []
    assert read_lists(world).errors is None
    assert disputes() == sorted([(payment_id, "needs_response", 1000), (other, "needs_response", 500)])
    before = storage.scan_all(DisputeItem)
    versions = {item.dispute_id: int(item.version) for item in before}
    support.tick(world, after_seconds=1)
    running.run(ALWAYS)
    assert {item.dispute_id: int(item.version) for item in storage.scan_all(DisputeItem)} == versions


def test_razorpays_list_opens_one_too_and_is_read_as_far_back_as_the_days_go(
    world: World, merchant: Signer, razorpay: DisputingRazorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispute_calls, "PAGE", 1)
    token = world.call(merchant, "POST", "/v1/tokens/create", {"user_id": "asha", "type": "upi", "vpa": "asha@okbank"}).body["token_id"]
    body = {"amount": "10.00", "method": "tokenized", "token_id": token}
    payment_id = world.call(merchant, "POST", "/v1/payments/create", body).body["payment_id"]
    (payment,) = razorpay.payments.values()
    old = razorpay.dispute(payment, 100)
    old["created_at"] = int(clock.now_seconds()) - 30 * DAY_SECONDS
    older = razorpay.dispute(payment, 100)
    older["created_at"] = int(clock.now_seconds()) - 31 * DAY_SECONDS
    razorpay.disputes = {old["id"]: old, older["id"]: older}
    razorpay.dispute(payment, 1000)
    support.settle_all(world)
    read_lists(world)
    asked = [request.path for request in razorpay.requests if request.path.startswith("/v1/disputes?")]
    assert any("skip=1" in path for path in asked)
    assert (payment_id, "needs_response", 1000) in disputes()


def test_a_list_that_cannot_be_read_is_said_and_ends_no_import(
    world: World, merchant: Signer, stripe: DisputingStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "MAX_TRIES", 2)
    support.charge(world, merchant, support.APPROVE)
    (intent,) = stripe.intents.values()
    stripe.dispute(intent, 1000)
    answered = stripe.answer

    def silent(request: Any, path: str) -> Any:
        return (500, {}) if path == "/v1/disputes" else answered(request, path)

    monkeypatch.setattr(stripe, "answer", silent)
    for _ in range(4):
        read_lists(world)
    ended = [item for item in storage.scan_all(SettlementImportItem) if item.status == DONE]
    assert any(row[1].startswith("disputes: ") for item in ended for row in item.errors or ())
    assert disputes() == []


def test_a_page_that_is_none_is_not_believed(world: World, merchant: Signer, stripe: DisputingStripe) -> None:
    stripe.trouble["/v1/disputes"] = Answer(200, b'{"data": [{"id": "dp_1"}], "has_more": true}')
    connector = registry.connect_for(merchant.merchant_id, "stripe")
    assert isinstance(connector, ListsDisputes)
    assert not isinstance(connector.recent_disputes(0, clock.now_ms(), None), Page)
