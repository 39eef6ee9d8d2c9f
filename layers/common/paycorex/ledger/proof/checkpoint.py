"""Checkpoints: signed statements of where the ledger's chains stood. Each names the one before, so none can be taken out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from paycorex.ledger.framing import length_prefixed
from paycorex.ledger.proof import merkle
from paycorex.ledger.proof.runs import Run

CHECKPOINT_DOMAIN: Final = "paycorex-ledger-checkpoint-1"
NO_PREVIOUS: Final = bytes(32)
# A power of two, so that a chunk's runs are a subtree; with runs of 256 entries a chunk stays below 300 KB.
RUNS_PER_CHUNK: Final = 32


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed. Numbers begin at 1 and have no gaps; sealed_at: milliseconds since the epoch.

    root: of the RFC 6962 tree over the runs. total_entries: sealed by this and all earlier checkpoints. previous: the digest of the
    statement before, zeros for the first.
    """

    number: int
    root: bytes
    runs: int
    total_entries: int
    sealed_at: int
    previous: bytes
    key_id: str

    def encoded(self) -> bytes:
        """The bytes that are signed."""
        fields = (
            *(CHECKPOINT_DOMAIN, str(self.number), self.root.hex(), str(self.runs), str(self.total_entries)),
            *(str(self.sealed_at), self.previous.hex(), self.key_id),
        )
        return length_prefixed(fields)

    @property
    def digest(self) -> bytes:
        """The hash by which the next statement names this one."""
        return hashlib.sha256(self.encoded()).digest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement with its signature (ECDSA over P-256 and SHA-256, DER) and the signer's public key (SubjectPublicKeyInfo, DER)."""

    statement: Statement
    chunk_roots: tuple[bytes, ...]
    signature: bytes
    public_key: bytes

    @property
    def number(self) -> int:
        """Its number."""
        return self.statement.number


def chunks_of(runs: Sequence[Run]) -> list[Sequence[Run]]:
    """The runs as they are stored together."""
    return [runs[at : at + RUNS_PER_CHUNK] for at in range(0, len(runs), RUNS_PER_CHUNK)]


def chunk_root(runs: Sequence[Run]) -> bytes:
    """The root over one chunk."""
    return merkle.root([run.leaf for run in runs])
