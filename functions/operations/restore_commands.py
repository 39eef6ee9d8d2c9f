"""`paycorex restore`: the restore, and the restore drill, as a command."""

import argparse
import sys
from datetime import UTC, datetime

from operations.table_restore import CannotRestore, restore
from paycorex import clock


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `restore`."""
    command = subparsers.add_parser("restore", help="restore all tables to one same second, under another prefix")
    command.add_argument("--to-prefix", required=True, metavar="PREFIX", help="such as restored-; the stack's own tables stay as they are")
    command.add_argument("--at", type=_moment, metavar="RFC3339", help="the second to show; by default the newest that all tables can show")
    command.set_defaults(run=_run)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(clock.parse_rfc3339(text) // 1000, UTC)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _run(arguments: argparse.Namespace) -> int:
    try:
        restored = restore(arguments.to_prefix, arguments.at)
    except CannotRestore as reason:
        print(f"not restored: {reason}", file=sys.stderr)
        return 1
    print(f"{len(restored.tables)} tables as they were at {restored.moment.isoformat()}: {', '.join(restored.tables)}")
    print(f"{restored.lost_seconds:.0f} seconds before the command was given (recovery point); took {restored.took_seconds:.0f} seconds")
    print(f"next: TABLE_PREFIX={arguments.to_prefix} paycorex ledger verify")
    return 0
