"""A payment's proof as the contract shows it: everything that was hashed and signed, so that it can be checked with the public key alone.

Amounts are whole minor units and times milliseconds, because these are what is hashed. Hashes are lower-case hex.
"""

from base64 import b64encode

from paycorex.contract import View
from paycorex.ledger import Entry
from paycorex.ledger.proof import proof_key
from paycorex.ledger.proof.checkpoint import Checkpoint
from paycorex.ledger.proof.proofs import Proof, Seal


class ProvenEntry(View):
    """An entry with all that its hash covers. `account` is merchant#entity#id#currency#lane."""

    account: str
    seq: int
    credit_minor: int
    debit_minor: int
    balance_minor: int
    total_credit_minor: int
    total_debit_minor: int
    count: int
    journal_id: str
    reference_type: str
    reference_id: str
    description: str | None
    created_at_ms: int
    prev_hash: str
    hash: str


class SealedRun(View):
    """The stretch of the account's chain that was sealed with the entry in it; its last entry was the account's head.

    `entry_path` leads from the entry's hash to `entries_root`, `run_path` from the run to the checkpoint's root (RFC 6962).
    """

    first_seq: int
    last_seq: int
    balance_minor: int
    total_credit_minor: int
    total_debit_minor: int
    count: int
    prev_hash: str
    head_hash: str
    entries_root: str
    entry_path: list[str]
    run_index: int
    run_path: list[str]


class SignedCheckpoint(View):
    """A signed root. `signature` is base64 of a DER ECDSA signature over P-256 and SHA-256; `public_key` is PEM."""

    number: int
    root: str
    runs: int
    total_entries: int
    sealed_at_ms: int
    previous: str
    key_id: str
    signature: str
    public_key: str


class EntryProof(View):
    """One entry and what seals it; `run` and `checkpoint` are null until a checkpoint does."""

    entry: ProvenEntry
    sealed: bool
    run: SealedRun | None
    checkpoint: SignedCheckpoint | None


class PaymentProof(View):
    """The proof of a payment's ledger entries. `sealed`: it has entries, and a checkpoint covers each of them."""

    payment_id: str
    sealed: bool
    entries: list[EntryProof]


def view(payment_id: str, proofs: list[Proof]) -> PaymentProof:
    """The contract object of proofs."""
    shown = [
        EntryProof(
            entry=_entry(proof.entry),
            sealed=proof.seal is not None,
            run=None if proof.seal is None else _run(proof.seal),
            checkpoint=None if proof.seal is None else checkpoint_view(proof.seal.checkpoint),
        )
        for proof in proofs
    ]
    return PaymentProof(payment_id=payment_id, sealed=bool(shown) and all(one.sealed for one in shown), entries=shown)


def checkpoint_view(checkpoint: Checkpoint) -> SignedCheckpoint:
    """The contract object of a checkpoint."""
    said = checkpoint.statement
    return SignedCheckpoint(
        number=said.number,
        root=said.root.hex(),
        runs=said.runs,
        total_entries=said.total_entries,
        sealed_at_ms=said.sealed_at,
        previous=said.previous.hex(),
        key_id=said.key_id,
        signature=b64encode(checkpoint.signature).decode(),
        public_key=proof_key.pem(checkpoint.public_key),
    )


def _entry(entry: Entry) -> ProvenEntry:
    return ProvenEntry(
        account=entry.account.key,
        seq=entry.seq,
        credit_minor=entry.credit,
        debit_minor=entry.debit,
        balance_minor=entry.balance,
        total_credit_minor=entry.total_credit,
        total_debit_minor=entry.total_debit,
        count=entry.count,
        journal_id=entry.journal_id,
        reference_type=entry.reference.type,
        reference_id=entry.reference.id,
        description=entry.description,
        created_at_ms=entry.created_at,
        prev_hash=entry.prev_hash.hex(),
        hash=entry.hash.hex(),
    )


def _run(seal: Seal) -> SealedRun:
    run = seal.run
    return SealedRun(
        first_seq=run.first_seq,
        last_seq=run.last_seq,
        balance_minor=run.balance,
        total_credit_minor=run.total_credit,
        total_debit_minor=run.total_debit,
        count=run.count,
        prev_hash=run.prev_hash.hex(),
        head_hash=run.head_hash.hex(),
        entries_root=run.entries_root.hex(),
        entry_path=[one.hex() for one in seal.entry_path],
        run_index=seal.leaf,
        run_path=[one.hex() for one in seal.run_path],
    )
