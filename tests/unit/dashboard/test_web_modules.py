"""The pages' modules: each imports what it uses and nothing else, what it imports is exported, and all of them are served."""

import re
from pathlib import Path

import pytest

from dashboard import page_files
from tests.support import web_modules
from tests.support.template import ROOT

WEB = ROOT / "web"
# It is a library's, as it was published.
FOREIGN = {"uplot.js"}
MODULES = {path.name: web_modules.read(path) for path in sorted(WEB.glob("*.js"))}
OWN = {name: module for name, module in MODULES.items() if name not in FOREIGN}
# What a browser gives to every script, as far as the pages use it.
BROWSERS = {
    *(
        "Array",
        "BigInt",
        "Boolean",
        "Date",
        "Error",
        "Infinity",
        "Intl",
        "JSON",
        "Map",
        "Math",
        "Number",
        "Object",
        "Promise",
        "RegExp",
        "Set",
    ),
    *("String", "Symbol", "Uint8Array", "encodeURIComponent", "queueMicrotask", "setTimeout", "clearTimeout", "structuredClone"),
    *("Blob", "DOMParser", "Event", "File", "FormData", "HashChangeEvent", "ResizeObserver", "TextEncoder", "URL", "URLSearchParams"),
    *("XMLHttpRequest", "addEventListener", "atob", "btoa", "createImageBitmap", "crypto", "dispatchEvent", "document", "fetch"),
    *("getComputedStyle", "history", "localStorage", "location", "matchMedia", "navigator", "print", "window"),
}


def unused(module: web_modules.Module) -> set[str]:
    return set(module.own() - module.used)


def missing(module: web_modules.Module) -> set[str]:
    return set(module.used - module.own() - module.bound - BROWSERS)


def unknown(module: web_modules.Module) -> list[str]:
    """What it imports and the other file does not export."""
    pairs = [(each.target, name) for each in module.imports for name in each.names.values() if name != "*"]
    return [f"{target}: {name}" for target, name in pairs if name not in MODULES[target].exports]


def test_what_a_module_imports_it_uses() -> None:
    assert {name: unused(module) for name, module in OWN.items() if unused(module)} == {}


def test_what_a_module_uses_it_imports_or_declares() -> None:
    assert {name: missing(module) for name, module in OWN.items() if missing(module)} == {}


def test_what_a_module_imports_is_exported_there() -> None:
    assert {name: unknown(module) for name, module in OWN.items() if unknown(module)} == {}


def test_what_is_served_is_what_the_pages_import_and_no_more() -> None:
    first = [name for page in ("index.html", "operator.html") for name in re.findall(r'<script[^>]* src="assets/([^"]+)"', page_text(page))]
    assert first == ["app.js", "operator.js"]
    needed = set().union(*(web_modules.needed(MODULES, name, later=True) for name in first))
    assert needed == {name for name in page_files.ASSETS if name.endswith(".js")}


@pytest.mark.parametrize(("page", "first"), [("index.html", "app.js"), ("operator.html", "operator.js")])
def test_a_page_names_every_script_that_its_first_one_waits_for_so_that_all_are_fetched_at_once(page: str, first: str) -> None:
    named = re.findall(r'<link rel="modulepreload" href="assets/([^"]+)">', page_text(page))
    assert named == sorted(web_modules.needed(MODULES, first) - {first})
    assert "uplot.js" not in named


def test_figures_wait_for_no_chart() -> None:
    """The library of charts is the largest script, and nothing that is shown first needs it."""
    assert max(MODULES, key=lambda name: (WEB / name).stat().st_size) == "uplot.js"
    for name in MODULES.keys() - {"uplot.js"}:
        assert "uplot.js" not in web_modules.needed(MODULES, name), name


def page_text(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "is_unused", "is_missing"),
    [
        ('import { a, b } from "./x.js";\na(b);', set(), set()),
        ('import { a, b as c } from "./x.js";\na.b; const d = { c: 1 };', {"c"}, set()),
        ('import a, { b } from "./x.js";\n// a\n"b";', {"a", "b"}, set()),
        ('import * as a from "./x.js";\na.b();', set(), set()),
        ("export const f = ({ a, b: c }, d = 1) => `${a} ${c} ${d} ${e}`;", set(), {"e"}),
        ("function f(a) { for (const [b, c] of a) if (b) g(c); }\nconst x = 1, y = x;", set(), {"g"}),
        ("try { f(); } catch (error) { throw error; }\nfunction f() { return a ? b : c; }", set(), {"a", "b", "c"}),
        ("class A { constructor(a) { this.a = a; } b(c) { return c; } }\nconst d = 1, { e } = d;\n[f] = e;\nlet f;", set(), set()),
        ('const a = async () => (await import("./x.js")).b;\nimport.meta.url;', set(), set()),
    ],
)
def test_a_name_that_is_unused_or_missing_is_found(tmp_path: Path, text: str, is_unused: set[str], is_missing: set[str]) -> None:
    script = tmp_path / "script.js"
    script.write_text(text, encoding="utf-8")
    module = web_modules.read(script)
    assert (unused(module), missing(module)) == (is_unused, is_missing)


def test_what_a_module_exports_is_read(tmp_path: Path) -> None:
    script = tmp_path / "script.js"
    text = "export const A = [1, 2], B = { x: 1, y: 2 };\nexport async function f() {}\nconst g = 1, h = 2;\n"
    text += "export { g, h as i };\nexport class C {}"
    script.write_text(text, encoding="utf-8")
    assert web_modules.read(script).exports == {"A", "B", "f", "g", "i", "C"}
