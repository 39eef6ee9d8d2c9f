"""Rotation while everything goes on, and a job that is killed again and again."""

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from paycorex.errors import NotFound
from tests.fakes.faults import Call, Fault, FaultyClient, Killed, Nth
from tests.support.world import PREFIX, Signer, World
from tests.unit.tokens.vault_calls import CARD, fresh_claim, keep_directly, kept, luhn_numbers, reseal, reveal, rotate, rows, versions
from tokens import retirement, vault


@contextmanager
def meanwhile(threads: int, step: Callable[[random.Random], None]) -> Iterator[list[Exception]]:
    """Threads that repeat a step as long as the block runs; what went wrong in them."""
    stop, failures = threading.Event(), list[Exception]()

    def work(seed: int) -> None:
        dice = random.Random(seed)
        while not stop.is_set():
            try:
                step(dice)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                failures.append(error)

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(work, seed) for seed in range(threads)]
        try:
            yield failures
        finally:
            stop.set()
        for thread in running:
            thread.result()


def every_seventh_item() -> Callable[[Call], Fault]:
    """Kills this thread after each seventh token that it re-seals; leaves the others alone."""
    job, resealed = threading.current_thread(), itertools.count(1)

    def decide(call: Call) -> Fault:
        is_reseal = (call.operation, call.tables) == ("UpdateItem", (PREFIX + "tokens",))
        if is_reseal and threading.current_thread() is job and next(resealed) % 7 == 0:
            return Fault.KILL_AFTER
        return Fault.PASS

    return decide


def rotate_whatever_happens() -> int:
    """Start the job again each time it is killed. How often that was."""
    for runs in itertools.count(1):
        try:
            done = rotate()
        except Killed:
            continue
        assert int(done.broken) == 0
        return runs
    raise AssertionError


def test_a_job_killed_after_every_seventh_item_ends_with_all_on_the_new_key(world: World, merchant: Signer) -> None:
    """Acceptance 23: 500 tokens, concurrent reads and deletes; all readable throughout, deleted ones stay deleted, second run: 0."""
    numbers = luhn_numbers(500)
    owned = {number: keep_directly(merchant.merchant_id, number).token.token_id for number in numbers}
    pending = numbers[::10]
    doomed = frozenset(pending)

    def read_or_delete(dice: random.Random) -> None:
        if pending and dice.random() < 0.2:
            vault.delete(merchant.merchant_id, owned[pending.pop()], claim=fresh_claim(merchant.merchant_id))
        number = dice.choice(numbers)
        try:
            assert reveal(merchant.merchant_id, owned[number]).number == number
        except NotFound:
            assert number in doomed

    world.install(FaultyClient(world.dynamo, every_seventh_item()), world.kms, world.sqs)
    with meanwhile(2, read_or_delete) as failures:
        runs = rotate_whatever_happens()
    while pending:
        vault.delete(merchant.merchant_id, owned[pending.pop()], claim=fresh_claim(merchant.merchant_id))
    assert failures == []
    assert runs > 60
    assert int(reseal().resealed) == 0
    assert versions(world) == {"2"}
    items = {item["token_id"]["S"]: item for item in rows(world, "tokens")}
    for number, token_id in owned.items():
        assert items[token_id]["is_active"]["BOOL"] == ("sealed" in items[token_id]) == (number not in doomed)
        assert number in doomed or reveal(merchant.merchant_id, token_id).number == number


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER])
def test_a_job_killed_at_any_call_can_be_started_again(fault: Fault) -> None:
    place, finished = 0, False
    while not finished:
        place += 1
        with World().running() as world:
            merchant = world.register()
            tokens = [kept(world, merchant, CARD, number=number) for number in luhn_numbers(3)]
            world.install(FaultyClient(world.dynamo, Nth(place, fault)), world.kms, world.sqs)
            try:
                rotate()
                finished = True
            except Killed:
                world.restart()
            world.install(world.dynamo, world.kms, world.sqs)
            if not finished:
                rotate()
            newest = max(int(item["version"]["N"]) for item in rows(world, "vault_keys"))
            assert versions(world) == {str(newest)}
            assert [reveal(merchant.merchant_id, token_id).number for token_id in tokens] == luhn_numbers(3)
            assert int(reseal().resealed) == 0
    assert place > 10


def test_rotating_while_four_threads_create_and_reveal_fails_no_request(world: World, merchant: Signer) -> None:
    fresh, made, never = iter(luhn_numbers(20_000)), dict[str, str](), threading.Event()

    def create_or_reveal(dice: random.Random) -> None:
        if not made or dice.random() < 0.3:
            number = next(fresh)
            made[number] = keep_directly(merchant.merchant_id, number).token.token_id
        number = dice.choice(list(made))
        assert reveal(merchant.merchant_id, made[number]).number == number

    with meanwhile(4, create_or_reveal) as failures:
        for rotation in range(1, 7):
            while len(made) < 10 * rotation:
                never.wait(0.001)
            rotate()
    assert failures == []
    reseal()
    assert len(versions(world)) == 1
    world.clock.now += 601
    assert {each.outcome for each in retirement.retire(None)} == {"retired"}
    world.restart()
    assert all(reveal(merchant.merchant_id, token_id).number == number for number, token_id in made.items())
