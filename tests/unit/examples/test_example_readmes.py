"""What the README of an example says of its files is true of what is committed, not only of the folder where it was written."""

import re
import subprocess
from pathlib import Path

import pytest

from local.paths import ROOT

README_FILES = sorted((ROOT / "examples").glob("*/README.md"))


@pytest.mark.parametrize("readme", README_FILES, ids=lambda path: path.parent.name)
def test_each_file_in_a_readmes_table_is_there_and_no_rule_of_git_leaves_it_out(readme: Path) -> None:
    named = [readme.parent / name for name in re.findall(r"^\| `([^` ]+)` \|", readme.read_text(encoding="utf-8"), re.MULTILINE)]
    assert [path for path in named if not path.exists()] == []
    if named and (ROOT / ".git").exists():
        ignored = subprocess.run(["git", "check-ignore", "--", *map(str, named)], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (ignored.stdout, ignored.returncode) == ("", 1)


def test_the_shops_have_tables_of_their_files() -> None:
    having = {path.parent.name for path in README_FILES if "| `" in path.read_text(encoding="utf-8")}
    assert "nextjs-shop" in having
