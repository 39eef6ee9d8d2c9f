"""Each function's role against what the function was seen asking AWS for: nothing missing, nothing unused."""

import json
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.support import rights
from tests.support.aws_actions import Call

CALLS = Path(__file__).resolve().parents[1] / "aws_calls.json"
UNUSED = Path(__file__).resolve().parents[1] / "unused_rights.toml"


def calls_of(function: str) -> list[Call]:
    """What a function's handler was seen asking for."""
    noted: dict[str, list[str]] = json.loads(CALLS.read_text(encoding="utf-8"))
    return [Call.parse(line) for line in noted.get(rights.functions()[function], [])]


def missing(function: str) -> list[str]:
    """Calls that the function's role does not allow."""
    return [call.text() for call in calls_of(function) if not rights.allows(function, call.action, call.resource, dict(call.context))]


def unused(function: str) -> Iterator[tuple[str, str, str]]:
    """What the role allows and no call needed: policy, action, resource."""
    calls = calls_of(function)
    for right in rights.of(function):
        for action, resource in rights.uses(right) if right.effect == "Allow" else ():
            one = rights.Right("Allow", (action,), (resource,), right.conditions, right.source)
            if (action, resource) not in rights.used_by_lambda(function) and not any(
                one.applies(call.action, call.resource, dict(call.context)) for call in calls
            ):
                yield right.source, action, resource


def kept() -> list[dict[str, Any]]:
    """The entries of rights that are kept though no test was seen using them."""
    entries: list[dict[str, Any]] = tomllib.loads(UNUSED.read_text(encoding="utf-8"))["right"]
    return entries


def covers(entry: dict[str, Any], use: tuple[str, str, str]) -> bool:
    """Whether an entry speaks of this policy, action and resource."""
    policy, action, resource = use
    return policy == entry["policy"] and action in entry["actions"] and fnmatchcase(resource, entry["resource"])


def needed_by_no_function() -> set[tuple[str, str, str]]:
    """Unused rights. One of a shared policy is unused when none of its functions needs it."""
    by_source: dict[str, list[set[tuple[str, str, str]]]] = {}
    for function in rights.functions():
        found = set(unused(function))
        for source in {right.source for right in rights.of(function)}:
            by_source.setdefault(source, []).append({one for one in found if one[0] == source})
    return {one for found in by_source.values() for one in set.intersection(*found)}


@pytest.mark.parametrize("function", sorted(rights.functions()))
def test_a_role_allows_every_call_of_its_function(function: str) -> None:
    own = {use for right in rights.of(function) for use in rights.uses(right)} - rights.used_by_lambda(function)
    if not all(
        any(covers(entry, (right.source, *use)) for entry in kept())
        for right in rights.of(function)
        for use in rights.uses(right)
        if use in own
    ):
        assert calls_of(function), "no call of it was seen: run `make aws-calls`"
    assert missing(function) == []


def test_no_role_has_a_right_that_nothing_uses() -> None:
    found = [use for use in sorted(needed_by_no_function()) if not any(covers(entry, use) for entry in kept())]
    assert found == [], "take it out of the template, or name it with its reason in tests/unused_rights.toml"


def test_the_list_of_unused_rights_is_no_longer_than_it_must_be() -> None:
    unneeded = needed_by_no_function()
    for entry in kept():
        for action in entry["actions"]:
            assert any(covers({**entry, "actions": [action]}, use) for use in unneeded), (entry["policy"], action)
        assert len(entry["reason"]) > 40, entry
