"""What goes to AWS: our own code, and the layers with their pinned libraries. `sam build` calls it by the Makefiles beside the sources.

All of our own is in the functions' artifact, and a layer holds what others wrote. AWS changes a function's layers and its code one after
the other, so a package of ours in a layer would run for seconds under the code of the release before.

Everything is compiled to unchecked-hash `.pyc`: without them an import costs twice as much, and with time stamps they would be stale as
soon as the archive is unpacked.
"""

import compileall
import os
import platform
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

from local import build_cache, processors_library
from local.paths import ROOT, uv
from local.sources import content_hash

# The services that functions ask; a test holds the two together. Models of the others are nine tenths of botocore.
AWS_SERVICES: Final = frozenset(
    {"cloudwatch", "codedeploy", "dynamodb", "dynamodbstreams", "events", "kms", "lambda", "sesv2", "sqs", "ssm"}
)
_NEVER_SHIPPED: Final = (
    "__pycache__",
    "*.pyi",
    "py.typed",
    "tests",
    "test",
    "SelfTest",
    "bin",
    "examples-1.json",
    "*.min.js",
    "*.min.css",
)
_KEY_DIGITS: Final = 16
# Every licence asks for its text to go where the library goes.
_KEPT_METADATA: Final = ("METADATA", "entry_points.txt", "licenses", "licence*", "license*", "copying*", "notice*", "authors*")
# Amazon Linux 2023, which python3.13 runs on, has glibc 2.34.
_WHEELS: Final = {"x86_64": "x86_64-manylinux_2_28", "arm64": "aarch64-manylinux_2_28"}
# The processors' library is published for a newer one, and is changed.
_NEWER_WHEELS: Final = {"x86_64": "x86_64-manylinux_2_39", "arm64": "aarch64-manylinux_2_39"}
_LAYERS: Final = ("common", "evm", "bank", "passkeys", processors_library.LAYER)
_OWN_PACKAGE: Final = ROOT / "layers" / "common" / "paycorex"


def machine_architecture() -> str:
    """This machine's architecture in Lambda's words."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def wanted_architecture() -> str:
    """What is built for: ARCHITECTURE, else the default of the template's parameter, so that both always agree."""
    asked = os.environ.get("ARCHITECTURE")
    if asked is None:
        template = (ROOT / "template.yaml").read_text()
        found = re.search(r"^  Architecture:\n(?:    .*\n)*?    Default: (\w+)$", template, re.MULTILINE)
        asked = found.group(1) if found else machine_architecture()
    if asked not in _WHEELS:
        raise SystemExit(f"ARCHITECTURE is {asked!r}; Lambda knows {' and '.join(sorted(_WHEELS))}.")
    return asked


def build_functions(target: Path) -> None:
    """The rooms, `paycorex`, and the web pages that the dashboard serves."""
    build_cache.link_tree(functions_part(), target)


def functions_part() -> Path:
    """What every function's artifact holds; made when a source changed."""
    sources = [path for path in (ROOT / "functions", _OWN_PACKAGE, ROOT / "web") if path.is_dir()]
    key = content_hash(sources, *_NEVER_SHIPPED, sys.implementation.cache_tag)
    return build_cache.cached("functions", key[:_KEY_DIGITS], _make_functions)


def make_ahead() -> None:
    """Make all parts of a build, so that the build itself has only to link them.

    A part that cannot be made is named on standard error and left to the build, which makes it or says why it cannot be.
    """
    architecture = wanted_architecture()
    functions_part()
    for layer in _LAYERS:
        try:
            libraries(layer, architecture)
        except InstallFailed as failed:
            print(failed, file=sys.stderr)


def _make_functions(target: Path) -> None:
    _copy(ROOT / "functions", target)
    (target / "Makefile").unlink()
    _copy(_OWN_PACKAGE, target / _OWN_PACKAGE.name)
    if (ROOT / "web").is_dir():
        _copy(ROOT / "web", target / "web")
    _compile(target, seen_as="/var/task")


class InstallFailed(RuntimeError):
    """The package index did not give a layer's libraries; the message is the installer's own."""


def build_layer(name: str, target: Path) -> None:
    """A layer's pinned libraries for the wanted architecture, less what no function reads."""
    architecture = wanted_architecture()
    try:
        build_cache.link_tree(libraries(name, architecture), target / "python")
    except InstallFailed as failed:
        if name != processors_library.LAYER:
            raise SystemExit(str(failed)) from failed
        # All else works without it.
        processors_library.leave_out(target / "python", str(failed))
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(f"layer {name}: {size / 1e6:.1f} MB unpacked for {architecture}", file=sys.stderr)


def libraries(name: str, architecture: str) -> Path:
    """The `python` folder of a layer; made when the pins or what is done with them changed. Raises InstallFailed."""
    requirements = ROOT / "layers" / name / "requirements.txt"
    is_changed = name == processors_library.LAYER
    sources = [requirements, *(processors_library.sources() if is_changed else [])]
    key = content_hash(sources, architecture, *_NEVER_SHIPPED, *_KEPT_METADATA, *sorted(AWS_SERVICES), sys.implementation.cache_tag)

    def make(python: Path) -> None:
        _install(requirements, python, (_NEWER_WHEELS if is_changed else _WHEELS)[architecture])
        if is_changed:
            processors_library.adapt(python, architecture)
        _prune(python)
        _compile(python, seen_as="/opt/python")

    return build_cache.cached(f"{name}-libraries-{architecture}", key[:_KEY_DIGITS], make)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NEVER_SHIPPED), dirs_exist_ok=True)


def _install(requirements: Path, target: Path, wheels: str) -> None:
    # Its own interpreter, which need not be the environment's: that may be made at the same time.
    command = [uv(), "pip", "install", "--quiet", "--python", sys.executable, "--python-platform", wheels]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"]
    command += ["--target", str(target), "-r", str(requirements)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as absent:
        raise InstallFailed(f"There is no {command[0]} here: `make env` puts it beside the environment.") from absent
    if done.returncode != 0:
        raise InstallFailed(f"The libraries of {requirements.parent.name} cannot be installed: {done.stderr.strip()}")


def _prune(python: Path) -> None:
    for pattern in _NEVER_SHIPPED:
        for found in list(python.rglob(pattern)):
            _remove(found)
    for metadata in python.glob("*.dist-info"):
        for found in metadata.iterdir():
            if not any(fnmatch(found.name.lower(), pattern.lower()) for pattern in _KEPT_METADATA):
                _remove(found)
    for model in (python / "botocore" / "data").glob("*/"):
        if model.name not in AWS_SERVICES:
            _remove(model)
    # Of all messages of ISO 20022 statements alone are read: 3 of 50 MB.
    for message in [*(python / "pyiso20022").glob("*/"), *(python / "pyiso20022" / "camt").glob("*/")]:
        if message.name != "camt" and not message.name.startswith("camt_053_"):
            _remove(message)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(directory: Path, *, seen_as: str) -> None:
    compiled = compileall.compile_dir(
        directory,
        quiet=1,
        stripdir=str(directory),
        prependdir=seen_as,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise SystemExit(f"{directory} does not compile")


def main(arguments: list[str]) -> None:
    """`functions <target>`, `layer <name> <target>` or `ahead`."""
    match arguments:
        case ["ahead"]:
            make_ahead()
        case ["functions", target]:
            build_functions(Path(target))
        case ["layer", name, target] if name in _LAYERS:
            build_layer(name, Path(target))
        case _:
            raise SystemExit(f"usage: python -m local.artifacts ahead | functions <target> | layer ({'|'.join(_LAYERS)}) <target>")


if __name__ == "__main__":
    main(sys.argv[1:])
