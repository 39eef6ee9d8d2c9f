"""A customer's erasure finds all that the same person typed on links: however many checkouts, and however it was written."""

from typing import Any

import pytest

from payments.checkout import erasure, links, payers
from payments.keyed_hashes import hash_of
from tests.integration.payments.test_payment_links import begin, make, of_link
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

EMAIL = "v@example.com"
PHONE = "+919876501234"


def customer(world: World, who: Signer, **person: str) -> str:
    made = world.call(who, "POST", "/v1/customers", {"reference": "v", **person})
    assert made.status == 201, made.raw
    customer_id: str = made.body["customer_id"]
    return customer_id


def begin_many(world: World, who: Signer, count: int) -> str:
    """Someone types one address very often, from as many addresses of the network."""
    link = make(world, who, ask=["email"])
    item = links.find(who.merchant_id, link["link_id"])
    for number in range(count):
        links.begin(item, None, {"email": EMAIL}, f"192.0.2.{number}")
    return str(link["link_id"])


def left(who: Signer) -> int:
    return len(list(payers.sessions_with(who.merchant_id, {"email": EMAIL})))


def test_a_person_with_more_checkouts_than_a_page_is_erased_by_one_request(world: World, who: Signer) -> None:
    begin_many(world, who, payers.PAGE_ROWS + 5)
    customer_id = customer(world, who, email=EMAIL)
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}").status == 200
    assert left(who) == 0
    assert world.call(who, "GET", f"/v1/customers/{customer_id}").body["email"] is None


def test_a_person_with_more_than_one_request_has_time_for_is_erased_by_repetitions(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_many(world, who, 5)
    customer_id = customer(world, who, email=EMAIL)
    erase_payer = erasure.erase_payer

    def slowly(*given: Any, **named: Any) -> Any:
        world.clock.now += erasure.BUDGET_SECONDS / 2 + 0.1
        return erase_payer(*given, **named)

    monkeypatch.setattr(erasure, "erase_payer", slowly)
    seen = []
    for _ in range(2):
        assert_refused(world.call(who, "DELETE", f"/v1/customers/{customer_id}", key="once"), "temporarily_unavailable")
        seen.append(left(who))
        assert world.call(who, "GET", f"/v1/customers/{customer_id}").body["email"] == EMAIL
    assert seen == [3, 1]
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}", key="once").status == 200
    assert left(who) == 0


def test_one_slow_checkout_uses_up_a_request_and_is_erased(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_many(world, who, 2)
    customer_id = customer(world, who, email=EMAIL)
    monkeypatch.setattr(erasure, "BUDGET_SECONDS", -1)
    assert_refused(world.call(who, "DELETE", f"/v1/customers/{customer_id}"), "temporarily_unavailable")
    assert left(who) == 1
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}").status == 200


@pytest.mark.parametrize("typed", ["9876501234", "09876501234", "919876501234", "00919876501234"])
@pytest.mark.parametrize("is_customers", [False, True], ids=["by the payer", "of the customer"])
def test_a_number_that_is_written_otherwise_is_the_same_persons(world: World, who: Signer, typed: str, is_customers: bool) -> None:
    link = make(world, who, ask=["phone"])
    assert begin(world, link, {"phone": PHONE if is_customers else typed}).status == 201
    customer_id = customer(world, who, phone=typed if is_customers else PHONE)
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}").status == 200
    (session,) = of_link(world, who, link)
    assert (session["payer"]["phone"], session["payer"]["erased_at"] is None) == (None, False)


def test_an_address_in_other_letters_is_the_same_persons(world: World, who: Signer) -> None:
    link = make(world, who, ask=["email"])
    assert begin(world, link, {"email": "Asha.Rao@Example.com"}).status == 201
    customer_id = customer(world, who, email="asha.rao@example.COM")
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}").status == 200
    assert of_link(world, who, link)[0]["payer"]["email"] is None
    assert hash_of(who.merchant_id, "email", " Asha.Rao@example.com ") == hash_of(who.merchant_id, "email", "asha.rao@example.com")


def test_another_number_is_another_persons(world: World, who: Signer) -> None:
    link = make(world, who, ask=["phone"])
    begin(world, link, {"phone": "+919876501235"})
    customer_id = customer(world, who, phone=PHONE)
    assert world.call(who, "DELETE", f"/v1/customers/{customer_id}").status == 200
    assert of_link(world, who, link)[0]["payer"]["phone"] == "+919876501235"
