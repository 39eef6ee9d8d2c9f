"""The documentation site: it is built without a broken link, says every code, event and scope, and loads nothing from elsewhere."""

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from local.docs_site import pages, site
from paycorex.errors import STATUS_BY_CODE
from paycorex.records.stamps import EVENTS


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("docs")
    site.build(target)
    return target


class Loads(HTMLParser):
    """What a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        loads = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
        if tag in loads and given.get("rel") not in {"canonical", "next", "prev"}:
            self.found.append(given.get(loads[tag]) or "")


def test_no_page_loads_anything_from_another_host(built: Path) -> None:
    files = sorted(built.rglob("*.html"))
    assert len(files) > 20
    for file in files:
        reader = Loads()
        reader.feed(file.read_text(encoding="utf-8"))
        assert [one for one in reader.found if re.match(r"(https?:)?//", one)] == [], file
    for script in ("javascripts", "reference"):
        for file in built.rglob(f"{script}/*.css"):
            assert "url(http" not in file.read_text(encoding="utf-8"), file


def test_the_catalogue_has_every_code_with_cause_and_cure(built: Path) -> None:
    cures = tomllib.loads(pages.CURES.read_text(encoding="utf-8"))
    assert set(cures) == set(STATUS_BY_CODE)
    assert all(set(entry) == {"cause", "cure"} and all(entry.values()) for entry in cures.values())
    text = (built / "reference" / "errors" / "index.html").read_text(encoding="utf-8")
    assert all(f'id="{code}"' in text for code in STATUS_BY_CODE)


def test_every_event_and_every_scope_is_listed(built: Path) -> None:
    text = (built / "reference" / "events" / "index.html").read_text(encoding="utf-8")
    assert [name for name in EVENTS if f"<code>{name}</code>" not in text] == []
    contract = json.loads(pages.CONTRACT.read_text(encoding="utf-8"))
    scopes = {match for _, _, one in pages.operations(contract) for match in re.findall(r"Scope: `([a-z:_]+)`", one.get("description", ""))}
    text = (built / "reference" / "scopes" / "index.html").read_text(encoding="utf-8")
    assert len(scopes) >= 12
    assert [scope for scope in scopes if f"<code>{scope}</code>" not in text] == []


def test_every_operation_is_listed(built: Path) -> None:
    contract = json.loads(pages.CONTRACT.read_text(encoding="utf-8"))
    text = (built / "reference" / "api" / "index.html").read_text(encoding="utf-8")
    for method, path, _ in pages.operations(contract):
        assert f"<code>{method.upper()} {path}</code>" in text


def test_files_are_found_below_the_site_only(built: Path) -> None:
    status, kind, content = site.find("/docs/", built)
    assert (status, kind, b"PayCoreX" in content) == (200, "text/html; charset=utf-8", True)
    assert site.find("/docs/reference/try.js?x", built)[:2] == (200, "text/javascript; charset=utf-8")
    assert site.is_folder_without_slash("/docs/webhooks", built)
    for path in ("/docs/../pyproject.toml", "/docs/%2e%2e/x", "/docs/nothing/", "/docs//etc/passwd"):
        assert site.find(path, built)[0] == 404


def test_programs_that_read_text_find_every_page(built: Path) -> None:
    index, whole = ((built / name).read_text(encoding="utf-8") for name in ("llms.txt", "llms-full.txt"))
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", index, re.MULTILINE)
    assert len(links) == len(set(links)) > 30
    for link in links:
        assert (built / link / "index.html").is_file() or (built / link).is_file(), link
        assert link.endswith(".json") or f"<!-- {link} -->" in whole
    assert [code for code in STATUS_BY_CODE if f"## {code} " not in whole] == []
    assert site.find("/docs/llms.txt", built)[:2] == (200, "text/plain; charset=utf-8")
