"""The last released version and this one, on the same data, in either order: a release can be rolled out by parts and taken back."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ARCHIVE = ROOT / "tests" / "releases" / "released.tar.xz"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last release's code."""
    folder = tmp_path_factory.mktemp("released")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def run(version: Path, *step: str) -> subprocess.CompletedProcess[str]:
    """A step in a version, in a process of its own."""
    roots = [version / "functions", version / "layers" / "common", version]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots))}
    # Each step is a process: only the first of a version compiles it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "tests.releases", *step]
    return subprocess.run(command, cwd=version, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def begun_by_the_released(released: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the last release wrote; a step reads it and writes a file of its own."""
    begun = str(tmp_path_factory.mktemp("begun") / "begun")
    must(released, "begin", begun)
    return begun


def must(version: Path, *step: str) -> None:
    ended = run(version, *step)
    assert ended.returncode == 0, f"{step[0]} in {version.name}:\n{ended.stderr[-3000:]}"


@pytest.mark.parametrize("order", ["released first", "this first"])
def test_each_version_goes_on_with_what_the_other_wrote(request: pytest.FixtureRequest, released: Path, tmp_path: Path, order: str) -> None:
    one, other = (released, ROOT) if order == "released first" else (ROOT, released)
    begun, gone_on, back = (str(tmp_path / name) for name in ("begun", "gone-on", "back"))
    if one is released:
        begun = request.getfixturevalue("begun_by_the_released")
    else:
        must(one, "begin", begun)
    must(other, "go-on", begun, gone_on)
    # The release is taken back, or goes on: the first version finds what the second did.
    must(one, "go-on", gone_on, back)
    must(other, "look", back)


# A place in the code, what stands there, and what a careless change would make of it.
FAULTS = {
    "an attribute has another name": (
        "layers/common/paycorex/records/payment.py",
        "amount_refunded = NumberAttribute(default=0)",
        'amount_refunded = NumberAttribute(default=0, attr_name="given_back")',
    ),
    "a status has another word": ("functions/payments/payment/states.py", 'PENDING = "pending"', 'PENDING = "waiting"'),
}


def test_the_released_code_is_what_runs(released: Path) -> None:
    code = "import paycorex, payments, tests.support.world as w; print(paycorex.__file__, payments.__file__, w.__file__, sep='\\n')"
    roots = [released / "functions", released / "layers" / "common", released]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots))}
    shown = subprocess.run([sys.executable, "-c", code], cwd=released, env=environment, capture_output=True, text=True, check=True).stdout
    assert all(Path(line).is_relative_to(released) for line in shown.split())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_change_that_is_not_compatible_is_found(released: Path, begun_by_the_released: str, tmp_path: Path, fault: str) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(released, changed)
    name, before, after = FAULTS[fault]
    text = (changed / name).read_text(encoding="utf-8")
    assert before in text
    (changed / name).write_text(text.replace(before, after), encoding="utf-8")
    assert run(changed, "go-on", begun_by_the_released, str(tmp_path / "gone-on")).returncode != 0
