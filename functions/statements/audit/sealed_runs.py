"""The sealed runs of a month: read off the checkpoints, which are in the order of time, with the way of each run to its root.

A run is of the month when one of its entries, or an entry of the other side of a journal, may be. Of an account without entries in the
month its last run before is kept, which says what it held.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from paycorex.ledger import Account, Entry, store
from paycorex.ledger.proof import checkpoint_store, checkpoints, merkle
from paycorex.ledger.proof.checkpoint import Checkpoint
from paycorex.ledger.proof.runs import Run
from statements.books.booked import MARGIN_MS


@dataclass(frozen=True, slots=True)
class PlacedRun:
    """A run, where it is in its checkpoint, and its entries where they are of the month."""

    run: Run
    checkpoint: Checkpoint
    leaf: int
    path: tuple[bytes, ...]
    entries: tuple[Entry, ...] = ()


class Missing(Exception):
    """An entry that a checkpoint seals is not in the ledger, or another one is in its place."""


@dataclass(slots=True)
class SealedMonth:
    """One reading. merchant_id: of one merchant only. over: accounts whose entries of the month have all been read."""

    from_ms: int
    to_ms: int
    merchant_id: str | None = None
    heads: dict[str, tuple[int, int]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    reached: dict[str, int] = field(default_factory=dict)
    _over: set[str] = field(default_factory=set)

    def runs(self) -> Iterator[PlacedRun]:
        """The runs of the month, by checkpoint. Raises storage.Unavailable, Missing."""
        for checkpoint in checkpoint_store.every():
            mine = [(leaf, run) for leaf, run in enumerate(checkpoints.runs_of(checkpoint)) if self._is_mine(run)]
            found = [(leaf, run, entries) for leaf, run in mine if (entries := self._of_month(checkpoint, leaf, run))]
            if found:
                tree = _Tree.of(checkpoint)
                for leaf, run, entries in found:
                    yield PlacedRun(run, checkpoint, leaf, tree.path(leaf), entries)

    def heads_of_others(self) -> Iterator[PlacedRun]:
        """The last run of each account that has none in the month, by checkpoint."""
        by_checkpoint: dict[int, list[int]] = {}
        for account, (number, leaf) in self.heads.items():
            if account not in self.moved:
                by_checkpoint.setdefault(number, []).append(leaf)
        for number, leaves in sorted(by_checkpoint.items()):
            checkpoint = checkpoint_store.find(number)
            if checkpoint is None:
                raise Missing(f"checkpoint {number}")
            runs, tree = list(checkpoints.runs_of(checkpoint)), _Tree.of(checkpoint)
            yield from (PlacedRun(runs[leaf], checkpoint, leaf, tree.path(leaf)) for leaf in leaves)

    def _is_mine(self, run: Run) -> bool:
        return self.merchant_id is None or run.account.partition("#")[0] == self.merchant_id

    def _of_month(self, checkpoint: Checkpoint, leaf: int, run: Run) -> tuple[Entry, ...]:
        """The run's entries if some may be of the month; else it is noted as what the account held."""
        self.reached[run.account] = run.last_seq
        if run.account in self._over:
            return ()
        entries = () if checkpoint.statement.sealed_at < self.from_ms - MARGIN_MS else _entries(run)
        if entries and entries[0].created_at >= self.to_ms + MARGIN_MS:
            self._over.add(run.account)
            return ()
        if not entries or entries[-1].created_at < self.from_ms - MARGIN_MS:
            self.heads[run.account] = (checkpoint.number, leaf)
            return ()
        self.moved.add(run.account)
        return entries


@dataclass(frozen=True, slots=True)
class _Tree:
    """All levels of a checkpoint's tree, so that each path costs its own length."""

    levels: list[Sequence[bytes]]

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "_Tree":
        levels: list[Sequence[bytes]] = [[run.leaf for run in checkpoints.runs_of(checkpoint)]]
        while len(levels[-1]) > 1:
            level = levels[-1]
            paired = [merkle.node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
            levels.append([*paired, *level[len(paired) * 2 :]])
        return cls(levels)

    def path(self, index: int) -> tuple[bytes, ...]:
        """As `merkle.path`."""
        siblings = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                siblings.append(level[index ^ 1])
            index //= 2
        return tuple(siblings)


def _entries(run: Run) -> tuple[Entry, ...]:
    found = store.read(Account.from_key(run.account), first_seq=run.first_seq, last_seq=run.last_seq, consistent=True).items
    if [entry.hash for entry in found] != list(run.hashes):
        raise Missing(f"{run.account} seq {run.first_seq} to {run.last_seq}")
    return tuple(found)
