"""Commands of a page's shell block, carried out as they are printed: `paycorex` in this process, a program by its own file."""

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from paycorex.cli import main

ROOT: Final = Path(__file__).parents[2]
_BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(page: str, beginning: str, **instead: str) -> list[list[str]]:
    """The words of each line of the block that begins so; instead: what stands for a word, by that word.

    Raises StopIteration where the page has no such block.
    """
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    block = next(block for block in _BLOCK.findall(text) if block.startswith(beginning))
    return [[instead.get(word, word) for word in shlex.split(line, comments=True)] for line in block.splitlines()]


def carry_out(words: list[str], folder: Path, files: Mapping[str, str]) -> int:
    """The exit status of one command, with its output where a test looks for it; files: where what it names is.

    A program of the repository is run by its path in it, from another folder: it needs nothing beside it that is not there.
    """
    program, *rest = [files.get(word, word) for word in words]
    if program.rpartition("/")[2] == "paycorex":
        return main(rest)
    script, *arguments = rest
    done = subprocess.run(
        [sys.executable, str(ROOT / script), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    print(done.stdout, end="")
    return done.returncode
