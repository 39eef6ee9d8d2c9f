"""The layers' pins: exported from the lock file, so that tests and Lambda run the same versions; those of the processors' library apart."""

import re
import subprocess

from local.paths import ROOT, uv

_NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)


def export(group: str, *, without: frozenset[str] = frozenset()) -> str:
    """A group's pins with their hashes, in pip's format, less the named packages."""
    command = [uv(), "export", "--quiet", "--frozen", "--only-group", group, "--no-emit-project", "--no-header", "--no-annotate"]
    for package in sorted(without):
        command += ["--no-emit-package", package]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def exported() -> dict[str, str]:
    """What each layer's requirements.txt should hold. Layers beside common are always attached with it, and repeat nothing of it."""
    common = export("common")
    beside = frozenset(_NAME.findall(common))
    return {"common": common} | {layer: export(layer, without=beside) for layer in ("evm", "bank", "passkeys")}


def compile_processors() -> None:
    """The pins of the processors' library, which the environment of uv.lock cannot install: it needs a newer glibc. Older pins stay."""
    folder = ROOT / "layers" / "processors"
    command = [uv(), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-deps", "--generate-hashes"]
    command += ["--python-version", "3.13", "--python-platform", "x86_64-manylinux_2_39"]
    command += [str(folder / "requirements.in"), "--output-file", str(folder / "requirements.txt")]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def main() -> None:
    """Write all files."""
    for layer, pins in exported().items():
        (ROOT / "layers" / layer / "requirements.txt").write_text(pins)
    compile_processors()


if __name__ == "__main__":
    main()
