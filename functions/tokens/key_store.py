"""The `vault_keys` table."""

from typing import Final

from paycorex import storage
from tokens.items import KeyItem, ProgressItem

RING: Final = 0
ACTIVE: Final = "active"
SUPERSEDED: Final = "superseded"
RETIRED: Final = "retired"
SHREDDED: Final = "shredded"


def find(scope: str, version: int) -> KeyItem | None:
    """One row."""
    return storage.get(KeyItem, scope, version)


def first_of(ring: KeyItem, key: KeyItem) -> list[storage.Write]:
    """A merchant's first key with its ring; refused when another request was faster."""
    return [storage.put(ring, KeyItem.key_scope.does_not_exist()), storage.put(key, KeyItem.key_scope.does_not_exist())]


def next_of(ring: KeyItem, key: KeyItem, now_ms: int) -> list[storage.Write]:
    """A new version that writes use from this moment on; the one before is superseded."""
    current = int(ring.current or 0)
    turn = [KeyItem.current.set(int(key.version)), KeyItem.changed_at.set(now_ms)]
    superseded = [KeyItem.status.set(SUPERSEDED), KeyItem.changed_at.set(now_ms)]
    return [
        storage.update(KeyItem, _key(ring), turn, (KeyItem.current == current) & (KeyItem.status == ACTIVE)),
        storage.put(key, KeyItem.key_scope.does_not_exist()),
        storage.update(KeyItem, KeyItem.wire_key(ring.key_scope, current), superseded, KeyItem.status == ACTIVE),
    ]


def new_key(key: KeyItem) -> storage.Write:
    """A key without a ring; refused when there is one."""
    return storage.put(key, KeyItem.key_scope.does_not_exist())


def end(item: KeyItem, status: str, now_ms: int, expected: str | None = None) -> None:
    """Destroy the wrapped key and say why. Raises storage.ConditionRefused when its status is not the expected one."""
    actions = [KeyItem.status.set(status), KeyItem.changed_at.set(now_ms), KeyItem.wrapped.remove()]
    condition = KeyItem.key_scope.exists() if expected is None else KeyItem.status == expected
    storage.run(storage.update(KeyItem, _key(item), actions, condition))


def rows_of(scope: str) -> list[KeyItem]:
    """All rows of a scope, the ring first."""
    rows: list[KeyItem] = []
    start = None
    while True:
        page = storage.query(KeyItem, KeyItem.key_scope == scope, start=start, consistent=True)
        rows += page.items
        start = page.next_start
        if start is None:
            return rows


def rings() -> tuple[list[KeyItem], list[str]]:
    """The rings of all merchants, and the scopes of those that cannot be read."""
    found: list[KeyItem] = []
    unreadable: list[str] = []
    for item in storage.scan_wire(KeyItem):
        if "current" in item:
            try:
                found.append(KeyItem.load(item))
            except (TypeError, ValueError):
                unreadable.append(KeyItem.key_text(item))
    return found, unreadable


def find_progress(job: str) -> ProgressItem | None:
    """How far a job has come; None when none is under way."""
    return storage.get(ProgressItem, job, RING)


def save_progress(item: ProgressItem) -> None:
    """Remember how far a job has come."""
    storage.run(storage.put(item))


def forget_progress(job: str) -> None:
    """The job is done."""
    storage.run(storage.delete(ProgressItem, ProgressItem.wire_key(job, RING), None))


def _key(item: KeyItem) -> dict[str, object]:
    return KeyItem.wire_key(item.key_scope, int(item.version))
