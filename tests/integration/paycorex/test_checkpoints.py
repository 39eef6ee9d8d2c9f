"""Sealing: every change gets into exactly one checkpoint, whatever dies or runs at once, and each checkpoint names the one before."""

import contextlib
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from paycorex import aws, storage
from paycorex.ledger import store as ledger_store
from paycorex.ledger.proof import checkpoint_store, checkpoints, merkle, proof_key, runs, sealing_work, unsealed_runs
from paycorex.ledger.proof.runs import Run
from paycorex.ledger.proof.sealing_lease import LEASE_MS, Lease
from tests.support import rollups, template
from tests.support.logs import Log
from tests.support.proofs import note_changes, proof, seal
from tests.support.world import PREFIX, Signer, World

TABLE = f"{PREFIX}ledger_checkpoints"
LEDGERS = f"{PREFIX}ledgers"


@pytest.fixture
def shop(world: World, merchant: Signer) -> Signer:
    """A merchant with a payment."""
    world.wallet(merchant, "asha", "1000.00")
    assert world.pay(merchant, "asha", "10.00").status == 201
    return merchant


def pay(world: World, who: Signer, amount: str = "1.00") -> str:
    reply = world.pay(who, "asha", amount)
    assert reply.status == 201, reply.raw
    payment_id: str = reply.body["payment_id"]
    return payment_id


def sealed_hashes() -> dict[tuple[str, int], bytes]:
    """Every sealed entry's hash; an entry that is sealed twice fails."""
    found: dict[tuple[str, int], bytes] = {}
    for checkpoint in checkpoint_store.every():
        for run in checkpoints.runs_of(checkpoint):
            for offset, entry_hash in enumerate(run.hashes):
                place = (run.account, run.first_seq + offset)
                assert place not in found
                found[place] = entry_hash
    return found


def stored_hashes(world: World) -> dict[tuple[str, int], bytes]:
    return {(e.account.key, e.seq): e.hash for e in map(ledger_store.from_wire, world.dump()[LEDGERS])}


def assert_all_sealed(world: World) -> None:
    assert sealed_hashes() == stored_hashes(world)
    previous = bytes(32)
    total = 0
    for number, checkpoint in enumerate(checkpoint_store.every(), start=1):
        said = checkpoint.statement
        leaves = [run.leaf for run in checkpoints.runs_of(checkpoint)]
        total += sum(len(run.hashes) for run in checkpoints.runs_of(checkpoint))
        assert (said.number, said.previous, said.root, said.runs) == (number, previous, merkle.root(leaves), len(leaves))
        assert said.total_entries == total
        assert proof_key.is_signed(said.encoded(), checkpoint.signature, proof_key.public_key(world.settings.proof_key_id))
        previous = said.digest


def test_a_tick_seals_every_entry_once(world: World, shop: Signer) -> None:
    tick = seal(world)
    assert (tick.checkpoints, tick.entries, tick.broken, tick.oldest_unsealed_ms) == (1, 4, 0, 0)
    assert_all_sealed(world)
    assert sealing_work.changed(10).items == []


def test_nothing_new_is_no_checkpoint(world: World, shop: Signer) -> None:
    seal(world)
    before = world.dump()[TABLE]
    assert seal(world).checkpoints == 0
    assert world.dump()[TABLE] == before


def test_each_tick_seals_what_came_since(world: World, shop: Signer) -> None:
    for number in range(1, 5):
        pay(world, shop)
        assert seal(world).checkpoints == 1
        newest = checkpoint_store.newest()
        assert newest is not None
        assert newest.number == number
    assert_all_sealed(world)


def test_a_stream_batch_that_comes_again_changes_nothing(world: World, shop: Signer) -> None:
    records = rollups.stream(world)
    rollups.roll(records)
    assert checkpoints.seal(lambda: True).checkpoints == 1
    rollups.roll(records)
    assert checkpoints.seal(lambda: True).checkpoints == 0
    assert sealing_work.changed(10).items == []
    assert_all_sealed(world)


def test_of_two_that_seal_at_once_one_gets_the_number(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease is over. The other comes in between gathering and publishing; nothing is sealed twice, nothing is lost."""
    monkeypatch.setattr(Lease, "take", lambda _self: True)
    note_changes(world)
    publish = checkpoints._publish
    inner: list[checkpoints.Tick] = []

    def late(*arguments: Any) -> bool:
        if not inner:
            inner.append(checkpoints.Tick())
            monkeypatch.setattr(checkpoints, "_publish", publish)
            pay(world, shop)
            note_changes(world)
            inner[0] = checkpoints.seal(lambda: True)
        return publish(*arguments)

    monkeypatch.setattr(checkpoints, "_publish", late)
    outer = checkpoints.seal(lambda: True)
    assert (inner[0].checkpoints, outer.checkpoints) == (1, 0)
    pay(world, shop)
    assert seal(world).checkpoints == 1
    assert_all_sealed(world)


class _SecondTick:
    """Runs a whole tick of another process before one of this one's calls."""

    def __init__(self, inner: Any, before: int, other: Callable[[], None]) -> None:
        self._inner, self._left, self._other = inner, before, other

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        if not callable(call):
            return call

        def asked(**request: Any) -> Any:
            self._left -= 1
            if self._left == -1:
                self._other()
            return call(**request)

        return asked


@pytest.mark.parametrize("leased", [True, False])
def test_two_ticks_at_once_seal_every_entry_once_wherever_the_second_begins(
    world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch, *, leased: bool
) -> None:
    """Without the lease too: a tick that was held up may go on when its lease has ended."""
    if not leased:
        monkeypatch.setattr(Lease, "take", lambda _self: True)
    client, begun = world.dynamo, []

    def second() -> None:
        begun.append(True)
        aws.use("dynamodb", client)
        pay(world, shop)
        note_changes(world)
        checkpoints.seal(lambda: True)
        aws.use("dynamodb", between)

    for at in range(60):
        pay(world, shop)
        note_changes(world)
        begun.clear()
        between = _SecondTick(client, at, second)
        aws.use("dynamodb", between)
        checkpoints.seal(lambda: True)
        aws.use("dynamodb", client)
        if not begun:
            break
        world.clock.now += 60
        checkpoints.seal(lambda: True)
        assert_all_sealed(world)
        assert sealing_work.changed(10).items == [], at
    else:
        raise AssertionError("a tick has more calls than were tried")
    assert at > 8


@pytest.mark.parametrize("stops_after", range(5))
def test_a_tick_beside_one_that_stops_at_any_write_seals_nothing_again(
    world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch, stops_after: int
) -> None:
    """The other one stops between publishing a checkpoint and noting where it seals, after this one began: the longest it can be behind."""
    monkeypatch.setattr(Lease, "take", lambda _self: True)
    client = world.dynamo

    def stopping() -> None:
        aws.use("dynamodb", _DyingClient(client, "put_item", stops_after))
        with contextlib.suppress(storage.OutcomeUnknown):
            checkpoints.seal(lambda: True)
        aws.use("dynamodb", between)

    for at in range(12):
        pay(world, shop)
        note_changes(world)
        between = _SecondTick(client, at, stopping)
        aws.use("dynamodb", between)
        checkpoints.seal(lambda: True)
        aws.use("dynamodb", client)
        checkpoints.seal(lambda: True)
        assert_all_sealed(world)


def test_a_lease_lasts_longer_than_a_tick_and_ends_before_the_next() -> None:
    timeout = template.template()["Globals"]["Function"]["Timeout"]
    assert timeout * 1000 < LEASE_MS < 60_000


@pytest.mark.parametrize("operation", ["put_item", "batch_write_item"])
@pytest.mark.parametrize("at", range(6))
def test_a_tick_that_dies_at_any_write_leaves_nothing_sealed_twice_or_never(world: World, shop: Signer, operation: str, at: int) -> None:
    seal(world)
    for _ in range(3):
        pay(world, shop)
    note_changes(world)
    aws.use("dynamodb", _DyingClient(world.dynamo, operation, at))
    with contextlib.suppress(storage.OutcomeUnknown):
        checkpoints.seal(lambda: True)
    aws.use("dynamodb", world.dynamo)
    pay(world, shop)
    seal(world)
    assert_all_sealed(world)
    assert sealing_work.changed(10).items == []


class _DyingClient:
    """Carries out so many writes of one kind, and of the next only that it was done."""

    def __init__(self, inner: Any, operation: str, at: int) -> None:
        self._inner, self._operation, self._left = inner, operation, at

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        return self._dying(call) if name == self._operation else call

    def _dying(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def answer(**request: Any) -> Any:
            result = call(**request)
            self._left -= 1
            if self._left < 0:
                error: Any = {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
                raise ClientError(error, "Put")
            return result

        return answer


def test_a_busy_account_is_sealed_in_runs_and_across_checkpoints(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsealed_runs, "MAX_ENTRIES", 4)
    monkeypatch.setattr(unsealed_runs, "MAX_RUNS", 2)
    payments = [pay(world, shop) for _ in range(30)]
    tick = seal(world)
    assert tick.checkpoints > 1
    assert tick.oldest_unsealed_ms == 0
    assert_all_sealed(world)
    assert max(len(run.hashes) for checkpoint in checkpoint_store.every() for run in checkpoints.runs_of(checkpoint)) == 4
    assert all(proof(world, shop, payment_id)["sealed"] for payment_id in payments)


def test_what_a_tick_has_no_time_for_stays_noted_and_its_age_is_reported(
    world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "ACCOUNTS_AT_ONCE", 1)
    note_changes(world)
    world.clock.now += 600
    answers = iter([True, True, False])
    tick = checkpoints.seal(lambda: next(answers, False))
    assert (tick.checkpoints, tick.runs) == (1, 1)
    assert tick.oldest_unsealed_ms >= 600_000
    assert seal(world).oldest_unsealed_ms == 0
    assert_all_sealed(world)


def test_a_broken_chain_is_reported_not_sealed_and_holds_up_no_other(world: World, shop: Signer, log: Log) -> None:
    seal(world)
    payment_id = pay(world, shop)
    account = f"{shop.merchant_id}#merchant#{shop.merchant_id}#INR#0"
    (row,) = [item for item in world.dump()[LEDGERS] if item["account"]["S"] == account and item["seq"]["N"] == "2"]
    world.dynamo.put_item(TableName=LEDGERS, Item={**row, "credit": {"N": "999900"}})
    tick = seal(world)
    assert (tick.checkpoints, tick.runs, tick.broken) == (1, 1, 1)
    assert [line["where"] for line in log.lines if line["message"] == checkpoints.BROKEN] == [f"{account} seq 2"]
    world.clock.now += 60
    assert seal(world).broken == 1, "reported at every tick until it is repaired"
    assert proof(world, shop, payment_id)["sealed"] is False
    world.dynamo.put_item(TableName=LEDGERS, Item=row)
    mended = seal(world)
    assert (mended.broken, mended.checkpoints, mended.oldest_unsealed_ms) == (0, 1, 0)
    assert_all_sealed(world)


@pytest.mark.parametrize("remove", [True, False])
def test_a_head_that_was_sealed_and_changed_is_found_by_the_next_tick(world: World, shop: Signer, log: Log, remove: bool) -> None:
    """Also when its chain is continued as if nothing had been."""
    seal(world)
    account = f"{shop.merchant_id}#merchant#{shop.merchant_id}#INR#0"
    (row,) = [item for item in world.dump()[LEDGERS] if item["account"]["S"] == account]
    if remove:
        world.dynamo.delete_item(TableName=LEDGERS, Key={"account": row["account"], "seq": row["seq"]})
    else:
        world.dynamo.put_item(TableName=LEDGERS, Item={**row, "description": {"S": "forged"}})
    world.restart()
    pay(world, shop)
    assert seal(world).broken == 1
    assert [line["where"] for line in log.lines if line["message"] == checkpoints.BROKEN] == [f"{account} seq 1"]


def test_every_put_of_a_checkpoint_demands_an_empty_place(world: World, shop: Signer) -> None:
    seen: list[dict[str, Any]] = []

    class Recording:
        def __getattr__(self, name: str) -> Any:
            call = getattr(world.dynamo, name)
            if name != "put_item":
                return call

            def put(**request: Any) -> Any:
                seen.append(request)
                return call(**request)

            return put

    note_changes(world)
    aws.use("dynamodb", Recording())
    checkpoints.seal(lambda: True)
    puts = [request for request in seen if request["TableName"] == TABLE]
    assert len(puts) == 2
    assert all("attribute_not_exists" in request["ConditionExpression"] for request in puts)


def test_the_fullest_chunk_fits_an_item() -> None:
    """Thirty-two runs of 256 entries, of accounts with the longest names."""
    account = "#".join((f"mer_{'a' * 26}", "clearing", "x" * 64, "INR", "63"))
    full = [Run(account, 10**12, 10**15, 10**15, 10**15, 10**9, bytes(32), tuple(_random_hashes(number))) for number in range(32)]
    assert len(runs.packed(full)) < 390_000
    assert runs.unpacked(runs.packed(full)) == full


def _random_hashes(seed: int) -> list[bytes]:
    return [hashlib.sha256(f"{seed}-{number}".encode()).digest() for number in range(runs.MAX_ENTRIES)]


def test_a_proof_is_sealed_once_a_checkpoint_covers_it_and_stays_the_same(world: World, shop: Signer) -> None:
    payment_id = pay(world, shop)
    before = proof(world, shop, payment_id)
    assert (before["sealed"], {one["sealed"] for one in before["entries"]}) == (False, {False})
    assert {one["entry"]["reference_id"] for one in before["entries"]} == {payment_id}
    seal(world)
    sealed = proof(world, shop, payment_id)
    assert sealed["sealed"] is True
    assert [one["entry"] for one in sealed["entries"]] == [one["entry"] for one in before["entries"]]
    for _ in range(3):
        pay(world, shop)
        seal(world)
    assert proof(world, shop, payment_id) == sealed


def test_a_payment_without_entries_has_nothing_to_prove(world: World, shop: Signer) -> None:
    made = world.call(shop, "POST", "/v1/payments/create", {"amount": "1.00", "method": "upi_intent"}).body["payment_id"]
    assert proof(world, shop, made) == {"payment_id": made, "sealed": False, "entries": []}
