"""Many requests for one instrument at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from paycorex.errors import NotFound
from tests.fakes.faults import Fault, FaultyClient, Script, Seeded
from tests.support.world import Signer, World
from tests.unit.tokens.vault_calls import PAN, fresh_claim, keep_directly, reveal, rows
from tokens import vault


def at_once[T](count: int, work: Callable[[int], T]) -> list[T]:
    """The results of `count` threads that start together."""
    gate = threading.Barrier(count)

    def run(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def active(world: World) -> list[str]:
    return [item["token_id"]["S"] for item in rows(world, "tokens") if item["is_active"]["BOOL"]]


def test_twenty_at_once_make_one_active_token_that_all_name(world: World, merchant: Signer) -> None:
    """Acceptance 22. The merchant's first keys are made in the same moment, so they have twins too."""
    kept = at_once(20, lambda _: keep_directly(merchant.merchant_id, PAN))
    assert active(world) == [kept[0].token.token_id]
    assert {each.token.token_id for each in kept} == set(active(world))
    assert sum(each.created for each in kept) == 1
    assert len(rows(world, "idempotency")) == 20
    assert len(rows(world, "vault_keys")) == 3
    assert reveal(merchant.merchant_id, active(world)[0]).number == PAN


def test_twenty_at_once_while_the_store_reports_conflicts(world: World, merchant: Signer) -> None:
    """What an emulator never does: colliding transactions are refused, and tried again."""
    busy = FaultyClient(world.dynamo, Seeded(7, {Fault.CONFLICT: 0.3}, operations=frozenset({"TransactWriteItems"})))
    world.install(busy, world.kms, world.sqs)
    kept = at_once(20, lambda _: keep_directly(merchant.merchant_id, PAN))
    assert {each.token.token_id for each in kept} == set(active(world))
    assert sum(each.created for each in kept) == 1
    assert world.clock.slept > 0


def test_a_merchants_first_create_survives_a_conflict_of_any_of_its_transactions(world: World, merchant: Signer) -> None:
    for place in range(1, 4):
        busy = FaultyClient(world.dynamo, Script([Fault.CONFLICT] * place, operation="TransactWriteItems"))
        world.install(busy, world.kms, world.sqs)
        assert keep_directly(f"mer_{place}", PAN).created


def test_creating_and_deleting_at_once_never_leaves_two_active(world: World, merchant: Signer) -> None:
    """Deleted tokens stay deleted whatever comes in between, and each new life has an id of its own."""
    first = keep_directly(merchant.merchant_id, PAN).token.token_id

    def work(number: int) -> str | None:
        if number % 2:
            return keep_directly(merchant.merchant_id, PAN).token.token_id
        for token_id in active(world):
            try:
                vault.delete(merchant.merchant_id, token_id, claim=fresh_claim(merchant.merchant_id))
            except NotFound:
                continue
        return None

    for _ in range(5):
        at_once(12, work)
        assert len(active(world)) <= 1
    final = keep_directly(merchant.merchant_id, PAN).token.token_id
    assert active(world) == [final]
    assert final != first
    assert all(("sealed" in item) == item["is_active"]["BOOL"] for item in rows(world, "tokens"))
    # The list's index is sparse, so it holds exactly the active one.
    assert [item["token_id"]["S"] for item in rows(world, "tokens") if "merchant_user" in item] == [final]


def test_two_deletes_at_once_both_answer_the_deleted_token(world: World, merchant: Signer) -> None:
    token_id = keep_directly(merchant.merchant_id, PAN).token.token_id
    done = at_once(2, lambda _: vault.delete(merchant.merchant_id, token_id, claim=fresh_claim(merchant.merchant_id)))
    assert [item.is_active for item in done] == [False, False]
    assert {int(item.sequence) for item in done} == {2}
