"""`paycorex webhooks redrive`: operators send dead letters again."""

import argparse
from typing import TYPE_CHECKING

from webhooks.recovery import redrive
from webhooks.recovery.redrive import Progress

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command `webhooks`. Each of its commands sets `run`, a function of the arguments that gives the exit code."""
    webhooks = subparsers.add_parser("webhooks", help="webhook deliveries").add_subparsers(required=True, metavar="command")
    again = webhooks.add_parser("redrive", help="send the dead letters again; goes on with an interrupted run")
    again.add_argument("--merchant", metavar="mer_...", help="one merchant's (default: all)")
    again.add_argument("--limit", type=int, metavar="N", help="at most about so many (default: all)")
    again.set_defaults(run=_redrive)


def _redrive(arguments: argparse.Namespace) -> int:
    done = redrive.redrive(merchant_id=arguments.merchant, limit=arguments.limit, report=_report)
    if not done.seen:
        print("no dead letters")
    left = done.seen - done.results[redrive.RESENT] - done.results[redrive.DELIVERED_MEANWHILE]
    return 1 if left else 0


def _report(progress: Progress) -> None:
    counts = ", ".join(f"{count} {result}" for result, count in sorted(progress.results.items()))
    print(f"{progress.seen} of about {progress.total}: {counts}", flush=True)
