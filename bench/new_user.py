"""A new user's way from `git clone` to a webhook in an app of their own, as the quickstart says it, timed.

`python -m bench.new_user` clones this repository's commit into an empty folder, starts the platform there as a first start, follows the
titled blocks of `docs/guides/quickstart.md` word for word, then the first payment's in the other languages, stops it again, and writes
how long each step took. A person reads, too.
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import table
from local import ports
from local.paths import ROOT

PAGE: Final = Path("docs/guides/quickstart.md")
# As the page prints it. Another run on the same machine takes another one.
RECEIVER_PORT: Final = 5050
STEP_SECONDS: Final = 900
_BLOCK: Final = re.compile(r'^( *)```(\w+) title="([^"]*)"\n(.*?)^\1```$', re.DOTALL | re.MULTILINE)
_UNTITLED: Final = re.compile(r"^( *)```sh\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
# The block of a tab with which its first payment and refund are made.
_PAID: Final = "It prints success twice"
_MARK: Final = "@@ "
NOTE: Final = (
    "`python -m bench.new_user`: an empty folder, `git clone`, `make run`, then the quickstart's blocks for Python, as printed;\n"
    "then its first payment and refund by TypeScript and by curl.\n"
    "Packages come from the package index; their files may be in this machine's caches. Reading is not in it.\n"
    "{cores} cores, and in the last quarter of an hour {load:.0f} processes on average that wanted one."
)


class Astray(RuntimeError):
    """A step did not do what the page says; the message has its output."""


@dataclass(frozen=True, slots=True)
class Block:
    """A titled block of a page: a program to save under its title, or lines for the shell."""

    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, and how long it took."""

    name: str
    seconds: float


def blocks(page: Path, tab: str = "Python") -> list[Block]:
    """The titled ones in their order, of a page's tabs only those of this name."""
    text = re.sub(rf'^=== "(?!{tab}")[^"]*"\n(?:(?: {{4}}.*)?\n)*', "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = []
    for indent, language, title, content in _BLOCK.findall(text):
        found.append(Block(language, title, "".join(line.removeprefix(indent) for line in content.splitlines(keepends=True))))
    return found


def first_payment(page: Path, tab: str) -> list[Block]:
    """The blocks of a tab up to the first payment and its refund. Raises StopIteration where the tab has none."""
    found = blocks(page, tab)
    end = next(number for number, block in enumerate(found) if block.title.startswith(_PAID))
    return found[: end + 1]


def by_curl(page: Path) -> list[Block]:
    """The shell's own way: the access, then the page's blocks without a title, which sign for themselves."""
    untitled = [
        "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
        for indent, text in _UNTITLED.findall(page.read_text(encoding="utf-8"))
    ]
    return [blocks(page)[0], Block("sh", "curl", "\n".join(untitled))]


def script(found: Sequence[Block], port: int = RECEIVER_PORT) -> str:
    """All of it for one shell, with the time after each block that a shell carries out."""
    lines = ["set -euo pipefail"]
    for block in found:
        text = block.text.replace(str(RECEIVER_PORT), str(port))
        if block.language == "sh":
            lines += [text, f'echo "{_MARK}$(date +%s.%N) {block.title}"']
        else:
            lines.append(f"cat > {block.title} <<'end of the block'\n{text}end of the block")
    return "\n".join(lines)


def follow(folder: Path, text: str, environment: Mapping[str, str]) -> tuple[list[Step], str]:
    """Carry a script out in a folder. Returns its steps and what it printed; raises Astray."""
    before = time.time()
    log = folder / "walk.log"
    with log.open("wb") as output:
        done = subprocess.run(
            ["bash", "-c", text], cwd=folder, env=environment, stdout=output, stderr=output, check=False, timeout=STEP_SECONDS
        )
    printed = log.read_text(encoding="utf-8")
    if done.returncode:
        raise Astray(printed)
    steps = []
    for line in printed.splitlines():
        if line.startswith(_MARK):
            moment, _, title = line.removeprefix(_MARK).partition(" ")
            steps.append(Step(title, float(moment) - before))
            before = float(moment)
    return steps, "\n".join(line for line in printed.splitlines() if not line.startswith(_MARK))


def walk() -> tuple[list[Step], list[Step]]:
    """The whole way, in an empty folder; and beside it the first payment by TypeScript and by curl, a step for each."""
    port, emulator_port, receiver = (ports.free_port() for _ in range(3))
    start = f"make run DETACH=1 PORT={port} EMULATOR_PORT={emulator_port}"
    with tempfile.TemporaryDirectory(prefix="paycorex-new-user-") as empty:
        clone = Path(empty) / "paycorex"
        environment = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
        getting = [Block("sh", "git clone", f"git clone --quiet {ROOT} paycorex"), Block("sh", "make run", f"cd paycorex\n{start}")]
        steps, _ = follow(Path(empty), script(getting), environment)
        try:
            walked, printed = follow(clone, script(blocks(clone / PAGE), receiver), environment)
            others = [
                Step(f"beside it: the first payment by {name}", sum(step.seconds for step in follow(clone, script(found), environment)[0]))
                for name, found in {"TypeScript": first_payment(clone / PAGE, "TypeScript"), "curl": by_curl(clone / PAGE)}.items()
            ]
        finally:
            subprocess.run(["make", "stop"], cwd=clone, env=environment, check=False, capture_output=True, timeout=STEP_SECONDS)
        if "payment.success pay_" not in printed:
            raise Astray(printed)
    return steps + walked, others


def main() -> None:
    """Walk, and write the section."""
    steps, others = walk()
    rows = [(step.name, f"{step.seconds:.1f}") for step in steps]
    rows.append(("from `git clone` to the webhook", f"{sum(step.seconds for step in steps):.1f}"))
    rows += [(step.name, f"{step.seconds:.1f}") for step in others]
    note = NOTE.format(cores=os.cpu_count(), load=os.getloadavg()[2])
    content = "\n\n".join(["## A new user's first webhook", note, table.markdown(("step", "seconds"), rows)])
    table.write_section("new user", content)
    print(content)


if __name__ == "__main__":
    main()
