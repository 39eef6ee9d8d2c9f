"""A card that its payer lets the provider keep: the tick, the token, charges at that provider alone, and its end there."""

from typing import Any

import pytest

from paycorex import storage
from paycorex.records.token import TokenItem
from payments.connectors.requests import Attempt
from payments.connectors.sandbox.connector import Sandbox
from payments.methods import kept_cards
from payments.payment import keeping
from tests.integration.payments.test_payer_access import follow
from tests.integration.payments.test_provider_fields import begin, begun, look, typed
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SHOWN = {"brand": "visa", "last4": "1111", "expiry_month": 12, "expiry_year": 2031}


def tick(world: World, payment: dict[str, Any], *, keep: bool = True) -> Reply:
    return follow(world, payment, "/keep", "POST", b'{"keep":true}' if keep else b'{"keep":false}')


def kept(world: World, who: Signer, card: str = "approve", **more: Any) -> dict[str, Any]:
    """The token of a card that was kept with a payment."""
    payment = begun(world, who, save=True, user_id="asha", **more)
    assert tick(world, payment).status == 200
    assert typed(world, payment, card=card, kept=SHOWN).status == 200  # type: ignore[arg-type]
    look(world, payment)
    token_id = support.show(world, who, payment["payment_id"])["token_id"]
    token: dict[str, Any] = world.call(who, "GET", f"/v1/tokens/{token_id}").body
    return token


def charge(world: World, who: Signer, token: dict[str, Any], **more: Any) -> Reply:
    return world.call(who, "POST", "/v1/payments/create", {"amount": "5.00", "method": "tokenized", "token_id": token["token_id"], **more})


def test_a_card_is_kept_when_the_payer_ticks_and_is_charged_there(world: World, who: Signer) -> None:
    token = kept(world, who)
    assert (token["type"], token["connector"], token["user_id"], token["is_active"]) == ("provider_token", "sandbox", "asha", True)
    assert {name: token[name] for name in SHOWN} == SHOWN
    listed = world.call(who, "GET", "/v1/tokens?user_id=asha").body["data"]
    assert [(one["token_id"], one["connector"]) for one in listed] == [(token["token_id"], "sandbox")]
    paid = charge(world, who, token)
    assert (paid.status, paid.body["status"], paid.body["provider"], paid.body["user_id"]) == (201, "success", "sandbox", "asha")
    assert support.findings() == []


@pytest.mark.parametrize("keep", [None, False])
def test_without_the_payers_tick_nothing_is_kept(world: World, who: Signer, keep: bool | None) -> None:
    payment = begun(world, who, save=True, user_id="asha")
    if keep is False:
        tick(world, payment)
        tick(world, payment, keep=False)
    typed(world, payment, card="approve", kept=SHOWN)  # type: ignore[arg-type]
    assert look(world, payment).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["token_id"] is None
    assert list(storage.scan_all(TokenItem)) == []


def test_a_payer_is_asked_only_where_the_merchant_would_save(world: World, who: Signer) -> None:
    asked, unasked = begun(world, who, save=True, user_id="asha"), begun(world, who, user_id="asha")
    assert 'id="keep"' in follow(world, asked).raw.decode()
    assert 'id="keep"' not in follow(world, unasked).raw.decode()
    with nothing_written(world):
        assert_refused(tick(world, unasked), "invalid_state")


@pytest.mark.parametrize("order", [{"save": True}, {"save": True, "method": "upi_intent", "user_id": "asha"}])
def test_saving_needs_a_user_and_fields(world: World, who: Signer, order: dict[str, Any]) -> None:
    for dry_run in (False, True):
        with nothing_written(world):
            assert_refused(begin(world, who, **{**order, "dry_run": dry_run}), "invalid_request")


def test_the_janitor_makes_the_token_when_no_browser_came_back(world: World, who: Signer) -> None:
    payment = begun(world, who, save=True, user_id="asha")
    tick(world, payment)
    typed(world, payment, card="approve", kept=SHOWN)  # type: ignore[arg-type]
    support.tick(world, after_seconds=60)
    support.tick(world, after_seconds=60)
    shown = support.show(world, who, payment["payment_id"])
    assert shown["status"] == "success"
    assert world.call(who, "GET", f"/v1/tokens/{shown['token_id']}").body["last4"] == "1111"
    support.tick(world, after_seconds=600)
    assert support.stored(payment["payment_id"]).due_at is None
    assert len(list(storage.scan_all(TokenItem))) == 1


def test_other_connectors_are_skipped_and_say_whose_it_is(world: World, who: Signer) -> None:
    token = kept(world, who)
    rules = [{"use": [{"connector": "sandbox_backup"}, {"connector": "sandbox", "weight": 0}]}]
    support.settings(world, who, routing_rules=rules)
    route = charge(world, who, token, dry_run=True).body["route"]
    assert route["connectors"] == ["sandbox"]
    assert route["skipped"] == [{"connector": "sandbox_backup", "reason": "token belongs to sandbox"}]
    support.settings(world, who, routing_rules=[{"use": [{"connector": "sandbox_backup"}]}])
    assert charge(world, who, token).body["provider"] == "sandbox"


def test_a_kept_card_behaves_as_the_test_card_that_it_is(world: World, who: Signer) -> None:
    paid = charge(world, who, kept(world, who, "refund_fails")).body
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid["payment_id"]})
    assert (paid["status"], refused.body["status"]) == ("success", "failed")


def test_a_deleted_token_is_forgotten_there_and_charges_nothing(world: World, who: Signer) -> None:
    token = kept(world, who)
    gone = world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}")
    assert (gone.status, gone.body["is_active"], gone.body["connector"]) == (200, False, None)
    assert [line.card for line in support.books()] == [None]
    assert_refused(charge(world, who, token), "not_found")
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200


def test_anothers_token_is_neither_forgotten_nor_charged(world: World, who: Signer) -> None:
    token, other = kept(world, who), world.register("Other")
    world.call(other, "GET", "/v1/merchants/me")
    with nothing_written(world):
        assert_refused(charge(world, other, token), "not_found")
        assert_refused(world.call(other, "DELETE", f"/v1/tokens/{token['token_id']}"), "not_found")
    assert charge(world, who, token).status == 201


def test_a_payer_ticks_so_often_and_no_more(world: World, who: Signer) -> None:
    """Each asks the provider: without a limit, a link would spend the merchant's share of the provider's requests."""
    payment = begun(world, who, save=True, user_id="asha")
    said = [tick(world, payment, keep=bool(number % 2)).status for number in range(kept_cards.TICKS.times + 1)]
    assert (set(said[:-1]), said[-1]) == ({200}, 429)


def test_a_tick_that_a_payment_overtakes_still_makes_the_token(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The payer pays in one window while the tick of another is under way: what the provider keeps then has a token."""
    payment = begun(world, who, save=True, user_id="asha")
    tick(world, payment)

    def pay_meanwhile(_self: Sandbox, _attempt: Attempt, *, keeps: bool) -> dict[str, str]:
        if not keeps:
            return {}
        typed(world, payment, card="approve", kept=SHOWN)  # type: ignore[arg-type]
        tick(world, payment, keep=False)
        assert look(world, payment).body["status"] == "success"
        return {}

    monkeypatch.setattr(Sandbox, "agree", pay_meanwhile)
    assert tick(world, payment).status == 200
    support.tick(world, after_seconds=5)
    token_id = support.show(world, who, payment["payment_id"])["token_id"]
    assert world.call(who, "GET", f"/v1/tokens/{token_id}").body["last4"] == "1111"


def test_a_tick_that_comes_after_the_token_makes_no_other(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = begun(world, who, save=True, user_id="asha")
    tick(world, payment)

    def pay_and_delete_meanwhile(_self: Sandbox, _attempt: Attempt, *, keeps: bool) -> dict[str, str]:
        assert keeps
        typed(world, payment, card="approve", kept=SHOWN)  # type: ignore[arg-type]
        assert look(world, payment).body["status"] == "success"
        token_id = support.show(world, who, payment["payment_id"])["token_id"]
        assert world.call(who, "DELETE", f"/v1/tokens/{token_id}").status == 200
        return {}

    monkeypatch.setattr(Sandbox, "agree", pay_and_delete_meanwhile)
    assert tick(world, payment).status == 200
    support.tick(world, after_seconds=600)
    assert world.call(who, "GET", "/v1/tokens?user_id=asha").body["data"] == []
    assert keeping.step_of(support.stored(payment["payment_id"])) == keeping.KEPT
