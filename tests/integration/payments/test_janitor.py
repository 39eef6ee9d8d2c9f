"""The janitor: everything past its time ends, exactly once, beside callbacks and beside itself."""

from collections import Counter
from typing import Any

import pytest

from paycorex import storage
from paycorex.records.payment import PaymentItem
from payments import janitor, payment_look_ups
from payments.payment import due
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.world import PREFIX, Signer, World


@pytest.mark.parametrize(
    ("number", "status"),
    [(support.TIMEOUT_APPROVED, "success"), (support.PENDING, "success"), (support.TIMEOUT_LOST, "failed"), (support.REDIRECT, "failed")],
)
def test_what_was_never_answered_is_looked_up_and_decided(world: World, who: Signer, number: str, status: str) -> None:
    payment_id = support.charge(world, who, number).body["payment_id"]
    support.settle_all(world)
    shown = support.show(world, who, payment_id)
    assert shown["status"] == status
    assert len(shown["attempts"]) == 1
    assert shown["timeline"][-1]["reason"] == {support.TIMEOUT_LOST: "not_received", support.REDIRECT: "expired"}.get(number)


def test_nothing_is_looked_at_before_its_time(world: World, who: Signer) -> None:
    support.charge(world, who, support.TIMEOUT_APPROVED)
    assert support.tick(world).looked == 0
    assert support.tick(world, after_seconds=60) == janitor.Tick(looked=1, decided=1)
    assert support.tick(world, after_seconds=60).looked == 0


def test_a_lost_attempt_is_given_time_to_arrive_first(world: World, who: Signer) -> None:
    payment_id = support.charge(world, who, support.TIMEOUT_LOST).body["payment_id"]
    support.tick(world, after_seconds=40)
    assert support.show(world, who, payment_id)["status"] == "processing"
    support.tick(world, after_seconds=payment_look_ups.LOST_SECONDS)
    assert support.show(world, who, payment_id)["failure_code"] == "card_declined"


def test_at_most_the_stated_number_a_tick_the_longest_due_first(world: World, who: Signer) -> None:
    card = support.token(world, who, support.PENDING)
    body = {"amount": "10", "method": "tokenized", "token_id": card}
    made = [world.call(who, "POST", "/v1/payments/create", body).body["payment_id"] for _ in range(7)]
    world.clock.now += 300
    assert janitor.run(may_go_on=lambda: True, limit=3).decided == 3
    statuses = [support.show(world, who, payment_id)["status"] for payment_id in made]
    assert statuses == ["success"] * 3 + ["processing"] * 4
    support.settle_all(world)


def test_a_tick_whose_time_is_up_stops_between_two_payments(world: World, who: Signer) -> None:
    for _ in range(3):
        support.charge(world, who, support.TIMEOUT_APPROVED)
    world.clock.now += 300
    answers = iter([True, False])
    assert janitor.run(may_go_on=lambda: next(answers)).looked == 1
    support.settle_all(world)


def test_many_janitors_at_once_decide_each_payment_once(world: World, who: Signer) -> None:
    """Acceptance 49: a schedule that fires twice."""
    card = support.token(world, who, support.PENDING)
    body = {"amount": "10", "method": "tokenized", "token_id": card}
    for _ in range(12):
        world.call(who, "POST", "/v1/payments/create", body)
    world.clock.now += 300
    ticks = run_at_once(world, [lambda: janitor.run(may_go_on=lambda: True).looked] * 4, environments=4)
    assert max(ticks) > 0
    support.settle_all(world)
    assert {(item.status, int(item.sequence)) for item in storage.scan_all(PaymentItem)} == {("success", 2)}


def test_the_door_reports_what_it_did(world: World, who: Signer) -> None:
    from payments import janitor_door  # makes its clients when it is loaded, so only in a world

    support.charge(world, who, support.TIMEOUT_APPROVED)
    world.clock.now += 300
    assert janitor_door.handler({}, None) == {"looked": 1, "decided": 1, "failed": 0, "set_aside": 0}


def test_a_look_that_fails_is_due_again_and_holds_no_other_up(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look meets a store in trouble; the second payment is looked at all the same."""
    from payments.payment import store

    for _ in range(2):
        support.charge(world, who, support.TIMEOUT_APPROVED)
    world.clock.now += 300
    find, calls = store.find, []

    def stumble(payment_id: str) -> PaymentItem | None:
        calls.append(payment_id)
        if len(calls) == 1:
            raise storage.Unavailable("ThrottlingException")
        return find(payment_id)

    monkeypatch.setattr(store, "find", stumble)
    assert janitor.run(may_go_on=lambda: True) == janitor.Tick(looked=2, decided=1, failed=1)
    monkeypatch.undo()
    support.settle_all(world)


class CountedReads:
    """A client that counts which indexes are read, and how."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.reads: Counter[tuple[str, str]] = Counter()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**request: Any) -> Any:
            if request.get("IndexName") == "by_due":
                self.reads[name, request["TableName"].removeprefix(PREFIX)] += 1
            return method(**request)

        return call if callable(method) else method


def test_a_kind_of_which_none_is_open_costs_one_read_a_tick(world: World, who: Signer) -> None:
    world.pay(who, "asha", "10.00")
    counted = CountedReads(world.dynamo)
    world.install(counted, world.kms, world.sqs)
    assert support.tick(world).looked == 0
    kinds = ("payments", "refunds", "disputes", "checkout_sessions", "qr_codes")
    assert counted.reads == {("scan", kind): 1 for kind in kinds}


@pytest.mark.parametrize("customers", [1, 20])
def test_a_kind_of_which_some_are_open_is_read_by_all_its_partitions(world: World, customers: int) -> None:
    for number in range(customers):
        support.charge(world, world.register(f"Shop {number}"), support.TIMEOUT_APPROVED)
    counted = CountedReads(world.dynamo)
    world.install(counted, world.kms, world.sqs)
    assert support.tick(world, after_seconds=60) == janitor.Tick(looked=customers, decided=customers)
    assert counted.reads["query", "payments"] == due.DUE_SHARDS
    assert counted.reads["query", "refunds"] == 0
    support.settle_all(world)
