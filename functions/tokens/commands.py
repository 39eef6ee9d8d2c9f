"""`paycorex vault rotate | retire | shred`: what an operator does with the vault's keys."""

import argparse
import math
from typing import TYPE_CHECKING

from tokens import retirement, rotation
from tokens.items import ProgressItem

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command `vault`. Each of its commands sets `run`, a function of the arguments that gives the exit code."""
    vault = subparsers.add_parser("vault", help="keys of the token vault").add_subparsers(required=True, metavar="command")

    rotate = vault.add_parser("rotate", help="new key for writes at once, then re-seal; goes on with an interrupted run")
    rotate.add_argument("--merchant", metavar="mer_...", help="one merchant (default: all)")
    rotate.add_argument("--reseal-only", action="store_true", help="no new key: only re-seal what older keys still seal")
    rotate.add_argument(
        "--items-per-second", type=_positive, default=rotation.DEFAULT_ITEMS_PER_SECOND, help="limit (default: %(default)s)"
    )
    rotate.set_defaults(run=_rotate)

    retire = vault.add_parser("retire", help="destroy superseded keys that no token uses")
    retire.add_argument("--merchant", metavar="mer_...", help="one merchant (default: all)")
    retire.set_defaults(run=_retire)

    shred = vault.add_parser("shred", help="destroy a merchant's keys: all its tokens become unreadable, for good")
    shred.add_argument("merchant", metavar="mer_...")
    shred.add_argument("--confirm", metavar="mer_...", required=True, help="the same merchant id again")
    shred.set_defaults(run=_shred)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        msg = "a positive number"
        raise argparse.ArgumentTypeError(msg)
    return value


def _rotate(arguments: argparse.Namespace) -> int:
    job = rotation.reseal if arguments.reseal_only else rotation.rotate
    done = job(arguments.merchant, items_per_second=arguments.items_per_second, report=_report)
    return 1 if int(done.broken) else 0


def _report(progress: ProgressItem) -> None:
    state = "done" if progress.position is None else "running"
    print(f"{state}: {int(progress.seen)} seen, {int(progress.resealed)} re-sealed, {int(progress.broken)} broken", flush=True)


def _retire(arguments: argparse.Namespace) -> int:
    done = retirement.retire(arguments.merchant)
    for each in done:
        print(f"{each.merchant_id} version {each.version}: {each.outcome}" + (f" ({each.tokens} tokens)" if each.tokens else ""))
    if not done:
        print("nothing to retire")
    return 1 if any(each.outcome == "in_use" for each in done) else 0


def _shred(arguments: argparse.Namespace) -> int:
    if arguments.confirm != arguments.merchant:
        print("--confirm names another merchant; nothing was shredded")
        return 2
    print(f"{arguments.merchant}: {retirement.shred(arguments.merchant)} keys destroyed")
    return 0
