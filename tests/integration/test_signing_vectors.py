"""The published signing vectors, sent: the authorizer and the doors let in what the file calls right and refuse what it calls wrong."""

import json
from typing import Any

import pytest

from local.paths import ROOT
from paycorex import credentials
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

VECTORS: dict[str, Any] = json.loads((ROOT / "docs" / "signing-vectors.json").read_text(encoding="utf-8"))
MOMENT = 1_800_000_000.0


@pytest.fixture
def known(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose merchant's key is the vectors' one, at the vectors' time."""
    found = credentials.find_key(credentials.key_hash(merchant.api_key))
    assert found is not None
    hash_ = credentials.key_hash(VECTORS["api_key"])
    key = credentials.ApiKey(
        found.key_id, hash_, found.merchant_id, VECTORS["secret"].encode(), found.scopes, "active", found.expires_at, found.last_used_at
    )
    monkeypatch.setattr(credentials, "find_key", lambda asked: key if asked == hash_ else None)
    world.clock.now = MOMENT
    return world


def send(world: World, vector: dict[str, Any]) -> Any:
    return world.send(vector["method"], vector["target"], list(vector["headers"].items()), vector["body"].encode())


@pytest.mark.parametrize("vector", [*VECTORS["v2"], *VECTORS["v1"]], ids=lambda vector: vector["name"])
def test_what_is_right_is_let_in(known: World, vector: dict[str, Any]) -> None:
    assert send(known, vector).status not in {401, 500, 503}


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["name"])
def test_what_is_wrong_is_refused(known: World, vector: dict[str, Any]) -> None:
    with nothing_written(known):
        assert_refused(send(known, vector), "unauthorized")
