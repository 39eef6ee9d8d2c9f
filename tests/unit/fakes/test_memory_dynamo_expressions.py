"""How expressions are read: precedence, paths, placeholders, and what is refused with which words."""

from typing import Any, Final

import pytest

from tests.fakes.memory_dynamo.conditions import And, Not, Or
from tests.fakes.memory_dynamo.expressions import Expressions, parse_condition, parse_projection, parse_update
from tests.fakes.memory_dynamo.refusal import RefusedError

LABEL: Final = "ConditionExpression"


def condition(text: str, **names: str) -> Any:
    return parse_condition(text, LABEL, tuple((f"#{name}", real) for name, real in names.items())).tree


def test_or_binds_weaker_than_and_and_that_than_not() -> None:
    tree = condition("NOT a = :a AND b = :b OR c = :c")
    assert isinstance(tree, Or)
    first = tree.parts[0]
    assert isinstance(first, And)
    assert isinstance(first.parts[0], Not)


def test_between_keeps_its_own_and() -> None:
    tree = condition("a BETWEEN :a AND :b AND c = :c")
    assert isinstance(tree, And)
    assert len(tree.parts) == 2


def test_parentheses_regroup() -> None:
    assert isinstance(condition("(a = :a OR b = :b) AND c = :c"), And)


def test_a_placeholder_name_may_hold_what_no_word_may() -> None:
    tree = condition("#a.#b[2] = :v", a="has.dot", b="status")
    assert tree.left.steps == ("has.dot", "status", 2)


def test_a_parsed_expression_knows_its_placeholders() -> None:
    parsed = parse_update("SET #n = if_not_exists(#n, :zero) + :one REMOVE spare", (("#n", "n"), ("#unused", "u")))
    assert parsed.names == {"#n"}
    assert parsed.values == {":zero", ":one"}
    assert parsed.attributes == {"n", "spare"}


def test_an_expression_is_parsed_once() -> None:
    assert condition("cached = :v") is condition("cached = :v")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = ", 'Syntax error; token: "<EOF>"'),
        ("a = :v b", "Syntax error"),
        ("a ! :v", "Syntax error"),
        ("a", "Syntax error"),
        ("(a = :v", "Syntax error"),
        ("name = :v", "reserved keyword: name"),
        ("a.status = :v", "reserved keyword: status"),
        ("#x = :v", "attribute name: #x"),
        ("nope(a)", "Invalid function name; function: nope"),
        ("((a = :v))", "redundant parentheses"),
        ("attribute_exists(:v)", "requires a document path"),
        ("a = a", "must be distinct"),
        (" ", "can not be empty"),
        ("a = :" + "v" * 5000, "size has exceeded"),
    ],
)
def test_what_is_refused_and_why(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match="Invalid ConditionExpression: ") as refused:
        condition(text)
    assert words in refused.value.message
    assert refused.value.code == "ValidationException"


@pytest.mark.parametrize("text", ["a, a.b", "a.b, a.b", "l[0], l"])
def test_projected_paths_may_not_overlap(text: str) -> None:
    with pytest.raises(RefusedError, match="overlap"):
        parse_projection(text, ())


def test_placeholders_of_a_request_are_checked_over_all_its_expressions() -> None:
    request = {
        "ConditionExpression": "#a = :old",
        "UpdateExpression": "SET #b = :new",
        "ExpressionAttributeNames": {"#a": "a", "#b": "b"},
        "ExpressionAttributeValues": {":old": {"N": "1"}, ":new": {"N": "2"}},
    }
    expressions = Expressions(request)
    expressions.condition(LABEL)
    with pytest.raises(RefusedError, match="#b"):
        expressions.finish()
    expressions.update()
    expressions.finish()
