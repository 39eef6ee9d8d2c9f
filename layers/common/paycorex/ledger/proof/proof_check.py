#!/usr/bin/env python3
"""Checks a payment's proof offline: `python proof_check.py PROOF.json --public-key KEY.pem`. Needs `cryptography` and nothing else.

Written apart from the code that makes proofs, so that it can be copied, read and run without trust in it or in the API. What it
shows: each entry hashes to what it says, lies in a run of its account, the run lies under the root, and the key's owner signed that root.
Exit status: 0 proven, 1 refused, 2 not sealed yet. The public key must come from elsewhere than the proof.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

TEXT, NUMBER, OPTIONAL_TEXT, FLAG, LIST, OBJECT = str, int, (str, type(None)), bool, list, dict
DOCUMENT = {"payment_id": TEXT, "sealed": FLAG, "entries": LIST}
PROOF = {"entry": OBJECT, "sealed": FLAG, "run": OBJECT, "checkpoint": OBJECT}
ENTRY = {
    "account": TEXT,
    "seq": NUMBER,
    "credit_minor": NUMBER,
    "debit_minor": NUMBER,
    "balance_minor": NUMBER,
    "total_credit_minor": NUMBER,
    "total_debit_minor": NUMBER,
    "count": NUMBER,
    "journal_id": TEXT,
    "reference_type": TEXT,
    "reference_id": TEXT,
    "description": OPTIONAL_TEXT,
    "created_at_ms": NUMBER,
    "prev_hash": TEXT,
    "hash": TEXT,
}
RUN = {
    "first_seq": NUMBER,
    "last_seq": NUMBER,
    "balance_minor": NUMBER,
    "total_credit_minor": NUMBER,
    "total_debit_minor": NUMBER,
    "count": NUMBER,
    "prev_hash": TEXT,
    "head_hash": TEXT,
    "entries_root": TEXT,
    "entry_path": LIST,
    "run_index": NUMBER,
    "run_path": LIST,
}
CHECKPOINT = {
    "number": NUMBER,
    "root": TEXT,
    "runs": NUMBER,
    "total_entries": NUMBER,
    "sealed_at_ms": NUMBER,
    "previous": TEXT,
    "key_id": TEXT,
    "signature": TEXT,
    "public_key": TEXT,
}


class ProofRefused(Exception):
    """The document proves nothing; the message says why."""


class NotSealedYet(Exception):
    """No checkpoint covers the payment so far."""


def check(document: Any, public_key_pem: bytes) -> list[str]:
    """What the document proves, a line for each entry. Raises ProofRefused or NotSealedYet."""
    key = load_pem_public_key(public_key_pem)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ProofRefused("the public key is not one of an elliptic curve")
    demand_shape("proof", document, DOCUMENT)
    if document["sealed"] is False:
        raise NotSealedYet(document["payment_id"])
    if not document["entries"]:
        raise ProofRefused("there is no entry to prove")
    lines = [_check_entry(proof, document["payment_id"], key) for proof in document["entries"]]
    _check_journals([proof["entry"] for proof in document["entries"]])
    return lines


def _is_of(entry: Any, payment_id: str) -> bool:
    """True for an entry of the payment's own journal, or of one of its captures, whose journals name the payment in their description."""
    if entry["reference_type"] == "capture":
        return bool(entry["description"] == payment_id)
    return bool(entry["reference_id"].split(".")[0] == payment_id)


def _check_entry(proof: Any, payment_id: str, key: ec.EllipticCurvePublicKey) -> str:
    entry, checkpoint = shaped(proof)["entry"], proof["checkpoint"]
    where = f"{entry['account']} seq {entry['seq']}"
    demand(proof["sealed"], f"{where}: not sealed")
    demand(_is_of(entry, payment_id), f"{where}: belongs to {entry['reference_id']}, not to {payment_id}")
    check_seal(proof, key)
    return f"{where} is sealed by checkpoint {checkpoint['number']}: credit {entry['credit_minor']}, debit {entry['debit_minor']}"


def shaped(proof: Any) -> Mapping[str, Any]:
    """An entry's proof, once it has all fields of their types. Raises ProofRefused."""
    demand_shape("entry's proof", proof, PROOF)
    for name, shape in (("entry", ENTRY), ("run", RUN), ("checkpoint", CHECKPOINT)):
        demand_shape(name, proof[name], shape)
    found: Mapping[str, Any] = proof
    return found


def check_seal(proof: Mapping[str, Any], key: ec.EllipticCurvePublicKey) -> None:
    """The entry hashes to what it says, and the key's owner sealed it. Raises ProofRefused."""
    entry, run, checkpoint = proof["entry"], proof["run"], proof["checkpoint"]
    where = f"{entry['account']} seq {entry['seq']}"
    demand(_entry_hash(entry) == _raw(entry["hash"]), f"{where}: its hash is not that of its fields")
    _check_place(entry, run, where)
    _check_run(run, entry["account"], checkpoint, where)
    _check_signature(checkpoint, key)


def _check_place(entry: Mapping[str, Any], run: Mapping[str, Any], where: str) -> None:
    """The entry lies in the run; where it begins or ends it, both say the same."""
    size, index = run["last_seq"] - run["first_seq"] + 1, entry["seq"] - run["first_seq"]
    leaf = _hash(b"\x00" + _raw(entry["hash"]))
    demand(_root_of(leaf, index, size, run["entry_path"]) == _raw(run["entries_root"]), f"{where}: does not lie in its run")
    if index == 0:
        demand(entry["prev_hash"] == run["prev_hash"], f"{where}: does not begin its run")
    if index == size - 1:
        names = ("balance_minor", "total_credit_minor", "total_debit_minor", "count")
        demand(all(entry[name] == run[name] for name in names) and entry["hash"] == run["head_hash"], f"{where}: does not end its run")


def _check_run(run: Mapping[str, Any], account: str, checkpoint: Mapping[str, Any], where: str) -> None:
    numbers = ("first_seq", "last_seq", "balance_minor", "total_credit_minor", "total_debit_minor", "count")
    names = ("prev_hash", "head_hash", "entries_root")
    fields = ["paycorex-ledger-run-1", account, *(str(run[name]) for name in numbers), *(_raw(run[name]).hex() for name in names)]
    leaf = _hash(b"\x00" + _framed(fields))
    found = _root_of(leaf, run["run_index"], checkpoint["runs"], run["run_path"])
    demand(found == _raw(checkpoint["root"]), f"{where}: its run does not lie under the checkpoint's root")


def _check_signature(checkpoint: Mapping[str, Any], key: ec.EllipticCurvePublicKey) -> None:
    numbers = (str(checkpoint[name]) for name in ("runs", "total_entries", "sealed_at_ms"))
    root, previous = (_raw(checkpoint[name]).hex() for name in ("root", "previous"))
    fields = ["paycorex-ledger-checkpoint-1", str(checkpoint["number"]), root, *numbers, previous, checkpoint["key_id"]]
    what = f"checkpoint {checkpoint['number']}"
    try:
        signature = base64.b64decode(checkpoint["signature"], validate=True)
        key.verify(signature, _framed(fields), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ProofRefused(f"{what}: not signed with this key") from None
    except ValueError as error:
        raise ProofRefused(f"{what}: its signature cannot be read") from error
    demand(base64.b64encode(signature).decode() == checkpoint["signature"], f"{what}: its signature is not plain base64")
    named = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    demand(named == checkpoint["public_key"], f"{what}: names another key")


def _check_journals(entries: Sequence[Mapping[str, Any]]) -> None:
    """The entries are one balanced journal, each once; or several, where the payment was captured in parts."""
    journals: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for entry in entries:
        journals.setdefault((entry["journal_id"], entry["reference_type"], entry["reference_id"]), []).append(entry)
    slots = {(entry["account"], entry["seq"]) for entry in entries}
    currencies = {entry["account"].split("#")[-2] for entry in entries}
    in_parts = all(reference_type == "capture" for _journal_id, reference_type, _reference_id in journals)
    same = (len(journals) == 1 or in_parts) and len(slots) == len(entries)
    demand(same and len(currencies) == 1, "the entries are not those of one journal")
    for lines in journals.values():
        demand(sum(entry["credit_minor"] - entry["debit_minor"] for entry in lines) == 0, "debits and credits differ")


def _entry_hash(entry: Mapping[str, Any]) -> bytes:
    names = ("seq", "credit_minor", "debit_minor", "balance_minor", "total_credit_minor", "total_debit_minor", "count")
    description = "" if entry["description"] is None else "+" + entry["description"]
    said = (*(entry[name] for name in ("journal_id", "reference_type", "reference_id")), description, str(entry["created_at_ms"]))
    fields = [entry["account"], *(str(entry[name]) for name in names), *said]
    return _hash(b"paycorex-ledger-entry-1" + _raw(entry["prev_hash"]) + _framed(fields))


def _root_of(leaf: bytes, index: int, size: int, path: Sequence[Any]) -> bytes:
    """The root that a leaf and its path come to (RFC 9162, section 2.1.3.2). Raises ProofRefused for a path of another length."""
    demand(0 <= index < size, f"leaf {index} of {size}")
    last, found = size - 1, leaf
    for text in path:
        demand(last > 0, "a path is too long")
        sibling = _raw(text)
        if index % 2 == 1 or index == last:
            found = _hash(b"\x01" + sibling + found)
            while index % 2 == 0 and index != 0:
                index, last = index >> 1, last >> 1
        else:
            found = _hash(b"\x01" + found + sibling)
        index, last = index >> 1, last >> 1
    demand(last == 0, "a path is too short")
    return found


def _framed(fields: Sequence[str]) -> bytes:
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (field.encode() for field in fields))


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _raw(text: Any) -> bytes:
    """Thirty-two bytes from lower-case hex."""
    try:
        raw = bytes.fromhex(text)
    except (TypeError, ValueError):
        raise ProofRefused("a hash is not hex") from None
    demand(len(raw) == 32 and raw.hex() == text, "a hash is not 64 lower-case hex digits")
    return raw


def demand_shape(name: str, found: Any, shape: Mapping[str, Any]) -> None:
    """Raises ProofRefused for anything but a JSON object of exactly these fields and types."""
    demand(isinstance(found, dict) and set(found) == set(shape), f"the {name} has not the fields {', '.join(shape)}")
    for field, kind in shape.items():
        value = found[field]
        demand(isinstance(value, kind) and (kind is FLAG or not isinstance(value, bool)), f"the {name}'s {field} is of another type")


def demand(holds: object, problem: str) -> None:
    """Raises ProofRefused with the problem where it does not hold."""
    if not holds:
        raise ProofRefused(problem)


def run(proof: Path, public_key: Path) -> int:
    """Check a file and say what it proves; the exit status."""
    try:
        lines = check(json.loads(proof.read_text(encoding="utf-8")), public_key.read_bytes())
    except NotSealedYet as payment_id:
        sys.stdout.write(f"NOT YET {payment_id} is not sealed by a checkpoint\n")
        return 2
    except (ProofRefused, ValueError, OSError) as problem:
        sys.stdout.write(f"REFUSED {problem}\n")
        return 1
    sys.stdout.write("".join(f"PROVEN {line}\n" for line in lines))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Check a payment's proof against the ledger's public key, without a network.")
    parser.add_argument("proof", type=Path, metavar="PROOF.json", help="what GET /v1/payments/{payment_id}/proof answered")
    parser.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    chosen = parser.parse_args(arguments)
    return run(chosen.proof, chosen.public_key)


if __name__ == "__main__":
    sys.exit(main())
