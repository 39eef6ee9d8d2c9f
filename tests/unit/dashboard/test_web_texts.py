"""Each text of the merchant's page is in both languages: what a reader sees is translated, and the catalogue has that and nothing else."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import tools, web_literals, web_texts
from tests.support.javascript import tokens
from tests.support.template import ROOT
from tests.support.web_texts import Text

PLACEHOLDER = re.compile(r"\{(\w+)\}")


CONTRACT = json.loads((ROOT / "functions" / "dashboard" / "openapi.json").read_text(encoding="utf-8"))


def enumerations(part: Any) -> Iterator[set[str]]:
    """The words of each enumeration in a part of the contract."""
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            yield {str(each) for each in part["enum"]}
        for inner in part.values():
            yield from enumerations(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from enumerations(inner)


def enumerated() -> set[str]:
    return set().union(*enumerations(CONTRACT))


ERRORS = next(words for words in enumerations(CONTRACT) if "internal_error" in words)


def all_texts() -> list[Text]:
    return [text for path in web_texts.scripts() for text in web_texts.texts(path)]


def test_every_text_has_its_hindi() -> None:
    assert web_texts.lacking() == {"texts": [], "plurals": []}


def test_the_catalogue_has_no_text_that_is_not_used() -> None:
    assert web_texts.unused() == {"texts": [], "plurals": []}


def test_the_catalogue_is_sorted_so_that_a_text_is_added_in_one_place() -> None:
    text = web_texts.CATALOGUE.read_text(encoding="utf-8")
    assert text == web_texts.ordered(web_texts.catalogue()), "run python -m tests.support.web_texts"


def test_a_text_and_its_hindi_have_the_same_placeholders() -> None:
    known = web_texts.catalogue()
    pairs = [*known["texts"].items(), *((key, form) for key, forms in known["plurals"].items() for form in forms.values())]
    wrong = [key for key, hindi in pairs if set(PLACEHOLDER.findall(key)) != set(PLACEHOLDER.findall(hindi))]
    assert wrong == []
    assert all(set(forms) == {"one", "other"} for forms in known["plurals"].values())


def test_a_text_is_given_what_its_placeholders_name() -> None:
    assert [f"{text.file}:{text.line}" for text in all_texts() if text.wanted != set(text.names)] == []


def test_hindi_is_written_in_devanagari() -> None:
    known = web_texts.catalogue()
    for part in ("texts", "words", "errors"):
        assert [key for key, hindi in known[part].items() if not hindi or (not re.search(r"[\u0900-\u097f]", hindi) and hindi != key)] == []


@pytest.mark.parametrize("path", web_texts.scripts(), ids=lambda path: path.name)
def test_what_a_reader_sees_is_translated(path: Path) -> None:
    assert web_literals.untranslated(path) == []


def test_the_choice_offers_each_language_that_has_a_locale() -> None:
    script = (web_texts.WEB / "texts.js").read_text(encoding="utf-8")
    locales = re.search(r"const LOCALES = \{([^}]*)\}", script)
    assert locales is not None
    named = re.findall(r"(\w+): \"", locales[1])
    page = (web_texts.WEB / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<option value="(\w+)"', page) == named
    assert [name for name in named if name != "en" and not (web_texts.WEB / f"texts_{name}.json").exists()] == []


def test_the_tokens_of_a_script_are_read_as_an_engine_does() -> None:
    source = 'const a = /[/"]x/g, b = 4 / 2; // "no"\nt(`in ${x ? "one" : `two ${y}`} end`, "it\\"s");'
    found = [(token.kind, token.text) for token in tokens(source) if token.kind in {"string", "template", "regex"}]
    assert found == [("regex", '/[/"]x/g'), ("template", "in {} end"), ("string", "one"), ("template", "two {}"), ("string", 'it"s')]


def test_a_literal_that_is_seen_is_found(tmp_path: Path) -> None:
    script = tmp_path / "some.js"
    script.write_text(
        'h("p", { class: "hint", title: "A title" }, "none");\nfoo("Nothing is open.", "num side strong");\n'
        'h("b", {}, t("Fine"), `${a} of ${b}`);\nif (x === "Any other") fetch(`/v1/x/${id}`);\n',
        encoding="utf-8",
    )
    assert [each.split(": ", 1)[1] for each in web_literals.untranslated(script)] == ["A title", "none", "Nothing is open.", "{} of {}"]


# Words of the API that are names, or that no page shows: providers, formats, scopes, events, media types, chains, versions.
UNSEEN_WORD = re.compile(r".*[.:/*].*|[a-z]|.*\d.*")
NAMES = {
    *("adyen", "cashfree", "paypal", "razorpay", "stripe", "bsc", "ethereum", "polygon", "beancount", "csv", "json", "ofx", "pdf"),
    *("upi", "upi_intent", "apple_pay", "google_pay"),
}
# What a request asks for, and no answer says.
ASKED = {"any", "api", "approve", "confirm", "decline", "eventbridge", "half_up", "happened", "https", "keep", "resolution", "segment_rate"}


def test_each_code_of_an_error_has_a_sentence() -> None:
    assert {code for code in ERRORS if code not in web_texts.catalogue()["errors"]} == set()


def test_each_word_of_the_contract_has_its_hindi() -> None:
    known = web_texts.catalogue()
    said = {name for name in enumerated() - NAMES - ASKED - ERRORS if not UNSEEN_WORD.fullmatch(name)}
    shown = {name: name.replace("_", " ").capitalize() for name in said}
    assert sorted(name for name, text in shown.items() if text not in known["words"] and text not in known["texts"]) == []


def test_a_word_stands_in_one_part_of_the_catalogue() -> None:
    known = web_texts.catalogue()
    assert sorted(set(known["words"]) & set(known["texts"])) == []


# What a module may touch when it is read, as far as it is there without a browser.
BROWSER = """
const nothing = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? () => "" : nothing), apply: () => nothing });
Object.defineProperty(globalThis, "navigator", { value: { userAgent: "", language: "en", languages: [] } });
Object.assign(globalThis, { document: { getElementById: () => nothing, querySelectorAll: () => [], addEventListener() {}, cookie: "",
  baseURI: "http://page/", documentElement: {} }, location: { hash: "", pathname: "/" },
  addEventListener() {}, devicePixelRatio: 1, matchMedia: () => nothing });
globalThis.window = globalThis;
for (const name of process.argv.slice(1)) await import(name).catch((error) => console.log(`${name}: ${error.message}`));
"""


def test_no_script_translates_before_the_language_is_known(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        tools.missing("node is missing: apt-get install -y nodejs")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for path in web_texts.WEB.glob("*.js"):
        shutil.copy(path, tmp_path)
    # It draws, and looks for a window of its own.
    (tmp_path / "uplot.js").write_text("export default class {}", encoding="utf-8")
    read = [str(tmp_path / path.name) for path in web_texts.scripts() if path.name not in {"app.js", "operator.js"}]
    run = subprocess.run(
        [node, "--input-type=module", "-e", BROWSER, *read], capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
