"""Routing rules as clients send them: what their schema says is what is taken."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types
from pydantic import ValidationError

from paycorex.routing_rules import RuleMatch

SCHEMA = Draft202012Validator(RuleMatch.model_json_schema())


@pytest.mark.parametrize("name", ["min_amount", "max_amount"])
@pytest.mark.parametrize("bound", [0, "0", "0.00", 1, "1000.50", 10**12 - 1])
def test_a_bound_of_an_amount_may_be_any_amount_and_nothing(name: str, bound: Any) -> None:
    assert SCHEMA.is_valid({name: bound})
    assert getattr(RuleMatch.model_validate_json(json.dumps({name: bound})), name) == str(bound)


@pytest.mark.parametrize("bound", [-1, "-1", "", "1e3", 10**12, True, []])
def test_what_is_no_amount_is_refused(bound: Any) -> None:
    assert not SCHEMA.is_valid({"min_amount": bound})
    with pytest.raises(ValidationError):
        RuleMatch.model_validate_json(json.dumps({"min_amount": bound}))
