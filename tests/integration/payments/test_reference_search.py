"""The lists' `reference` finds a payment by every name that a provider, a bank statement or a chain has for it."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from paycorex import storage
from paycorex.evm.address import checksummed
from paycorex.money import Money
from payments.connectors.results import Approved
from payments.payment import outcomes
from payments.payment import settlement as settle
from payments.payment.references import ReferenceItem
from tests.support import payments as support
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto
from tests.support.world import Signer, World

LISTS = ("/v1/payments", "/v1/dashboard/payments")


def found(world: World, who: Signer, reference: str, **more: str) -> list[str]:
    """The payments that both lists answer; they must agree."""
    query = "&".join(f"{name}={quote(value)}" for name, value in {"reference": reference, **more}.items())
    answers = [world.call(who, "GET", f"{path}?{query}") for path in LISTS]
    assert [answer.status for answer in answers] == [200, 200]
    ids = [[payment["payment_id"] for payment in answer.body["data"]] for answer in answers]
    assert ids[0] == ids[1]
    return ids[0]


def without_rows() -> None:
    """Payments from before references had rows of their own."""
    for item in storage.scan_all(ReferenceItem):
        storage.run(storage.delete(ReferenceItem, ReferenceItem.wire_key(item.merchant_reference, item.payment_id), None))


def late(payment_id: str, reference: str) -> None:
    payment = support.stored(payment_id)
    settle.apply(payment, outcomes.change_of(payment, 0, "sandbox", Approved(reference, Money(7, "INR"))))


@pytest.mark.parametrize("is_old", [False, True])
def test_a_declined_attempts_reference_finds_its_payment(world: World, who: Signer, is_old: bool) -> None:
    rules = [{"when": {}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}]
    support.settings(world, who, routing_rules=rules)
    support.charge(world, who, support.APPROVE)
    payment = support.charge(world, who, support.RETRYABLE).body
    if is_old:
        without_rows()
    references = [attempt["provider_reference"] for attempt in payment["attempts"]]
    assert len(set(references)) == 2
    for reference in (*references, payment["payment_id"]):
        assert found(world, who, reference) == [payment["payment_id"]]


def test_a_payers_statement_finds_the_payment_after_it_is_paid(world: World, who: Signer) -> None:
    payment = support.collect(world, who, "10.00").body
    (tr,) = parse_qs(urlsplit(payment["next_action"]["upi_url"]).query)["tr"]
    support.settle_all(world)
    assert support.show(world, who, payment["payment_id"])["next_action"] is None
    assert found(world, who, tr) == [payment["payment_id"]]


@pytest.mark.parametrize("is_old", [False, True])
def test_late_money_finds_its_payment(world: World, who: Signer, is_old: bool) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    late(payment_id, "came-late")
    if is_old:
        without_rows()
    assert found(world, who, "came-late") == [payment_id]
    assert found(world, who, "came-never") == []


def test_the_other_filters_hold_too(world: World, who: Signer) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    late(payment_id, "came-late")
    assert found(world, who, "came-late", status="success", min_amount="10") == [payment_id]
    narrowed: list[dict[str, str]] = [{"status": "failed"}, {"min_amount": "10.01"}, {"to": "2000-01-01T00:00:00Z"}]
    for more in narrowed:
        assert found(world, who, "came-late", **more) == []


def test_no_merchant_finds_anothers(world: World, who: Signer) -> None:
    payment: dict[str, Any] = support.charge(world, who, support.APPROVE).body
    other = world.register()
    for reference in (payment["payment_id"], payment["provider_reference"]):
        assert found(world, who, reference) == [payment["payment_id"]]
        assert found(world, other, reference) == []


@pytest.mark.parametrize("is_old", [False, True])
def test_a_chain_finds_its_payment_by_address_and_every_transaction(world: World, is_old: bool) -> None:
    shop = merchant_with_key(world)
    monitor = Monitor(world, shop)
    payment = pay_by_crypto(world, shop)
    units = expected_units(payment)
    hashes = [
        monitor.pays(payment, units // 2, name="a"),
        monitor.pays(payment, units - units // 2, name="b"),
        monitor.pays(payment, 10**15, name="c"),
    ]
    if is_old:
        without_rows()
    address = payment["next_action"]["address"]
    for reference in (address, address.lower(), checksummed(address.lower()), *hashes, hashes[0].upper().replace("X", "x")):
        assert found(world, shop, reference) == [payment["payment_id"]]
