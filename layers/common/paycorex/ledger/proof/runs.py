"""Runs: stretches of one chain as a checkpoint seals them. The head of an account is the end of its last run.

A run holds the hash of each of its entries, so that a deleted or rewritten entry is named, and the way from an entry to the run is short
however busy the account is.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from paycorex.ledger.entry import Entry
from paycorex.ledger.framing import length_prefixed
from paycorex.ledger.proof import merkle

RUN_DOMAIN: Final = "paycorex-ledger-run-1"
MAX_ENTRIES: Final = 256
HASH_BYTES: Final = 32


@dataclass(frozen=True)
class Run:
    """Entries first_seq to last_seq of one account. Sums in minor units, as the last entry has them.

    prev_hash: of the entry before the first. hashes: of each entry, in order.
    """

    account: str
    first_seq: int
    balance: int
    total_credit: int
    total_debit: int
    count: int
    prev_hash: bytes
    hashes: tuple[bytes, ...]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        """The run of some consecutive entries of one account."""
        first, last = entries[0], entries[-1]
        sums = (last.balance, last.total_credit, last.total_debit, last.count)
        return cls(first.account.key, first.seq, *sums, first.prev_hash, tuple(entry.hash for entry in entries))

    @property
    def last_seq(self) -> int:
        """The sequence number of the last entry: the account's head when it was sealed."""
        return self.first_seq + len(self.hashes) - 1

    @property
    def head_hash(self) -> bytes:
        """The hash of the last entry."""
        return self.hashes[-1]

    @cached_property
    def entries_root(self) -> bytes:
        """The root over the entries' hashes."""
        return merkle.root(self._leaves)

    def entry_path(self, seq: int) -> list[bytes]:
        """The way from one entry to `entries_root`. Raises IndexError."""
        return merkle.path(self._leaves, seq - self.first_seq)

    @property
    def _leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(entry_hash) for entry_hash in self.hashes]

    @cached_property
    def leaf(self) -> bytes:
        """The run as a leaf of its checkpoint's tree."""
        numbers = (self.first_seq, self.last_seq, self.balance, self.total_credit, self.total_debit, self.count)
        hashes = (self.prev_hash, self.head_hash, self.entries_root)
        return merkle.leaf_hash(length_prefixed((RUN_DOMAIN, self.account, *map(str, numbers), *(one.hex() for one in hashes))))


def packed(runs: Iterable[Run]) -> bytes:
    """Runs as they are stored."""
    lines = [
        [
            *(run.account, run.first_seq, run.balance, run.total_credit, run.total_debit, run.count),
            *(b64encode(raw).decode() for raw in (run.prev_hash, b"".join(run.hashes))),
        ]
        for run in runs
    ]
    return zlib.compress(json.dumps(lines, separators=(",", ":")).encode())


def unpacked(raw: bytes) -> list[Run]:
    """Stored runs. Raises ValueError, TypeError or zlib.error for anything else."""
    found: list[Run] = []
    for account, first_seq, balance, total_credit, total_debit, count, prev_hash, joined in json.loads(zlib.decompress(raw)):
        hashes = b64decode(joined)
        split = tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
        found.append(Run(account, first_seq, balance, total_credit, total_debit, count, b64decode(prev_hash), split))
    return found
