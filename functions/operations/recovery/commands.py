"""`paycorex restore`, `export` and `import`: the data, when a table, a stack or a region is lost, and in the drill of it."""

import argparse
import sys
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from operations.recovery import access_commands, exports, imports, places, tables
from operations.recovery.export_files import DamagedExport
from operations.recovery.exports import CannotExport
from operations.recovery.imports import CannotImport
from operations.recovery.table_restore import CannotRestore, restore
from operations.recovery.tables import NoTables
from paycorex import clock
from paycorex.settings import current


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("restore", help="restore all tables to one same second, under another prefix")
    command.add_argument("--to-prefix", required=True, metavar="PREFIX", help="such as restored-; the stack's own tables stay as they are")
    command.add_argument("--at", type=_moment, metavar="RFC3339", help="the second to show; by default the newest that all tables can show")
    command.set_defaults(run=_restore)
    command = subparsers.add_parser("export", help="write all tables as DynamoDB's exports do, into a folder or a bucket")
    command.add_argument("--to", required=True, metavar="PLACE", type=_place, help="a folder, or s3://bucket/prefix")
    command.add_argument("--by-dynamodb", action="store_true", help="have DynamoDB itself export to the bucket, all tables at one second")
    command.add_argument("--since", type=_moment, metavar="RFC3339", help="with --by-dynamodb: only what changed since then")
    command.add_argument(
        "--until", type=_moment, metavar="RFC3339", help="with --by-dynamodb: the second to show; by default five minutes ago"
    )
    command.set_defaults(run=_export)
    command = subparsers.add_parser("import", help="write exports into this stack's tables, which must be empty (Mode=standby)")
    command.add_argument("--from", required=True, metavar="PLACE", type=_place, dest="place", help="a folder, or s3://bucket/prefix")
    command.add_argument("--from-prefix", required=True, metavar="PREFIX", help="what the exported tables' names begin with")
    command.add_argument("--again", action="store_true", help="go on with an import that was cut off")
    command.set_defaults(run=_import)
    access_commands.add_to(subparsers)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(clock.parse_rfc3339(text) // 1000, UTC)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _place(text: str) -> places.Folder | places.Bucket:
    try:
        return places.named(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _restore(arguments: argparse.Namespace) -> int:
    try:
        restored = restore(arguments.to_prefix, arguments.at)
    except CannotRestore as reason:
        print(f"not restored: {reason}", file=sys.stderr)
        return 1
    print(f"{len(restored.tables)} tables as they were at {restored.moment.isoformat()}: {', '.join(restored.tables)}")
    print(f"{restored.lost_seconds:.0f} seconds before the command was given (recovery point); took {restored.took_seconds:.0f} seconds")
    print(f"next: TABLE_PREFIX={arguments.to_prefix} paycorex ledger verify")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    prefix = current().table_prefix
    if arguments.by_dynamodb:
        return _start_exports(prefix, arguments)
    try:
        written = exports.scan_all(prefix, arguments.to)
    except (NoTables, ClientError, BotoCoreError, OSError) as reason:
        print(f"not exported: {reason}", file=sys.stderr)
        return 1
    for noun, count in written.items():
        print(f"{prefix}{noun}: {count} items")
    return 0


def _start_exports(prefix: str, arguments: argparse.Namespace) -> int:
    if not isinstance(arguments.to, places.Bucket):
        print("not exported: DynamoDB exports into a bucket only: --to s3://bucket/prefix", file=sys.stderr)
        return 2
    until = clock.now_ms() - exports.SHOWN_AFTER_MS if arguments.until is None else int(arguments.until.timestamp() * 1000)
    since = None if arguments.since is None else int(arguments.since.timestamp() * 1000)
    try:
        arns = exports.start([prefix + noun for noun in tables.some(prefix)], arguments.to, since, until)
    except (CannotExport, NoTables, ClientError, BotoCoreError) as reason:
        print(f"not exported: {reason}", file=sys.stderr)
        return 1
    print(*arns, sep="\n")
    print(f"DynamoDB writes them within minutes to hours. They show {clock.rfc3339(until)}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    started, prefix = clock.now_seconds(), current().table_prefix

    def report(noun: str, count: int) -> None:
        print(f"{prefix}{noun}: {count} changes", flush=True)

    try:
        chosen = imports.plan(arguments.place, arguments.from_prefix)
        imports.run(arguments.place, chosen, prefix, report, again=arguments.again)
    except (CannotImport, DamagedExport, ClientError, BotoCoreError, OSError) as reason:
        print(f"not imported: {reason}", file=sys.stderr)
        return 1
    lost, took = started - chosen.moment_ms / 1000, clock.now_seconds() - started
    print(f"the tables show {clock.rfc3339(chosen.moment_ms)}, {lost:.0f} seconds before the command was given (recovery point)")
    print(f"took {took:.0f} seconds")
    print("next: paycorex ledger verify; then deploy with Mode=live")
    return 0
