#!/usr/bin/env python3
"""Checks a stated day of a clearing account offline: `python reconciliation_check.py DAY.json --public-key KEY.pem`.

Needs `cryptography` and `proof_check.py` beside it, and nothing else. What it shows: the document is the one whose digest lies in a
sealed entry of the ledger; each lane's entry that it names is sealed and has the balance that it says; and the sum of the open items is
the balance.
Exit status: 0 explained, 1 refused or not explained, 2 not sealed yet. The public key must come from elsewhere than the document.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

try:
    from paycorex.ledger.proof import proof_check
except ImportError:
    import proof_check  # type: ignore[import-not-found,no-redef] # both files copied to one folder

FORMAT = "paycorex-reconciliation-day-1"
# Of a network's account: with what of its balance the chain shows.
FORMAT_HELD = "paycorex-reconciliation-day-2"
ANSWER = {"document": dict, "sealed": bool, "statement": dict, "lanes": list}
DOCUMENT = {
    "format": str,
    "merchant_id": str,
    "source": str,
    "currency": str,
    "day": str,
    "made_at_ms": int,
    "lanes": list,
    "balance_minor": int,
    "explained_minor": int,
    "items": list,
}
LANE = {"account": str, "seq": int, "balance_minor": int, "hash": str}
demand = proof_check.demand


def check(answer: Any, public_key_pem: bytes) -> tuple[str, int]:
    """What the day says, and how many minor units of it no item explains. Raises ProofRefused or NotSealedYet."""
    key = load_pem_public_key(public_key_pem)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise proof_check.ProofRefused("the public key is not one of an elliptic curve")
    proof_check.demand_shape("answer", answer, ANSWER)
    document = answer["document"]
    has_held = isinstance(document, dict) and document.get("format") == FORMAT_HELD
    proof_check.demand_shape("document", document, DOCUMENT | ({"held_minor": int} if has_held else {}))
    if answer["sealed"] is False:
        raise proof_check.NotSealedYet(f"{document['source']} {document['day']}")
    demand(document["format"] in {FORMAT, FORMAT_HELD}, "the document is of another format")
    _check_statement(document, answer["statement"], key)
    _check_lanes(document, answer["lanes"], key)
    held = document["held_minor"] if has_held else 0
    total = held + sum(_minor(item) for item in document["items"])
    demand(total == document["explained_minor"], "its items do not come to what it says is explained")
    balance, count = document["balance_minor"], len(document["items"])
    where = f"{document['source']} {document['currency']} of {document['merchant_id']} on {document['day']}"
    shown = f", of which the chain shows {held}" if has_held else ""
    return f"{where}: balance {balance} minor units{shown}, {count} open items come to {total - held}", balance - total


def _check_statement(document: Mapping[str, Any], proof: Any, key: ec.EllipticCurvePublicKey) -> None:
    """The digest of the document is the description of a sealed entry of this account's statements, for this day."""
    entry = _sealed_entry(proof, key)
    named = "#".join((document["merchant_id"], "reconciliation", document["source"], document["currency"], "0"))
    reference = ".".join((document["merchant_id"], document["source"], document["currency"], document["day"]))
    demand(entry["account"] == named and entry["reference_id"] == reference, "the statement's entry is of another account or day")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    demand(entry["description"] == hashlib.sha256(text.encode()).hexdigest(), "the document is not the one that was sealed")


def _check_lanes(document: Mapping[str, Any], proofs: Sequence[Any], key: ec.EllipticCurvePublicKey) -> None:
    """Each lane's entry is sealed as the document has it, and all of them come to its balance."""
    demand(len(proofs) == len(document["lanes"]), "there is not one proof for each lane")
    entity, name = _account_of(document["source"])
    prefix = "#".join((document["merchant_id"], entity, name, document["currency"], ""))
    seen: set[str] = set()
    for lane, proof in zip(document["lanes"], proofs, strict=True):
        proof_check.demand_shape("lane", lane, LANE)
        entry = _sealed_entry(proof, key)
        same = all(entry[name] == lane[name] for name in ("account", "seq", "balance_minor", "hash"))
        demand(same, f"{lane['account']} seq {lane['seq']}: not the entry that is sealed")
        demand(lane["account"].startswith(prefix) and lane["account"] not in seen, f"{lane['account']}: not a lane of this account")
        seen.add(lane["account"])
    balance = -sum(lane["balance_minor"] for lane in document["lanes"])
    demand(balance == document["balance_minor"], "its lanes do not come to its balance")


def _account_of(source: str) -> tuple[str, str]:
    """Entity and name of a source's account: what a connector has paid out has a word before the connector's name."""
    in_transit = "bank_in_transit:"
    return ("bank_in_transit", source.removeprefix(in_transit)) if source.startswith(in_transit) else ("clearing", source)


def _sealed_entry(proof: Any, key: ec.EllipticCurvePublicKey) -> Mapping[str, Any]:
    """The entry of a proof, once it is shown that the key's owner sealed it."""
    proof_check.check_seal(proof_check.shaped(proof), key)
    found: Mapping[str, Any] = proof["entry"]
    return found


def _minor(item: Any) -> int:
    """The open amount of an item: [id, record, state, minor units]."""
    is_item = isinstance(item, list) and len(item) == 4 and isinstance(item[3], int) and not isinstance(item[3], bool)
    demand(is_item, "an item is of another shape")
    return int(item[3])


def run(day: Path, public_key: Path) -> int:
    """Check a file and say what it shows; the exit status."""
    try:
        said, unexplained = check(json.loads(day.read_text(encoding="utf-8")), public_key.read_bytes())
    except proof_check.NotSealedYet as which:
        sys.stdout.write(f"NOT YET {which} is not sealed by checkpoints\n")
        return 2
    except (proof_check.ProofRefused, ValueError, OSError) as problem:
        sys.stdout.write(f"REFUSED {problem}\n")
        return 1
    if unexplained:
        sys.stdout.write(f"NOT EXPLAINED {said}; {unexplained} minor units have no name\n")
        return 1
    sys.stdout.write(f"EXPLAINED {said}\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Check a stated day of a clearing account against the ledger's public key, offline.")
    parser.add_argument("day", type=Path, metavar="DAY.json", help="what GET /v1/reconciliation/days/{day} answered")
    parser.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    chosen = parser.parse_args(arguments)
    return run(chosen.day, chosen.public_key)


if __name__ == "__main__":
    sys.exit(main())
