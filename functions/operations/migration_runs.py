"""Carrying out migrations: page by page over a table, with the place kept, so that a run that was cut off goes on there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, installed, storage
from paycorex.migrations import GROUP, Migration

PAGE_ITEMS: Final = 200
RUNNING: Final = "running"
DONE: Final = "done"
_SCOPE: Final = "migration"


class MigrationItem(storage.Item):
    """How far a migration is. place: the key to go on after, in wire shape; null at a table's beginning. Times in milliseconds."""

    class Meta:
        """Which table."""

        table_name = "ledger_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    status = UnicodeAttribute()
    place = JSONAttribute(null=True)
    seen = NumberAttribute(default=0)
    changed = NumberAttribute(default=0)
    started_at = NumberAttribute()
    updated_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Progress:
    """Items that were looked at, and changed, since the migration began."""

    seen: int
    changed: int


def declared() -> dict[str, Migration]:
    """Every room's migrations, by name."""
    found = [migration for point in installed.points(GROUP) for migration in point.load()()]
    return {migration.name: migration for migration in sorted(found, key=lambda migration: migration.name)}


def standing() -> dict[str, MigrationItem]:
    """How far each migration is that was ever started, by name. Raises storage.Unavailable."""
    return {item.position: item for item in storage.query(MigrationItem, MigrationItem.scope == _SCOPE, consistent=True).items}


def run(migration: Migration, report: Callable[[Progress], None], *, again: bool = False) -> Progress:
    """Carry it out from where it stands. again: from the beginning, though it was done before.

    Raises migrations.NotNow, storage.Unavailable, storage.OutcomeUnknown; run again, it goes on.
    """
    migration.prepare()
    item = _begun(migration, again=again)
    while item.status != DONE:
        page = storage.scan_segment(migration.model.physical_table(), segment=0, segments=1, start=item.place, limit=PAGE_ITEMS)
        changed = sum(_changed(migration, migration.model.load(found)) for found in page.items)
        changed += 0 if migration.beside is None else migration.beside(page.items)
        item.seen, item.changed = int(item.seen) + len(page.items), int(item.changed) + changed
        item.place, item.updated_at = page.next_start, clock.now_ms()
        item.status = RUNNING if page.next_start else DONE
        storage.run(storage.put(item))
        report(Progress(int(item.seen), int(item.changed)))
    return Progress(int(item.seen), int(item.changed))


def _begun(migration: Migration, *, again: bool) -> MigrationItem:
    known = storage.get(MigrationItem, _SCOPE, migration.name)
    if known is not None and not again:
        return known
    now = clock.now_ms()
    return MigrationItem(scope=_SCOPE, position=migration.name, status=RUNNING, seen=0, changed=0, started_at=now, updated_at=now)


def _changed(migration: Migration, item: storage.Item) -> bool:
    change = migration.change(item)
    if change is None:
        return False
    try:
        storage.run(storage.update(migration.model, migration.key(item), list(change.actions), change.condition))
    except storage.ConditionRefused:
        # Another writer was here since it was read; what it wrote is new.
        return False
    return True
