"""`paycorex admin fee-plans` and `fee-plan`: what a merchant is charged, with the caller's own AWS permissions."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from operations import fee_plans
from operations.views import FeePlans
from paycorex import strict_json
from paycorex.errors import Refusal
from paycorex.fee_rates import NewFeePlan

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the commands to those of `paycorex admin`."""
    shown = subparsers.add_parser("fee-plans", help="every version of what a merchant is charged, the newest first")
    shown.add_argument("merchant", metavar="mer_...")
    shown.set_defaults(run=_show)
    added = subparsers.add_parser("fee-plan", help="add a version of what a merchant is charged, for payments made from a time on")
    added.add_argument("merchant", metavar="mer_...")
    added.add_argument("plan", type=Path, metavar="plan.json", help='such as {"rates": [{"percent": "1", "tax_percent": "18"}]}')
    added.add_argument("--by", required=True, type=_text, help="who does this; stands with the version")
    added.set_defaults(run=_add)


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return value.strip()


def _show(arguments: argparse.Namespace) -> int:
    return _said(lambda: fee_plans.page(arguments.merchant))


def _add(arguments: argparse.Namespace) -> int:
    try:
        given = NewFeePlan.model_validate(strict_json.loads(arguments.plan.read_bytes()))
    except (OSError, ValidationError, Refusal) as problem:
        print(problem, file=sys.stderr)
        return 1
    return _said(lambda: fee_plans.add(arguments.merchant, given, operator=arguments.by))


def _said(ask: Callable[[], FeePlans]) -> int:
    try:
        for line in ask().data:
            print(line.model_dump_json(by_alias=True))
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return 0
