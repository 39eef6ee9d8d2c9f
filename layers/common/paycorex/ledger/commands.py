"""`paycorex ledger verify`: the verification as a command. Exit status 0 when the money adds up, 1 when it does not."""

import argparse
import sys
from importlib.metadata import entry_points

from paycorex.ledger.verification import DEFAULT_SEGMENTS, RecordSource, Verifier

# Rooms that own records with money say here how to read them, so that the ledger need not know them.
SOURCES_GROUP = "paycorex.money_records"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `ledger` commands."""
    ledger = commands.add_parser("ledger", help="the books").add_subparsers(required=True)
    verify = ledger.add_parser("verify", help="check chains, sums, journals and records; names what does not add up")
    verify.add_argument("--segments", type=int, default=DEFAULT_SEGMENTS, help="how many readers work in parallel")
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    read = 0

    def progress(count: int) -> None:
        nonlocal read
        read += count
        print(f"\r{read} entries read", end="", file=sys.stderr, flush=True)

    sources: list[RecordSource] = [point.load() for point in entry_points(group=SOURCES_GROUP)]
    report = Verifier(segments=arguments.segments, progress=progress).run(sources)
    print(file=sys.stderr)
    print(f"{report.accounts} accounts, {report.entries} entries, {report.journals} journals, {report.records} records")
    for finding in report.findings:
        print(f"WRONG {finding.where}: {finding.problem}")
    print("the money adds up" if report.sound else f"{len(report.findings)} findings")
    return 0 if report.sound else 1
