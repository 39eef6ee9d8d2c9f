"""What a chain takes back, however often, with late money, surplus and merchants' decisions in between: the books follow."""

import random
from collections import Counter
from typing import Any

import pytest

from payments.crypto.state import CryptoState
from tests.support.crypto import Books, Monitor, books_of, expected_units, pay_by_crypto, status_of
from tests.support.payments import settings, show, stored, tick
from tests.support.world import Signer, World

HOUR = 3600
THOUSAND = 100_000


def says(monitor: Monitor, tx_hash: str, *statuses: str) -> None:
    for status in statuses:
        monitor.becomes(tx_hash, status)
        assert monitor.deliver() == {"batchItemFailures": []}


def accept(world: World, who: Signer, payment: dict[str, Any], late_id: str) -> None:
    taken = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", {"action": "accept", "late_id": late_id})
    assert taken.status == 200, taken.raw


def test_settled_reversed_settled_and_reversed_again_with_late_money_in_between(world: World, who: Signer, monitor: Monitor) -> None:
    """Every booking and every reversal is a journal of its own, so no two of them share an id."""
    payment = pay_by_crypto(world, who)
    first = monitor.pays(payment, expected_units(payment) * 3 // 2, name="a")
    other = monitor.pays(payment, 10**15, name="extra")
    says(monitor, first, "reorged")
    assert books_of(who) == Books(0, 20_000, -20_000)
    says(monitor, other, "reorged")
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))
    for _ in range(3):
        says(monitor, first, "detected", "confirmed")
        assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 50_000, -150_000))
        says(monitor, other, "detected", "confirmed")
        assert books_of(who) == Books(THOUSAND, 70_000, -170_000)
        says(monitor, first, "reorged")
        assert books_of(who) == Books(0, 20_000, -20_000)
        says(monitor, other, "reorged")
        assert books_of(who) == Books(0, 0, 0)
    entries = Counter(entry["journal_id"]["S"] for entry in world.dump()["test-ledgers"])
    assert set(entries.values()) == {2}


@pytest.mark.parametrize(("per_mille", "over"), [(1000, 0), (996, 0), (1500, 50_000)])
def test_what_was_held_as_extra_pays_when_what_paid_vanishes(
    world: World, who: Signer, monitor: Monitor, per_mille: int, over: int
) -> None:
    """It came in time and is enough: the payment does not end as underpaid while its money lies in suspense."""
    settings(world, who, crypto_tolerance_percent="0.5")
    payment = pay_by_crypto(world, who)
    worth = THOUSAND * per_mille // 1000
    first = monitor.pays(payment, expected_units(payment), name="a")
    second = monitor.pays(payment, expected_units(payment) * per_mille // 1000, name="b")
    assert books_of(who) == Books(THOUSAND, worth, -THOUSAND - worth)
    says(monitor, first, "reorged")
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, over, -THOUSAND - over))
    assert show(world, who, payment["payment_id"])["provider_reference"] == second
    says(monitor, first, "detected", "confirmed")
    assert books_of(who) == Books(THOUSAND, over + THOUSAND, -2 * THOUSAND - over)
    says(monitor, second, "reorged")
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))
    says(monitor, first, "reorged")
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))


def test_a_surplus_that_the_merchant_took_is_taken_back_from_the_merchant(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment) * 2)
    accept(world, who, payment, show(world, who, payment["payment_id"])["late_money"][0]["late_id"])
    assert books_of(who) == Books(2 * THOUSAND, 0, -2 * THOUSAND)
    says(monitor, tx_hash, "reorged")
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))
    says(monitor, tx_hash, "detected", "confirmed")
    assert books_of(who) == Books(THOUSAND, THOUSAND, -2 * THOUSAND)


def test_late_money_that_was_taken_as_the_payment_and_vanishes_fails_the_payment_again(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    tick(world, after_seconds=2 * HOUR)
    tx_hash = monitor.pays(payment, expected_units(payment))
    accept(world, who, payment, show(world, who, payment["payment_id"])["late_money"][0]["late_id"])
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))
    says(monitor, tx_hash, "reorged")
    assert books_of(who) == Books(0, 0, 0)
    shown = show(world, who, payment["payment_id"])
    assert (shown["status"], shown["ledger"], shown["late_money"][0]["status"]) == ("failed", None, "reversed")
    says(monitor, tx_hash, "detected", "confirmed")
    assert (status_of(world, who, payment), books_of(who)) == ("failed", Books(0, THOUSAND, -THOUSAND))
    accept(world, who, payment, show(world, who, payment["payment_id"])["late_money"][1]["late_id"])
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))


@pytest.mark.parametrize("is_sent", [True, False])
def test_held_money_that_vanishes_while_it_is_refunded_leaves_suspense_once(
    world: World, who: Signer, monitor: Monitor, *, is_sent: bool
) -> None:
    """The merchant who sends it all the same has given back what is not there; one who does not has lost nothing."""
    from payments.connectors.results import Approved, Declined
    from payments.refunds import at_provider, store

    payment = pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, 5 * 10**6, asset="USDC")
    body = {"action": "refund", "refund_address": "0x" + "77" * 20}
    made = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", body)
    assert made.status == 201, made.raw
    says(monitor, tx_hash, "reorged")
    assert books_of(who) == Books(0, 0, 0)
    refund = store.find_refund(made.body["refund_id"])
    assert refund is not None
    at_provider.apply(refund, Approved("0x" + "88" * 32) if is_sent else Declined("not_sent", "Never."))
    assert books_of(who) == (Books(-40_000, 0, 40_000) if is_sent else Books(0, 0, 0))
    assert [money["status"] for money in show(world, who, payment["payment_id"])["late_money"]] == ["reversed"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_vanishes_and_comes_back_what_is_booked_is_what_is_there(world: World, who: Signer, monitor: Monitor, seed: int) -> None:
    """Random reorganisations, acceptances and expiry: what came from the network is the worth of what is confirmed, in the end."""
    dice = random.Random(seed)
    payment = pay_by_crypto(world, who)
    expected = expected_units(payment)
    sizes = [(expected // 2, "ETH"), (expected, "ETH"), (expected * 2, "ETH"), (5 * 10**6, "USDC")]
    found = {monitor.found(payment, units, asset=asset, name=str(at)): "detected" for at, (units, asset) in enumerate(sizes)}
    for _ in range(20):
        tx_hash = dice.choice(list(found))
        found[tx_hash] = {"detected": "confirmed", "confirmed": "reorged", "reorged": "detected"}[found[tx_hash]]
        says(monitor, tx_hash, found[tx_hash])
        held = [money["late_id"] for money in show(world, who, payment["payment_id"])["late_money"] if money["status"] == "held"]
        if held and dice.random() < 0.3:
            decision = {"action": "accept", "late_id": dice.choice(held)}
            answer = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", decision)
            assert answer.status == 200 or answer.code == "invalid_state"
        if dice.random() < 0.05:
            tick(world, after_seconds=HOUR)
        books = books_of(who)
        rates = CryptoState.of(stored(payment["payment_id"])).rates
        there = sum(rates.worth(int(row.amount), row.asset) for tx, row in monitor.rows.items() if found[tx] == "confirmed")
        assert (-books.clearing, books.suspense >= 0, books.merchant >= 0) == (there, True, True)
