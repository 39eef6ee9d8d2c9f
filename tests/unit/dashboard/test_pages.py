"""The page's files: those and no others, with the headers that keep strangers out."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from dashboard import pages
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
    assert {path.name for path in WEB.iterdir()} == pages.ASSETS | {"index.html", "favicon.svg"}
    for target in ("/", "/favicon.ico", *(f"/assets/{name}" for name in pages.ASSETS)):
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


@pytest.mark.parametrize("name", ["index.html", "..", "..%2fdashboard%2fdoor.py", "door.py", "app.js.map", "APP.JS", "%00app.js"])
def test_no_other_file_is(world: World, name: str) -> None:
    assert_refused(world.send("GET", f"/assets/{name}", []), "not_found")


def test_the_page_has_nothing_inline_and_names_no_third_party() -> None:
    page = (WEB / "index.html").read_text(encoding="utf-8")
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


def test_every_script_of_a_page_is_read_by_a_javascript_engine() -> None:
    node = shutil.which("node")
    if node is None:
        tools.missing("node is missing: apt-get install -y nodejs")
    ending = {True: "module", False: "commonjs"}
    assert len(SCRIPTS) > 40
    wrong = []
    for path in SCRIPTS:
        kind = ending[path.parent == WEB]
        text = path.read_text(encoding="utf-8")
        read = subprocess.run(
            [node, f"--input-type={kind}", "--check"], input=text, capture_output=True, text=True, check=False, timeout=60
        )
        if read.returncode:
            wrong.append(f"{path.relative_to(ROOT)}: {read.stderr.strip()[-300:]}")
    assert wrong == []
