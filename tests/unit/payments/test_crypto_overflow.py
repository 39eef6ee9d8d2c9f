"""A flooded deposit address: the payment stays small, every transfer is in the books, and the payer's amount settles the payment."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import aws, storage
from paycorex.records.payment import late_money_count
from payments.crypto import state as crypto_state
from payments.crypto.state import CryptoState
from payments.payment import late_money as suspense
from payments.payment.overflow_store import OverflowItem
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.support.crypto import Books, Monitor, books_of, expected_units, merchant_with_key, pay_by_crypto, status_of
from tests.support.payments import settings, stored, tick
from tests.support.world import Signer, World

HOUR = 3600
THOUSAND = 100_000
# Worth 20 paise: small, and more than dust.
SMALL = 10**12
MAX_ITEM_BYTES = 32_768


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that keeps one transfer and one late money on itself."""
    monkeypatch.setattr(crypto_state, "MAX_TRANSFERS", 1)
    monkeypatch.setattr(suspense, "MAX_ON_PAYMENT", 1)


def says(monitor: Monitor, tx_hash: str, *statuses: str) -> None:
    for status in statuses:
        monitor.becomes(tx_hash, status)
        assert monitor.deliver() == {"batchItemFailures": []}


def late_money(world: World, who: Signer, payment: dict[str, Any], limit: int = 100) -> list[dict[str, Any]]:
    """All of it, page by page."""
    return list(_pages(world, who, f"/v1/payments/{payment['payment_id']}/late?limit={limit}"))


def _pages(world: World, who: Signer, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = world.call(who, "GET", path + cursor)
        assert page.status == 200, page.raw
        yield from page.body["data"]
        if page.body["next_cursor"] is None:
            return
        cursor = f"&cursor={page.body['next_cursor']}"


def size_of(world: World, payment: dict[str, Any]) -> int:
    (item,) = [row for row in world.dump()["test-payments"] if row["payment_id"]["S"] == payment["payment_id"]]
    return sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())


def test_the_payers_amount_settles_after_any_number_of_small_transfers(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    small = [monitor.found(payment, SMALL, name=f"small-{number}") for number in range(120)]
    assert monitor.deliver() == {"batchItemFailures": []}
    for tx_hash in small:
        monitor.becomes(tx_hash, "confirmed")
    assert monitor.deliver() == {"batchItemFailures": []}
    assert (status_of(world, who, payment), books_of(who)) == ("processing", Books(0, 2400, -2400))
    monitor.pays(payment, expected_units(payment), name="payer")
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 2400, -THOUSAND - 2400))
    shown = world.call(who, "GET", f"/v1/payments/{payment['payment_id']}").body
    every = late_money(world, who, payment)
    assert (len(shown["late_money"]), shown["late_money_count"], len(every)) == (suspense.MAX_ON_PAYMENT - 9, 121, 121)
    assert [int(money["late_id"].partition(".")[2]) for money in every] == list(range(1, 122))
    assert [money["status"] for money in every] == ["settled"] * 120 + ["held"]
    assert (every[-1]["reason"], every[-1]["amount"]) == ("overpaid", "24.00")
    assert late_money(world, who, payment, limit=7) == every
    assert size_of(world, payment) < MAX_ITEM_BYTES


def test_an_amount_in_more_parts_than_a_payment_keeps_settles_it(world: World, who: Signer, monitor: Monitor) -> None:
    """Ninety parts, and the last one completes it."""
    payment = pay_by_crypto(world, who)
    part = expected_units(payment) // 90
    for number in range(89):
        monitor.pays(payment, part, name=str(number))
    assert status_of(world, who, payment) == "processing"
    monitor.pays(payment, expected_units(payment) - 89 * part, name="last")
    assert status_of(world, who, payment) == "success"
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    assert {money["status"] for money in late_money(world, who, payment)} == {"settled"}
    assert size_of(world, payment) < MAX_ITEM_BYTES


def test_transfers_worth_less_than_a_minor_unit_take_no_place(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    for number in range(50):
        monitor.pays(payment, 10**9, name=f"dust-{number}")
    assert stored(payment["payment_id"]).method_state["transfers"] == {}
    monitor.pays(payment, expected_units(payment), name="payer")
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))


@pytest.mark.usefixtures("tight")
def test_news_repeated_changes_nothing(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    for number in range(4):
        monitor.found(payment, expected_units(payment) // 4 + 1, name=str(number))
    reported = monitor.stream()
    monitor.deliver(reported)
    for tx_hash in list(monitor.rows):
        monitor.becomes(tx_hash, "confirmed")
    reported += monitor.stream()
    monitor.deliver(reported)
    assert (status_of(world, who, payment), books_of(who).merchant) == ("success", THOUSAND)
    before = world.dump()
    monitor.deliver(reported)
    assert world.dump() == before


@pytest.mark.usefixtures("tight")
def test_a_payment_waits_for_a_transfer_that_is_not_final_in_a_row_too(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, SMALL, name="small")
    payer = monitor.found(payment, expected_units(payment), name="payer")
    monitor.deliver()
    for _ in range(6):
        tick(world, after_seconds=HOUR)
    assert status_of(world, who, payment) == "processing"
    says(monitor, payer, "confirmed")
    assert status_of(world, who, payment) == "success"
    assert books_of(who) == Books(THOUSAND, 20, -THOUSAND - 20)


@pytest.mark.usefixtures("tight")
def test_what_settled_out_of_rows_is_taken_back_with_the_settlement(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    third = expected_units(payment) // 3 + 1
    first, second, last = (monitor.pays(payment, third, name=name) for name in "abc")
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    for vanishing in (first, second, last):
        says(monitor, vanishing, "reorged")
        assert status_of(world, who, payment) == "processing"
        assert books_of(who).merchant == 0
        assert 2 * (THOUSAND // 3) <= books_of(who).suspense <= 2 * (THOUSAND // 3 + 1)
        says(monitor, vanishing, "detected", "confirmed")
        assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("action", ["accept", "refund"])
def test_money_in_a_row_is_decided_about_like_any_other(world: World, who: Signer, monitor: Monitor, action: str) -> None:
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment), name="payer")
    monitor.pays(payment, SMALL, name="extra")
    monitor.pays(payment, 5 * 10**6, asset="USDC", name="wrong")
    wrong = late_money(world, who, payment)[-1]
    assert (wrong["reason"], wrong["amount"], wrong["status"]) == ("wrong_asset", "400.00", "held")
    path, body = f"/v1/payments/{payment['payment_id']}/late", {"action": action}
    where = {"refund_address": "0x" + "77" * 20} if action == "refund" else {}
    unnamed = world.call(who, "POST", path, body | where)
    assert (unnamed.status, unnamed.code) == (409, "invalid_state")
    made = world.call(who, "POST", path, body | where | {"late_id": wrong["late_id"]})
    assert made.status == (201 if action == "refund" else 200), made.raw
    again = world.call(who, "POST", path, body | where | {"late_id": wrong["late_id"]})
    # What was accepted can still be given back; what is on its way back is decided.
    accepted = world.call(who, "POST", path, {"action": "accept", "late_id": wrong["late_id"]})
    assert {(reply.status, reply.code) for reply in (again, accepted)} == {(409, "invalid_state")}
    after = late_money(world, who, payment)[-1]
    if action == "refund":
        assert (after["status"], made.body["next_action"]["units"], made.body["next_action"]["asset"]) == (
            "refunding",
            str(5 * 10**6),
            "USDC",
        )
        assert books_of(who) == Books(THOUSAND, 40_020, -THOUSAND - 40_020)
    else:
        assert (after["status"], books_of(who)) == ("accepted", Books(THOUSAND + 40_000, 20, -THOUSAND - 40_020))


@pytest.mark.usefixtures("tight")
def test_what_a_merchant_gave_back_no_longer_pays(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    half = expected_units(payment) // 2
    monitor.pays(payment, SMALL, name="small")
    monitor.pays(payment, half, name="half")
    tick(world, after_seconds=2 * HOUR)
    assert status_of(world, who, payment) == "failed"
    held = late_money(world, who, payment)[-1]
    body = {"action": "refund", "late_id": held["late_id"], "refund_address": "0x" + "77" * 20}
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", body).status == 201
    assert CryptoState.of(stored(payment["payment_id"])).pool.units == 0
    assert books_of(who) == Books(0, THOUSAND // 2 + 20, -THOUSAND // 2 - 20)


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.CONFLICT, Fault.THROTTLED])
def test_an_interrupted_booking_of_rows_is_finished_by_the_next_delivery(world: World, fault: Fault) -> None:
    """Killed at every call to the store in turn, while a part, the rest with a surplus, and an extra are booked: the same books."""
    operation = "TransactWriteItems" if fault is Fault.CONFLICT else None
    position, done = 0, False
    while not done:
        position += 1
        merchant = merchant_with_key(world)
        watcher = Monitor(world, merchant)
        payment = pay_by_crypto(world, merchant)
        watcher.pays(payment, SMALL, name="on the payment")
        for name, units in (("small", SMALL), ("rest", expected_units(payment)), ("extra", SMALL)):
            watcher.becomes(watcher.found(payment, units, name=name), "confirmed")
        records = watcher.stream()
        client = FaultyClient(world.dynamo, Nth(position, fault, operation=operation))
        aws.use("dynamodb", client)
        try:
            watcher.deliver(records)
        except Killed:
            world.restart()
        aws.use("dynamodb", world.dynamo)
        done = all(logged.fault is Fault.PASS for logged in client.log)
        assert watcher.deliver(records) == {"batchItemFailures": []}
        assert books_of(merchant) == Books(THOUSAND, 60, -THOUSAND - 60)
        assert [money["status"] for money in late_money(world, merchant, payment)] == ["settled", "settled", "held", "held"]
    assert position > 5


@pytest.mark.parametrize("bounds", [(0, 0), (1, 1), (2, 3), (1, 50)])
@pytest.mark.parametrize("seed", range(8))
def test_whatever_vanishes_and_comes_back_what_is_booked_is_what_is_there(
    world: World, who: Signer, monitor: Monitor, monkeypatch: pytest.MonkeyPatch, bounds: tuple[int, int], seed: int
) -> None:
    """Random reorganisations, decisions and expiry, with most transfers in rows: the books hold the worth of what is confirmed."""
    monkeypatch.setattr(crypto_state, "MAX_TRANSFERS", bounds[0])
    monkeypatch.setattr(suspense, "MAX_ON_PAYMENT", bounds[1])
    dice = random.Random(seed)
    settings(world, who, crypto_tolerance_percent="0.5")
    payment = pay_by_crypto(world, who)
    expected = expected_units(payment)
    sizes = [
        (expected // 3, "ETH"),
        (expected // 3, "ETH"),
        (expected // 2, "ETH"),
        (expected, "ETH"),
        (expected * 2, "ETH"),
        (5 * 10**6, "USDC"),
    ]
    found = {monitor.found(payment, units, asset=asset, name=str(at)): "detected" for at, (units, asset) in enumerate(sizes)}
    for _ in range(30):
        tx_hash = dice.choice(list(found))
        found[tx_hash] = {"detected": "confirmed", "confirmed": dice.choice(["confirmed", "reorged"]), "reorged": "detected"}[
            found[tx_hash]
        ]
        says(monitor, tx_hash, found[tx_hash])
        held = [money["late_id"] for money in late_money(world, who, payment) if money["status"] == "held"]
        if held and dice.random() < 0.3:
            decision = {"action": "accept", "late_id": dice.choice(held)}
            answer = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", decision)
            assert answer.status == 200 or answer.code == "invalid_state"
        if dice.random() < 0.05:
            tick(world, after_seconds=HOUR)
        _check(world, who, monitor, payment, found)


def _check(world: World, who: Signer, monitor: Monitor, payment: dict[str, Any], found: dict[str, str]) -> None:
    books, item = books_of(who), stored(payment["payment_id"])
    state, every = CryptoState.of(item), late_money(world, who, payment)
    there = sum(state.rates.worth(int(row.amount), row.asset) for tx, row in monitor.rows.items() if found[tx] == "confirmed")
    assert (-books.clearing, books.merchant >= 0) == (there, True)
    held = [money for money in every if money["status"] in {"held", "refunding"}]
    assert books.suspense == sum(round(float(money["amount"]) * 100) for money in held)
    assert len(every) == (late_money_count(item))
    assert len(state.transfers) <= crypto_state.MAX_TRANSFERS
    assert len(item.late_money or ()) <= suspense.MAX_ON_PAYMENT
    rows = {row.place for row in storage.scan_all(OverflowItem)}
    assert len([place for place in rows if place.startswith("late#")]) == len(every) - len(item.late_money or ())
