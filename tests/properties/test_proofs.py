"""Whatever the chains look like when they are sealed: every entry's proof holds, and one changed bit refuses it."""

import copy
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from paycorex.ledger import Account, Entry, Journal, Reference, ReferenceType
from paycorex.ledger.proof import merkle
from paycorex.ledger.proof.checkpoint import NO_PREVIOUS, Checkpoint, Statement, chunk_root, chunks_of
from paycorex.ledger.proof.proof_check import ProofRefused, check
from paycorex.ledger.proof.proofs import Proof, Seal
from paycorex.ledger.proof.runs import Run, packed, unpacked
from paycorex.money import Money
from paycorex.records import ledger_proof

KEY = ec.derive_private_key(7, ec.SECP256R1())
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
# Values are shorter than this.
MAX_BITS = 1 << 16


@cache
def chains(merchant: int, length: int) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Both sides of so many payments of a merchant."""
    source, target = Account.clearing(f"mer_{merchant}", "sandbox", "INR"), Account.of_merchant(f"mer_{merchant}", "INR")
    sides: tuple[list[Entry], list[Entry]] = ([], [])
    for number in range(length):
        reference = Reference(ReferenceType.PAYMENT, f"pay_{merchant}x{number}")
        journal = Journal.transfer(source=source, target=target, amount=Money(number + 1, "INR"), reference=reference)
        for side, posting in zip(sides, journal.postings, strict=True):
            side.append(Entry.after(side[-1] if side else None, posting, journal, 1_800_000_000_000 + number))
    return tuple(sides[0]), tuple(sides[1])


def sealed(runs: list[Run]) -> Checkpoint:
    roots = tuple(chunk_root(chunk) for chunk in chunks_of(runs))
    said = Statement(1, merkle.root(roots), len(runs), sum(len(run.hashes) for run in runs), 1_800_000_000_000, NO_PREVIOUS, "key")
    return Checkpoint(said, roots, KEY.sign(said.encoded(), ec.ECDSA(hashes.SHA256())), DER)


def seal_of(entry: Entry, runs: list[Run], checkpoint: Checkpoint) -> Seal:
    leaf = next(i for i, run in enumerate(runs) if run.account == entry.account.key and run.first_seq <= entry.seq <= run.last_seq)
    path = merkle.path([run.leaf for run in runs], leaf)
    return Seal(runs[leaf], tuple(runs[leaf].entry_path(entry.seq)), leaf, tuple(path), checkpoint)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """The proof of some payment in a checkpoint over some chains, cut into runs somehow."""
    lengths = draw(st.lists(st.integers(1, 40), min_size=1, max_size=40))
    cut = draw(st.integers(1, 16))
    found = [side for merchant, length in enumerate(lengths) for side in chains(merchant, length)]
    runs = [Run.of(chain[at : at + cut]) for chain in found for at in range(0, len(chain), cut)]
    assert unpacked(packed(runs)) == runs
    merchant = draw(st.integers(0, len(lengths) - 1))
    number = draw(st.integers(0, lengths[merchant] - 1))
    checkpoint = sealed(runs)
    proofs = [Proof(side[number], seal_of(side[number], runs, checkpoint)) for side in chains(merchant, lengths[merchant])]
    document: dict[str, Any] = ledger_proof.view(proofs[0].entry.reference.id, proofs).model_dump(mode="json")
    return document


@settings(max_examples=60, deadline=None)
@given(documents())
def test_every_proof_holds(document: dict[str, Any]) -> None:
    assert len(check(document, PEM)) == 2


@settings(max_examples=150, deadline=None)
@given(documents(), st.data())
def test_one_changed_bit_refuses_a_proof(document: dict[str, Any], data: st.DataObject) -> None:
    forged = copy.deepcopy(document)
    places = list(mutable(forged["entries"]))
    holder, name = places[data.draw(st.integers(0, len(places) - 1))]
    holder[name] = flipped(name, holder[name], data)
    with pytest.raises(ProofRefused):
        check(forged, PEM)


def mutable(part: Any) -> Iterator[tuple[Any, Any]]:
    for name, inner in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(inner, dict | list):
            yield from mutable(inner)
        elif inner is not None and not isinstance(inner, bool):
            yield part, name


def flipped(name: Any, value: Any, data: st.DataObject) -> Any:
    """The value with one bit changed. What is drawn does not depend on the value: a signature's length differs from one to the next."""
    if isinstance(value, int):
        return value ^ (1 << data.draw(st.integers(0, 40)))
    raw = bytearray(b64decode(value) if name == "signature" else value.encode())
    bit = data.draw(st.integers(0, MAX_BITS)) % (len(raw) * 7)
    raw[bit // 7] ^= 1 << (bit % 7)
    return b64encode(bytes(raw)).decode() if name == "signature" else raw.decode("latin-1")
