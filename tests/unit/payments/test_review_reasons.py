"""Every reason for which a payment waits for an operator stands in the contract and in the runbook, and no other does."""

import ast
import re

import pytest

from paycorex.records.payment import Review
from tests.support import template

RUNBOOK = (template.ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
SECTION = RUNBOOK.partition("## A provider contradicts what it was asked\n")[2].partition("\n## ")[0]
NAMES = {"Contradicts", "Contradiction"}


def reasons() -> set[str]:
    """The first argument of each contradiction that the payments' room makes, where it is written there."""
    found: set[str] = set()
    for path in (template.ROOT / "functions" / "payments").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in NAMES and node.args:
                found |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found


def name_of(function: ast.expr) -> str | None:
    """Of what is called, without its module."""
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else None


REASONS = reasons()


def test_there_are_reasons() -> None:
    assert {"another_object", "amount_differs", "held_twice"} <= REASONS


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_stands_in_the_contract_and_in_the_runbook(reason: str) -> None:
    assert re.search(rf"\b{reason}\b", Review.__doc__ or "")
    assert f"`{reason}`" in SECTION
