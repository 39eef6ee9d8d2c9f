"""What an audit pack costs to check: a pack of so many entries, made as the ledger would have sealed them, and the program that checks it.

`python -m bench.audit_pack [ENTRIES …]` writes its section of docs/performance.md. The pack is made without a database, by the ledger's own
entries, runs and trees; the checker is the stand-alone file, in a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench import table
from paycorex.ledger import Account, Entry, Journal, Reference, ReferenceType
from paycorex.ledger.proof import merkle
from paycorex.ledger.proof.checkpoint import NO_PREVIOUS, Checkpoint, Statement
from paycorex.ledger.proof.runs import Run
from paycorex.money import Money
from statements import periods
from statements.audit import audit_check, pack
from statements.audit.lines import VERSION, PackWriter
from statements.audit.sealed_runs import PlacedRun

ENTRIES: Final = (100_000, 1_000_000)
MERCHANT: Final = "mer_" + "a" * 26
# Entries of a checkpoint: a busy quarter of an hour of a stack with a million entries a month.
PER_CHECKPOINT: Final = 400
WALLETS: Final = 20_000
HEADERS: Final = ("entries", "pack, MB", "checkpoints", "checked in, s", "of that user time, s", "most memory, MB")
_MONTH: Final = "2026-10"


def main() -> None:
    """Measure and write the section."""
    sizes = [int(text) for text in sys.argv[1:]] or list(ENTRIES)
    rows = [_measured(size) for size in sizes]
    text = (
        "## Audit packs\n`python -m bench.audit_pack` checks a pack with the stand-alone program: every hash, path, "
        "signature, journal, record and balance.\n\n" + table.markdown(HEADERS, rows)
    )
    table.write_section("audit_pack", text)
    print(text)


def _measured(entries: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        target, key_file = Path(folder) / "pack", Path(folder) / "key.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        key_file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        with target.open("wb") as file:
            writer = PackWriter(file)
            _fill(writer, entries, key)
        command = [sys.executable, "-I", audit_check.__file__, str(target), "--public-key", str(key_file)]
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stdout
        user, memory = after.ru_utime - before.ru_utime, after.ru_maxrss // 1024
        size = f"{target.stat().st_size / 1e6:.0f}"
        return (f"{entries:,}", size, str(writer.counts["checkpoint"]), f"{took:.0f}", f"{user:.0f}", str(memory))


def _fill(writer: PackWriter, entries: int, key: ec.EllipticCurvePrivateKey) -> None:
    period = periods.Period(periods._start_of(2026, 10), periods._start_of(2026, 11), is_whole=True)  # noqa: SLF001 - the clock decides elsewhere
    writer.write("pack", VERSION, _MONTH, period.from_ms, period.to_ms, None)
    journals = pack._Journals()  # noqa: SLF001 - what a pack is made of, without its tables
    previous, heads, total = NO_PREVIOUS, dict[str, Entry](), 0
    for number in range(1, entries // PER_CHECKPOINT + 1):
        sealed_at = period.from_ms + number * 600_000
        fresh = list(_entries(heads, number, sealed_at))
        by_account: dict[str, list[Entry]] = {}
        for entry in fresh:
            by_account.setdefault(entry.account.key, []).append(entry)
        runs = [Run.of(part) for _account, part in sorted(by_account.items())]
        total += len(fresh)
        leaves = [run.leaf for run in runs]
        said = Statement(number, merkle.root(leaves), len(runs), total, sealed_at, previous, "bench")
        previous = said.digest
        checkpoint = Checkpoint(said, (), key.sign(said.encoded(), ec.ECDSA(hashes.SHA256())), b"")
        about = (said.number, said.root.hex(), said.runs, said.total_entries, said.sealed_at, said.previous.hex(), said.key_id)
        writer.write("checkpoint", *about, b64encode(checkpoint.signature).decode())
        for leaf, run in enumerate(runs):
            placed = PlacedRun(run, checkpoint, leaf, tuple(merkle.path(leaves, leaf)), tuple(by_account[run.account]))
            writer.write("run", *pack._run(placed))  # noqa: SLF001 - as the pack writes it
            for entry in placed.entries:
                writer.write("entry", *pack._entry(entry))  # noqa: SLF001 - as the pack writes it
                journals.include(entry)
            for entry in placed.entries:
                if entry.credit:
                    writer.write("money", [entry.reference.type.value, entry.reference.id], "INR", entry.credit)
                    writer.write("record", "payment", entry.reference.id, {"amount": "1.00", "status": "success", "currency": "INR"})
    pack._write_balances(writer, journals, period)  # noqa: SLF001 - as the pack writes it
    writer.end()


def _entries(heads: dict[str, Entry], checkpoint: int, now_ms: int) -> Iterator[Entry]:
    """Payments by card into one account of the merchant: two chains that grow, and many that get an entry now and then."""
    for number in range(PER_CHECKPOINT // 2):
        place = checkpoint * PER_CHECKPOINT + number
        source = Account.clearing(MERCHANT, f"topup{place % WALLETS}" if number % 4 == 0 else "stripe", "INR")
        reference = Reference(ReferenceType.PAYMENT, f"pay_{place:026d}")
        money = Money(100, "INR")
        journal = Journal.transfer(source=source, target=Account.of_merchant(MERCHANT, "INR"), amount=money, reference=reference)
        for posting in journal.postings:
            entry = Entry.after(heads.get(posting.account.key), posting, journal, now_ms)
            heads[posting.account.key] = entry
            yield entry


if __name__ == "__main__":
    main()
