"""Proofs: the Merkle path from one entry to the signed root of the checkpoint that seals it. Its size is bounded."""

from dataclasses import dataclass

from paycorex.ledger import store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry
from paycorex.ledger.proof import checkpoint_store, merkle, sealing_work
from paycorex.ledger.proof.checkpoint import RUNS_PER_CHUNK, Checkpoint
from paycorex.ledger.proof.runs import Run


@dataclass(frozen=True, slots=True)
class Seal:
    """The run that holds an entry, the checkpoint over it, and the ways between (from below)."""

    run: Run
    entry_path: tuple[bytes, ...]
    leaf: int
    run_path: tuple[bytes, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry as it is stored, and its seal; None before a checkpoint covers it."""

    entry: Entry
    seal: Seal | None


class Unprovable(Exception):
    """The checkpoint or run of an entry is missing or does not contain it: the ledger or its checkpoints were changed."""


def prove(account: Account, seq: int) -> Proof:
    """The proof of one entry: four reads. Raises storage.Unavailable, Unprovable."""
    found = store.read(account, first_seq=seq, last_seq=seq, consistent=True).items
    if not found:
        raise Unprovable(f"{account.key} seq {seq}")
    return Proof(found[0], _seal(account.key, seq))


def _seal(account: str, seq: int) -> Seal | None:
    sealed = sealing_work.sealed_by(account, seq)
    if sealed is None:
        return None
    checkpoint = checkpoint_store.find(sealed.number)
    if checkpoint is None:
        raise Unprovable(f"checkpoint {sealed.number}")
    chunk_number, position = divmod(sealed.leaf, RUNS_PER_CHUNK)
    chunk = checkpoint_store.chunk(checkpoint.statement.root, chunk_number)
    run = chunk[position] if position < len(chunk) else None
    if run is None or run.account != account or run.last_seq != sealed.seq:
        raise Unprovable(f"leaf {sealed.leaf} of checkpoint {sealed.number}")
    if seq < run.first_seq:
        return None
    below = merkle.path([one.leaf for one in chunk], position)
    above = merkle.path(checkpoint.chunk_roots, chunk_number)
    return Seal(run, tuple(run.entry_path(seq)), sealed.leaf, (*below, *above), checkpoint)
