"""`paycorex ledger verify | check-proof | public-key | list-accounts`. Exit status 0 when the money adds up or the proof
holds, 1 when not."""

import argparse
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from paycorex import clock, settings, storage
from paycorex.ledger import account_list
from paycorex.ledger import store as ledger_store
from paycorex.ledger.links import location_of
from paycorex.ledger.money_records import every_source
from paycorex.ledger.proof import proof_check, proof_key, sealing_work
from paycorex.ledger.proof.sealed_history import SealedHistory
from paycorex.ledger.verification import DEFAULT_SEGMENTS, Verifier

# A checkpoint comes every minute.
UNSEALED_MS = 3_600_000
SHOWN_UNSEALED = 20


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `ledger` commands."""
    ledger = commands.add_parser("ledger", help="the books").add_subparsers(required=True, metavar="command")
    verify = ledger.add_parser("verify", help="check chains, sums, journals, records, checkpoints; names what does not add up")
    verify.add_argument("--segments", type=int, default=DEFAULT_SEGMENTS, help="how many readers work in parallel")
    verify.add_argument("--public-key", type=Path, metavar="KEY.pem", help="what signed the checkpoints; by default PROOF_KEY_ID's in KMS")
    verify.add_argument("--at-rest", action="store_true", help="no process writes to these tables: judge the newest minute too")
    verify.add_argument("--seal-missed", action="store_true", help="have the next tick seal what no checkpoint covers for an hour")
    verify.set_defaults(run=_verify)
    check = ledger.add_parser("check-proof", help="check a payment's proof, without a network")
    check.add_argument("proof", type=Path, metavar="PROOF.json", help="what GET /v1/payments/{payment_id}/proof answered")
    check.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    check.set_defaults(run=lambda arguments: proof_check.run(arguments.proof, arguments.public_key))
    listing = ledger.add_parser("list-accounts", help="list the accounts of before there was a list of them, for exports and statements")
    listing.set_defaults(run=_list_accounts)
    public_key = ledger.add_parser("public-key", help="print the public key of the checkpoints (PROOF_KEY_ID's in KMS)")
    public_key.set_defaults(run=_public_key)


def _verify(arguments: argparse.Namespace) -> int:
    sealed = SealedHistory(_public_keys(arguments.public_key))
    # Checkpoints first: whatever they seal is in the ledger by the time that it is read.
    sealed.read(_Progress("sealed entries read"))
    progress = _Progress("entries read")
    report = Verifier(segments=arguments.segments, progress=progress, sealed=sealed, at_rest=arguments.at_rest).run(every_source())
    print(file=sys.stderr)
    print(f"{sealed.checkpoints} checkpoints, {sealed.entries} sealed entries")
    print(f"{report.accounts} accounts, {report.entries} entries, {report.journals} journals, {report.records} records")
    findings = sealed.findings + report.findings
    for finding in findings:
        print(f"WRONG {finding.where}: {finding.problem}")
    _tell_unsealed(sealed, note=arguments.seal_missed)
    print("the money adds up" if not findings else f"{len(findings)} findings")
    return 1 if findings else 0


def _tell_unsealed(sealed: SealedHistory, *, note: bool) -> None:
    """Print entries that no checkpoint covers in time; their sums may be right, so they are no finding."""
    missed = [entry for entry in sealed.unsealed if entry.created_at < clock.now_ms() - UNSEALED_MS]
    for entry in missed[:SHOWN_UNSEALED]:
        print(f"UNSEALED {location_of(entry)}: no checkpoint covers it since {clock.rfc3339(entry.created_at)}")
    if missed[SHOWN_UNSEALED:]:
        print(f"UNSEALED {len(missed) - SHOWN_UNSEALED} accounts more")
    if note:
        for entry in missed:
            sealing_work.note_later(entry.account.key)
        print(f"{len(missed)} accounts noted for the next checkpoint")


def _public_keys(file: Path | None) -> proof_key.PublicKeys:
    """The one key that checkpoints may be signed with: the file's, the stack's, or, without either, the one they name."""
    if file is not None:
        der = load_pem_public_key(file.read_bytes()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return lambda _key_id: der
    own = settings.current().proof_key_id
    if not own:
        print("PROOF_KEY_ID is not set: signatures are checked with the key that the checkpoints themselves name", file=sys.stderr)
        return proof_key.public_key
    return proof_key.only(own)


def _public_key(_arguments: argparse.Namespace) -> int:
    print(proof_key.pem(proof_key.public_key(settings.current().proof_key_id)), end="")
    return 0


def _list_accounts(_arguments: argparse.Namespace) -> int:
    """Read the whole ledger once; accounts that are listed already stay as they are."""
    found, start = 0, None
    while True:
        page = storage.scan_segment(settings.current().table(ledger_store.TABLE), segment=0, segments=1, start=start)
        first = [item for item in page.items if item["seq"]["N"] == "1"]
        account_list.note(first)
        found += len(first)
        start = page.next_start
        if start is None:
            print(f"{found} accounts listed")
            return 0


class _Progress:
    def __init__(self, what: str) -> None:
        self._what, self._read = what, 0

    def __call__(self, count: int) -> None:
        self._read += count
        print(f"\r{self._read} {self._what}", end="", file=sys.stderr, flush=True)
