"""`paycorex migrate list | run NAME`: bring what is stored already to what this release stores. A run that was cut off goes on."""

import argparse
import sys

from operations import migration_runs
from operations.migration_runs import Progress
from paycorex import storage
from paycorex.migrations import NotNow


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `migrate`."""
    commands = subparsers.add_parser("migrate", help="change what is stored already").add_subparsers(required=True, metavar="command")
    commands.add_parser("list", help="all migrations and how far each is").set_defaults(run=_list)
    run = commands.add_parser("run", help="carry one out; it goes on where it was cut off, and takes seconds when it is done")
    run.add_argument("name", choices=list(migration_runs.declared()))
    run.add_argument("--again", action="store_true", help="from the beginning, though it was done before")
    run.set_defaults(run=_run)


def _list(_arguments: argparse.Namespace) -> int:
    standing = migration_runs.standing()
    for name, migration in migration_runs.declared().items():
        item = standing.get(name)
        status = f"{item.status}, {int(item.seen)} items seen, {int(item.changed)} changed" if item else "not begun"
        print(f"{name}: {migration.about} ({status})")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    def report(progress: Progress) -> None:
        print(f"{progress.seen} items seen, {progress.changed} changed", flush=True)

    try:
        migration_runs.run(migration_runs.declared()[arguments.name], report, again=arguments.again)
    except (NotNow, storage.Unavailable, storage.OutcomeUnknown) as reason:
        print(f"not done: {reason}", file=sys.stderr)
        return 1
    print("done")
    return 0
