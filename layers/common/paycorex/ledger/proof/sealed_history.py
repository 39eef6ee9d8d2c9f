"""All that was ever sealed, read back and checked: signatures, links and roots of the checkpoints, and the hash of every sealed entry.

It is what a verification holds the ledger against. A deleted tail, or a chain rewritten to its very end, is visible in nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex.ledger.entry import Entry
from paycorex.ledger.links import UNREADABLE, Finding, location_of
from paycorex.ledger.proof import checkpoint_store, merkle, proof_key
from paycorex.ledger.proof.checkpoint import NO_PREVIOUS, Checkpoint, chunk_root, chunks_of
from paycorex.ledger.proof.proof_key import PublicKeys
from paycorex.ledger.proof.runs import HASH_BYTES, Run


@dataclass(slots=True)
class _Chain:
    hashes: bytearray = field(default_factory=bytearray)
    # Where runs end and which checkpoint sealed them, to be named in findings.
    ends: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last_seq(self) -> int:
        return len(self.hashes) // HASH_BYTES

    def hash_at(self, seq: int) -> bytes:
        return bytes(self.hashes[(seq - 1) * HASH_BYTES : seq * HASH_BYTES])

    def checkpoint_of(self, seq: int) -> int:
        return next(number for end, number in self.ends if seq <= end)


class SealedHistory:
    """Every sealed entry's hash by account. Memory grows with the sealed entries, 32 bytes each."""

    def __init__(self, public_keys: PublicKeys) -> None:
        self._public_keys: Final = public_keys
        self._chains: dict[str, _Chain] = {}
        self.findings: list[Finding] = []
        # The first entry of each compared account that no checkpoint covers.
        self.unsealed: list[Entry] = []
        self.checkpoints = 0
        self.entries = 0

    def read(self, progress: Callable[[int], None] = lambda _entries: None) -> None:
        """Read and check all checkpoints, oldest first. Raises storage.Unavailable."""
        previous: Checkpoint | None = None
        for checkpoint in checkpoint_store.every():
            runs = self._runs(checkpoint)
            self.findings += check_checkpoint(previous, checkpoint, runs, self._public_keys)
            for run in runs:
                self._include(run, checkpoint.number)
            self.checkpoints += 1
            previous = checkpoint
            progress(sum(len(run.hashes) for run in runs))

    def compare(self, account: str, chain: list[Entry]) -> list[Finding]:
        """What is wrong with an account's entries (in their order) against what was sealed of it: the first of each kind."""
        sealed = self._chains.pop(account, None) or _Chain()
        beyond = next((entry for entry in chain if entry.seq > sealed.last_seq), None)
        if beyond is not None:
            self.unsealed.append(beyond)
        stored = {entry.seq: entry for entry in chain}
        findings: list[Finding] = []
        missing = [seq for seq in range(1, sealed.last_seq + 1) if seq not in stored]
        if missing:
            more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
            findings.append(
                Finding(f"{account} seq {missing[0]}", f"missing{more}, though checkpoint {sealed.checkpoint_of(missing[0])} seals it")
            )
        changed = [e for e in chain if e.seq <= sealed.last_seq and e.seq >= 1 and e.hash != sealed.hash_at(e.seq)]
        if changed:
            more = f", nor are {len(changed) - 1} after it" if len(changed) > 1 else ""
            findings.append(
                Finding(location_of(changed[0]), f"not the entry that checkpoint {sealed.checkpoint_of(changed[0].seq)} seals{more}")
            )
        return findings

    def rest(self) -> list[Finding]:
        """What was sealed of accounts that `compare` was never asked about: they are gone altogether."""
        return [finding for account in sorted(self._chains) for finding in self.compare(account, [])]

    def _runs(self, checkpoint: Checkpoint) -> list[Run]:
        runs: list[Run] = []
        for number in range(len(checkpoint.chunk_roots)):
            try:
                runs += checkpoint_store.chunk(checkpoint.statement.root, number)
            except UNREADABLE as error:
                where = f"checkpoint {checkpoint.number}, chunk {number}"
                self.findings.append(Finding(where, f"cannot be read: {type(error).__name__}"))
        return runs

    def _include(self, run: Run, number: int) -> None:
        chain = self._chains.setdefault(run.account, _Chain())
        before = chain.hash_at(chain.last_seq) if chain.last_seq else NO_PREVIOUS
        if run.first_seq != chain.last_seq + 1 or run.prev_hash != before:
            self.findings.append(
                Finding(f"{run.account} seq {run.first_seq}", f"checkpoint {number} does not go on where the last one ended")
            )
            return
        chain.hashes += b"".join(run.hashes)
        chain.ends.append((run.last_seq, number))
        self.entries += len(run.hashes)


def check_checkpoint(previous: Checkpoint | None, checkpoint: Checkpoint, runs: list[Run], public_keys: PublicKeys) -> list[Finding]:
    """What is wrong with a checkpoint as the successor of the one before it."""
    said, before = checkpoint.statement, previous.statement if previous else None
    key = public_keys(said.key_id)
    roots = [chunk_root(chunk) for chunk in chunks_of(runs)]
    sealed = sum(len(run.hashes) for run in runs)
    wrong = {
        f"does not follow {before.number if before else 0}": said.number != (before.number if before else 0) + 1,
        "does not name the checkpoint before": said.previous != (before.digest if before else NO_PREVIOUS),
        "older than the checkpoint before": before is not None and said.sealed_at < before.sealed_at,
        "does not count what it seals": said.total_entries != (before.total_entries if before else 0) + sealed,
        "its runs are not those it was signed for": said.runs != len(runs) or said.root != merkle.root(roots),
        "signed with a key that is not the ledger's": key is None,
        "its signature is not valid": key is not None and not proof_key.is_signed(said.encoded(), checkpoint.signature, key),
    }
    return [Finding(f"checkpoint {said.number}", problem) for problem, is_wrong in wrong.items() if is_wrong]
