"""Customers: kept sealed, found by exact address or number, erased without a change to the books."""

import json
from typing import Any

import pytest

from paycorex import storage
from paycorex.ledger.proof import proof_key
from paycorex.ledger.proof.proof_check import check
from paycorex.records.customer import CustomerItem
from paycorex.records.token import TokenItem
from payments.connectors import calls as calling
from payments.connectors.results import Unavailable
from payments.methods import kept_cards
from payments.routes import customer_parts
from tests.integration.payments.test_kept_cards import SHOWN, kept
from tests.integration.payments.test_kept_cards import tick as press
from tests.integration.payments.test_provider_fields import begun, typed
from tests.support import payments as support
from tests.support import proofs
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

EMAIL, PHONE, NAME = "asha.canary@example.com", "+919876501234", "Asha Canary"
PERSON = {"name": NAME, "email": EMAIL, "phone": PHONE, "metadata": {"nick": "canarybird"}}


def make(world: World, who: Signer, reference: str = "asha", **more: Any) -> Reply:
    return world.call(who, "POST", "/v1/customers", {"reference": reference, **PERSON, **more})


def found(world: World, who: Signer, query: str = "") -> list[str]:
    listed = world.call(who, "GET", f"/v1/customers{query}")
    assert listed.status == 200, listed.raw
    return [one["customer_id"] for one in listed.body["data"]]


def test_a_customer_is_kept_and_shown_and_no_plain_item_says_who_it_is(world: World, who: Signer) -> None:
    made = make(world, who)
    assert made.status == 201
    assert {name: made.body[name] for name in PERSON} == PERSON
    assert (made.body["reference"], made.body["erased_at"]) == ("asha", None)
    shown = world.call(who, "GET", f"/v1/customers/{made.body['customer_id']}").body
    assert {name: shown[name] for name in made.body} == made.body
    everything = str(world.dump())
    assert [part for part in (EMAIL, PHONE[3:], "Canary", "canarybird") if part in everything] == []


def test_one_reference_is_one_customer(world: World, who: Signer) -> None:
    first = make(world, who).body["customer_id"]
    with nothing_written(world, but_outcomes=True):
        refused = make(world, who, name="Another")
    assert_refused(refused, "conflict")
    assert refused.body["error"]["details"] == {"customer_id": first}


def test_a_repeated_request_is_answered_from_the_first(world: World, who: Signer) -> None:
    body = {"reference": "asha", **PERSON}
    first, again = (world.call(who, "POST", "/v1/customers", body, key="k1") for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert len(found(world, who)) == 1


@pytest.mark.parametrize(
    "query",
    ["?reference=asha", "?email=Asha.Canary@example.com", "?phone=%2B919876501234", "?reference=asha&email=asha.canary@example.com"],
)
def test_a_customer_is_found_by_what_is_exactly_its_own(world: World, who: Signer, query: str) -> None:
    wanted = make(world, who).body["customer_id"]
    make(world, who, "ravi", email="ravi@example.com", phone="+919876500000")
    assert found(world, who, query) == [wanted]


@pytest.mark.parametrize(
    "query", ["?reference=ash", "?email=canary@example.com", "?phone=9876501234", "?reference=asha&email=x@example.com"]
)
def test_what_is_only_like_it_finds_none(world: World, who: Signer, query: str) -> None:
    make(world, who)
    assert found(world, who, query) == []


def test_the_hashes_of_two_merchants_are_not_alike(world: World, who: Signer) -> None:
    other = world.register("Other")
    make(world, who)
    make(world, other)
    hashes = {(item.email_hash, item.phone_hash) for item in storage.scan_all(CustomerItem) if item.merchant_id is not None}
    assert len(hashes) == 2
    assert len(found(world, other, f"?email={EMAIL}")) == 1


@pytest.mark.parametrize("reference", ["asha@example.com", "+919876501234", "98765 01234", "+91 (98765) 01234"])
def test_a_reference_that_says_who_the_person_is_is_refused(world: World, who: Signer, reference: str) -> None:
    with nothing_written(world):
        assert_refused(world.call(who, "POST", "/v1/customers", {"reference": reference}), "invalid_request")


@pytest.mark.parametrize("reference", ["user-7", "20261129", "a@b", "0190-aaf2-77", "1"])
def test_an_id_of_the_merchants_own_is_taken(world: World, who: Signer, reference: str) -> None:
    assert world.call(who, "POST", "/v1/customers", {"reference": reference}).status == 201


def test_a_change_replaces_what_it_names_and_null_takes_it_away(world: World, who: Signer) -> None:
    target = f"/v1/customers/{make(world, who).body['customer_id']}"
    changed = world.call(who, "PATCH", target, {"email": "new@example.com", "phone": None})
    assert changed.status == 200
    assert (changed.body["name"], changed.body["email"], changed.body["phone"]) == (NAME, "new@example.com", None)
    assert found(world, who, f"?email={EMAIL}") == found(world, who, "?phone=%2B919876501234") == []
    assert len(found(world, who, "?email=new@example.com")) == 1


def test_a_customer_is_shown_with_its_payments_and_cards(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    world.wallet(who, "asha", "100.00")
    paid = world.pay(who, "asha", "10.00").body["payment_id"]
    token_id = support.token(world, who, support.APPROVE)
    shown = world.call(who, "GET", f"/v1/customers/{customer_id}").body
    assert [one["payment_id"] for one in shown["payments"]] == [paid]
    assert [one["token_id"] for one in shown["tokens"]] == [token_id]


def blocked(world: World, who: Signer, amount: str = "100.00") -> str:
    """A UPI payment of the customer whose bank blocks its amount."""
    support.settings(world, who, merchant_category_code="5411", payee_vpa="shop@okbank")
    payment_id: str = support.collect(world, who, amount, capture_method="manual", user_id="asha").body["payment_id"]
    support.tick(world, after_seconds=60)
    return payment_id


def test_a_customer_is_shown_with_its_wallets_and_mandates(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    world.wallet(who, "asha", "100.00")
    world.wallet(who, "ravi", "7.00")
    payment_id = blocked(world, who)
    world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "40.00", "final": True})
    support.collect(world, who, "9.00", user_id="asha")
    shown = world.call(who, "GET", f"/v1/customers/{customer_id}").body
    assert [(one["user_id"], one["currency"], one["balance"]) for one in shown["wallets"]] == [("asha", "INR", "100.00")]
    assert shown["wallets"] == world.call(who, "GET", "/v1/wallet?user_id=asha").body["data"]
    (mandate,) = shown["mandates"]
    held = support.show(world, who, payment_id)["authorization"]
    assert (mandate["payment_id"], mandate["type"], mandate["captured"]) == (payment_id, "upi_one_time", "40.00")
    assert {name: mandate[name] for name in held} == held


def test_mandates_behind_newer_payments_are_found_and_ten_of_them_are_shown(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    made = [blocked(world, who) for _ in range(customer_parts.SHOWN + 1)]
    world.wallet(who, "asha", "100.00")
    for _ in range(customer_parts.SHOWN):
        assert world.pay(who, "asha", "1.00").status == 201
    for currency in ("AED", "AUD", "CAD", "CHF", "EUR", "GBP", "HKD", "JPY", "SGD", "USD"):
        assert world.call(who, "POST", "/v1/wallet/create", {"user_id": "asha", "currency": currency}).status == 201
    shown = world.call(who, "GET", f"/v1/customers/{customer_id}").body
    assert [one["method"] for one in shown["payments"]] == ["wallet"] * customer_parts.SHOWN
    assert [one["payment_id"] for one in shown["mandates"]] == made[:0:-1]
    assert len(shown["wallets"]) == customer_parts.SHOWN
    rest = world.call(who, "GET", "/v1/payments?user_id=asha&method=upi_intent&capture_method=manual&limit=100").body["data"]
    assert [one["payment_id"] for one in rest] == made[::-1]


def test_wallets_and_mandates_of_an_erased_person_keep_money_ids_and_the_merchants_reference(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    world.wallet(who, "asha", "100.00")
    payment_id = blocked(world, who)
    before = world.call(who, "GET", "/v1/wallet?user_id=asha").body, support.show(world, who, payment_id)
    assert erase(world, who, customer_id).status == 200
    shown = world.call(who, "GET", f"/v1/customers/{customer_id}").body
    assert (shown["wallets"], shown["mandates"], shown["payments"], shown["tokens"]) == ([], [], [], [])
    # The money is owed still, and what is blocked can be captured or released: the merchant finds both by its own reference.
    assert (world.call(who, "GET", "/v1/wallet?user_id=asha").body, support.show(world, who, payment_id)) == before
    everything = str(world.dump())
    assert [part for part in (EMAIL, PHONE[3:], "Canary", "canarybird") if part in everything] == []
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/void", {}).status in {200, 201}
    assert support.findings() == []


def test_a_payment_names_its_customer_by_either_id(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    world.wallet(who, "asha", "100.00")
    body = {"amount": "10.00", "method": "wallet"}
    paid = world.call(who, "POST", "/v1/payments/create", {**body, "customer_id": customer_id})
    assert (paid.status, paid.body["user_id"], paid.body["customer_id"]) == (201, "asha", customer_id)
    with nothing_written(world):
        mixed = world.call(who, "POST", "/v1/payments/create", {**body, "customer_id": customer_id, "user_id": "ravi"})
        assert_refused(mixed, "invalid_request")
    erase(world, who, customer_id)
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(who, "POST", "/v1/payments/create", {**body, "customer_id": customer_id}), "invalid_state")


def erase(world: World, who: Signer, customer_id: str, **more: Any) -> Reply:
    return world.call(who, "DELETE", f"/v1/customers/{customer_id}", **more)


def test_erasure_leaves_nothing_of_the_person_and_the_books_provable(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    world.wallet(who, "asha", "100.00")
    paid = world.pay(who, "asha", "10.00").body["payment_id"]
    token = kept(world, who)
    before = world.call(who, "GET", f"/v1/payments/{paid}").body
    proofs.seal(world)
    gone = erase(world, who, customer_id)
    assert gone.status == 200
    assert [gone.body[name] for name in ("reference", *PERSON)] == [None] * 5
    assert gone.body["erased_at"] is not None
    (item,) = [each for each in storage.scan_all(CustomerItem) if each.customer_id == customer_id]
    assert not any((item.sealed, item.email_hash, item.phone_hash, item.reference))
    tokens = list(storage.scan_all(TokenItem))
    assert not any(each.is_active or each.sealed or each.provider for each in tokens)
    assert world.call(who, "GET", f"/v1/tokens/{token['token_id']}").body["is_active"] is False
    assert found(world, who, f"?email={EMAIL}") == found(world, who, "?reference=asha") == []
    # The books are as they were, and hold.
    assert world.call(who, "GET", f"/v1/payments/{paid}").body == before
    assert support.findings() == []
    for export in ("/v1/dashboard/payments?format=csv", "/v1/dashboard/ledgers?format=csv"):
        said = world.call(who, "GET", export).raw.decode()
        assert paid in said
        assert [part for part in (EMAIL, PHONE[3:], NAME, "canarybird") if part in said] == []
    key = proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()
    check(proofs.proof(world, who, paid), key)


def test_an_erased_customer_is_not_made_anew_changed_or_erased_twice(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    gone = erase(world, who, customer_id).body
    with nothing_written(world, but_outcomes=True):
        assert_refused(make(world, who), "invalid_state")
        assert_refused(world.call(who, "PATCH", f"/v1/customers/{customer_id}", {"name": "A"}), "invalid_state")
    assert erase(world, who, customer_id).body == gone


def test_a_provider_that_cannot_be_asked_to_forget_a_card_keeps_the_person_until_it_can(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer_id = make(world, who).body["customer_id"]
    kept(world, who)
    with monkeypatch.context() as patched:
        patched.setattr(calling, "call", lambda *_: Unavailable("It does not answer."))
        assert_refused(erase(world, who, customer_id), "provider_unavailable")
    assert world.call(who, "GET", f"/v1/customers/{customer_id}").body["email"] == EMAIL
    assert erase(world, who, customer_id).body["erased_at"] is not None


class Killed(BaseException):
    """The function ends here, as if its environment were gone."""


@pytest.mark.parametrize("after", range(3))
def test_an_erasure_that_is_killed_is_ended_by_its_repetition(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    customer_id = make(world, who).body["customer_id"]
    for number in (support.APPROVE, support.DECLINE):
        support.token(world, who, number)
    steps = iter(range(10))

    def dies(real: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            if next(steps) == after:
                raise Killed
            return real(*given, **named)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(kept_cards, "delete", dies(kept_cards.delete))
        patched.setattr(storage, "transact", dies(storage.transact))
        with pytest.raises(Killed):
            erase(world, who, customer_id, key="once")
    shown = world.call(who, "GET", f"/v1/customers/{customer_id}").body
    assert shown["email"] == EMAIL
    done = erase(world, who, customer_id, key="once")
    assert (done.status, done.body["email"]) == (200, None)
    assert all(not each.is_active for each in storage.scan_all(TokenItem))


def test_lists_of_customers_show_each_once(world: World, who: Signer) -> None:
    made = [make(world, who, f"user-{number}").body["customer_id"] for number in range(5)]
    seen, cursor = list[str](), ""
    while True:
        page = world.call(who, "GET", f"/v1/customers?limit=2{cursor}").body
        seen += [one["customer_id"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == made[::-1]


def test_a_key_without_the_scope_sees_no_customer(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    made = world.call(who, "POST", "/v1/merchants/apikey", {"scopes": ["payments:read", "customers:read"]}).body
    reader = Signer(made["api_key"], made["secret"], who.merchant_id, made["key_id"])
    world.restart()
    assert_refused(erase(world, reader, customer_id), "forbidden")
    shown = world.call(reader, "GET", f"/v1/customers/{customer_id}")
    # What the key may not read for itself is not shown here either.
    assert (shown.status, shown.body["tokens"], shown.body["wallets"]) == (200, [], [])
    assert json.loads(shown.raw)["email"] == EMAIL


def test_a_card_that_a_provider_kept_for_a_person_who_was_erased_meanwhile_is_forgotten(world: World, who: Signer) -> None:
    customer_id = make(world, who).body["customer_id"]
    payment = begun(world, who, save=True, user_id="asha")
    assert press(world, payment).status == 200
    typed(world, payment, card="approve", kept=SHOWN)  # type: ignore[arg-type]
    assert erase(world, who, customer_id).status == 200
    support.tick(world, after_seconds=60)
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment["payment_id"])["status"] == "success"
    assert list(storage.scan_all(TokenItem)) == []
    support.tick(world, after_seconds=600)
    assert support.stored(payment["payment_id"]).due_at is None
