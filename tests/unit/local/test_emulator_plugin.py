"""The emulator's plug-in stands only in the version that it was made for."""

import importlib.metadata

import pytest

from local.emulator_plugin import installation
from local.paths import ROOT


def test_the_plugin_was_made_for_the_version_that_is_pinned() -> None:
    assert f'"ministack=={installation.VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    installation.check_version()


def test_with_another_version_it_does_not_start_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.6.0")
    with pytest.raises(installation.WrongVersion, match=r"1\.5\.33, but 1\.6\.0 is installed.*test_memory_dynamo_conformance"):
        installation.install()
