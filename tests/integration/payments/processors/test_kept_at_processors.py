"""Cards that processors of the library keep: the payer's tick, the token, charges at that processor alone, and their end there."""

import json
from typing import Any

import pytest

from paycorex import storage
from paycorex.records.token import TokenItem
from payments.connectors import capabilities
from payments.connectors.prism import processors
from tests.fakes.receiver_behaviours import Reply as Answered
from tests.integration.payments.processors import adyen, fake, shift4, stripe
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import server
from tests.integration.payments.processors.test_certified_fields import begin, look
from tests.integration.payments.test_customers import erase, make
from tests.integration.payments.test_kept_cards import charge, tick
from tests.integration.payments.test_payer_access import follow
from tests.support import payments as support
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

__all__ = ["server"]
KEEPING = [kind for kind in fake.every() if processors.of(kind.name).keeps is not None]
every = pytest.mark.parametrize("kind", KEEPING, ids=[kind.name for kind in KEEPING])
SAVES = {"save": True, "user_id": "asha"}
# What a request to forget a card has in its address.
FORGETS = {"stripe": "/detach", "adyen": "/storedPaymentMethods/"}


def paid(world: World, who: Signer, server: FakeProcessor, *, keep: bool | None = True) -> dict[str, Any]:
    """A payment whose payer ticked, or not, and paid."""
    payment: dict[str, Any] = begin(world, who, server, SAVES).body
    if keep is not None:
        assert tick(world, payment, keep=True).status == 200
        assert tick(world, payment, keep=keep).status == 200
    (begun,) = server.payments.values()
    if isinstance(server, adyen.Fake) and keep:
        # What our page sends with the card.
        server.ticked.add(begun.ours)
    server.confirm(begun)
    assert look(world, payment).body["status"] == "success"
    return support.show(world, who, payment["payment_id"])


def kept(world: World, who: Signer, server: FakeProcessor) -> dict[str, Any]:
    token_id = paid(world, who, server)["token_id"]
    assert token_id is not None
    token: dict[str, Any] = world.call(who, "GET", f"/v1/tokens/{token_id}").body
    return token


def pay(world: World, who: Signer, token: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = charge(world, who, token, currency="USD", **more)
    assert answer.status == 201, answer.raw
    payment: dict[str, Any] = answer.body
    return payment


def test_stripe_and_adyen_keep_cards() -> None:
    assert [kind.name for kind in KEEPING] == ["adyen", "stripe"]
    assert [capabilities.keeps_cards(f"prism:{name}") for name in ("adyen", "stripe", "shift4")] == [True, True, False]


@every
def test_a_card_is_kept_by_the_payers_tick_charged_there_and_forgotten(world: World, who: Signer, server: FakeProcessor) -> None:
    token = kept(world, who, server)
    assert (token["type"], token["connector"], token["user_id"], token["brand"]) == (
        "provider_token",
        f"prism:{server.name}",
        "asha",
        "visa",
    )
    assert (len(token["last4"]), token["expiry_year"] >= 2024, token["expiry_month"] in range(1, 13)) == (4, True, True)
    payment = pay(world, who, token)
    assert (payment["status"], payment["provider"], payment["user_id"]) == ("success", f"prism:{server.name}", "asha")
    assert sorted(taken.captured for taken in server.payments.values()) == [500, 1234]
    assert isinstance(server, adyen.Fake | stripe.Fake)
    assert len(server.kept) == 1
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200
    assert server.kept == {}
    assert_refused(charge(world, who, token, currency="USD"), "not_found")
    assert support.findings() == []


@every
def test_the_erasure_of_a_person_has_the_processor_forget_the_card(world: World, who: Signer, server: FakeProcessor) -> None:
    customer_id = make(world, who).body["customer_id"]
    token = kept(world, who, server)
    assert isinstance(server, adyen.Fake | stripe.Fake)
    server.trouble[FORGETS[server.name]] = Answered(503, b"{}", [])
    assert_refused(erase(world, who, customer_id), "provider_unavailable")
    assert len(server.kept) == 1
    assert erase(world, who, customer_id).body["erased_at"] is not None
    assert server.kept == {}
    assert world.call(who, "GET", f"/v1/tokens/{token['token_id']}").body["is_active"] is False


@every
@pytest.mark.parametrize("lie", ["shopperReference|metadata.order_id", "id|shopperReference"])
def test_the_card_of_another_payment_is_not_taken_for_this_one(world: World, who: Signer, server: FakeProcessor, lie: str) -> None:
    payment = begin(world, who, server, SAVES).body
    assert tick(world, payment).status == 200
    (begun,) = server.payments.values()
    if isinstance(server, adyen.Fake):
        server.ticked.add(begun.ours)
    server.confirm(begun)
    server.lies, server.lies_at = {lie: "another"}, {"stripe": "expand%5B%5D=payment_method", "adyen": "/storedPaymentMethods"}[server.name]
    assert look(world, payment).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["token_id"] is None
    assert list(storage.scan_all(TokenItem)) == []


@every
@pytest.mark.parametrize("keep", [None, False])
def test_without_the_payers_tick_nothing_is_kept(world: World, who: Signer, server: FakeProcessor, keep: bool | None) -> None:
    assert paid(world, who, server, keep=keep)["token_id"] is None
    assert isinstance(server, adyen.Fake | stripe.Fake)
    assert (server.kept, list(storage.scan_all(TokenItem))) == ({}, [])


@every
def test_a_merchants_own_charge_says_that_the_payer_is_not_there(world: World, who: Signer, server: FakeProcessor) -> None:
    token = kept(world, who, server)
    for by_payer in (True, False):
        assert pay(world, who, token, customer_initiated=by_payer)["status"] == "success"
    last = [
        request.body.decode()
        for request in server.asked(server.charges_at)
        if b"storedPaymentMethodId" in request.body or b"pm_" in request.body
    ]
    wanted = {
        "stripe": ["off_session=false", "off_session=true"],
        "adyen": ['"recurringProcessingModel": "CardOnFile"', '"recurringProcessingModel": "UnscheduledCardOnFile"'],
    }[server.name]
    assert [text in body for text, body in zip(wanted, last, strict=True)] == [True, True]


@every
@pytest.mark.parametrize("about", ["ours", "amount"])
def test_an_answer_about_something_else_is_no_success(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    token = kept(world, who, server)
    where = processors.of(server.name).witnesses["charge"]
    server.lies, server.lies_at = {getattr(where, about): {"ours": "pay_" + "z" * 26, "amount": 9900}[about]}, server.charges_at
    found = pay(world, who, token)
    seen = (found["status"], (found["review"] or {"reason": None})["reason"], [money["amount"] for money in found["late_money"]])
    assert seen == {"ours": ("processing", "another_object", []), "amount": ("processing", None, ["99.00"])}[about]


@every
def test_a_hold_by_a_kept_card_is_captured(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = pay(world, who, kept(world, who, server), capture_method="manual")
    assert payment["status"] == "authorized"
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {}).status == 201
    assert sorted(taken.captured for taken in server.payments.values()) == [500, 1234]


@every
def test_other_connectors_are_skipped_and_no_bank_is_asked(world: World, who: Signer, server: FakeProcessor) -> None:
    token = kept(world, who, server)
    route = charge(world, who, token, currency="USD", dry_run=True).body["route"]
    assert route["connectors"] == [f"prism:{server.name}"]
    assert not capabilities.asks_payer(f"prism:{server.name}", by_fields=False, is_kept=True)


@every
def test_a_token_of_a_processor_that_does_not_answer_stays(world: World, who: Signer, server: FakeProcessor) -> None:
    token = kept(world, who, server)
    server.trouble[FORGETS[server.name]] = Answered(503, b"{}", [])
    assert_refused(world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}"), "provider_unavailable")
    assert world.call(who, "GET", f"/v1/tokens/{token['token_id']}").body["is_active"] is True
    assert isinstance(server, adyen.Fake | stripe.Fake)
    # What the processor has forgotten by itself is forgotten.
    server.kept.clear()
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").body["is_active"] is False


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_a_token_that_is_made_later_is_found_by_the_janitor(world: World, who: Signer, server: FakeProcessor) -> None:
    assert isinstance(server, adyen.Fake)
    payment = begin(world, who, server, SAVES).body
    assert tick(world, payment).status == 200
    (begun,) = server.payments.values()
    server.confirm(begun)
    assert look(world, payment).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["token_id"] is None
    server.kept["M5N7TQ4TG5PFWR50"] = begun.ours
    support.tick(world, after_seconds=120)
    token_id = support.show(world, who, payment["payment_id"])["token_id"]
    assert world.call(who, "GET", f"/v1/tokens/{token_id}").body["connector"] == "prism:adyen"


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_a_session_without_save_lets_adyen_keep_nothing(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begin(world, who, server).body
    (asked,) = server.asked("/sessions")
    assert not {"shopperReference", "enableOneClick", "storePaymentMethod"} & set(json.loads(asked.body))
    assert "keeps_card" not in payment["next_action"]
    assert_refused(tick(world, payment), "invalid_state")


@pytest.mark.parametrize(
    ("kind", "keeps"), [(stripe.Fake, True), (adyen.Fake, True), (shift4.Fake, False)], ids=["stripe", "adyen", "shift4"]
)
def test_create_says_whether_the_card_can_be_kept(world: World, who: Signer, server: FakeProcessor, keeps: bool) -> None:
    shown = begin(world, who, server, {**SAVES, "dry_run": True}).body["payment"]
    payment = begin(world, who, server, SAVES).body
    assert [shown["next_action"]["keeps_card"], payment["next_action"]["keeps_card"]] == [keeps, keeps]
    assert ('id="keep"' in follow(world, payment).raw.decode()) is keeps
