"""The page's files: those and no others, with the headers that keep strangers out."""

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import page_files
from tests.support import tools
from tests.support.expectations import assert_refused
from tests.support.template import ROOT
from tests.support.world import World

WEB = ROOT / "web"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


def test_every_file_is_served_with_its_type_and_a_strict_policy(world: World) -> None:
    assert {path.name for path in WEB.iterdir()} == page_files.ASSETS | {"index.html", "operator.html", "favicon.svg"}
    for target in ("/", "/operator", "/favicon.ico", *(f"/assets/{name}" for name in page_files.ASSETS)):
        reply = world.send("GET", target, [])
        assert reply.status == 200, target
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "no-cache"
        again = world.send("GET", target, [("If-None-Match", reply.headers["etag"])])
        assert (again.status, again.raw) == (304, b"")
    assert world.send("GET", "/", []).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5", "identity, gzip;q=1"])
def test_a_browser_that_takes_it_gets_a_file_compressed_under_a_tag_of_its_own(world: World, accepted: str) -> None:
    plain = world.send("GET", "/assets/style.css", [])
    packed = world.send("GET", "/assets/style.css", [("Accept-Encoding", accepted)])
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.raw) == plain.raw == (WEB / "style.css").read_bytes()
    assert len(packed.raw) < len(plain.raw) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    known = world.send("GET", "/assets/style.css", [("Accept-Encoding", accepted), ("If-None-Match", packed.headers["etag"])])
    assert (known.status, known.raw) == (304, b"")


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip;q=0.000", "xgzip"])
def test_a_browser_that_does_not_gets_it_as_it_is(world: World, accepted: str) -> None:
    reply = world.send("GET", "/assets/style.css", [("Accept-Encoding", accepted)])
    assert "content-encoding" not in reply.headers
    assert reply.raw == (WEB / "style.css").read_bytes()


@pytest.mark.parametrize("name", ["index.html", "..", "..%2fdashboard%2fdoor.py", "door.py", "app.js.map", "APP.JS", "%00app.js"])
def test_no_other_file_is(world: World, name: str) -> None:
    assert_refused(world.send("GET", f"/assets/{name}", []), "not_found")


def test_the_page_has_nothing_inline_and_names_no_third_party() -> None:
    for name in ("index.html", "operator.html"):
        page = (WEB / name).read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    for path in WEB.glob("*.*"):
        if not path.name.startswith("uplot"):
            text = path.read_text(encoding="utf-8")
            assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}, path.name
            assert "innerHTML" not in text, path.name


def test_no_amount_becomes_a_number_but_for_a_charts_pixels() -> None:
    for path in WEB.glob("*.js"):
        if path.name not in {"uplot.js", "money.js"}:
            assert not re.search(r"parseFloat|Number\([^)]*(amount|volume|balance|credit|debit)", path.read_text(encoding="utf-8")), (
                path.name
            )


# The scripts of the pages: the merchant's are modules, a payer's stand in the page itself or are loaded by a shop.
SCRIPTS = sorted([*WEB.glob("*.js"), *(ROOT / "functions" / "payments").rglob("*.js")])


# Compiles each file of a list and runs none: a module as one, another as the body of a function, as node does. One process for all.
_READ = """
const vm = require("node:vm"), fs = require("node:fs"), wrong = [];
for (const [path, isModule] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const text = fs.readFileSync(path, "utf8");
  try { isModule ? new vm.SourceTextModule(text) : vm.compileFunction(text, ["exports", "require", "module", "__filename", "__dirname"]); }
  catch (error) { wrong.push(`${path}: ${error}`); }
}
console.log(JSON.stringify(wrong));
"""


def unread_scripts(paths: dict[Path, bool]) -> list[str]:
    """What a JavaScript engine says of files that it cannot read; by path, whether it is a module."""
    node = shutil.which("node")
    if node is None:
        tools.missing("node is missing: apt-get install -y nodejs")
    given = json.dumps([(str(path), is_module) for path, is_module in paths.items()])
    command = [node, "--experimental-vm-modules", "--no-warnings", "--eval", _READ]
    read = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=60)
    found: list[str] = json.loads(read.stdout)
    return found


def test_every_script_of_a_page_is_read_by_a_javascript_engine() -> None:
    assert len(SCRIPTS) > 40
    assert unread_scripts({path: path.parent == WEB for path in SCRIPTS}) == []


@pytest.mark.parametrize(
    ("text", "is_module", "is_read"),
    [
        ("import a from './a.js';", True, True),
        ("import a from './a.js';", False, False),
        ("return 1;", False, True),
        ("return 1;", True, False),
        ("const a = ;", True, False),
        ("let a; let a;", False, False),
        ("throw new Error('not run');", True, True),
    ],
)
def test_a_script_that_an_engine_cannot_read_is_found(tmp_path: Path, text: str, *, is_module: bool, is_read: bool) -> None:
    script = tmp_path / "script.js"
    script.write_text(text, encoding="utf-8")
    assert (unread_scripts({script: is_module}) == []) is is_read
