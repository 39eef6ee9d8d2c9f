"""Key management: a child key has no more rights than its parent, one managing key always lasts, ended keys cost nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from merchants import keys, live_keys
from paycorex import cli, clock
from paycorex.credentials import ALL_SCOPES
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.metering import MeteredDynamo
from tests.support.world import Signer, World

APIKEY = "/v1/merchants/apikey"
APIKEYS = "/v1/merchants/apikeys"
DAY_MS = 86_400_000


def rotate(world: World, who: Signer, **fields: Any) -> Reply:
    return world.call(who, "POST", APIKEY, fields)


def made(world: World, who: Signer, **fields: Any) -> Signer:
    reply = rotate(world, who, **fields)
    assert reply.status == 201, reply.raw
    fresh = Signer(reply.body["api_key"], reply.body["secret"], who.merchant_id, reply.body["key_id"], reply.body)
    world.call(fresh, "GET", "/v1/payments")  # its first use is noted
    return fresh


def revoke(world: World, who: Signer, whose: Signer) -> Reply:
    return world.call(who, "DELETE", f"{APIKEYS}/{whose.key_id}")


def listed(world: World, who: Signer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.call(who, "GET", f"{APIKEYS}?limit=100").body["data"]
    return found


def live(world: World, who: Signer) -> set[str]:
    return {key["key_id"] for key in listed(world, who) if key["status"] == "active"}


def in_days(days: float) -> str:
    return clock.rfc3339(clock.now_ms() + int(days * DAY_MS))


def recovered(world: World, merchant: Signer, capsys: pytest.CaptureFixture[str], *more: str) -> Signer:
    command = ["admin", "recover-key", merchant.merchant_id, "--by", "Asha", "--reason", "ticket 17, called back", *more]
    assert cli.main(command) == 0
    lines = dict(line.split(" ", 1) for line in capsys.readouterr().out.splitlines())
    return Signer(lines["api_key"], lines["secret"], merchant.merchant_id)


def test_a_child_ends_with_its_parent_or_earlier(world: World, merchant: Signer) -> None:
    ends = in_days(30)
    temporary = made(world, merchant, expires_at=ends)
    with nothing_written(world):
        assert_refused(rotate(world, temporary, expires_at=in_days(31)), "invalid_request")
    child = made(world, temporary)
    assert child.registered["expires_at"] == ends
    assert made(world, child, overlap_seconds=0, expires_at=in_days(1)).registered["expires_at"] < ends


def test_a_key_in_its_overlap_makes_none_that_outlives_it(world: World, merchant: Signer) -> None:
    made(world, merchant, overlap_seconds=3600)
    (own,) = [key for key in listed(world, merchant) if key["key_id"] == merchant.key_id]
    assert made(world, merchant).registered["expires_at"] == own["expires_at"]


@pytest.mark.parametrize("fields", [{"scopes": ["payments:read"]}, {"expires_at": "2027-02-01T00:00:00Z"}], ids=["scopes", "end"])
def test_the_last_key_that_manages_is_not_replaced_by_a_lesser_one(world: World, merchant: Signer, fields: dict[str, Any]) -> None:
    with nothing_written(world, but_outcomes=True):
        refused = rotate(world, merchant, overlap_seconds=0, **fields)
        assert_refused(refused, "invalid_state")
    assert refused.body["error"]["details"] == {"scope": "merchant:write"}
    assert live(world, merchant) == {merchant.key_id}


@pytest.mark.parametrize("fields", [{"scopes": ["payments:read"]}, {"expires_at": "2027-02-01T00:00:00Z"}], ids=["scopes", "end"])
def test_beside_a_lesser_key_the_one_that_manages_goes_on(world: World, merchant: Signer, fields: dict[str, Any]) -> None:
    lesser = made(world, merchant, overlap_seconds=60, **fields)
    assert lesser.registered["previous"] == {"key_id": merchant.key_id, "expires_at": None, "accepted_until": None}
    with nothing_written(world, but_outcomes=True):
        assert_refused(revoke(world, merchant, merchant), "invalid_state")
    world.clock.now += 200 * 86_400
    assert made(world, merchant).registered["scopes"]


def test_a_manager_may_go_when_another_one_lasts(world: World, merchant: Signer) -> None:
    second = made(world, merchant, overlap_seconds=3600)
    assert second.registered["previous"]["expires_at"] is not None
    assert revoke(world, second, merchant).body["status"] == "revoked"
    assert live(world, second) == {second.key_id}


def test_two_rotations_at_once_never_pass_the_limit(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one begins after the first one has read the keys."""
    second = made(world, merchant, overlap_seconds=3600)
    issue, answers = keys.issue, []

    def issue_after_another(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(keys, "issue", issue)
        answers.append(rotate(world, second, overlap_seconds=3600).status)
        return issue(*arguments, **named)

    monkeypatch.setattr(keys, "issue", issue_after_another)
    refused = rotate(world, second, overlap_seconds=3600)
    assert_refused(refused, "conflict")
    assert answers == [201]
    assert len(live(world, second)) == keys.MAX_LIVE_KEYS


def test_two_managers_that_revoke_each_other_at_once_leave_one(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second, third = merchant, recovered(world, merchant, capsys)
    world.call(third, "GET", "/v1/merchants/me")
    third.key_id = next(key["key_id"] for key in listed(world, third) if key["key_id"] != merchant.key_id)
    read, answers = live_keys.read, []

    def read_then_another(merchant_id: str) -> Any:
        found = read(merchant_id)
        monkeypatch.setattr(live_keys, "read", read)
        answers.append(revoke(world, third, second).status)
        return found

    monkeypatch.setattr(live_keys, "read", read_then_another)
    assert_refused(revoke(world, second, third), "conflict")
    assert answers == [200]
    assert live(world, third) == {third.key_id}


def bury(world: World, who: Signer, count: int) -> None:
    """As many revoked keys as that, all older than the first one."""
    table = "test-api_keys"
    (first,) = [row for row in world.dump()[table] if row["key_id"]["S"] == who.key_id]
    for number in range(count):
        dead = {"key_hash": {"S": f"{number:064x}"}, "key_id": {"S": f"key_dead{number}"}, "status": {"S": "revoked"}}
        created_at = {"N": str(int(first["created_at"]["N"]) - 1_000 + number // 4)}
        world.dynamo.put_item(TableName=table, Item={**first, **dead, "created_at": created_at})


def units(world: World, action: Callable[[], Reply]) -> float:
    """Read and write units of an action, over all tables and indexes."""
    metered = MeteredDynamo(world.dynamo)
    world.install(metered, world.kms, world.sqs)
    assert action().status in {200, 201}
    world.install(world.dynamo, world.kms, world.sqs)
    return metered.read_units + sum(metered.written.values())


def cost_of_changes(world: World, dead: int) -> tuple[float, float]:
    """Of a rotation and of a revocation, beside so many dead keys."""
    who = world.register()
    bury(world, who, dead)
    rotated = units(world, lambda: rotate(world, who, overlap_seconds=3600))
    second = made(world, who, overlap_seconds=3600)
    return rotated, units(world, lambda: revoke(world, who, second))


def test_dead_keys_cost_a_change_of_keys_nothing(world: World) -> None:
    alone = cost_of_changes(world, 0)
    assert cost_of_changes(world, 3_000) == alone
    assert sum(alone) < 100


def test_a_merchant_older_than_the_rings_goes_on_as_before(world: World, merchant: Signer) -> None:
    bury(world, merchant, 20)
    for row in world.dump()["test-key_rings"]:
        world.dynamo.delete_item(TableName="test-key_rings", Key={name: row[name] for name in ("merchant_id", "entry")})
    with nothing_written(world, but_outcomes=True):
        assert_refused(revoke(world, merchant, merchant), "invalid_state")
        assert_refused(world.call(merchant, "DELETE", f"{APIKEYS}/key_dead3"), "not_found")
    second = made(world, merchant, overlap_seconds=3600)
    assert revoke(world, second, merchant).body["status"] == "revoked"
    assert revoke(world, second, merchant).body["status"] == "revoked", "revoked again, it is found still"
    assert live(world, second) == {second.key_id}


def test_the_list_of_keys_pages_like_every_other(world: World, merchant: Signer) -> None:
    bury(world, merchant, 250)
    seen, target = [], f"{APIKEYS}?limit=100"
    pages = []
    while target:
        page = world.call(merchant, "GET", target).body
        pages.append(len(page["data"]))
        seen += [key["key_id"] for key in page["data"]]
        target = page["next_cursor"] and f"{APIKEYS}?limit=100&cursor={page['next_cursor']}"
    assert pages == [100, 100, 51]
    assert len(set(seen)) == 251
    assert seen[0] == merchant.key_id
    with nothing_written(world):
        assert_refused(world.call(merchant, "GET", f"{APIKEYS}?cursor=x"), "invalid_cursor")
        assert_refused(world.call(merchant, "GET", f"{APIKEYS}?limit=101"), "invalid_request")


def test_a_page_of_keys_is_read_once_however_many_there_are(world: World, merchant: Signer) -> None:
    alone = units(world, lambda: world.call(merchant, "GET", f"{APIKEYS}?limit=1"))
    bury(world, merchant, 1_000)
    assert units(world, lambda: world.call(merchant, "GET", f"{APIKEYS}?limit=1")) == alone


def test_an_operator_lets_a_locked_out_merchant_in_again_and_it_is_written_down(
    world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = recovered(world, merchant, capsys, "--revoke-others")
    world.clock.now += 61
    assert_refused(world.call(merchant, "GET", "/v1/merchants/me"), "unauthorized")
    keys_now = {key["key_id"]: key["status"] for key in listed(world, fresh)}
    assert keys_now.pop(merchant.key_id) == "revoked"
    (new_id,) = keys_now
    (row,) = [item for item in world.dump()["test-key_rings"] if item["entry"]["S"].startswith("operator#")]
    assert (row["operator"]["S"], row["reason"]["S"], row["key_id"]["S"]) == ("Asha", "ticket 17, called back", new_id)
    assert merchant.key_id in row["revoked_key_ids"]["S"]
    assert fresh.secret not in str(world.dump())
    assert made(world, fresh).registered["scopes"] == sorted(ALL_SCOPES)


def test_a_recovered_key_takes_a_free_place_unless_another_is_named(
    world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    recovered(world, merchant, capsys)
    recovered(world, merchant, capsys)
    with nothing_written(world):
        assert cli.main(["admin", "recover-key", merchant.merchant_id, "--by", "Asha", "--reason", "again"]) == 1
    assert "--revoke-others" in capsys.readouterr().out
    fresh = recovered(world, merchant, capsys, "--revoke-others")
    assert len(live(world, fresh)) == 1


@pytest.mark.parametrize("missing", ["--by", "--reason"])
def test_no_key_is_recovered_without_a_name_and_a_reason(world: World, merchant: Signer, missing: str) -> None:
    given = {"--by": "Asha", "--reason": "lost"} | {missing: " "}
    with nothing_written(world), pytest.raises(SystemExit):
        cli.main(["admin", "recover-key", merchant.merchant_id, *(part for pair in given.items() for part in pair)])


def test_no_key_is_made_for_a_merchant_that_does_not_exist(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with nothing_written(world):
        assert cli.main(["admin", "recover-key", "mer_" + "a" * 26, "--by", "Asha", "--reason", "lost"]) == 1
