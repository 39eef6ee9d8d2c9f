"""What the emulator's template lacks, and that it lacks nothing else."""

import zipfile
from pathlib import Path

import pytest

from local import build_cache, deploy
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


def test_the_large_layer_is_packed_once_for_all_deployments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_cache.cached, "__kwdefaults__", {"cache": tmp_path / "cache"})
    built = tmp_path / "ProcessorsLayer" / "python"
    built.mkdir(parents=True)
    (built / "library.so").write_bytes(b"code")
    whole = {"Resources": {"ProcessorsLayer": {"Properties": {"ContentUri": "ProcessorsLayer", "LayerName": "x"}}, "Other": {}}}
    first, second = deploy.packed_once(whole, tmp_path), deploy.packed_once(whole, tmp_path)
    assert first == second
    archive = Path(first["Resources"]["ProcessorsLayer"]["Properties"]["ContentUri"])
    made_at = archive.stat().st_mtime_ns
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("python/library.so") == b"code"
    (built / "library.so").write_bytes(b"other code")
    changed = Path(deploy.packed_once(whole, tmp_path)["Resources"]["ProcessorsLayer"]["Properties"]["ContentUri"])
    assert changed != archive
    assert changed.stat().st_mtime_ns > made_at
    assert whole["Resources"]["ProcessorsLayer"]["Properties"]["ContentUri"] == "ProcessorsLayer"
