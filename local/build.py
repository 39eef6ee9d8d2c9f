"""`sam build` of the real template, only when something that goes into it changed."""

import os
import re
import subprocess
import sys
import time
from typing import Final

from local import artifacts, processors_library
from local.artifacts import wanted_architecture
from local.locks import exclusive
from local.paths import BUILD, BUILT_TEMPLATE, LOGS, ROOT, tool, uv
from local.sources import Stamp, content_hash

# The last one is added when a stack is deployed to the emulator: a change of it is deployed too.
_MADE_BY: Final = ("artifacts.py", "build_cache.py", "processors_library.py", "shared_objects.py", "gateway_answers.py")
_SOURCES: Final = [
    path
    for path in (*(ROOT / name for name in ("template.yaml", "functions", "layers", "web")), *(ROOT / "local" / name for name in _MADE_BY))
    if path.exists()
]
_STAMP: Final = Stamp(BUILD.parent / "built-from")
_TAIL_LINES: Final = 25
# A build without the processors' library is deployed like any other, and made anew the next time.
_WITHOUT_PROCESSORS: Final = "-without-processors"
_PARAMETER = re.compile(r"^(  Architecture:\n(?:    .*\n)*?    Default: )\w+$", re.MULTILINE)
_RULE = re.compile(r"^( +- - )arm64\n +- x86_64\n( +- Ref: Architecture)$", re.MULTILINE)


class BuildFailed(RuntimeError):
    """`sam build` failed; the message ends with its output."""


def build() -> bool:
    """Build for the wanted architecture; False when nothing had changed. Raises BuildFailed."""
    with exclusive(BUILD.parent / "build.lock"):
        return _build(wanted_architecture())


def _build(architecture: str) -> bool:
    current = content_hash(_SOURCES, architecture, sys.implementation.cache_tag)
    if BUILT_TEMPLATE.is_file() and _STAMP.says(current):
        return False
    command = [tool("sam"), "build", "--parallel", "--build-in-source", "--config-env", "none"]
    command += ["--parameter-overrides", f"Architecture={architecture}"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(architecture), capture_output=True, text=True, check=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "build.log"
    log.write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL_LINES:])
        raise BuildFailed(f"sam build failed (all of it is in {log.relative_to(ROOT)}):\n{tail}")
    _name_architecture(architecture)
    _STAMP.write(current if without_processors() is None else current + _WITHOUT_PROCESSORS)
    return True


def without_processors() -> str | None:
    """Why what was built has no library for the processors; None when it has."""
    return processors_library.missing(BUILD / "ProcessorsLayer")


def built_from() -> str:
    """A hash of what was last built: equal hashes deploy to the same stack."""
    return _STAMP.read()


def _name_architecture(architecture: str) -> None:
    """Let the built template say what its layers were built for.

    As the parameter's default for a new stack, and as a rule for one that is there: `sam deploy` passes that one's own value again,
    whatever the default has become.
    """
    BUILT_TEMPLATE.write_text(named_for(BUILT_TEMPLATE.read_text(), architecture))


def named_for(built: str, architecture: str) -> str:
    """The text of a built template, for one architecture only. Raises BuildFailed."""
    with_default, defaults = _PARAMETER.subn(rf"\g<1>{architecture}", built)
    with_rule, rules = _RULE.subn(rf"\g<1>{architecture}\n\g<2>", with_default)
    if (defaults, rules) != (1, 1):
        raise BuildFailed("the built template has no parameter Architecture with a default, or no rule about it")
    return with_rule


def _environment(architecture: str) -> dict[str, str]:
    # sam looks for a region even to build.
    region = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    return {**os.environ, **region, "ARCHITECTURE": architecture, "UV": uv(), "FUNCTIONS_PART": str(artifacts.functions_part())}


def main() -> None:
    """Build and say so."""
    started = time.monotonic()
    try:
        changed = build()
    except BuildFailed as failure:
        raise SystemExit(str(failure)) from failure
    print(f"built for {wanted_architecture()} in {time.monotonic() - started:.1f} s" if changed else "nothing changed since the last build")
    lost = without_processors()
    if lost is not None:
        print(f"{lost} Connectors prism:… will not work; .local/logs/build.log says more. The next build tries again.")


if __name__ == "__main__":
    main()
