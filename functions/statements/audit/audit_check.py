#!/usr/bin/env python3
"""Checks an audit pack offline: `python audit_check.py PACK --public-key KEY.pem [--digest HEX]`. Needs `cryptography` and nothing else.

Written apart from the code that makes packs, so that it can be copied, read and run without trust in it or in the platform. A pack is a
text file. Each line is the SHA-256 of its number and content, a space, and the content, a JSON list whose first word says what it is.
What is shown: each ledger entry hashes to what it says and links to the one before, its run lies under a root that the key's owner signed,
every journal of the month is balanced and has the record of its amount, the lines of each settlement come to the root that its journal
names, and the trial balance is what the entries come to. A changed byte is named by its line and by what stands in it.
Exit status: 0 proven, 1 refused. The public key must come from elsewhere than the pack; so should the digest, which the maker printed.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

VERSION = 1
# Kinds of lines, and how many values follow.
SHAPES = {
    "pack": 5,  # version, month, from, to, merchant (or null: all)
    "checkpoint": 8,  # number, root, runs, total_entries, sealed_at, previous, key_id, signature
    "run": 9,  # account, first_seq, entries, balance, total_credit, total_debit, count, prev_hash, place: [checkpoint, leaf, path]
    "entry": 12,  # seq, credit, debit, balance, total_credit, total_debit, count, journal, [type, id], description, created_at, hash
    "head": 11,  # of an account without entries in the month, its last run: as run, and the last entry's hash and the root of its entries
    "money": 3,  # what a record says of its money: [type, id], currency, amount
    "record": 3,  # kind, id, what it says
    "line": 3,  # settlement, place in it, the fields that its root covers
    "balance": 5,  # account, opening, debit, credit, closing
    "end": 2,  # how many lines, digest over the digests of all of them
}


_loads = json.JSONDecoder().decode


class Refused(Exception):
    """A line that is not as it should be; the message says why."""


class Check:
    """One pack, read from its first line to its last. `problems` has what was found, each with its line."""

    def __init__(self, public_key_pem: bytes) -> None:
        """Raises TypeError for a key that is not one of an elliptic curve."""
        key = load_pem_public_key(public_key_pem)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TypeError("the public key is not one of an elliptic curve")
        self.key, self.problems, self.counts = key, list[str](), defaultdict[str, int](int)
        self.digest, self.number, self.ended = hashlib.sha256(), 0, False
        self.checkpoints: dict[int, list[Any]] = {}
        self.from_ms, self.to_ms = 0, 0
        self.run: list[Any] | None = None
        self.run_line, self.run_hashes, self.last = 0, list[bytes](), b""
        self.chains: dict[str, tuple[int, bytes]] = {}
        # By journal: when its last entry was made, credits less debits, credits, [(account, credit, debit)].
        self.journals: dict[str, list[Any]] = {}
        self.names: dict[str, tuple[str, str, str]] = {}
        self.start: dict[str, int] = {}
        self.money: dict[str, tuple[int, str, str]] = {}
        # The journals whose ids were found to follow from what their money lines name.
        self.identified: dict[str, tuple[str, str]] = {}
        self.settlements: dict[str, list[bytes]] = {}
        self.roots: dict[str, set[str]] = defaultdict(set)
        self.balances: dict[str, tuple[int, list[int]]] = {}

    def read(self, lines: Iterator[bytes]) -> None:
        """Check every line, then what only all of them together show."""
        for raw in lines:
            self.number += 1
            try:
                self._line(raw)
            except Refused as problem:
                self._found(self.number, _named(raw), str(problem))
            except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
                self._found(self.number, _named(raw), "cannot be read")
        self._attempt(self._end_run)
        if not self.ended:
            self.problems.append("the pack is cut: its last line is missing")
        if not self.problems:
            # Sums over lines of which some do not hold say nothing.
            self._check_journals()
            self._check_settlements()
            self._check_balances()

    def _found(self, number: int, what: str, problem: str) -> None:
        self.problems.append(f"line {number} ({what}): {problem}")
        self.run = None

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Refused as problem:
            self._found(self.run_line, f"run of {self.run[0] if self.run else '?'}", str(problem))

    def _line(self, raw: bytes) -> None:
        _demand(not self.ended, "comes after the end")
        _demand(raw.endswith(b"\n") and raw[64:65] == b" ", "is not a digest and its content")
        content = raw[65:-1]
        digest = hashlib.sha256(b"%d " % self.number + content).hexdigest().encode()
        before = self.digest.copy() if content.startswith(b'["end"') else self.digest
        self.digest.update(digest)
        _demand(digest == raw[:64], "was changed: its digest is another one")
        kind, *values = _loads(content.decode())
        _demand(len(values) == SHAPES[kind], "has not as many values as its kind has")
        _demand((self.number == 1) == (kind == "pack"), "a pack begins with its title, and has one")
        if kind != "entry":
            self._attempt(self._end_run)
        self.counts[kind] += 1
        if kind == "end":
            _demand(values == [self.number, before.hexdigest()], "lines are missing, or not those that were written")
            self.ended = True
            return
        (self._line_ if kind == "line" else getattr(self, "_" + kind))(*values)

    def _pack(self, version: int, _month: str, from_ms: int, to_ms: int, _merchant: str | None) -> None:
        _demand(version == VERSION, "is a pack of another version")
        self.from_ms, self.to_ms = from_ms, to_ms

    def _checkpoint(self, *said: Any) -> None:
        number, root, runs, total, sealed_at, previous, key_id, signature = said
        fields = ["paycorex-ledger-checkpoint-1", *map(str, (number, _hex(root), runs, total, sealed_at, _hex(previous), key_id))]
        try:
            self.key.verify(base64.b64decode(signature, validate=True), _framed(fields), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise Refused("is not signed with this key") from None
        before = self.checkpoints.get(number - 1)
        _demand(before is None or previous == before[-1], "does not name the checkpoint before it")
        self.checkpoints[number] = [root, runs, _sha(_framed(fields)).hex()]

    def _run(self, *said: Any) -> None:
        account, first_seq, prev_hash = said[0], said[1], bytes.fromhex(said[7])
        self.run, self.run_line, self.run_hashes, self.last = list(said), self.number, [], prev_hash
        if account in self.chains:
            seq, hashed = self.chains[account]
            _demand((seq + 1, hashed) == (first_seq, prev_hash), f"entries of {account} are missing before seq {first_seq}")

    def _entry(self, *said: Any) -> None:
        if self.run is None:
            # Of a run in which a line does not hold, that line is named.
            _demand(self.problems, "is in no run")
            return
        account, (seq, credit, debit, balance, *_totals, journal, reference, description, created_at, stated) = self.run[0], said
        numbers = map(str, said[:7])
        texts = (journal, *reference, "" if description is None else "+" + description, str(created_at))
        hashed = _sha(b"paycorex-ledger-entry-1" + self.last + _framed([account, *numbers, *texts]))
        if hashed.hex() != stated:
            raise Refused(f"{account} seq {seq}: its hash is not that of its fields")
        if seq != self.run[1] + len(self.run_hashes):
            raise Refused(f"{account} seq {seq}: is not the next entry of its run")
        if account not in self.start:
            self.start[account] = balance - credit + debit
        known = self.journals.get(journal)
        if known is None:
            known = self.journals[journal] = [0, 0, 0, []]
        known[0] = max(known[0], created_at)
        known[1] += credit - debit
        known[2] += credit
        known[3].append((account, credit, debit))
        self.names[journal] = (reference[0], reference[1], account.split("#")[-2])
        if reference[0] == "settlement" and description is not None:
            self.roots[reference[1].partition(".")[0]].add(description)
        self.last = hashed
        self.run_hashes.append(hashed)
        if len(self.run_hashes) == self.run[2]:
            _demand(list(said[3:7]) == self.run[3:7], f"{account} seq {seq}: does not end its run")

    def _end_run(self) -> None:
        if self.run is None:
            return
        account, first_seq, size = self.run[:3]
        _demand(len(self.run_hashes) == size, f"has {len(self.run_hashes)} entries that hold, of {size}")
        self._placed(self.run, self.last, _tree([_sha(b"\x00" + one) for one in self.run_hashes]))
        self.chains[account] = (first_seq + size - 1, self.last)
        self.run = None

    def _head(self, *said: Any) -> None:
        account, balance = said[0], said[3]
        _demand(account not in self.start, f"{account} has entries, too")
        self._placed(list(said[:9]), bytes.fromhex(said[9]), bytes.fromhex(said[10]))
        self.start[account] = balance

    def _placed(self, run: list[Any], head_hash: bytes, entries_root: bytes) -> None:
        """A run lies under the signed root of its checkpoint."""
        account, first_seq, size, *numbers, prev_hash, (checkpoint, index, path) = run
        fields = ["paycorex-ledger-run-1", account, *map(str, (first_seq, first_seq + size - 1, *numbers))]
        leaf = _sha(b"\x00" + _framed([*fields, prev_hash, head_hash.hex(), entries_root.hex()]))
        _demand(checkpoint in self.checkpoints, f"{account}: checkpoint {checkpoint} is missing")
        root, runs, _digest = self.checkpoints[checkpoint]
        _demand(_climb(leaf, index, runs, path).hex() == root, f"{account} seq {first_seq}: does not lie under the root of {checkpoint}")

    def _money(self, reference: list[str], currency: str, amount: int) -> None:
        journal, name = _identifier("jrn", *reference), " ".join(reference)
        _demand(journal not in self.money, f"{name} has a record already")
        self.identified[journal] = (reference[0], reference[1])
        self.money[journal] = (amount, currency, f"line {self.number} ({name})")

    def _record(self, kind: str, record_id: str, said: Any) -> None:
        _demand(isinstance(said, dict) and isinstance(record_id, str) and isinstance(kind, str), "is no record")

    def _line_(self, settlement: str, place: int, fields: list[str]) -> None:
        leaves = self.settlements.setdefault(settlement, [])
        _demand(place == len(leaves), f"lines of {settlement} are missing")
        leaves.append(_sha(b"\x00" + "\n".join(fields).encode()))

    def _balance(self, account: str, *sums: int) -> None:
        _demand(account not in self.balances, f"{account} stands there twice")
        self.balances[account] = (self.number, list(sums))

    def _check_journals(self) -> None:
        for journal, (made_at, excess, credited, _postings) in self.journals.items():
            if not self.from_ms <= made_at < self.to_ms:
                continue
            kind, name, currency = self.names[journal]
            if excess:
                self.problems.append(f"journal {journal} of {kind} {name}: debits and credits differ by {excess}")
            if self.identified.get(journal) != (kind, name) and _identifier("jrn", kind, name) != journal:
                self.problems.append(f"journal {journal}: its id does not follow from {kind} {name}")
            if not credited and journal not in self.money:
                # It states something and moves nothing.
                continue
            amount, said, where = self.money.pop(journal, (None, None, f"{kind} {name}"))
            if (amount, said) != (credited, currency):
                self.problems.append(f"{where}: says that {amount} {said} (minor units) moved, the ledger says {credited} {currency}")
        for amount, said, where in self.money.values():
            self.problems.append(f"{where}: says that {amount} {said} (minor units) moved, and no journal of the month says so")

    def _check_settlements(self) -> None:
        for settlement, leaves in self.settlements.items():
            if _tree(leaves).hex() not in self.roots.get(settlement, ()):
                self.problems.append(f"settlement {settlement}: its lines do not come to the root that its journal names")

    def _check_balances(self) -> None:
        """By the same rule for every account: a journal is dated by its last entry."""
        sums = {account: [opening, 0, 0] for account, opening in self.start.items()}
        for made_at, _excess, _credited, postings in self.journals.values():
            for account, credit, debit in postings:
                if made_at < self.from_ms:
                    sums[account][0] += credit - debit
                elif made_at < self.to_ms:
                    sums[account][1] += debit
                    sums[account][2] += credit
        total: dict[str, int] = defaultdict(int)
        for account, (opening, debit, credit) in sums.items():
            number, said = self.balances.pop(account, (0, []))
            total[account.split("#")[-2]] += opening + credit - debit
            if said != [opening, debit, credit, opening + credit - debit]:
                self.problems.append(f"line {number} (balance {account}): the entries come to {[opening, debit, credit]}")
        self.problems += [f"line {number} (balance {account}): has no entries" for account, (number, _said) in self.balances.items()]
        self.problems += [f"the balances in {currency} differ by {minor}" for currency, minor in total.items() if minor]


def _tree(level: list[bytes]) -> bytes:
    """The root over hashes of leaves (RFC 6962, section 2.1)."""
    while len(level) > 1:
        paired = [_sha(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0] if level else _sha(b"")


def _climb(leaf: bytes, index: int, size: int, path: Sequence[str]) -> bytes:
    """The root that a leaf and its path come to (RFC 9162, section 2.1.3.2)."""
    _demand(0 <= index < size, f"leaf {index} of {size}")
    last, found = size - 1, leaf
    for text in path:
        _demand(last > 0, "a path is too long")
        sibling = bytes.fromhex(text)
        if index % 2 == 1 or index == last:
            found = _sha(b"\x01" + sibling + found)
            while index % 2 == 0 and index != 0:
                index, last = index >> 1, last >> 1
        else:
            found = _sha(b"\x01" + found + sibling)
        index, last = index >> 1, last >> 1
    _demand(last == 0, "a path is too short")
    return found


def _identifier(prefix: str, *parts: str) -> str:
    """The id that these parts always have."""
    digest = _sha(b"paycorex-id\0" + prefix.encode() + _framed(parts))
    return f"{prefix}_{base64.b32encode(digest[:16]).decode()[:26].lower()}"


# The length of a short text in four bytes: to look one up is faster than to make it.
_LENGTHS = [length.to_bytes(4, "big") for length in range(1024)]


def _framed(fields: Sequence[str]) -> bytes:
    raws = [field.encode() for field in fields]
    return b"".join([(_LENGTHS[len(raw)] if len(raw) < 1024 else len(raw).to_bytes(4, "big")) + raw for raw in raws])


def _sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _hex(text: str) -> str:
    return bytes.fromhex(text).hex()


def _named(raw: bytes) -> str:
    """What a line is about, as far as it can be read."""
    try:
        kind, *values = json.loads(raw[65:])
        return " ".join([str(kind), *(str(value) for value in values[:2])])[:120]
    except (ValueError, TypeError):
        return raw[65:145].decode("utf-8", "replace").strip()


def _demand(holds: object, problem: str) -> None:
    if not holds:
        raise Refused(problem)


def run(pack: Path, public_key: Path, digest: str | None = None) -> int:
    """Check a file and say what it proves; the exit status."""
    try:
        check = Check(public_key.read_bytes())
        with pack.open("rb") as lines:
            check.read(iter(lines))
    except (OSError, ValueError, TypeError) as problem:
        sys.stdout.write(f"REFUSED {problem}\n")
        return 1
    if digest is not None and check.digest.hexdigest() != digest:
        check.problems.append("the pack's digest is another one than was given")
    sys.stdout.write("".join(f"REFUSED {problem}\n" for problem in check.problems[:100]))
    if not check.problems:
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(check.counts.items()) if kind not in {"pack", "end"})
        sys.stdout.write(f"PROVEN {said}\ndigest {check.digest.hexdigest()}\n")
    return 1 if check.problems else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Check an audit pack against the ledger's public key, without a network.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    parser.add_argument("--digest", metavar="HEX", help="what the pack's maker printed")
    chosen = parser.parse_args(arguments)
    return run(chosen.pack, chosen.public_key, chosen.digest)


if __name__ == "__main__":
    sys.exit(main())
