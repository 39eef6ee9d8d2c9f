"""GET /v1/processors: what each processor can do, in which deployment it is there, and why it cannot be used where it cannot."""

import sys
from pathlib import Path

import pytest

from paycorex import processors, settings
from payments.connectors.prism import library
from tests.support.world import Signer, World


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in which nothing was loaded, and in which there is no layer."""
    monkeypatch.setattr(library, "_loaded", None)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not (Path(path) / library.PACKAGE).is_dir()])
    for name in [name for name in sys.modules if name.partition(".")[0] == library.PACKAGE]:
        monkeypatch.delitem(sys.modules, name)


def test_all_are_listed_page_by_page_without_loading_the_library(world: World, who: Signer, without_library: None) -> None:
    names, cursor = [], ""
    while cursor is not None:
        page = world.call(who, "GET", f"/v1/processors?limit=40{f'&cursor={cursor}' if cursor else ''}")
        assert page.status == 200, page.raw
        names += [one["name"] for one in page.body["data"]]
        cursor = page.body["next_cursor"]
    assert names == sorted(one.name for one in processors.every())
    assert library._loaded is None


def test_one_says_its_credentials_and_what_it_can_do(world: World, who: Signer, processors_library: library.Library) -> None:
    shown = world.call(who, "GET", "/v1/processors/prism:adyen")
    assert shown.status == 200, shown.raw
    assert shown.body["credentials"][:2] == [
        {"name": "api_key", "required": True, "secret": True},
        {"name": "merchant_account", "required": True, "secret": True},
    ]
    assert shown.body["flows"]["capture"] is True
    assert shown.body["flows"]["disputes"] is True
    assert "card" in shown.body["methods"]
    assert shown.body["unavailable_reason"] is None


def test_where_the_library_is_not_the_reason_is_said_and_our_own_connectors_are_there(
    world: World, who: Signer, without_library: None
) -> None:
    lost = world.call(who, "GET", "/v1/processors/prism:adyen")
    assert lost.body["unavailable_reason"] == "The layer with the processors' library is not here."
    assert world.call(who, "GET", "/v1/processors/stripe").body["unavailable_reason"] is None


@pytest.mark.parametrize("name", ["acme", "prism:acme", "adyen", "prism:"])
def test_an_unknown_one_is_not_found(world: World, who: Signer, name: str) -> None:
    answer = world.call(who, "GET", f"/v1/processors/{name}")
    assert (answer.status, answer.body["error"]["code"]) == (404, "not_found")


def test_production_has_no_sandbox_unless_it_is_switched_on(world: World, who: Signer) -> None:
    assert world.call(who, "GET", "/v1/processors/sandbox").status == 200
    settings.use(world.settings.model_copy(update={"stage": "prod"}))
    assert world.call(who, "GET", "/v1/processors/sandbox").status == 404
    listed = world.call(who, "GET", "/v1/processors?limit=100").body["data"]
    assert not [one for one in listed if one["name"].startswith("sandbox")]
