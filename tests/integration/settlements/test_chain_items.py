"""Crypto clearing against the chain's own transfers: matched, missing, differing, twice, unexpected; reorganisations and the proof."""

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import permutations
from typing import Any

import pytest

from crypto_monitor.stores import addresses
from paycorex import clock, reconciliation_accounts, set_aside, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.evm import networks
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.proof import checkpoints, proof_check, proof_key, reconciliation_check, sealing_work
from paycorex.ledger.verification import Verifier
from paycorex.records import reconciliation_item as record
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.connectors.results import Approved
from payments.crypto import settlement as crypto_settlement
from payments.refunds import at_provider
from payments.refunds import store as refunds
from settlements.matching import working
from settlements.matching.states import State
from settlements.stores import reconciliation as store
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support.crypto import Books, Monitor, books_of, expected_units, merchant_with_key, pay_by_crypto
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

HOUR, DAY, THOUSAND = 3_600, 86_400, 100_000


@pytest.fixture
def who(world: World) -> Signer:
    return merchant_with_key(world)


def noted(who: Signer, network: str = "ethereum") -> None:
    """As the ledger's stream does."""
    reconciliation_accounts.note([Account.clearing(who.merchant_id, network, "INR").key])


def reconciled(who: Signer) -> working.Run:
    """What the schedule runs; every account is explained to the last unit."""
    done = working.run(who.merchant_id)
    assert done.is_proved, [(each.source, each.balance, each.held, each.explained) for each in done.accounts]
    return done


def items(who: Signer) -> list[tuple[str, str, int, str | None]]:
    """Kind, state, what is open, and whose turn it is."""
    mine = [each for each in storage.scan_all(ReconciliationItem) if each.merchant_id == who.merchant_id]
    return sorted((each.record.partition(":")[0], each.state, record.open_minor(each), each.responsible) for each in mine)


def held(who: Signer, network: str = "ethereum") -> int:
    position = store.position(who.merchant_id, f"{network}#INR")
    assert position is not None
    return int(position.held)


def verify() -> None:
    done = Verifier().run(every_source())
    assert done.findings == [], done.findings


def changed(monitor: Monitor, tx_hash: str, **fields: Any) -> None:
    """A transfer's row is another one, and the payments do not hear of it: their stream was lost."""
    item = monitor.rows[tx_hash]
    for name, value in fields.items():
        setattr(item, name, value)
    storage.run(storage.put(item))
    monitor.stream()


@pytest.mark.parametrize("network", sorted(networks.NETWORKS))
def test_a_payment_is_matched_by_the_chains_own_transfer_on_every_network(world: World, who: Signer, network: str) -> None:
    noted(who, network)
    payment = pay_by_crypto(world, who, network=network)
    tx_hash = Monitor(world, who).pays(payment, expected_units(payment), asset=networks.named(network).native.symbol)
    reconciled(who)
    assert items(who) == [("payment", State.MATCHED, 0, None)]
    (item,) = storage.scan_all(ReconciliationItem)
    assert item.open_key is None
    assert (item.provider_reference, item.payment_id) == (tx_hash, payment["payment_id"])
    (account,) = world.call(who, "GET", "/v1/reconciliation").body["accounts"]
    assert (account["source"], account["balance"], account["held"], account["proved"]) == (network, "1000.00", "1000.00", True)
    verify()


def test_too_little_too_much_late_and_the_wrong_token_are_each_matched_by_their_own_transfers(world: World, who: Signer) -> None:
    noted(who)
    monitor = Monitor(world, who)
    over, short, late, wrong = (pay_by_crypto(world, who) for _number in range(4))
    monitor.pays(over, expected_units(over) * 2)
    monitor.pays(short, expected_units(short) // 4)
    monitor.pays(wrong, 5_000_000, asset="USDC")
    world.clock.now += 2 * HOUR
    monitor.pays(late, expected_units(late))
    reconciled(who)
    assert {state for _kind, state, _open, _whose in items(who)} == {State.MATCHED}
    assert sorted(kind for kind, *_rest in items(who)) == ["late", "late", "late", "late", "payment"]
    assert held(who) == -books_of(who).clearing == THOUSAND * 3 + THOUSAND // 4 + 40_000
    monitor.pays(short, expected_units(short) - expected_units(short) // 4, name="rest")
    reconciled(who)
    assert held(who) == -books_of(who).clearing
    verify()


def test_a_reorganisation_takes_it_from_what_the_chain_shows_and_the_books_follow(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment))
    reconciled(who)
    monitor.becomes(tx_hash, "reorged")
    monitor.deliver()
    reconciled(who)
    assert (items(who), held(who), books_of(who)) == ([("payment", State.MATCHED, 0, None)], 0, Books(0, 0, 0))
    monitor.becomes(tx_hash, "confirmed")
    monitor.deliver()
    reconciled(who)
    assert (items(who), held(who)) == ([("payment", State.MATCHED, 0, None)], THOUSAND)
    verify()


def test_what_the_books_have_and_the_chain_has_not_is_missing_after_an_hour(world: World, who: Signer) -> None:
    """A record of a reorganisation was lost between the monitor and the payments."""
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment))
    changed(monitor, tx_hash, status="reorged")
    reconciled(who)
    assert items(who) == [("payment", State.EXPECTED, THOUSAND, "us")]
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert items(who) == [("payment", State.MISSING, THOUSAND, "us")]
    (item,) = storage.scan_all(ReconciliationItem)
    assert item.event == "reconciliation.exception"
    path = f"/v1/reconciliation/items/{item.item_id}/resolve"
    done = world.call(who, "POST", path, {"action": "correct", "reason": "the chain took it back"})
    assert (done.status, done.body["state"], books_of(who)) == (200, "matched", Books(0, 0, 0))
    reconciled(who)
    verify()


def test_a_transfer_that_vanished_after_it_was_matched_is_found_by_the_second_look(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    tx_hash = monitor.pays(payment, expected_units(payment))
    reconciled(who)
    changed(monitor, tx_hash, status="reorged")
    world.clock.now += DAY + HOUR
    reconciled(who)
    assert items(who) == [("payment", State.MISSING, THOUSAND, "us")]


@pytest.mark.parametrize(("units", "open_minor"), [(1, 50_000), (3, -50_000)])
def test_a_transfer_of_another_amount_than_what_was_booked_differs(world: World, who: Signer, units: int, open_minor: int) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    asked = expected_units(payment)
    tx_hash = monitor.pays(payment, asked)
    changed(monitor, tx_hash, amount=str(asked * units // 2))
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert items(who) == [("payment", State.AMOUNT_DIFFERS, open_minor, "us")]


def test_one_transfer_that_is_booked_twice_is_a_duplicate(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment))
    monitor.pays(payment, expected_units(payment) // 2, name="more")
    found = storage.get(PaymentItem, payment["payment_id"])
    assert found is not None
    state = dict(found.method_state)
    first, second = sorted(state["transfers"], key=lambda key: -int(state["transfers"][key][3]))
    # The payment has late money of the transfer that settled it.
    late = [{**dict(each), "provider_reference": first.partition(":")[0]} for each in found.late_money]
    del state["transfers"][second]
    made = [PaymentItem.method_state.set(state), PaymentItem.late_money.set(late)]
    storage.run(storage.update(PaymentItem, PaymentItem.wire_key(found.payment_id), made, None))
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert ("late", State.DUPLICATE, THOUSAND // 2, "us") in items(who)


def test_a_transfer_that_is_booked_nowhere_is_unexpected_and_becomes_late_money(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    tx_hash = monitor.found(payment, expected_units(payment))
    monitor.becomes(tx_hash, "confirmed")
    # The payments never hear of it.
    monitor.stream()
    reconciled(who)
    assert items(who) == []
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert items(who) == [("transfer", State.UNEXPECTED, -THOUSAND, "us")]
    (item,) = storage.scan_all(ReconciliationItem)
    assert (item.event, item.provider_reference, item.payment_id) == ("reconciliation.exception", tx_hash, payment["payment_id"])
    assert set_aside.retry_due(crypto_settlement.LOOP, crypto_settlement.apply_again) == 1
    reconciled(who)
    assert [each[:3] for each in items(who)] == [("payment", State.MATCHED, 0), ("transfer", State.MATCHED, 0)]
    assert (held(who), books_of(who)) == (THOUSAND, Books(THOUSAND, 0, -THOUSAND))
    verify()


def test_a_refund_is_matched_by_the_transaction_that_is_its_own(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment))
    body = {"payment_id": payment["payment_id"], "refund_address": "0x52908400098527886E0F7030069857D2E4169EE7", "amount": "400.00"}
    refund_id = world.call(who, "POST", "/v1/payments/refund", body).body["refund_id"]
    tx_hash = "0x" + "ab" * 32
    refund = refunds.find_refund(refund_id)
    assert refund is not None
    at_provider.apply(refund, Approved(tx_hash))
    world.clock.now += 2 * HOUR
    reconciled(who)
    # No one said that this transaction is the refund's.
    assert ("refund", State.MISSING, -40_000, "us") in items(who)
    for purpose, found in (("ref_" + "x" * 26, State.DUPLICATE), (refund_id, State.MATCHED)):
        storage.run(storage.put(addresses.PurposeItem(address_id=f"tx#ethereum#{tx_hash}", purpose=purpose)))
        reconciled(who)
        assert next(state for kind, state, *_rest in items(who) if kind == "refund") == found
    assert held(who) == 60_000
    verify()


def test_a_day_of_a_network_says_what_the_chain_shows_and_explains_itself_offline(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment, other = Monitor(world, who), pay_by_crypto(world, who), pay_by_crypto(world, who)
    monitor.pays(payment, expected_units(payment))
    lost = monitor.pays(other, expected_units(other))
    changed(monitor, lost, status="reorged")
    reconciled(who)
    sealing_work.note("1".zfill(40), [f"{who.merchant_id}#{entity}#ethereum#INR#0" for entity in ("reconciliation", "clearing")])
    checkpoints.seal(lambda: True)
    day = clock.rfc3339(clock.now_ms() - DAY * 1000)[:10]
    answer = json.loads(world.call(who, "GET", f"/v1/reconciliation/days/{day}?source=ethereum&currency=INR").raw)
    key = proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()
    said, unexplained = reconciliation_check.check(answer, key)
    assert (answer["document"]["held_minor"], unexplained) == (THOUSAND, 0)
    assert said.endswith("balance 200000 minor units, of which the chain shows 100000, 1 open items come to 100000")
    answer["document"]["held_minor"] += 1
    with pytest.raises(proof_check.ProofRefused):
        reconciliation_check.check(answer, key)


def test_a_transfer_without_a_payment_waits_for_a_person(world: World, who: Signer) -> None:
    noted(who)
    monitor, payment = Monitor(world, who), pay_by_crypto(world, who)
    monitor.found(payment | {"payment_id": "pay_" + "a" * 26}, expected_units(payment))
    monitor.becomes(next(iter(monitor.rows)), "confirmed")
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert items(who) == [("transfer", State.UNEXPECTED, 0, "us")]
    (item,) = storage.scan_all(ReconciliationItem)
    assert item.reason == "no_payment"
    assert set_aside.page(10, None)[0] == []
    path = f"/v1/reconciliation/items/{item.item_id}/resolve"
    assert_refused(world.call(who, "POST", path, {"action": "write_off", "reason": "no"}), "invalid_state")
    assert world.call(who, "POST", path, {"action": "claim", "reason": "asked"}).body["state"] == "unexpected"
    assert world.call(who, "POST", path, {"action": "accept", "reason": "it is not ours"}).body["state"] == "matched"
    assert_refused(world.call(who, "POST", path, {"action": "accept", "reason": "again"}), "invalid_state")
    reconciled(who)
    assert items(who) == [("transfer", State.MATCHED, 0, None)]


def test_a_first_transfer_of_a_network_is_found_even_when_nothing_was_booked(world: World, who: Signer) -> None:
    from dashboard import rollup_door

    payment = pay_by_crypto(world, who, network="polygon")
    rollup_door.handler({"Records": world.dynamo.drain_stream(world.settings.table("payments"))}, None)
    monitor = Monitor(world, who)
    monitor.becomes(monitor.found(payment, expected_units(payment), asset="POL"), "confirmed")
    world.clock.now += 2 * HOUR
    reconciled(who)
    assert items(who) == [("transfer", State.UNEXPECTED, -THOUSAND, "us")]


def happenings(world: World, who: Signer, payment: dict[str, Any], monitor: Monitor) -> list[Callable[[], object]]:
    half = expected_units(payment) // 2
    first, second = monitor.found(payment, half, name="1"), monitor.found(payment, half, name="2")
    monitor.stream()

    def confirmed(tx_hash: str) -> None:
        monitor.becomes(tx_hash, "confirmed")
        monitor.deliver()

    return [lambda: confirmed(first), lambda: confirmed(second), lambda: reconciled(who), lambda: reconciled(who)]


def test_in_any_order_and_doubled_transfers_end_in_the_same_books_and_items(world: World) -> None:
    ends = set()
    for order in permutations(range(4)):
        if order.index(3) < order.index(2):
            continue
        who = merchant_with_key(world)
        noted(who)
        payment, monitor = pay_by_crypto(world, who), Monitor(world, who)
        made = happenings(world, who, payment, monitor)
        records: list[dict[str, Any]] = []
        for index in order:
            made[index]()
            records += monitor.stream()
        # All records once more, in another order.
        monitor.deliver(list(reversed(records)))
        world.clock.now += 2 * HOUR
        reconciled(who)
        ends.add((books_of(who), held(who), tuple(sorted({state for _kind, state, *_rest in items(who)}))))
    assert ends == {(Books(THOUSAND, 0, -THOUSAND), THOUSAND, ("matched",))}


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_kill_at_every_call_ends_in_the_same_sum(fault: Fault) -> None:
    for index in range(1, 300):
        with World().running() as world:
            who = merchant_with_key(world)
            noted(who)
            monitor, payment, other = Monitor(world, who), pay_by_crypto(world, who), pay_by_crypto(world, who)
            monitor.pays(payment, expected_units(payment) * 2)
            monitor.becomes(monitor.found(other, expected_units(other)), "confirmed")
            monitor.stream()
            world.clock.now += 2 * HOUR
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
                reconciled(who)
            calls = client.count()
            client.decider = healthy
            world.restart()
            reconciled(who)
            assert (held(who), max(items(who))[:3]) == (2 * THOUSAND, ("transfer", State.UNEXPECTED, -THOUSAND)), index
            if calls < index:
                return
    pytest.fail("more calls than it may make")
