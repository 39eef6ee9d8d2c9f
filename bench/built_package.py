"""The built package, as functions have it: our own code and the layer's libraries, compiled, and nothing of the development environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local import artifacts
from local.paths import ROOT, uv

# What `pip install boto3` brings, for the bare client that doors are compared with.
_BOTO3: Final = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
ENVIRONMENT: Final = {
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "PYDANTIC_DISABLE_PLUGINS": "true",
}


@dataclass(frozen=True, slots=True)
class Package:
    """Where code is imported from: `ours` for functions, `boto3` for the bare clients."""

    ours: tuple[Path, ...]
    boto3: tuple[Path, ...]


def build(target: Path) -> Package:
    """Build everything into a directory; what was built before comes from the build's cache."""
    os.environ.setdefault("UV", uv())
    artifacts.build_functions(target / "functions")
    artifacts.build_layer("common", target / "layer")
    bare = target / "boto3"
    bare.mkdir()
    installed = Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for name in _BOTO3:
        copy = shutil.copytree if (installed / name).is_dir() else shutil.copy
        copy(installed / name, bare / name)
    compiling = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(bare)]
    # Templates of other Python versions in it do not compile; they are never imported.
    subprocess.run(compiling, check=False, stdout=subprocess.DEVNULL)
    return Package((target / "functions", target / "layer" / "python"), (bare,))


def command(paths: Sequence[Path], code: str) -> list[str]:
    """A fresh Python that runs this code over these paths: no site packages, no variables of Python's own."""
    return [sys.executable, "-I", "-S", "-c", f"import sys\nsys.path[:0] = {[str(path) for path in paths]!r}\n{code}"]


def output_of(argv: Sequence[str], *, client: str = "lean") -> str:
    """What a command prints, in the environment of a function with this kind of AWS client."""
    environment = {**ENVIRONMENT, "PATH": os.environ["PATH"], "AWS_CLIENT": client}
    return subprocess.run(argv, check=True, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
