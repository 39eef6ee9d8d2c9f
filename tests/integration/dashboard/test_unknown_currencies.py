"""Currencies that are spelled like one and are none: every operation that takes one in its address answers as its contract lists."""

import json
from typing import Any

import pytest

from tests.support.template import ROOT
from tests.support.world import Signer, World

CONTRACT: Any = json.loads((ROOT / "functions" / "dashboard" / "openapi.json").read_text(encoding="utf-8"))
ASKED = [
    path
    for path, operations in CONTRACT["paths"].items()
    if any(given.get("name") == "currency" for given in operations.get("get", {}).get("parameters", ()))
]


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


@pytest.mark.parametrize("path", ASKED)
def test_a_currency_that_there_is_not_is_answered_as_the_contract_lists(world: World, who: Signer, path: str) -> None:
    """A code that an operation does not list fails the request itself here."""
    more = "&month=2026-01" if "/statements" in path else "&source=sandbox" if "/days/" in path else ""
    reply = world.call(who, "GET", path.replace("{day}", "2026-01-05") + f"?currency=ZZZ{more}")
    assert reply.status in {200, 404, 422}, reply.raw
    assert reply.status != 422 or "currenc" in str(reply.body["error"])
