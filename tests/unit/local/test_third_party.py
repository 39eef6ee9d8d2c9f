"""What is shipped of others is listed with its licence, and carries its licence's text."""

from importlib.metadata import metadata
from pathlib import Path

import pytest

from local import artifacts, third_party
from local.paths import ROOT
from tests.support.processors import layer_of


@pytest.fixture(autouse=True)
def _layer_of_the_processors() -> None:
    """Its libraries are not in this environment: without its layer there is nothing to read their licences from."""
    layer_of(artifacts.machine_architecture())


def test_the_list_is_what_the_layers_ship() -> None:
    assert third_party.TARGET.read_text() == third_party.render(), "run: python -m local.third_party"


@pytest.mark.parametrize("layer", third_party.LAYERS)
def test_the_licences_are_those_of_the_pinned_versions(layer: str) -> None:
    """They are read from what is installed here, which is what the lock file says."""
    shipped = third_party.shipped(layer)
    assert shipped == {name: third_party.installed(layer, name).version for name in shipped}
    pinned = [line for line in (ROOT / "layers" / layer / "requirements.txt").read_text().splitlines() if "==" in line]
    assert len(shipped) == len(pinned) - sum("win32" in line for line in pinned)


def test_the_pages_libraries_are_listed_too() -> None:
    """Third-party files in `web/` have their licence beside them, and are in the list."""
    foreign = [path.stem for path in third_party.WEB.glob("*.js") if "copyright" in path.read_text(encoding="utf-8").lower()]
    assert foreign
    for name in foreign:
        assert (third_party.WEB / f"{name}-LICENSE.txt").is_file()
        assert f"| {name} | " in third_party.TARGET.read_text()


def test_a_licence_with_conditions_must_be_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(third_party, "CONDITIONS", {"certifi": "MPL 2.0."})
    with pytest.raises(SystemExit, match="python-stdnum"):
        third_party.render()


def test_the_layer_keeps_the_texts_of_the_licences(tmp_path: Path) -> None:
    kept = ["licenses/COPYING", "LICENSE", "LICENSE.APACHE", "NOTICE", "METADATA", "entry_points.txt"]
    for name in [*kept, "RECORD", "WHEEL", "top_level.txt"]:
        path = tmp_path / "lib-1.0.dist-info" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    artifacts._prune(tmp_path)
    found = [str(path.relative_to(tmp_path / "lib-1.0.dist-info")) for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(found) == sorted(kept)


def test_the_project_says_its_own_licence() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert metadata("paycorex")["License-Expression"] == "Apache-2.0"
