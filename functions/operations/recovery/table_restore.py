"""Restoring every table of the stack to one same second, into tables with another prefix.

Nothing of the running stack is touched. AWS copies the data, keys, indexes and encryption of a table; streams, recovery, deletion
protection and TTL of the copies must be set up before the copies are used (docs/runbook.md).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from operations.recovery import tables
from paycorex import aws, clock
from paycorex.settings import current

MAX_WAIT_SECONDS: Final = 6 * 3600
_POLL_SECONDS: Final = 5.0
_PREFIX: Final = re.compile(r"[a-zA-Z0-9_.-]{1,100}")


class CannotRestore(Exception):
    """The restore is not possible. Nothing was started, or the text names what was started."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore: the second that the copies show, how much recent data they lack, and how long it took."""

    moment: datetime
    tables: list[str]
    lost_seconds: float
    took_seconds: float


def restore(prefix: str, moment: datetime | None = None, *, max_wait_seconds: float = MAX_WAIT_SECONDS) -> Restored:
    """Restore all tables of the stack as `<prefix><noun>`, to `moment` or to the newest second that all of them can show, and wait.

    Raises CannotRestore: a bad prefix, no tables, recovery switched off, a table of that name, a moment that is out of range, AWS's
    refusal, or the end of the wait (AWS continues; the tables appear later).
    """
    started, own = clock.now_seconds(), current().table_prefix
    if not _PREFIX.fullmatch(prefix) or prefix == own or not own:
        raise CannotRestore("the prefix must be another one than the stack's, of letters, digits, dots, dashes and underscores")
    try:
        nouns = tables.some(own)
        if taken := [prefix + noun for noun in tables.nouns(prefix) if noun in nouns]:
            raise CannotRestore(f"there already: {', '.join(taken)}")
        newest = min(_newest(own + noun) for noun in nouns)
        moment = newest if moment is None else moment
        if moment > newest:
            raise CannotRestore(f"the newest second that all tables can show is {newest.isoformat()}")
        for noun in nouns:
            aws.dynamodb_for_operators().restore_table_to_point_in_time(
                SourceTableName=own + noun, TargetTableName=prefix + noun, RestoreDateTime=moment
            )
        _wait([prefix + noun for noun in nouns], started + max_wait_seconds)
    except (ClientError, BotoCoreError, tables.NoTables) as refused:
        raise CannotRestore(str(refused)) from refused
    now = clock.now_seconds()
    return Restored(moment, nouns, max(started - moment.timestamp(), 0), now - started)


def _newest(table: str) -> datetime:
    found = aws.dynamodb_for_operators().describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    newest = found.get("PointInTimeRecoveryDescription", {}).get("LatestRestorableDateTime")
    if newest is None:
        raise CannotRestore(f"{table} has no point-in-time recovery")
    return newest


def _wait(names: list[str], deadline: float) -> None:
    waiting = list(names)
    while waiting:
        described = aws.dynamodb_for_operators().describe_table(TableName=waiting[0])["Table"]
        if described["TableStatus"] == "ACTIVE" and not described.get("RestoreSummary", {}).get("RestoreInProgress", False):
            waiting.pop(0)
            continue
        if clock.now_seconds() > deadline:
            raise CannotRestore(f"still being restored: {', '.join(waiting)}")
        clock.sleep(_POLL_SECONDS)
