"""Every code block of the guides runs: shell and Python as they are printed, against the doors behind a socket."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from paycorex.errors import STATUS_BY_CODE
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.world import World

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs/guides", "docs/reference", "local/docs_site/beginnings")
GUIDES = sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))
_BLOCK = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
# What a block of each language needs before it, so that each page can be read alone.
_WALLET = """call POST /v1/wallet/create '{"user_id":"quickstart-sh"}' > /dev/null
call POST /v1/wallet/topup '{"user_id":"quickstart-sh","amount":"5000"}' > /dev/null
"""
# Languages that are shown and not run here: a text, an answer that another test reads, and a diagram, which tests/browser draws.
# TypeScript runs in tests/integration/clients.
_SHOWN = frozenset({"", "mermaid", "json", "ts"})


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and text of each. Titled ones are steps of one walk, which tests/e2e/test_new_user.py goes."""
    found = []
    for indent, language, title, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if title:
            assert page.stem == "quickstart", f"{page.name}: {title}"
            continue
        found.append((language, "\n".join(line.removeprefix(indent) for line in text.splitlines())))
    return found


def shell_function() -> str:
    """`call`, as the quickstart prints it."""
    text = next(text for language, text in blocks(ROOT / "docs" / "guides" / "quickstart.md") if language == "sh" and "call() {" in text)
    return text[: text.index("\n}\n") + 3]


def test_every_json_block_is_an_error_as_doors_answer_it() -> None:
    texts = [(page.name, text) for page in GUIDES for language, text in blocks(page) if language == "json"]
    assert {name for name, _ in texts} == {"errors.md"}
    for name, text in texts:
        error = json.loads(text)["error"]
        assert set(error) == {"code", "message", "details", "request_id", "doc_url"}, name
        assert error["code"] in STATUS_BY_CODE
        assert error["doc_url"].endswith(f"/docs/reference/errors/#{error['code']}")


def test_every_block_has_a_language_that_runs_or_is_shown() -> None:
    languages = {language for page in GUIDES for language, _ in blocks(page)}
    assert languages <= _SHOWN | {"sh", "python"}
    assert {"sh", "python"} <= languages


@pytest.fixture
def served() -> Iterator[HttpWorld]:
    with World().running() as world:
        # Clients sign with the machine's own time.
        world.clock.now = time.time()
        engine = Engine(world)
        with engine.online(), HttpWorld(world, engine).serving() as server:
            yield server


RUNNING = [page for page in GUIDES if any(language in {"sh", "python"} for language, _ in blocks(page))]


def carry_out(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """The output of a command that ends well."""
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("page", RUNNING, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path, served: HttpWorld) -> None:
    who = served.world.register()
    environment = {**os.environ, "PAYCOREX_API_KEY": who.api_key, "PAYCOREX_SECRET": who.secret, "PAYCOREX_URL": served.url}
    for text in (text for language, text in blocks(page) if language == "python"):
        carry_out([sys.executable, "-c", text], environment, tmp_path)
    shell = [text for language, text in blocks(page) if language == "sh"]
    if shell:
        before = "" if any("call() {" in text for text in shell) else shell_function() + _WALLET
        output = carry_out(["bash", "-c", "\n".join(["set -euo pipefail", before, *shell])], environment, tmp_path)
        answers = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        assert answers
        assert [one for one in answers if "error" in one] == []
