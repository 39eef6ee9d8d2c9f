"""The contract as tools of others see it: two linters find nothing, and clients that are generated from it compile and make real calls.

The packages are pinned in tests/generated/npm and uv.lock. `npm` is optional, as for the other tests that want it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from local import openapi
from local.locks import exclusive
from paycorex import clock
from tests.support import tools
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.template import ROOT
from tests.support.world import Signer, World

SOURCES: Final = ROOT / "tests" / "generated"
PACKAGES: Final = ROOT / ".local" / "npm" / "contract"
DRIVEN: Final = {
    "transfer": "topup",
    "balance": "100.00",
    "status": "success",
    "refund": "10.00",
    "upi": True,
    "listed": 1,
    "events": True,
    "code": "insufficient_funds",
}
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder of the packages that the lock file pins, from the npm registry."""
    with exclusive(PACKAGES.with_suffix(".lock")):
        if not (PACKAGES / "node_modules" / ".bin" / "tsc").exists():
            if shutil.which("npm") is None:
                tools.missing("npm is missing: apt-get install -y npm")
            PACKAGES.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCES / "npm" / name, PACKAGES / name)
            command = ["npm", "ci", "--silent", "--ignore-scripts", "--legacy-peer-deps"]
            subprocess.run(command, cwd=PACKAGES, check=True, timeout=300)
    return PACKAGES


@pytest.fixture
def shop() -> Iterator[tuple[str, Signer]]:
    """Where an API runs, and a merchant of it."""
    world = World()
    with world.running():
        clock.use(time.time)
        world.clock.now = time.time()
        engine = Engine(world)
        with engine.online():
            who = world.register("Chai Point", webhook_url="https://hooks.example.com/paycorex")
            world.call(who, "PATCH", "/v1/merchants/me", {"payee_vpa": "chai@bank", "payee_name": "Chai Point"})
            for user in ("asha", "ravi"):
                world.call(who, "POST", "/v1/wallet/create", {"user_id": user})
            with HttpWorld(world, engine).serving() as served:
                yield served.url, who


def run(command: list[str | Path], folder: Path) -> str:
    """What a command prints; the test fails with its output when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"CI": "1"})
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    return done.stdout


def test_redocly_finds_nothing(packages: Path) -> None:
    """But for the one pair of paths that `.redocly.lint-ignore.yaml` has, with its reason: one more, even there, is one too many."""
    binary = packages / "node_modules" / ".bin" / "redocly"
    found = json.loads(run([binary, "lint", "--format=json", openapi.TARGET.relative_to(ROOT)], ROOT))
    assert (found["problems"], found["totals"]) == ([], {"errors": 0, "warnings": 0, "ignored": 1})


def test_spectral_finds_nothing(packages: Path, tmp_path: Path) -> None:
    binary = packages / "node_modules" / ".bin" / "spectral"
    command: list[str | Path] = [binary, "lint", "--fail-severity=hint", "--ruleset", SOURCES / "spectral.yaml", openapi.TARGET]
    assert "No results" in run(command, tmp_path)


def test_the_linters_would_find_something(packages: Path, tmp_path: Path) -> None:
    """With one path of the document, which they look through in a fraction of the time."""
    document: dict[str, Any] = json.loads(openapi.TARGET.read_text(encoding="utf-8"))
    document["paths"] = {"/v1/payments/create": document["paths"]["/v1/payments/create"]}
    document["paths"]["/v1/payments/create"]["post"].pop("operationId")
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(document), encoding="utf-8")
    binaries = packages / "node_modules" / ".bin"
    spectral: list[str | Path] = [binaries / "spectral", "lint", "--fail-severity=hint", "--ruleset", SOURCES / "spectral.yaml"]
    redocly: list[str | Path] = [binaries / "redocly", "lint", "--max-problems=1000"]
    for command in (redocly, spectral):
        done = subprocess.run([*command, broken], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "operation-operationid" in (done.stdout + done.stderr).lower()
        assert done.returncode != 0 or "warning" in (done.stdout + done.stderr)


def test_openapi_typescripts_types_compile_and_drive_real_calls(packages: Path, tmp_path: Path, shop: tuple[str, Signer]) -> None:
    binaries = packages / "node_modules" / ".bin"
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    shutil.copy(packages / "package.json", tmp_path / "package.json")
    for name in ("drive.ts", "tsconfig.json"):
        shutil.copy(SOURCES / name, tmp_path / name)
    run([binaries / "openapi-typescript", openapi.TARGET, "-o", "schema.d.ts"], tmp_path)
    run([binaries / "tsc", "-p", "."], tmp_path)
    url, who = shop
    assert json.loads(run(["node", "built/drive.js", url, who.api_key, who.secret], tmp_path)) == DRIVEN


def test_openapi_python_clients_client_type_checks_and_drives_real_calls(tmp_path: Path, shop: tuple[str, Signer]) -> None:
    binaries = Path(sys.executable).parent
    command: list[str | Path] = [binaries / "openapi-python-client", "generate", "--path", openapi.TARGET, "--meta", "none"]
    said = run(
        [*command, "--output-path", tmp_path / "generated", "--config", SOURCES / "python-client.json", "--fail-on-warning"], tmp_path
    )
    assert "WARNING" not in said
    shutil.copy(SOURCES / "drive.py", tmp_path / "drive.py")
    checked = subprocess.run(
        [
            binaries / "mypy",
            "--strict",
            "--python-executable",
            sys.executable,
            "--cache-dir",
            ROOT / ".local" / "mypy-generated",
            "drive.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    # The generator's own part, which it writes for every document alike, is its own business.
    own = "generated/client.py:"
    assert [line for line in checked.stdout.splitlines() if "error:" in line and not line.startswith(own)] == []
    url, who = shop
    assert json.loads(run([sys.executable, "drive.py", url, who.api_key, who.secret], tmp_path)) == DRIVEN
