"""Checking the ledger against its checkpoints a stretch at a time: bounded memory, Query only, and resumable after any run.

It finds what was deleted or rewritten since it was sealed. Journals and records are compared by `verification`, which reads everything.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from paycorex.ledger import store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry
from paycorex.ledger.links import UNREADABLE, Finding, check_link, location_of
from paycorex.ledger.proof import checkpoint_store, checkpoints
from paycorex.ledger.proof.checkpoint import Checkpoint
from paycorex.ledger.proof.proof_key import PublicKeys
from paycorex.ledger.proof.runs import Run
from paycorex.ledger.proof.sealed_history import check_checkpoint

READERS: Final = 8
RUNS_AT_ONCE: Final = 64
# Given after each stretch: the checkpoint, how many of its runs are done, how many entries this stretch had, and what is wrong with them.
Report = Callable[[int, int, int, list[Finding]], None]


def check(after: tuple[int, int], until: int, public_keys: PublicKeys, report: Report, may_go_on: Callable[[], bool]) -> bool:
    """Check what was sealed from a position (checkpoint, runs done) on; True when all up to checkpoint `until` is.

    A checkpoint that is done is reported with as many runs as it has. Raises storage.Unavailable.
    """
    number, done = after
    previous = checkpoint_store.find(number - 1) if number > 1 else None
    while number <= until:
        checkpoint = checkpoint_store.find(number)
        if checkpoint is None:
            report(number, 0, 0, [Finding(f"checkpoint {number}", "missing")])
        elif not _check_runs(previous, checkpoint, done, public_keys, report, may_go_on):
            return False
        previous, number, done = checkpoint, number + 1, 0
    return True


def _check_runs(
    previous: Checkpoint | None, checkpoint: Checkpoint, done: int, public_keys: PublicKeys, report: Report, may_go_on: Callable[[], bool]
) -> bool:
    try:
        runs = list(checkpoints.runs_of(checkpoint))
    except UNREADABLE as error:
        unreadable = Finding(f"checkpoint {checkpoint.number}", f"its runs cannot be read: {type(error).__name__}")
        report(checkpoint.number, 0, 0, [unreadable])
        return True
    if done == 0:
        report(checkpoint.number, 0, 0, check_checkpoint(previous, checkpoint, runs, public_keys))
    with ThreadPoolExecutor(max_workers=READERS) as readers:
        while done < len(runs):
            if not may_go_on():
                return False
            stretch = runs[done : done + RUNS_AT_ONCE]
            found = [finding for findings in readers.map(check_run, stretch) for finding in findings]
            done += len(stretch)
            report(checkpoint.number, done, sum(len(run.hashes) for run in stretch), found)
    return True


def check_run(run: Run) -> list[Finding]:
    """What is wrong with the entries that a run sealed: the first that is missing, and the first that is not as it was."""
    try:
        page = store.read(Account.from_key(run.account), first_seq=run.first_seq, last_seq=run.last_seq, consistent=True)
    except UNREADABLE as error:
        return [Finding(f"{run.account} seq {run.first_seq} to {run.last_seq}", f"cannot be read: {type(error).__name__}")]
    return _missing(run, page.items) or _changed(run, page.items)


def _missing(run: Run, entries: Sequence[Entry]) -> list[Finding]:
    there = {entry.seq for entry in entries}
    gone = next((seq for seq in range(run.first_seq, run.last_seq + 1) if seq not in there), None)
    return [] if gone is None else [Finding(f"{run.account} seq {gone}", "missing, though it was sealed")]


def _changed(run: Run, entries: Sequence[Entry]) -> list[Finding]:
    previous: Entry | None = None
    for entry, sealed in zip(entries, run.hashes, strict=True):
        if entry.hash != sealed or entry.computed_hash() != sealed:
            return [Finding(location_of(entry), "not the entry that was sealed")]
        if previous is not None and (findings := check_link(previous, entry)):
            return findings[:1]
        previous = entry
    return []
