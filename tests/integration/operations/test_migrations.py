"""Migrations: every item of before is changed once, whatever cuts a run off, and nothing else is touched."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from operations import migration_runs
from operations.migration_runs import DONE, RUNNING, Progress
from paycorex import cli, settings, storage
from paycorex.migrations import Change, Migration, NotNow
from paycorex.records.delivery import DeliveryItem
from paycorex.records.event import EventItem
from tests.support import webhooks as support
from tests.support.engine import Engine
from tests.support.world import World

DAYS = 30


class Killed(Exception):
    """The run ends here."""


@pytest.fixture
def world() -> Iterator[World]:
    """A merchant with a dozen delivered events, of a time when they were kept without end; by now they are kept for thirty days."""
    with World().running() as world:
        engine = Engine(world)
        with engine.online():
            who, _ = support.register(engine)
            for _ in range(12):
                assert world.pay(who, "asha", "1.00").status == 201
            engine.settle()
        settings.use(world.settings.model_copy(update={"event_retention_days": DAYS}))
        yield world


def items(model: type[Any]) -> list[Any]:
    return list(storage.scan_all(model))


def ended(model: type[Any], moment: str) -> tuple[int, int]:
    """How many items have the end that they should have, and how many have none."""
    found = items(model)
    right = [
        one for one in found if one.expires_at is not None and int(one.expires_at) == int(getattr(one, moment)) // 1000 + DAYS * 86_400
    ]
    return len(right), len([one for one in found if one.expires_at is None])


def no_report(_progress: Progress) -> None:
    """No progress is wanted."""


@pytest.mark.parametrize(
    ("name", "model", "moment", "others"), [("events-end", EventItem, "event_at", 0), ("deliveries-end", DeliveryItem, "created_at", None)]
)
def test_items_of_before_get_their_end(world: World, name: str, model: type[Any], moment: str, others: int | None) -> None:
    deliveries = [one for one in items(DeliveryItem) if one.delivery_id.startswith("whd_")]
    before = len(items(EventItem)) if model is EventItem else len(deliveries)
    left = others if others is not None else len(items(DeliveryItem)) - len(deliveries)
    migration = migration_runs.declared()[name]
    done = migration_runs.run(migration, no_report)
    assert (done.changed, ended(model, moment)) == (before, (before, left))
    assert before >= 12
    assert migration_runs.standing()[name].status == DONE
    assert migration_runs.run(migration, no_report) == done
    again = migration_runs.run(migration, no_report, again=True)
    assert (again.changed, again.seen) == (0, done.seen)


def test_a_run_that_is_cut_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_runs, "PAGE_ITEMS", 3)
    migration, every = migration_runs.declared()["events-end"], len(items(EventItem))
    original, calls = storage.run, 0

    def run(write: storage.Write) -> Any:
        nonlocal calls
        calls += 1
        if calls % 5 == 0:
            raise Killed
        return original(write)

    runs = 0
    with patch.object(storage, "run", run):
        while migration_runs.standing().get("events-end", None) is None or migration_runs.standing()["events-end"].status == RUNNING:
            runs += 1
            assert runs < 50
            try:
                migration_runs.run(migration, no_report)
            except Killed:
                continue
    assert runs > 2
    assert ended(EventItem, "event_at") == (every, 0)
    assert int(migration_runs.standing()["events-end"].seen) == every


def test_an_item_that_was_changed_meanwhile_is_left_alone(world: World) -> None:
    def change(item: Any) -> Change | None:
        # Another writer is faster.
        storage.run(storage.update(EventItem, migration.key(item), [EventItem.expires_at.set(7)], None))
        return migration.change(item)

    migration: Migration = migration_runs.declared()["events-end"]
    done = migration_runs.run(replace(migration, change=change), no_report)
    assert (done.changed, {int(one.expires_at) for one in items(EventItem)}) == (0, {7})


def test_without_a_retention_there_is_no_end(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    settings.use(world.settings)
    with pytest.raises(NotNow):
        migration_runs.run(migration_runs.declared()["events-end"], no_report)
    assert cli.main(["migrate", "run", "events-end"]) == 1
    assert "EventRetentionDays" in capsys.readouterr().err
    assert migration_runs.standing() == {}


def test_the_commands_say_how_far_it_is(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", "list"]) == 0
    assert "events-end: events of before get the end that EventRetentionDays gives new ones (not begun)" in capsys.readouterr().out
    assert cli.main(["migrate", "run", "events-end"]) == 0
    assert capsys.readouterr().out.endswith("done\n")
    assert cli.main(["migrate", "list"]) == 0
    every = len(items(EventItem))
    assert f"(done, {every} items seen, {every} changed)" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["migrate", "run", "nothing"])
