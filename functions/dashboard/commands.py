"""`paycorex admin merchants | suspend | resume | stuck | queues`: the operators' routes without HTTP, with the caller's own AWS rights."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from dashboard import admin
from paycorex.errors import Refusal

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command `admin`. (The books are verified, with progress, by `paycorex ledger verify`.)"""
    commands = subparsers.add_parser("admin", help="merchants, stuck payments, queues").add_subparsers(required=True, metavar="command")
    commands.add_parser("merchants", help="all merchants and their status").set_defaults(run=_merchants)
    for name, status in (("suspend", admin.SUSPENDED), ("resume", admin.ACTIVE)):
        change = commands.add_parser(name, help=f"make a merchant {status}; takes effect within a minute")
        change.add_argument("merchant", metavar="mer_...")
        change.set_defaults(run=_change, status=status)
    stuck = commands.add_parser("stuck", help="payments that are overdue; exit status 1 when there are any")
    stuck.add_argument("--limit", type=int, default=100)
    stuck.set_defaults(run=_stuck)
    commands.add_parser("queues", help="how much waits in each queue").set_defaults(run=_queues)


def _merchants(_arguments: argparse.Namespace) -> int:
    after: str | None = None
    while True:
        page = admin.merchants(100, after)
        _print(page.data)
        after = page.next_after
        if after is None:
            return 0


def _change(arguments: argparse.Namespace) -> int:
    try:
        _print([admin.set_status(arguments.merchant, arguments.status)])
    except Refusal as refusal:
        print(refusal.message)
        return 1
    return 0


def _stuck(arguments: argparse.Namespace) -> int:
    found = admin.stuck(arguments.limit).data
    _print(found)
    return 1 if found else 0


def _queues(_arguments: argparse.Namespace) -> int:
    _print(admin.queues().data)
    return 0


def _print(lines: Sequence[BaseModel]) -> None:
    for line in lines:
        print(line.model_dump_json())
