"""Rotation, retiring and shredding."""

from collections.abc import Callable

import pytest

from tests.scenarios.poison import spoil
from tests.support.world import PREFIX, Signer, World
from tests.unit.tokens.vault_calls import (
    CARD,
    PAN,
    create,
    delete,
    keep_directly,
    kept,
    luhn_numbers,
    reseal,
    reveal,
    rotate,
    row,
    rows,
    versions,
)
from tokens import retirement, rotation
from tokens.failures import TokenUnusable
from tokens.items import ProgressItem


def test_writes_use_the_new_version_at_once_and_the_rest_follows(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    seen: list[tuple[int, int]] = []
    done = rotate(report=lambda progress: seen.append((int(progress.seen), int(progress.resealed))))
    assert (int(done.resealed), int(done.broken)) == (1, 0)
    assert seen == [(1, 1)]
    assert versions(world) == {"2"}
    fresh = kept(world, merchant, CARD, number="5555555555554444")
    assert row(world, fresh)["sealed"]["S"].startswith("2.")
    assert reveal(merchant.merchant_id, token_id).number == PAN


def test_one_merchants_rotation_leaves_the_others_alone(world: World, merchant: Signer) -> None:
    other = world.register("Other")
    mine, theirs = kept(world, merchant, CARD), kept(world, other, CARD)
    rotate(merchant.merchant_id)
    assert row(world, mine)["sealed"]["S"].startswith("2.")
    assert row(world, theirs)["sealed"]["S"].startswith("1.")


def test_a_version_is_retired_when_nothing_uses_it_and_not_before(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    before = row(world, token_id)
    rotate()
    assert [each.outcome for each in retirement.retire(None)] == ["too_recent"]
    world.clock.now += 601
    world.dynamo.put_item(TableName=PREFIX + "tokens", Item=before)
    assert [(each.outcome, each.tokens) for each in retirement.retire(None)] == [("in_use", 1)]
    assert int(reseal().resealed) == 1
    assert [each.outcome for each in retirement.retire(None)] == ["retired"]
    assert retirement.retire(None) == []
    [retired] = [item for item in rows(world, "vault_keys") if item["status"]["S"] == "retired"]
    assert "wrapped" not in retired
    assert reveal(merchant.merchant_id, token_id).number == PAN


def test_a_shredded_merchants_tokens_are_unreadable_and_no_others(world: World, merchant: Signer) -> None:
    other = world.register("Other")
    mine, theirs = kept(world, merchant, CARD), kept(world, other, CARD)
    rotate()
    assert retirement.shred(merchant.merchant_id) == 3
    with pytest.raises(TokenUnusable) as refused:
        reveal(merchant.merchant_id, mine)
    assert refused.value.reason == "vault_shredded"
    assert create(world, merchant, CARD).code == "invalid_state"
    assert delete(world, merchant, mine).status == 200
    rotate()
    assert reveal(other.merchant_id, theirs).number == PAN
    assert retirement.shred(merchant.merchant_id) == 0
    assert not [item for item in rows(world, "vault_keys") if merchant.merchant_id in item["key_scope"]["S"] and "wrapped" in item]


def test_shredding_counts_within_a_minute_where_the_key_is_still_remembered(world: World, merchant: Signer) -> None:
    """Another process that used the key a moment ago: it forgets which wrapped key to unwrap after a minute."""
    token_id = kept(world, merchant, CARD)
    reveal(merchant.merchant_id, token_id)
    for item in rows(world, "vault_keys"):
        world.dynamo.put_item(TableName=PREFIX + "vault_keys", Item={name: value for name, value in item.items() if name != "wrapped"})
    assert reveal(merchant.merchant_id, token_id).number == PAN
    world.clock.now += 61
    with pytest.raises(TokenUnusable):
        reveal(merchant.merchant_id, token_id)


def test_the_job_is_throttled_and_reports_each_page(world: World, merchant: Signer) -> None:
    for number in luhn_numbers(60):
        keep_directly(merchant.merchant_id, number)
    seen: list[int] = []
    tell: Callable[[ProgressItem], None] = lambda progress: seen.append(int(progress.seen))  # noqa: E731 - typed in place
    slept = world.clock.slept
    rotation.rotate(None, items_per_second=20, report=tell)
    assert seen == [25, 50, 60]
    assert world.clock.slept - slept == pytest.approx(3.0)


def test_a_broken_token_is_counted_and_keeps_its_key_from_being_retired(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    world.dynamo.put_item(TableName=PREFIX + "tokens", Item={**row(world, token_id), "sealed": {"S": "1.gAAA"}})
    assert int(rotate().broken) == 1
    world.clock.now += 601
    assert [each.outcome for each in retirement.retire(None)] == ["in_use"]


def test_what_cannot_be_read_is_counted_and_keeps_no_other_from_its_new_key(world: World, merchant: Signer) -> None:
    """A token's row, a token's sealed value and a merchant's ring, each of another merchant, before and behind the good ones."""
    shops = {name: world.register(name) for name in ("row", "seal", "ring")}
    tokens = {name: kept(world, shop, CARD) for name, shop in shops.items()}
    good = [kept(world, merchant, CARD, number=number) for number in luhn_numbers(10)]
    spoil(world, "tokens", {"token_id": {"S": tokens["row"]}}, "created_at")
    world.dynamo.put_item(TableName=PREFIX + "tokens", Item=row(world, tokens["seal"]) | {"sealed": {"S": "1.nonsense"}})
    spoil(world, "vault_keys", {"key_scope": {"S": f"vault#{shops['ring'].merchant_id}"}, "version": {"N": "0"}}, "created_at")
    world.restart()
    done = rotate()
    assert int(done.seen) == 13
    assert int(done.broken) >= 3
    assert {row(world, token_id)["sealed"]["S"].partition(".")[0] for token_id in good} == {"2"}


def test_no_version_is_retired_that_an_unreadable_token_may_need(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    rotate()
    mend = spoil(world, "tokens", {"token_id": {"S": token_id}}, "created_at")
    world.clock.now += 601
    assert [each.outcome for each in retirement.retire(None)] == ["in_use"]
    mend()
    assert [each.outcome for each in retirement.retire(None)] == ["retired"]
