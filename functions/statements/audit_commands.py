"""`paycorex audit pack | check`. Exit status 0: the pack is made or proven, 1: it is refused, 2: the month is not sealed yet."""

import argparse
import sys
from pathlib import Path

from paycorex.errors import Refusal
from statements import periods
from statements.audit import audit_check, pack, records, sealed_runs
from statements.audit.lines import PackWriter


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `audit` commands."""
    parser = commands.add_parser("audit", help="a month of the books in one file for auditors")
    audit = parser.add_subparsers(required=True, metavar="command")
    make = audit.add_parser("pack", help="write the pack of a month: entries with their ways to signed roots, records, trial balance")
    make.add_argument("month", metavar="YYYY-MM", help="in UTC; it must be over")
    make.add_argument("--merchant", metavar="ID", help="of one merchant only")
    make.add_argument("--output", type=Path, metavar="FILE", help="by default audit-YYYY-MM.pack")
    make.set_defaults(run=_make)
    check = audit.add_parser("check", help="check a pack, without a network")
    check.add_argument("pack", type=Path, metavar="FILE")
    check.add_argument("--public-key", type=Path, required=True, metavar="KEY.pem", help="the public key, from its owner")
    check.add_argument("--digest", metavar="HEX", help="what the pack's maker printed")
    check.set_defaults(run=lambda arguments: audit_check.run(arguments.pack, arguments.public_key, arguments.digest))


def _make(arguments: argparse.Namespace) -> int:
    target = arguments.output or Path(f"audit-{arguments.month}.pack")
    try:
        period = periods.month(arguments.month)
        if not period.is_whole:
            print("NOT YET the month is not over")
            return 2
        with target.open("wb") as file:
            writer = PackWriter(file)
            digest = pack.write(writer, arguments.month, period, arguments.merchant)
    except pack.NotSealed as entry:
        target.unlink(missing_ok=True)
        print(f"NOT YET {entry} is sealed by no checkpoint: `paycorex ledger verify --seal-missed` has it sealed")
        return 2
    except (sealed_runs.Missing, records.Unreadable, Refusal) as problem:
        target.unlink(missing_ok=True)
        print(f"REFUSED {problem}", file=sys.stderr)
        return 1
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(writer.counts.items()) if kind not in {"pack", "end"})
    print(f"{target}: {counts}\ndigest {digest}")
    return 0
