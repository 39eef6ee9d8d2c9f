"""When the ledger is sealed: few changes wait for one another, many and asked for ones do not, and nothing waits longer than the window."""

from collections.abc import Iterator

import pytest

from bench.metering import MeteredClient
from paycorex import settings
from paycorex.ledger.proof import checkpoints, seal_times, sealing_work, unsealed_runs
from paycorex.ledger.proof.checkpoints import Tick
from tests.support.proofs import note_changes, proof, seal
from tests.support.world import PREFIX, Signer, World

WINDOW_SECONDS = 600
MINUTE = 60


@pytest.fixture(autouse=True)
def waiting_stack(world: World) -> Iterator[None]:
    """A stack whose seals wait."""
    settings.use(world.settings.model_copy(update={"seal_window_seconds": WINDOW_SECONDS}))
    yield
    settings.use(world.settings)


@pytest.fixture
def shop(world: World, merchant: Signer) -> Signer:
    """A merchant with two wallets, all of it sealed."""
    for user in ("asha", "ravi"):
        world.wallet(merchant, user, "1000.00")
    note_changes(world)
    world.clock.now += WINDOW_SECONDS
    assert checkpoints.seal(lambda: True).checkpoints == 1
    return merchant


def pay(world: World, who: Signer, user: str = "asha") -> str:
    reply = world.pay(who, user, "1.00")
    assert reply.status == 201, reply.raw
    payment_id: str = reply.body["payment_id"]
    return payment_id


def ticks(world: World, minutes: int) -> list[Tick]:
    """A tick a minute."""
    found = []
    for _ in range(minutes):
        world.clock.now += MINUTE
        found.append(seal(world))
    return found


def test_payments_of_some_minutes_share_a_signature(world: World, shop: Signer) -> None:
    signatures = world.kms.calls["Sign"]
    done = []
    for _ in range(10):
        pay(world, shop)
        done += ticks(world, 1)
    done += ticks(world, 2)
    assert [tick.entries for tick in done if tick.checkpoints] == [20]
    assert world.kms.calls["Sign"] == signatures + 1
    assert sealing_work.changed(10).items == []


def test_no_change_waits_longer_than_the_window_and_a_waiting_one_is_not_overdue(world: World, shop: Signer) -> None:
    pay(world, shop)
    note_changes(world)
    waited = ticks(world, WINDOW_SECONDS // MINUTE)
    assert [tick.checkpoints for tick in waited] == [0] * 9 + [1]
    assert waited[8].oldest_unsealed_ms >= 9 * MINUTE * 1_000
    assert {tick.overdue_ms for tick in waited} == {0}


def test_what_should_be_sealed_and_is_not_is_overdue(world: World, shop: Signer) -> None:
    pay(world, shop)
    note_changes(world)
    world.clock.now += WINDOW_SECONDS + 900
    tick = checkpoints.seal(lambda: False)
    assert tick.checkpoints == 0
    assert tick.overdue_ms == pytest.approx(900_000, abs=1_000)


@pytest.mark.parametrize("sent_before", [True, False])
def test_a_proof_that_is_asked_for_is_sealed_by_the_next_tick(world: World, shop: Signer, sent_before: bool) -> None:
    """Whether the stream has brought the payment by then or brings it later."""
    payment_id = pay(world, shop)
    if sent_before:
        note_changes(world)
        assert checkpoints.seal(lambda: True).checkpoints == 0
    assert proof(world, shop, payment_id)["sealed"] is False
    tick = checkpoints.seal(lambda: True)
    assert (tick.checkpoints, tick.entries, tick.oldest_unsealed_ms) == (1, 2, 0)
    assert proof(world, shop, payment_id)["sealed"] is True
    signatures = world.kms.calls["Sign"]
    ticks(world, WINDOW_SECONDS // MINUTE + 1)
    assert sealing_work.changed(10).items == []
    assert world.kms.calls["Sign"] == signatures, "what the stream tells afterwards is sealed already"


def test_a_question_is_answered_once_and_a_sealed_proof_asks_for_nothing(world: World, shop: Signer) -> None:
    first = pay(world, shop)
    assert proof(world, shop, first)["sealed"] is False
    assert ticks(world, 1)[0].checkpoints == 1
    assert sealing_work.asked(10) == []
    before = world.dump()[f"{PREFIX}ledger_work"]
    assert proof(world, shop, first)["sealed"] is True
    assert world.dump()[f"{PREFIX}ledger_work"] == before
    pay(world, shop)
    assert ticks(world, 1)[0].checkpoints == 0


def test_many_changed_accounts_do_not_wait(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_times, "MANY_ACCOUNTS", 3)
    pay(world, shop)
    assert ticks(world, 1)[0].checkpoints == 0
    pay(world, shop, "ravi")
    assert ticks(world, 1)[0].entries == 4


def test_more_notes_than_one_read_brings_do_not_wait(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MAX_NOTES", 1)
    for _ in range(2):
        pay(world, shop)
        note_changes(world)
    assert seal(world).entries == 4


def test_an_account_that_is_sealed_in_part_goes_on_at_once(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsealed_runs, "MAX_ENTRIES", 2)
    monkeypatch.setattr(unsealed_runs, "MAX_RUNS", 1)
    for _ in range(5):
        pay(world, shop)
    note_changes(world)
    world.clock.now += WINDOW_SECONDS
    answers = iter([True, True, False])
    assert checkpoints.seal(lambda: next(answers, False)).entries == 4
    assert ticks(world, 1)[0].entries == 6
    assert sealing_work.changed(10).items == []


def test_an_idle_tick_is_four_reads(world: World, shop: Signer) -> None:
    client = MeteredClient(world.dynamo)
    world.install(client, world.kms, world.sqs)
    assert checkpoints.seal(lambda: True) == Tick()
    assert sum(client.meter.calls.values()) == 4
    assert client.meter.write_units == 0
