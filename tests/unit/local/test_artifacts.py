"""What is packed for Lambda: the pins of the lock file, the models that are used, compiled for good."""

import importlib.util
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # reading one text is not worth another package of stubs

from local import artifacts, build, build_cache, paths, processors_library
from local.sources import Stamp
from tests.support.template import ROOT

# PEP 552: flags 0b01 mean an unchecked hash.
UNCHECKED_HASH = 1


@cache
def locked() -> dict[str, dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {package["name"]: package for package in packages}


def closure(group: str) -> set[str]:
    """Names of a dependency group's packages and of all that they need."""
    packages = locked()
    waiting = [entry["name"] for entry in packages["paycorex"]["dev-dependencies"][group]]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [entry["name"] for entry in packages[name].get("dependencies", [])]
    return found


def pins(layer: str) -> dict[str, tuple[str, set[str]]]:
    """Version and hashes of every package in a layer's requirements.txt."""
    text = (ROOT / "layers" / layer / "requirements.txt").read_text()
    found = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        name, version = re.match(r"([a-z0-9._-]+)==([^ ;]+)", entry).groups()  # type: ignore[union-attr]  # a line that is no pin fails here
        found[name] = (version, set(re.findall(r"--hash=(sha256:\w+)", entry)))
    return found


@pytest.mark.parametrize(("layer", "beside"), [("common", None), ("evm", "common"), ("bank", "common"), ("passkeys", "common")])
def test_a_layer_has_exactly_the_locked_versions(layer: str, beside: str | None) -> None:
    given = pins(layer)
    assert set(given) == closure(layer) - (closure(beside) if beside else set()), "run: make lock"
    for name, (version, hashes) in given.items():
        package = locked()[name]
        known = {file["hash"] for file in [*package.get("wheels", []), package.get("sdist", {"hash": ""})]}
        assert version == package["version"], f"{name}: run: make lock"
        assert hashes <= known, f"{name}: run: make lock"
        assert hashes, name


def test_the_layer_keeps_the_models_of_the_services_that_have_a_client() -> None:
    source = (ROOT / "layers/common/paycorex/aws.py").read_text()
    assert set(re.findall(r'_client\("(\w+)"\)', source)) == artifacts.AWS_SERVICES


def test_functions_are_compiled_so_that_nothing_is_checked_at_import(tmp_path: Path) -> None:
    artifacts.build_functions(tmp_path)
    source = tmp_path / "payments" / "door.py"
    compiled = Path(importlib.util.cache_from_source(str(source)))
    assert source.is_file()
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == UNCHECKED_HASH
    assert b"/var/task/payments/door.py" in compiled.read_bytes()
    assert not (tmp_path / "Makefile").exists()


def test_all_code_of_ours_is_in_the_functions_and_none_in_a_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS changes layers and code one after the other: between the two no function may run a package of ours of another release."""
    artifacts.build_functions(tmp_path / "functions")
    compiled = Path(importlib.util.cache_from_source(str(tmp_path / "functions" / "paycorex" / "settings.py")))
    assert b"/var/task/paycorex/settings.py" in compiled.read_bytes()

    monkeypatch.setattr(build_cache.cached, "__kwdefaults__", {"cache": tmp_path / "cache"})
    monkeypatch.setattr(artifacts, "_install", lambda _pins, python, _architecture: (python / "botocore" / "data").mkdir(parents=True))
    for layer in ("common", "evm", "bank", "passkeys"):
        artifacts.build_layer(layer, tmp_path / layer)
        assert [path.name for path in (tmp_path / layer / "python").iterdir()] == ["botocore"]


def test_the_architecture_is_the_templates_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHITECTURE", raising=False)
    assert artifacts.wanted_architecture() == "x86_64"
    monkeypatch.setenv("ARCHITECTURE", "arm64")
    assert artifacts.wanted_architecture() == "arm64"
    monkeypatch.setenv("ARCHITECTURE", "mips")
    with pytest.raises(SystemExit, match="mips"):
        artifacts.wanted_architecture()


BUILT = """\
Parameters:
  Architecture:
    Type: String
    Default: x86_64
Rules:
  BuiltForThisArchitecture:
    Assertions:
    - Assert:
        Fn::Contains:
        - - arm64
          - x86_64
        - Ref: Architecture
"""


def test_a_built_template_is_for_one_architecture_only() -> None:
    """A stack that is there passes its own value again, whatever the default is: the rule refuses what the layers were not built for."""
    named = yaml.safe_load(build.named_for(BUILT, "arm64"))
    (assertion,) = named["Rules"]["BuiltForThisArchitecture"]["Assertions"]
    assert assertion["Assert"] == {"Fn::Contains": [["arm64"], {"Ref": "Architecture"}]}
    assert named["Parameters"]["Architecture"]["Default"] == "arm64"


@pytest.mark.parametrize("lost", ["    Default: x86_64\n", "          - x86_64\n"])
def test_a_built_template_that_cannot_be_named_for_its_architecture_is_no_build(lost: str) -> None:
    with pytest.raises(build.BuildFailed):
        build.named_for(BUILT.replace(lost, ""), "arm64")


@pytest.mark.parametrize("has_library", [True, False])
def test_a_build_without_the_processors_library_says_so_and_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, has_library: bool
) -> None:
    """It may be deployed meanwhile: everything else works."""
    made: list[str] = []

    def sam(_command: list[str], **_options: Any) -> Any:
        made.append("built")
        layer = tmp_path / "build" / "ProcessorsLayer"
        shutil.rmtree(layer, ignore_errors=True)
        layer.mkdir(parents=True)
        if not has_library:
            processors_library.leave_out(layer / "python", "the index does not answer")
        (tmp_path / "build" / "template.yaml").write_text(BUILT)
        return subprocess.CompletedProcess([], 0, "", "")

    for name, value in {"BUILD": tmp_path / "build", "BUILT_TEMPLATE": tmp_path / "build" / "template.yaml", "LOGS": tmp_path}.items():
        monkeypatch.setattr(build, name, value)
    monkeypatch.setattr(build, "_STAMP", Stamp(tmp_path / "stamp"))
    monkeypatch.setattr(build, "_SOURCES", [])
    monkeypatch.setattr(subprocess, "run", sam)
    build.main()
    deployed = build.built_from()
    assert ("could not be had" in capsys.readouterr().out) is not has_library
    build.main()
    assert len(made) == (1 if has_library else 2)
    assert build.built_from() == deployed


def test_without_uv_the_libraries_cannot_be_installed_and_the_reason_says_how_it_is_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where pytest is started without `make`, which brings uv along."""
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(paths, "LOCAL", tmp_path)
    monkeypatch.setattr(build_cache, "cached", lambda _name, _key, make: make(tmp_path / "python"))
    with pytest.raises(artifacts.InstallFailed, match="make env"):
        artifacts.libraries("evm", artifacts.machine_architecture())
