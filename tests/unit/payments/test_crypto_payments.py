"""Crypto payments: what is asked for, and what short, over, late, wrong and vanished money does to status, books and events."""

import random
from itertools import pairwise

import pytest

from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock, storage
from paycorex.evm import networks
from paycorex.evm.address import checksummed
from paycorex.records.payment import PaymentItem
from payments.crypto.state import MAX_TRANSFERS
from tests.support.crypto import Books, Monitor, books_of, expected_units, merchant_with_key, pay_by_crypto, status_of
from tests.support.payments import settings, show, stored, tick
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, PRIVATE, account_key

HOUR = 3600
THOUSAND = 100_000


def events(world: World) -> list[str]:
    """The payments' events since the last look, by their stamps."""
    images = [record["dynamodb"]["NewImage"] for record in world.dynamo.drain_stream(world.settings.table("payments"))]
    stamps = [("", "0"), *((image["event"]["S"], image["sequence"]["N"]) for image in images)]
    return [event for (_, before), (event, sequence) in pairwise(stamps) if sequence != before]


def reasons(world: World, who: Signer, payment: dict[str, object]) -> list[tuple[str, str, str]]:
    shown = show(world, who, str(payment["payment_id"]))
    return [(money["reason"], money["status"], money["amount"]) for money in shown["late_money"]]


def test_the_payer_is_shown_exactly_what_to_send(world: World, who: Signer) -> None:
    """EIP-681 with chain id, EIP-55 address and the amount in wei, rounded up to the coin's last decimal."""
    payment = pay_by_crypto(world, who, "1000.00", user_id="asha")
    action = payment["next_action"]
    first = checksummed(account_key(JUNK).receive_address(0))
    assert (payment["status"], payment["currency"]) == ("pending", "INR")
    assert (action["type"], action["network"], action["chain_id"], action["asset"]) == ("crypto_transfer", "ethereum", 1, "ETH")
    assert (action["address"], action["crypto_amount"]) == (first, "0.005")
    assert action["crypto_uri"] == f"ethereum:{first}@1?value={5 * 10**15}"
    token = pay_by_crypto(world, who, "100.00", asset="USDC")["next_action"]
    contract = checksummed(networks.ETHEREUM.asset("USDC").contract or "")
    second = checksummed(account_key(JUNK).receive_address(1))
    assert token["crypto_uri"] == f"ethereum:{contract}@1/transfer?address={second}&uint256=1250000"
    third = pay_by_crypto(world, who, "2", currency="JPY", asset="USDC", network="polygon")["next_action"]
    assert (third["chain_id"], third["crypto_amount"]) == (137, "0.013334")


def test_no_address_serves_two_payments(world: World, who: Signer) -> None:
    """Not on another network either, where the same key would derive the same address."""
    made = [pay_by_crypto(world, who, network=network) for network in ("ethereum", "polygon", "bsc") * 3]
    assert len({payment["next_action"]["address"] for payment in made}) == 9
    other = merchant_with_key(world)
    assert pay_by_crypto(world, other)["next_action"]["address"] not in {payment["next_action"]["address"] for payment in made}


def test_a_retry_is_answered_from_the_first_and_takes_no_address(world: World, who: Signer) -> None:
    first = pay_by_crypto(world, who, key="k")
    assert pay_by_crypto(world, who, key="k") == first
    assert pay_by_crypto(world, who)["next_action"]["address"] == checksummed(account_key(JUNK).receive_address(1))


def test_what_cannot_be_asked_for_is_refused_and_leaves_nothing(world: World, who: Signer) -> None:
    before = world.dump()
    asked: list[tuple[dict[str, str | None], str]] = [
        ({"network": None}, "invalid_request"),
        ({"asset": "SHIB"}, "unsupported_network"),
        ({"amount": "0.01", "asset": "USDC"}, "invalid_amount"),
        ({"currency": "ZMW"}, "unsupported_currency"),
    ]
    for change, code in asked:
        body: dict[str, str | None] = {"amount": "10.00", "method": "crypto", "network": "ethereum", **change}
        refused = world.call(who, "POST", "/v1/payments/create", {name: value for name, value in body.items() if value is not None})
        assert (refused.code, world.dump()["test-payments"]) == (code, before["test-payments"])
    bare = world.register("No key")
    refused = world.call(bare, "POST", "/v1/payments/create", {"amount": "10.00", "method": "crypto", "network": "ethereum"})
    assert (refused.status, refused.code) == (409, "invalid_state")


def test_a_private_key_is_refused_where_keys_are_set(world: World, who: Signer) -> None:
    refused = world.call(who, "PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": PRIVATE}})
    assert (refused.status, refused.code) == (400, "invalid_request")
    assert "PRIVATE KEY" in refused.body["error"]["message"]
    assert PRIVATE[4:] not in str(world.dump())
    assert PRIVATE[4:] not in refused.raw.decode()


def test_the_exact_amount_settles_once_it_is_confirmed(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 56 and 64, 100 %: processing when seen, success when confirmed, one credit however often it is reported."""
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.found(payment, expected_units(payment))
    monitor.deliver()
    assert status_of(world, who, payment) == "processing"
    assert books_of(who) == Books(0, 0, 0)
    monitor.becomes(tx_hash, "confirmed")
    records = monitor.stream()
    for _ in range(20):
        monitor.deliver(records)
    shown = show(world, who, payment["payment_id"])
    assert (shown["status"], shown["provider"], shown["provider_reference"]) == ("success", "ethereum", tx_hash)
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    assert events(world) == ["payment.created", "payment.processing", "payment.success"]
    assert shown["ledger"] is not None


@pytest.mark.parametrize(
    ("per_mille", "tolerance", "status"),
    [(600, None, "processing"), (995, None, "success"), (994, None, "processing"), (999, "0", "processing"), (985, "1.5", "success")],
)
def test_too_little_settles_within_the_merchants_tolerance_only(
    world: World, who: Signer, monitor: Monitor, per_mille: int, tolerance: str | None, status: str
) -> None:
    """Acceptance 64: 60 % is short, 99.9 % is enough at a tolerance of half a percent."""
    if tolerance:
        settings(world, who, crypto_tolerance_percent=tolerance)
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment) * per_mille // 1000)
    assert status_of(world, who, payment) == status
    if status == "success":
        assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    else:
        held = THOUSAND * per_mille // 1000
        assert books_of(who) == Books(0, held, -held)
        assert reasons(world, who, payment)[0][:2] == ("underpaid", "held")


def test_a_short_payment_ends_as_underpaid_and_its_money_stays_in_suspense(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment) * 6 // 10)
    tick(world, after_seconds=HOUR)
    shown = show(world, who, payment["payment_id"])
    assert (shown["status"], shown["failure_code"]) == ("failed", "underpaid")
    assert books_of(who) == Books(0, 60_000, -60_000)


def test_several_transfers_pay_together(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 64: two of 50 %: the first waits in suspense, the second settles both."""
    payment = pay_by_crypto(world, who)
    half = expected_units(payment) // 2
    monitor.pays(payment, half, name="a")
    assert books_of(who) == Books(0, 50_000, -50_000)
    monitor.pays(payment, half, name="b")
    assert status_of(world, who, payment) == "success"
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    assert reasons(world, who, payment) == [("underpaid", "settled", "500.00")]


def test_too_much_settles_and_the_surplus_is_held(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 64: 150 %: success, and the surplus in suspense, flagged."""
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment) * 3 // 2)
    assert status_of(world, who, payment) == "success"
    assert books_of(who) == Books(THOUSAND, 50_000, -150_000)
    assert reasons(world, who, payment) == [("overpaid", "held", "500.00")]
    assert show(world, who, payment["payment_id"])["timeline"][-1]["reason"] == "overpaid"


def test_a_surplus_that_is_accepted_leaves_books_that_add_up(world: World, who: Signer, monitor: Monitor) -> None:
    """It came by the very transaction that settled the payment, and leaves suspense by a journal of its own all the same."""
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment) * 3 // 2)
    accepted = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", {"action": "accept"})
    assert (accepted.status, [money["status"] for money in accepted.body["late_money"]]) == (200, ["accepted"])
    assert books_of(who) == Books(THOUSAND * 3 // 2, 0, -THOUSAND * 3 // 2)


def test_a_second_payment_of_the_same_is_held(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment), name="a")
    monitor.pays(payment, expected_units(payment), name="b")
    assert books_of(who) == Books(THOUSAND, THOUSAND, -2 * THOUSAND)
    assert reasons(world, who, payment) == [("extra", "held", "1000.00")]


def test_late_money_is_never_lost(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 64: an hour after expiry: in suspense, reported, and the merchant may take it as the payment's."""
    payment = pay_by_crypto(world, who)
    tick(world, after_seconds=2 * HOUR)
    assert show(world, who, payment["payment_id"])["failure_code"] == "expired"
    monitor.pays(payment, expected_units(payment))
    assert status_of(world, who, payment) == "failed"
    assert books_of(who) == Books(0, THOUSAND, -THOUSAND)
    assert reasons(world, who, payment) == [("late", "held", "1000.00")]
    assert events(world)[-1] == "payment.late_money"


def test_money_in_a_block_of_its_time_is_in_time_however_late_it_is_final(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.found(payment, expected_units(payment))
    monitor.deliver()
    tick(world, after_seconds=5 * HOUR)
    assert status_of(world, who, payment) == "processing"
    monitor.becomes(tx_hash, "confirmed")
    monitor.deliver()
    assert status_of(world, who, payment) == "success"


def scanned(network: str, block_time: int, behind_at: int | None = None) -> None:
    """How far the monitor has read."""
    storage.run(storage.put(CursorItem(network=network, number=9, block_time=block_time, behind_at=behind_at)))


def test_a_payment_does_not_expire_while_the_chain_of_its_time_is_unread(world: World, who: Signer, monitor: Monitor) -> None:
    """An outage of the monitor: paid in time, seen hours later, settled; and one that was not paid ends once that is known."""
    paid, unpaid = pay_by_crypto(world, who), pay_by_crypto(world, who)
    start = clock.now_ms()
    scanned("ethereum", start)
    tick(world, after_seconds=5 * HOUR)
    assert [status_of(world, who, payment) for payment in (paid, unpaid)] == ["pending", "pending"]
    now = clock.now_ms()
    scanned("ethereum", now, behind_at=now)
    tick(world, after_seconds=200)
    monitor.pays(paid, expected_units(paid), at_ms=start + 60_000)
    assert (status_of(world, who, paid), status_of(world, who, unpaid)) == ("success", "pending")
    tick(world, after_seconds=HOUR)
    assert (status_of(world, who, paid), status_of(world, who, unpaid)) == ("success", "failed")
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)


def test_the_wrong_token_is_held_at_its_own_worth(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    monitor.pays(payment, 5 * 10**6, asset="USDC")
    assert status_of(world, who, payment) == "pending"
    assert books_of(who) == Books(0, 40_000, -40_000)
    assert reasons(world, who, payment) == [("wrong_asset", "held", "400.00")]


def test_a_failed_transfer_and_less_than_a_paisa_book_nothing(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.found(payment, expected_units(payment))
    monitor.deliver()
    monitor.becomes(tx_hash, "failed")
    monitor.deliver()
    assert status_of(world, who, payment) == "pending"
    monitor.pays(payment, 10**9, name="tiny")
    assert books_of(who) == Books(0, 0, 0)


def test_a_reorganisation_before_the_credit_goes_back_to_pending(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 57: back to pending; in a new block it is credited once; without one it expires uncredited."""
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.found(payment, expected_units(payment))
    monitor.deliver()
    monitor.becomes(tx_hash, "reorged")
    monitor.deliver()
    assert status_of(world, who, payment) == "pending"
    for status in ("detected", "confirmed"):
        monitor.becomes(tx_hash, status)
        monitor.deliver()
    assert status_of(world, who, payment) == "success"
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    never = pay_by_crypto(world, who)
    gone = monitor.found(never, expected_units(never))
    monitor.deliver()
    monitor.becomes(gone, "reorged")
    monitor.deliver()
    tick(world, after_seconds=2 * HOUR)
    assert show(world, who, never["payment_id"])["failure_code"] == "expired"


def test_old_news_of_a_vanished_transfer_revives_nothing(world: World, who: Signer, monitor: Monitor) -> None:
    """A record that was lost is sent again after the one that followed it: the payment waited for ever."""
    payment = pay_by_crypto(world, who, expires_in=120)
    monitor.becomes(monitor.found(payment, expected_units(payment)), "reorged")
    detected, vanished = monitor.stream()
    monitor.deliver([vanished])
    monitor.deliver([detected])
    assert status_of(world, who, payment) == "pending"
    tick(world, after_seconds=HOUR)
    assert status_of(world, who, payment) == "failed"


def test_a_reorganisation_after_the_credit_reverses_it(world: World, who: Signer, monitor: Monitor) -> None:
    """Acceptance 58: reversing entries, the original ones untouched, everything sums to zero; it may settle again."""
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment))
    ledger_before = world.dump()["test-ledgers"]
    monitor.becomes(tx_hash, "reorged")
    monitor.deliver()
    shown = show(world, who, payment["payment_id"])
    assert (shown["status"], shown["ledger"], shown["timeline"][-2]["reason"]) == ("pending", None, "reorged")
    assert books_of(who) == Books(0, 0, 0)
    assert all(entry in world.dump()["test-ledgers"] for entry in ledger_before)
    for status in ("detected", "confirmed"):
        monitor.becomes(tx_hash, status)
        monitor.deliver()
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    again = show(world, who, payment["payment_id"])
    assert again["status"] == "success"
    assert again["ledger"]["journal_id"] != shown["payment_id"]
    names = events(world)
    assert (names.count("payment.success"), names.count("payment.processing")) == (2, 2 + 1)


def test_a_vanished_half_gives_the_other_half_back_to_suspense(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    half = expected_units(payment) // 2
    first = monitor.pays(payment, half, name="a")
    second = monitor.pays(payment, half, name="b")
    monitor.becomes(second, "reorged")
    monitor.deliver()
    assert (status_of(world, who, payment), books_of(who)) == ("processing", Books(0, 50_000, -50_000))
    monitor.becomes(first, "reorged")
    monitor.deliver()
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))


def test_a_vanished_overpayment_takes_its_surplus_along(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment) * 2)
    monitor.becomes(tx_hash, "reorged")
    monitor.deliver()
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))


@pytest.mark.parametrize("seed", range(40))
def test_any_order_of_any_news_ends_in_the_same_books(world: World, who: Signer, monitor: Monitor, seed: int) -> None:
    """Records reported late, twice or out of order (each transfer's newest news wins): the books follow from what is true in the end."""
    dice = random.Random(seed)
    payment = pay_by_crypto(world, who)
    third = expected_units(payment) // 3 + 1
    final: dict[str, str] = {}
    for name in "abcd":
        tx_hash = monitor.found(payment, third, name=name)
        for status in dice.choice([["confirmed"], ["confirmed", "reorged"], ["reorged", "detected", "confirmed"], ["reorged"], ["failed"]]):
            monitor.becomes(tx_hash, status)
            final[tx_hash] = status
    records = monitor.stream()
    reported = records + dice.sample(records, len(records) // 2)
    dice.shuffle(reported)
    while reported:
        size = dice.randint(1, 4)
        batch, reported = reported[:size], reported[size:]
        assert monitor.deliver(batch) == {"batchItemFailures": []}
    monitor.deliver(records)
    there = sum(status == "confirmed" for status in final.values())
    books = books_of(who)
    assert status_of(world, who, payment) == ("success" if there >= 3 else "processing" if there else "pending")
    assert (books.merchant > 0) == (there >= 3)
    # Each transfer is booked by its own worth, rounded down; a paisa each may be lost to rounding, never won.
    worth = there * THOUSAND // 3
    assert worth - there <= -books.clearing <= max(worth, THOUSAND if there >= 3 else 0) + there


def test_an_interrupted_settlement_is_finished_by_the_next_delivery(world: World, who: Signer, monitor: Monitor) -> None:
    """Killed at every call to the store in turn, during success with a surplus (two transactions): the same books."""
    from paycorex import aws
    from tests.fakes.faults import Fault, FaultyClient, Killed, Nth

    for fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.CONFLICT, Fault.THROTTLED):
        position, done = 1, False
        while not done:
            merchant = merchant_with_key(world)
            watcher = Monitor(world, merchant)
            payment = pay_by_crypto(world, merchant)
            tx_hash = watcher.found(payment, expected_units(payment) * 2)
            watcher.becomes(tx_hash, "confirmed")
            records = watcher.stream()
            client = FaultyClient(world.dynamo, Nth(position, fault))
            aws.use("dynamodb", client)
            try:
                watcher.deliver(records)
            except Killed:
                world.restart()
            aws.use("dynamodb", world.dynamo)
            done = all(logged.fault is Fault.PASS for logged in client.log)
            assert watcher.deliver(records) == {"batchItemFailures": []}
            assert books_of(merchant) == Books(THOUSAND, THOUSAND, -2 * THOUSAND)
            position += 1


def test_a_flood_of_transfers_does_not_make_a_payment_too_large(world: World, who: Signer, monitor: Monitor) -> None:
    payment = pay_by_crypto(world, who)
    for number in range(130):
        monitor.found(payment, 10**13, name=str(number))
    assert monitor.deliver() == {"batchItemFailures": []}
    item: PaymentItem = stored(payment["payment_id"])
    assert len(item.method_state["transfers"]) == MAX_TRANSFERS


def test_a_dry_run_takes_no_address_and_writes_nothing(world: World, who: Signer) -> None:
    before = world.dump()
    body = {"amount": "1000.00", "method": "crypto", "network": "ethereum", "dry_run": True}
    reply = world.call(who, "POST", "/v1/payments/create", body)
    assert reply.status == 200
    assert reply.body["events"] == ["payment.created", "payment.processing", "payment.success"]
    assert world.dump()["test-crypto_addresses"] == before["test-crypto_addresses"]
    assert world.dump()["test-payments"] == before["test-payments"]
