"""Money that only a report knows: its provider is looked up first, and it becomes late money; also when the provider lies, is down, or says
another amount.
"""

from contextlib import suppress
from typing import Any

import pytest

from paycorex import clock, reconciliation_accounts, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, balance_of
from paycorex.money import Money
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.connectors.results import Approved, Declined, NotFound, Unavailable
from payments.connectors.sandbox.connector import Sandbox
from settlements.matching import working
from settlements.matching.states import State
from settlements.sources import asked, pulling
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support import payments as support
from tests.support.world import Signer, World

DAY = 86_400
PAID = 1_000


@pytest.fixture
def payment_id(world: World, merchant: Signer) -> str:
    """A payment that was canceled while its answer was lost, and that the provider did not answer about for all the time it was asked."""
    return canceled(world, merchant)


def canceled(world: World, merchant: Signer) -> str:
    reconciliation_accounts.note([Account.clearing(merchant.merchant_id, "sandbox", "INR").key])
    made: str = support.charge(world, merchant, support.TIMEOUT_APPROVED).body["payment_id"]
    world.call(merchant, "POST", f"/v1/payments/{made}/cancel", {})
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(Sandbox, "lookup", lambda *_: Unavailable("The provider is down."))
        for _hour in range(30):
            support.tick(world, after_seconds=3_600)
    assert support.stored(made).due_at is None, "it is not looked up any more"
    world.clock.now += 5 * DAY
    item = asked.import_of(merchant.merchant_id, "sandbox", 0, clock.now_ms(), "first")
    assert pulling.read_slice(item, lambda: True).status == "done"
    return made


def reconciled(who: Signer) -> None:
    done = working.run(who.merchant_id)
    assert done.is_proved, [(each.source, each.balance, each.explained) for each in done.accounts]


def items() -> list[tuple[str, str, int]]:
    """Side, state and what is open."""
    found = (each for each in storage.scan_all(ReconciliationItem) if each.source == "sandbox")
    return sorted((each.side, each.state, record.open_minor(each)) for each in found)


def suspended(world: World, who: Signer, payment_id: str) -> list[tuple[str, str]]:
    money: list[dict[str, Any]] = support.show(world, who, payment_id)["late_money"]
    return [(each["status"], each["amount"]) for each in money]


def test_a_reported_charge_is_looked_up_becomes_late_money_and_is_matched(world: World, merchant: Signer, payment_id: str) -> None:
    reconciled(merchant)
    assert items() == [("ours", State.UNEXPECTED, -PAID)]
    assert support.stored(payment_id).due_at is not None, "the payments' own service asks at its next run"
    support.tick(world, after_seconds=60)
    assert suspended(world, merchant, payment_id) == [("held", "10.00")]
    reconciled(merchant)
    assert items() == [("ours", State.MATCHED, 0), ("ours", State.MATCHED, 0)]
    accepted = world.call(merchant, "POST", f"/v1/payments/{payment_id}/late", {"action": "accept"})
    assert (accepted.status, accepted.body["status"]) == (200, "success")
    reconciled(merchant)
    assert balance_of(Account.of_merchant(merchant.merchant_id, "INR")) == PAID
    assert support.findings() == []


def test_while_the_provider_is_down_the_line_stays_unexpected_and_is_matched_when_it_answers(
    world: World, merchant: Signer, payment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Sandbox, "lookup", lambda *_: Unavailable("The provider is down."))
        for _hour in range(30):
            reconciled(merchant)
            support.tick(world, after_seconds=3_600)
        assert items() == [("ours", State.UNEXPECTED, -PAID)]
        assert suspended(world, merchant, payment_id) == []
    # It is asked again once a day.
    for _hour in range(24):
        reconciled(merchant)
        support.tick(world, after_seconds=3_600)
    reconciled(merchant)
    assert items() == [("ours", State.MATCHED, 0), ("ours", State.MATCHED, 0)]
    assert support.findings() == []


@pytest.mark.parametrize("lie", [Declined("declined", "It was declined."), NotFound()])
def test_a_provider_that_reports_what_its_look_up_denies_is_asked_no_more_than_once_a_day_and_nothing_is_invented(
    world: World, merchant: Signer, payment_id: str, lie: Declined | NotFound, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks: list[float] = []

    def answer(*_: object) -> Declined | NotFound:
        asks.append(world.clock.now)
        return lie

    monkeypatch.setattr(Sandbox, "lookup", answer)
    for _tick in range(3 * 24):
        reconciled(merchant)
        support.tick(world, after_seconds=3_600)
    assert items() == [("ours", State.UNEXPECTED, -PAID)]
    assert suspended(world, merchant, payment_id) == []
    assert 1 <= len(asks) <= 4
    assert balance_of(Account.of_merchant(merchant.merchant_id, "INR")) == 0
    assert support.findings() == []


@pytest.mark.parametrize(("said", "open_minor"), [(900, -100), (1_100, 100)])
def test_a_look_up_that_says_another_amount_than_the_report_leaves_the_difference_open(
    world: World, merchant: Signer, payment_id: str, said: int, open_minor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = next(line.reference for line in support.books())
    monkeypatch.setattr(Sandbox, "lookup", lambda *_: Approved(reference, Money(said, "INR")))
    reconciled(merchant)
    support.tick(world, after_seconds=60)
    assert suspended(world, merchant, payment_id) == [("held", f"{said // 100}.00")]
    world.clock.now += 7 * DAY
    reconciled(merchant)
    assert ("ours", State.AMOUNT_DIFFERS, open_minor) in items()
    assert support.findings() == []


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_kill_at_every_call_moves_a_line_to_its_late_money_once(fault: Fault) -> None:
    with World().running() as first:
        who = first.register()
        made = canceled(first, who)
        reconciled(who)
        support.tick(first, after_seconds=60)
        assert suspended(first, who, made) == [("held", "10.00")]
        ready = first.saved()
    for index in range(1, 300):
        with World.again(ready).running() as world:
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
                working.run(who.merchant_id)
            calls = client.count()
            client.decider = healthy
            world.restart()
            reconciled(who)
            assert items() == [("ours", State.MATCHED, 0), ("ours", State.MATCHED, 0)], index
            assert suspended(world, who, made) == [("held", "10.00")]
            assert support.findings() == []
            if calls < index:
                return
    pytest.fail("more calls than it may make")
