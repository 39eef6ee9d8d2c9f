"""The Python client's README, run as it is printed: the blocks one after another, as a new user would paste them."""

import re
import subprocess
import sys
from pathlib import Path

from local.clients.contract import CLIENTS
from tests.integration.clients.conftest import Platform

README = (CLIENTS / "python" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHOWN = re.findall(r"print\(.*\)  # (.*)$", README, re.MULTILINE)


def test_every_block_runs_and_prints_what_it_says(platform: Platform, tmp_path: Path) -> None:
    text = "\n".join(BLOCKS)
    assert text.count('"http://127.0.0.1:8080"') == 1
    program = tmp_path / "shop.py"
    program.write_text(text.replace("http://127.0.0.1:8080", platform.url), encoding="utf-8")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    printed = done.stdout.splitlines()
    assert len(SHOWN) == 3
    assert [line for line in SHOWN if line not in printed] == []
