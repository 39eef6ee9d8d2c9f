"""A payment is found by every name that a provider has for it, from the write that brought the name on."""

from urllib.parse import parse_qs, urlsplit

from paycorex import storage
from paycorex.money import Money
from payments.connectors.results import Approved
from payments.payment import attempts, outcomes, references
from payments.payment import settlement as settle
from payments.payment.references import ReferenceItem
from tests.support import payments as support
from tests.support.world import Signer, World


def test_a_card_payment_is_found_by_every_attempts_reference(world: World, who: Signer) -> None:
    rules = [{"when": {}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}]
    support.settings(world, who, routing_rules=rules)
    payment = support.charge(world, who, support.RETRYABLE).body
    known = [(attempt["provider_reference"], attempt["connector"]) for attempt in payment["attempts"]]
    assert [connector for _, connector in known] == ["sandbox", "sandbox_backup"]
    for reference, connector in known:
        assert references.find(who.merchant_id, reference, connector=connector) == [payment["payment_id"]]
        assert references.find(who.merchant_id, reference) == [payment["payment_id"]]


def test_a_upi_payment_is_found_by_what_the_payers_statement_shows(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    (tr,) = parse_qs(urlsplit(payment["next_action"]["upi_url"]).query)["tr"]
    for reference in (tr, payment["provider_reference"]):
        assert references.find(who.merchant_id, reference, connector="sandbox") == [payment["payment_id"]]


def test_late_money_is_found_by_its_own_reference(world: World, who: Signer) -> None:
    payment = support.stored(support.collect(world, who).body["payment_id"])
    paid = Approved("late-one", Money(7, "INR"))
    settle.apply(payment, outcomes.change_of(payment, 0, "sandbox", paid))
    assert references.find(who.merchant_id, "late-one") == [payment.payment_id]


def test_no_merchant_and_no_connector_finds_anothers(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    assert references.find(world.register().merchant_id, payment["provider_reference"]) == []
    assert references.find(who.merchant_id, payment["provider_reference"], connector="stripe") == []


def test_a_wallet_payment_has_no_rows(world: World, who: Signer) -> None:
    world.call(who, "POST", "/v1/wallet/create", {"user_id": "asha"})
    world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "50"})
    paid = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "wallet", "user_id": "asha"})
    assert paid.body["status"] == "success"
    assert list(storage.scan_all(ReferenceItem)) == []


def test_the_row_is_there_exactly_when_the_reference_is(world: World, who: Signer) -> None:
    payment = support.stored(support.collect(world, who).body["payment_id"])
    lost = storage.copy_of(payment)
    change = outcomes.change_of(payment, 0, "sandbox", Approved("reported-once", Money(int(payment.amount), "INR")))
    settle.apply(lost, change)
    settle.apply(lost, change)
    rows = [item for item in storage.scan_all(ReferenceItem) if item.merchant_reference.endswith("#reported-once")]
    assert [item.payment_id for item in rows] == [payment.payment_id]
    assert attempts.last(support.stored(payment.payment_id)) is not None
