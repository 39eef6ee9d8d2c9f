"""Importing exports into the tables of another stack, which must be empty and must not work yet (`Mode=standby`).

Of what lies in the place, the newest moment is taken that every table can show: a full export, and the incremental ones that follow it
without a gap. Items are put, so an import that was cut off is simply run again.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from operations.recovery import export_files, tables
from operations.recovery.export_files import FULL, Change, Export
from operations.recovery.places import Place
from paycorex import aws, clock

MAX_WAIT_SECONDS: Final = 120.0
_BATCH: Final = 25
_FIRST_WAIT_SECONDS: Final = 0.05
_LONGEST_WAIT_SECONDS: Final = 5.0
# What keeps an effect from being had twice is imported before what causes it: streams may be read while this goes on.
_FIRST: Final = ("events", "webhook_deliveries", "webhook_endpoints", "ledger_work", "ledger_checkpoints")

type Report = Callable[[str, int], None]


class CannotImport(Exception):
    """The import is not possible; the text says why. Run again, it goes on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be read, by the table's noun, in order; and the moment that the tables will show, in milliseconds."""

    moment_ms: int
    exports: dict[str, list[Export]]


def plan(place: Place, from_prefix: str) -> Plan:
    """Choose the newest moment that all tables of a stack can show. Raises CannotImport, DamagedExport."""
    by_noun: dict[str, list[Export]] = {}
    for export in export_files.found(place):
        if export.table.startswith(from_prefix):
            by_noun.setdefault(export.table.removeprefix(from_prefix), []).append(export)
    if not by_noun:
        raise CannotImport(f"there is no complete export of tables {from_prefix}*")
    chains = {noun: _chains(exports) for noun, exports in by_noun.items()}
    common = set.intersection(*(set(reached) for reached in chains.values()))
    if not common:
        raise CannotImport("the exports show no second that all tables have: export all tables at the same ExportTime")
    moment = max(common)
    return Plan(moment, {noun: chains[noun][moment] for noun in sorted(chains, key=_place_of)})


def _place_of(noun: str) -> tuple[int, str]:
    return (_FIRST.index(noun) if noun in _FIRST else len(_FIRST), noun)


def _chains(exports: list[Export]) -> dict[int, list[Export]]:
    """For each moment that a table can show, what to read: the newest full export before it, then what changed, without a gap."""
    reached = {export.to_ms: [export] for export in exports if export.kind == FULL}
    for change in sorted((export for export in exports if export.kind != FULL), key=lambda export: export.to_ms):
        if change.from_ms in reached and change.to_ms not in reached:
            reached[change.to_ms] = [*reached[change.from_ms], change]
    return reached


def run(place: Place, chosen: Plan, to_prefix: str, report: Report, *, again: bool = False) -> dict[str, int]:
    """Write everything into `<to_prefix><noun>`. again: the tables may hold what an earlier run has written. Returns changes by noun.

    Raises CannotImport for a table that is missing or not empty, DamagedExport, ClientError.
    """
    there = set(tables.nouns(to_prefix))
    if missing := sorted(chosen.exports.keys() - there):
        raise CannotImport(f"the stack has no table {', '.join(to_prefix + noun for noun in missing)}")
    filled = [] if again else [noun for noun in chosen.exports if not tables.is_empty(to_prefix + noun)]
    if filled:
        raise CannotImport(f"not empty: {', '.join(to_prefix + noun for noun in filled)}. To go on with an import of before: --again")
    written = {}
    for noun, exports in chosen.exports.items():
        written[noun] = sum(_apply(to_prefix + noun, export_files.changes(place, export)) for export in exports)
        report(noun, written[noun])
    return written


def _apply(table: str, changes: Iterable[Change]) -> int:
    count = 0
    for batch in batched(_requests(changes), _BATCH, strict=False):
        _write(table, list(batch))
        count += len(batch)
    return count


def _requests(changes: Iterable[Change]) -> Iterator[dict[str, Any]]:
    for change in changes:
        yield {"DeleteRequest": {"Key": change.key}} if change.item is None else {"PutRequest": {"Item": change.item}}


def _write(table: str, requests: list[dict[str, Any]]) -> None:
    """Write a batch; what DynamoDB left over is sent again for two minutes. Raises CannotImport, ClientError."""
    left: Any = requests
    wait, deadline = _FIRST_WAIT_SECONDS, clock.now_seconds() + MAX_WAIT_SECONDS
    while left:
        left = aws.dynamodb_for_operators().batch_write_item(RequestItems={table: left}).get("UnprocessedItems", {}).get(table, [])
        if left and clock.now_seconds() > deadline:
            raise CannotImport(f"{table} takes no more items: its capacity is exhausted for two minutes. Run again with --again")
        if left:
            clock.sleep(random.uniform(0, wait))  # noqa: S311 - spreads retries, decides nothing
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
