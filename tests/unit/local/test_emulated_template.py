"""What the emulator's template lacks, and that it lacks nothing else."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from local import archives, build_cache, deploy
from tests.support import template


def test_only_codedeploys_part_is_left_out() -> None:
    whole = template.template()
    made = deploy.without_releases(whole)
    assert whole["Resources"].keys() - made["Resources"].keys() == {"ReleaseRole", "ReleaseCheckFunction"}
    changed = [name for name, resource in made["Resources"].items() if resource != whole["Resources"][name]]
    assert changed
    for name in changed:
        before, after = whole["Resources"][name]["Properties"], made["Resources"][name]["Properties"]
        assert before == {**after, "DeploymentPreference": before["DeploymentPreference"]}
    assert "DeploymentPreference" in whole["Resources"]["PaymentsFunction"]["Properties"]


def test_what_was_built_is_packed_once_and_equal_functions_share_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_cache.cached, "__kwdefaults__", {"cache": tmp_path / "cache"})
    (tmp_path / "part" / "python").mkdir(parents=True)
    (tmp_path / "part" / "python" / "door.py").write_bytes(b"code")
    for name in ("First", "Second"):
        build_cache.link_tree(tmp_path / "part", tmp_path / name)
    (tmp_path / "Layer").mkdir()
    (tmp_path / "Layer" / "library.so").write_bytes(b"library")
    functions: dict[str, Any] = {
        name: {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": name, "Handler": "door"}} for name in ("First", "Second")
    }
    layer = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Layer"}}
    whole: dict[str, Any] = {"Resources": {**functions, "Layer": layer, "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}}}}
    packed = archives.packed_once(whole, tmp_path)
    assert archives.packed_once(whole, tmp_path) == packed
    first, second = (packed["Resources"][name]["Properties"] for name in ("First", "Second"))
    assert first == second
    assert first["Handler"] == "door"
    assert packed["Resources"]["Table"] == whole["Resources"]["Table"]
    with zipfile.ZipFile(first["CodeUri"]) as archive:
        assert archive.read("python/door.py") == b"code"
    kept = Path(packed["Resources"]["Layer"]["Properties"]["ContentUri"])
    (tmp_path / "Layer" / "library.so").write_bytes(b"another library")
    changed = Path(archives.packed_once(whole, tmp_path)["Resources"]["Layer"]["Properties"]["ContentUri"])
    assert changed != kept
    assert not kept.exists()
    assert functions["First"]["Properties"]["CodeUri"] == "First"
