#!/usr/bin/env python3
"""Checks a closed month offline: `python closed_month_check.py MONTH.json --public-key KEY.pem [FILE ...]`.

Needs `cryptography` and `proof_check.py` beside it, and nothing else. What it shows: the document is the one whose digest lies in a
sealed entry of the ledger; its trial balance comes to zero in each currency; and each of the given statements is one that it names.
Exit status: 0 proven, 1 refused, 2 not sealed yet. The public key must come from elsewhere than the document.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

try:
    from paycorex.ledger.proof import proof_check
except ImportError:
    import proof_check  # type: ignore[import-not-found,no-redef] # both files copied to one folder

FORMAT = "paycorex-closed-month-1"
ANSWER = {"document": dict, "sealed": bool, "statement": dict}
DOCUMENT = {"format": str, "merchant_id": str, "month": str, "version": int, "books_sha256": str, "balances": list, "files": list}
demand = proof_check.demand


def check(answer: Any, public_key_pem: bytes, files: Mapping[str, bytes]) -> str:
    """What the month says. files: statements by their names. Raises ProofRefused or NotSealedYet."""
    key = load_pem_public_key(public_key_pem)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise proof_check.ProofRefused("the public key is not one of an elliptic curve")
    proof_check.demand_shape("answer", answer, ANSWER)
    document = answer["document"]
    # A document says more than what is looked at here, and its digest covers all of it.
    proof_check.demand_shape("document", {name: document.get(name) for name in DOCUMENT}, DOCUMENT)
    where = f"{document['month']} of {document['merchant_id']}"
    if answer["sealed"] is False:
        raise proof_check.NotSealedYet(where)
    demand(document["format"] == FORMAT, "the document is of another format")
    _check_statement(document, answer["statement"], key)
    sums: Counter[str] = Counter()
    for row in document["balances"]:
        demand(isinstance(row, list) and len(row) == 5 and all(type(each) is int for each in row[3:]), "a balance is of another shape")
        sums[str(row[2])] += row[4]
    demand(not any(sums.values()), "the trial balance does not come to zero")
    named = {row[2]: f"{row[0]} {row[1]}" for row in document["files"]}
    for name, content in files.items():
        demand(hashlib.sha256(content).hexdigest() in named, f"{name} is none of the month's statements")
    return f"{where}, closing {document['version']}: {len(document['balances'])} balances, {len(files)} of {len(named)} statements"


def _check_statement(document: Mapping[str, Any], proof: Any, key: ec.EllipticCurvePublicKey) -> None:
    """The digest of the document is the description of a sealed entry of this merchant, for this month and closing."""
    proof_check.check_seal(proof_check.shaped(proof), key)
    entry = proof["entry"]
    prefix = "#".join((document["merchant_id"], "reconciliation", "closed_months", ""))
    reference = ".".join((document["merchant_id"], document["month"], str(document["version"])))
    is_its = entry["account"].startswith(prefix) and (entry["reference_type"], entry["reference_id"]) == ("closed_month", reference)
    demand(is_its, "the entry is of another month")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    demand(entry["description"] == hashlib.sha256(text.encode()).hexdigest(), "the document is not the one that was sealed")


def run(month: Path, public_key: Path, files: Sequence[Path]) -> int:
    """Check a month with some of its statements, and say what that shows; the exit status."""
    try:
        statements = {str(path): path.read_bytes() for path in files}
        said = check(json.loads(month.read_text(encoding="utf-8")), public_key.read_bytes(), statements)
    except proof_check.NotSealedYet as which:
        sys.stdout.write(f"NOT YET {which} is not sealed by a checkpoint\n")
        return 2
    except (proof_check.ProofRefused, ValueError, OSError) as problem:
        sys.stdout.write(f"REFUSED {problem}\n")
        return 1
    sys.stdout.write(f"PROVEN {said}\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Check a closed month against the ledger's public key, offline.")
    parser.add_argument("month", type=Path, metavar="MONTH.json", help="what GET /v1/periods/{month}/proof answered")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="statements of the month, as they were downloaded")
    parser.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    chosen = parser.parse_args(arguments)
    return run(chosen.month, chosen.public_key, chosen.files)


if __name__ == "__main__":
    sys.exit(main())
