"""Operators look at checkpoints, have the ledger verified tick by tick, and see how far that is and what it found."""

from typing import Any

import pytest

from paycorex import aws, storage
from paycorex.cli import main
from paycorex.ledger.proof import sealed_check, verification_runs
from tests.support.expectations import nothing_written
from tests.support.gateway import Reply
from tests.support.logs import Log
from tests.support.proofs import seal
from tests.support.world import PREFIX, Signer, World
from tests.unit.operations.test_admin import ask

LEDGERS = f"{PREFIX}ledgers"


@pytest.fixture
def sealed(world: World, merchant: Signer) -> str:
    """Three checkpoints over a merchant's payments; the merchant's account."""
    world.wallet(merchant, "asha", "100.00")
    for _ in range(3):
        for _payment in range(4):
            assert world.pay(merchant, "asha", "1.00").status == 201
        assert seal(world).checkpoints == 1
    return f"{merchant.merchant_id}#merchant#{merchant.merchant_id}#INR#0"


class Context:
    """A Lambda that has time for so many looks at its clock."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def get_remaining_time_in_millis(self) -> int:
        self._looks -= 1
        return 25_000 if self._looks >= 0 else 0


def tick(looks: int = 1_000) -> dict[str, Any]:
    from operations import verification_door

    return verification_door.handler({}, Context(looks))


def start() -> Reply:
    return ask("POST", "/admin/ledger/verifications")


def newest() -> dict[str, Any]:
    line: dict[str, Any] = ask("GET", "/admin/ledger/verifications?limit=1").body["data"][0]
    return line


def test_checkpoints_are_listed_newest_first_in_pages(world: World, sealed: str) -> None:
    first = ask("GET", "/admin/ledger/checkpoints?limit=2").body
    assert ([one["number"] for one in first["data"]], first["next_before"]) == ([3, 2], 2)
    rest = ask("GET", "/admin/ledger/checkpoints?limit=2&before=2").body
    assert ([one["number"] for one in rest["data"]], rest["next_before"]) == ([1], None)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "before=0", "before=x", "more=1"])
def test_a_bad_question_for_checkpoints_is_refused(world: World, sealed: str, query: str) -> None:
    with nothing_written(world):
        assert (ask("GET", f"/admin/ledger/checkpoints?{query}").status) == 400


def test_a_verification_of_sound_books_ends_sound(world: World, sealed: str) -> None:
    started = start()
    assert (started.status, started.body["status"], started.body["of_checkpoints"]) == (201, "running", 3)
    assert tick()["status"] == "sound"
    line = newest()
    assert (line["checkpoint"], line["entries"], line["of_entries"], line["found"]) == (3, 26, 26, 0)
    assert tick() == {}, "what is done is left alone"


def test_a_ledger_without_checkpoints_has_nothing_to_verify(world: World, merchant: Signer) -> None:
    assert start().body["status"] == "sound"
    assert tick() == {}


def test_only_one_runs_at_a_time_and_the_next_is_another(world: World, sealed: str) -> None:
    assert start().status == 201
    again = start()
    assert (again.status, again.body["number"]) == (200, 1)
    tick()
    assert (start().status, newest()["number"]) == (201, 2)


def test_a_verification_goes_on_where_the_last_tick_ended(world: World, sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_check, "RUNS_AT_ONCE", 1)
    start()
    seen = []
    while newest()["status"] == "running":
        tick(looks=1)
        seen.append(newest()["entries"])
        assert len(seen) < 100
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert (newest()["status"], newest()["entries"]) == ("sound", 26)


def test_a_tick_that_died_is_done_again_without_counting_twice(world: World, sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_check, "RUNS_AT_ONCE", 1)
    start()

    class Dying:
        left = 4

        def __getattr__(self, name: str) -> Any:
            if name == "query":
                Dying.left -= 1
                if Dying.left < 0:
                    raise storage.Unavailable("gone")
            return getattr(world.dynamo, name)

    aws.use("dynamodb", Dying())
    with pytest.raises(storage.Unavailable):
        tick()
    aws.use("dynamodb", world.dynamo)
    assert newest()["status"] == "running"
    assert tick()["status"] == "sound"
    assert newest()["entries"] == 26


def test_of_two_workers_one_gives_up(world: World, sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    save = verification_runs._save

    def late(*arguments: Any) -> None:
        monkeypatch.setattr(verification_runs, "_save", save)
        assert tick()["status"] == "sound"
        save(*arguments)

    monkeypatch.setattr(verification_runs, "_save", late)
    assert tick() == {}, "the other one goes on: it is no error of this one"
    assert (newest()["status"], newest()["entries"]) == ("sound", 26)


@pytest.mark.parametrize("forgery", ["changed", "removed", "last removed"])
def test_what_is_not_as_it_was_sealed_is_named_and_reported(world: World, sealed: str, log: Log, forgery: str) -> None:
    rows = [item for item in world.dump()[LEDGERS] if item["account"]["S"] == sealed]
    row = rows[-1] if forgery == "last removed" else rows[5]
    if forgery == "changed":
        world.dynamo.put_item(TableName=LEDGERS, Item={**row, "credit": {"N": "999900"}})
    else:
        world.dynamo.delete_item(TableName=LEDGERS, Key={"account": row["account"], "seq": row["seq"]})
    start()
    log.clear()
    assert tick()["status"] == "unsound"
    where = f"{sealed} seq {row['seq']['N']}"
    assert [one["where"] for one in newest()["findings"]] == [where]
    logged = [line for line in log.lines if line["message"] == verification_runs.FOUND]
    assert [(line["where"], line["level"]) for line in logged] == [(where, "CRITICAL")]


def test_a_checkpoint_that_is_gone_is_found(world: World, sealed: str) -> None:
    key = {"scope": {"S": "checkpoint"}, "position": {"S": "000000000002"}}
    world.dynamo.delete_item(TableName=f"{PREFIX}ledger_checkpoints", Key=key)
    start()
    assert tick()["status"] == "unsound"
    assert {one["where"] for one in newest()["findings"]} == {"checkpoint 2", "checkpoint 3"}
    assert {"where": "checkpoint 2", "problem": "missing"} in newest()["findings"]


def test_the_commands_do_the_same(world: World, sealed: str, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["admin", *words])
        return status, [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    assert [len(run("checkpoints", *more)[1]) for more in ([], ["--limit", "3"])] == [1, 3]
    assert run("verifications") == (1, [])
    assert run("verify")[0] == 0
    assert run("verifications")[0] == 1
    tick()
    status, (line,) = run("verifications")
    assert status == 0
    assert '"status":"sound"' in line
