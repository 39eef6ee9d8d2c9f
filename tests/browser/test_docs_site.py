"""The documentation site in Chromium: its own script draws the diagrams, no other host is asked, and it fits a phone."""

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Request

from local.docs_site import mermaid, site
from tests.browser.conftest import SCREENSHOTS
from tests.support import tools
from tests.support.template import ROOT

DOCS: Final = ROOT / "docs"
_DIAGRAM: Final = re.compile(r"^```mermaid\n(.*?)^```$", re.DOTALL | re.MULTILINE)
DIAGRAMS: Final = {page: _DIAGRAM.findall(page.read_text(encoding="utf-8")) for page in sorted(DOCS.rglob("*.md"))}
WITH_DIAGRAMS: Final = [page for page, found in DIAGRAMS.items() if found]
# What a reader comes by first, and the widest tables.
LOOKED_AT: Final = (
    "",
    "guides/quickstart/",
    "guides/errors/",
    "reference/cursors/",
    "reference/limits/",
    "reference/states/",
    "guides/moving/",
)
_DRAWN_MS: Final = 60_000


def address(page: Path) -> str:
    return f"{page.relative_to(DOCS).with_suffix('')}/"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The built site at /docs, as the local platform serves it."""
    if mermaid.script() is None:
        tools.missing("npm is missing: apt-get install -y npm")
    built = tmp_path_factory.mktemp("site")
    site.build(built)

    class Served(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, content = site.find(self.path, built)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: a test's output is for what is wrong."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/docs"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked_elsewhere(page: Page, url: str) -> list[str]:
    """Addresses of other hosts that the page asks for: filled while it is looked at."""
    found: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((url.removesuffix("/docs"), "data:", "blob:")):
            found.append(request.url)

    page.on("request", note)
    return found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_there_are_diagrams() -> None:
    assert len(WITH_DIAGRAMS) >= 3
    marks = sum(page.read_text(encoding="utf-8").count("```mermaid") for page in DIAGRAMS)
    assert marks == sum(len(found) for found in DIAGRAMS.values())


@pytest.mark.parametrize("source", WITH_DIAGRAMS, ids=address)
def test_every_diagram_is_drawn(page: Page, url: str, asked_elsewhere: list[str], source: Path) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{url}/{address(source)}")
    count = len(DIAGRAMS[source])
    # The theme draws each into a closed shadow root of an element that takes the block's place, and leaves what it cannot draw as text.
    page.wait_for_function(f"document.querySelectorAll('div.mermaid').length === {count}", timeout=_DRAWN_MS)
    assert page.locator("pre.mermaid").count() == 0
    heights = page.eval_on_selector_all("div.mermaid", "found => found.map(each => each.getBoundingClientRect().height)")
    assert [height for height in heights if height < 40] == []
    assert problems == []
    assert asked_elsewhere == []


def test_every_diagram_is_read_without_an_error(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.add_script_tag(url=f"{url}/assets/mermaid.min.js")
    for source, found in DIAGRAMS.items():
        for text in found:
            assert page.evaluate("text => mermaid.parse(text, {suppressErrors: true})", text), (source, text)
    assert not page.evaluate("mermaid.parse('stateDiagram-v2\\n a -->', {suppressErrors: true})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_fit_and_ask_no_other_host(browser: Browser, url: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    elsewhere: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith(("http://127.0.0.1", "data:", "blob:")) else elsewhere.append(request.url)
    )
    for where in LOOKED_AT:
        page.goto(f"{url}/{where}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"docs-{where.strip('/').replace('/', '-') or 'index'}-{width}-{scheme}.png")
    assert elsewhere == []
    context.close()
