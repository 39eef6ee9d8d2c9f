"""Sealing: what changed since the last checkpoint becomes the runs of the next, under a signed root.

One tick holds the lease. Should two seal at once all the same, the checkpoint's own put decides: one gets the number, and the other's work
is dropped; and neither looks for what is not sealed before it knows where the newest checkpoint seals. Everything after the put (where
accounts are sealed, which notes are dealt with) follows from it, and is done again by the next tick when this one dies between.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from paycorex import clock, redaction, set_aside, settings, storage
from paycorex.ledger.proof import checkpoint_store, merkle, proof_key, seal_times, sealing_work
from paycorex.ledger.proof.checkpoint import NO_PREVIOUS, Checkpoint, Statement, chunk_root, chunks_of
from paycorex.ledger.proof.runs import Run
from paycorex.ledger.proof.sealing_lease import Lease
from paycorex.ledger.proof.sealing_work import Changed, SealPosition
from paycorex.ledger.proof.unsealed_runs import MAX_RUNS, UnsealedRuns, unsealed_runs
from paycorex.set_aside import Subject, guarded

LOOP: Final = "ledger.sealing"
BROKEN: Final = "ledger chain cannot be sealed"
MAX_NOTES: Final = 1_000
MAX_RUNS_PER_CHECKPOINT: Final = 8_192
READERS: Final = 8
ACCOUNTS_AT_ONCE: Final = 64

logger = redaction.logger("checkpoints")


class Unsealable(Exception):
    """An account's chain cannot be sealed; the message says why."""


@dataclass(slots=True)
class Tick:
    """What one tick did. oldest_unsealed_ms: for how long the oldest change waits that is not sealed, 0 when there is none.

    overdue_ms: how much longer than the stack's window that is.
    """

    checkpoints: int = 0
    runs: int = 0
    entries: int = 0
    broken: int = 0
    oldest_unsealed_ms: int = 0
    overdue_ms: int = 0


def seal(may_go_on: Callable[[], bool]) -> Tick:
    """Seal all changed accounts if it is time, in as many checkpoints as it takes, for as long as it may; nothing while another tick does.

    Raises storage.Unavailable or OutcomeUnknown; the next tick then goes on from what was committed.
    """
    tick = Tick()
    index_all()
    waiting = _notes()
    if seal_times.are_due(waiting):
        _seal_all(tick, may_go_on)
        waiting = _notes()
    tick.oldest_unsealed_ms = seal_times.oldest_ms(waiting.items)
    tick.overdue_ms = seal_times.overdue_ms(waiting.items)
    return tick


def _seal_all(tick: Tick, may_go_on: Callable[[], bool]) -> None:
    lease = Lease()
    try:
        while may_go_on() and _seal_once(tick, may_go_on, lease):
            pass
    finally:
        lease.give_back()


def index_all() -> None:
    """Remember where every checkpoint seals its accounts. Raises storage.Unavailable."""
    done = sealing_work.indexed_up_to()
    for checkpoint in checkpoint_store.every(after=done):
        _index(checkpoint, list(runs_of(checkpoint)))


def runs_of(checkpoint: Checkpoint) -> Iterator[Run]:
    """The runs of a checkpoint, in order. Raises storage.Unavailable."""
    for number in range(len(checkpoint.chunk_roots)):
        yield from checkpoint_store.chunk(checkpoint.statement.root, number)


def _seal_once(tick: Tick, may_go_on: Callable[[], bool], lease: Lease) -> bool:
    """One checkpoint; True when there is more to do."""
    page = _notes()
    notes = page.items
    if not notes or not lease.take():
        return False
    newest = checkpoint_store.newest()
    if newest is not None and newest.number > sealing_work.indexed_up_to():
        # A tick beside this one published it a moment ago: what it seals would be sealed again.
        index_all()
    found = list(_unsealed_runs_of(_accounts(notes), may_go_on))
    runs = [run for unsealed in found for run in unsealed.runs]
    if runs and not _publish(newest, runs, tick):
        return False
    _settle(notes, found, tick)
    untouched = len({*_accounts(notes)} - {unsealed.account for unsealed in found})
    return bool(runs) and (page.next_start is not None or untouched > 0 or any(unsealed.more for unsealed in found))


def _notes() -> storage.Page[Changed]:
    """What was asked for, and what the stream reported."""
    reported = sealing_work.changed(MAX_NOTES)
    return storage.Page([*sealing_work.asked(MAX_NOTES), *reported.items], reported.next_start)


def _accounts(notes: Iterable[Changed]) -> list[str]:
    return list(dict.fromkeys(account for note in notes for account in note.accounts))


def _unsealed_runs_of(accounts: list[str], may_go_on: Callable[[], bool]) -> Iterator[UnsealedRuns]:
    runs = 0
    with ThreadPoolExecutor(max_workers=READERS) as readers:
        for at in range(0, len(accounts), ACCOUNTS_AT_ONCE):
            if runs > MAX_RUNS_PER_CHECKPOINT - ACCOUNTS_AT_ONCE * MAX_RUNS or not may_go_on():
                return
            for unsealed in readers.map(unsealed_runs, accounts[at : at + ACCOUNTS_AT_ONCE]):
                runs += len(unsealed.runs)
                yield unsealed


def _publish(newest: Checkpoint | None, runs: list[Run], tick: Tick) -> bool:
    """Store the next checkpoint; False when another process did."""
    checkpoint = _signed(newest, runs)
    checkpoint_store.add_runs(checkpoint.statement.root, chunks_of(runs))
    try:
        checkpoint_store.add(checkpoint)
    except storage.ConditionRefused:
        return False
    _index(checkpoint, runs)
    tick.checkpoints += 1
    tick.runs += len(runs)
    tick.entries += sum(len(run.hashes) for run in runs)
    return True


def _signed(newest: Checkpoint | None, runs: list[Run]) -> Checkpoint:
    before = newest.statement if newest else None
    roots = tuple(chunk_root(chunk) for chunk in chunks_of(runs))
    said = Statement(
        number=before.number + 1 if before else 1,
        root=merkle.root(roots),
        runs=len(runs),
        total_entries=(before.total_entries if before else 0) + sum(len(run.hashes) for run in runs),
        sealed_at=max(clock.now_ms(), before.sealed_at if before else 0),
        previous=before.digest if before else NO_PREVIOUS,
        key_id=settings.current().proof_key_id,
    )
    return Checkpoint(said, roots, proof_key.sign(said.key_id, said.encoded()), proof_key.public_key(said.key_id))


def _index(checkpoint: Checkpoint, runs: list[Run]) -> None:
    sealing_work.index((run.account, SealPosition(run.last_seq, run.head_hash, checkpoint.number, leaf)) for leaf, run in enumerate(runs))
    sealing_work.set_indexed_up_to(checkpoint.number)


def _settle(notes: list[Changed], found: list[UnsealedRuns], tick: Tick) -> None:
    """Forget the notes that were dealt with; accounts that are not sealed to their end are noted again."""
    for unsealed in found:
        if unsealed.broken is not None:
            tick.broken += 1
            logger.critical(BROKEN, extra={"where": unsealed.broken.where, "problem": unsealed.broken.problem})
            with guarded(Subject(LOOP, unsealed.account, unsealed.account.partition("#")[0])):
                raise Unsealable(unsealed.broken.problem)
    unfinished = {unsealed.account for unsealed in found if unsealed.more or unsealed.broken is not None}
    for account in sorted(unfinished):
        sealing_work.note_later(account)
    done = {unsealed.account for unsealed in found}
    for account in {account for note in notes if note.is_later for account in note.accounts} & done - unfinished:
        set_aside.handled(LOOP, account)
    kept = [note for note in notes if note.is_later and not unfinished.isdisjoint(note.accounts)]
    sealing_work.forget(note for note in notes if done.issuperset(note.accounts) and note not in kept)
