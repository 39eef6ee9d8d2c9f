"""Help reaches the reader whole: no fixed text of the product has a part that the redaction takes for a secret."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from paycorex.redaction import mask

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for place in ("functions", "layers/common/paycorex") for path in (ROOT / place).rglob("*.py"))
# What a value in a text may look like: neither part of a word nor a secret.
VALUE = "x"


def fixed_texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every sentence that the source spells out, docstrings too: the first line of a route's is its summary.

    One word alone is data: the sandbox's card numbers and payers are among them.
    """
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if " " in text:
            yield node.lineno, text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_fixed_text_is_taken_for_a_secret(path: Path) -> None:
    eaten = {f"{path.name}:{line}": text for line, text in fixed_texts(ast.parse(path.read_text())) if mask(text) != text}
    assert eaten == {}


def test_no_pattern_that_a_refusal_quotes_is_taken_for_a_secret() -> None:
    """Pydantic says "String should match pattern '...'"; the contract has every such pattern."""
    contract = (ROOT / "functions" / "dashboard" / "openapi.json").read_text()
    patterns = {json.loads(quoted) for quoted in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', contract)}
    assert patterns
    quoted = {f"String should match pattern '{pattern}'" for pattern in patterns}
    assert {text for text in quoted if mask(text) != text} == set()


def test_the_search_finds_a_text_that_is_eaten() -> None:
    source = 'raise ValueError(f"{field}: a VPA is name@handle")'
    assert [mask(text) for _, text in fixed_texts(ast.parse(source))] == ["x: a VPA is [redacted]"]
