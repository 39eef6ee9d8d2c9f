"""What payers read is in both languages, and the language follows the choice, then the browser."""

import ast
import json
import re
from pathlib import Path

import pytest

from payments.checkout import link_page, page
from payments.payer_page import languages, provider_fields
from payments.payer_page import page as payer_page
from tests.support.javascript import tokens
from tests.support.template import ROOT

PAYMENTS = ROOT / "functions" / "payments"
PAGES = [PAYMENTS / "payer_page", PAYMENTS / "checkout"]
HINDI = languages.catalogue("hi")
PLACEHOLDER = re.compile(r"\{\w+\}|\$\w+")
# The button's script runs on shops' pages and says nothing; the others drive a provider's script.
SILENT = {"checkout.js", "print.js", "language.js"}
PROSE = re.compile(r"\b[A-Z][a-z]+\b|[a-z]\S*\s\S*[a-z]")


def marked() -> set[str]:
    files = [path for folder in PAGES for path in folder.iterdir() if path.suffix in {".html", ".js"}]
    return {text for path in files for text in languages.marked_texts(path.read_text(encoding="utf-8"))}


def spoken() -> set[str]:
    """The texts that Python names: literals given to `t`, and those that stand in tables and are given to it later."""
    calls = [node for folder in PAGES for path in folder.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    named = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and isinstance(node.args[0], ast.Constant)
    }
    tables = [*page._STATUS.values(), *page._AFTER.values(), *page._FAILED.values(), *page.METHOD_NAMES.values(), *page.RECEIPT_NAMES]
    tables += link_page._LABELS.values()
    closed = [text for each in vars(payer_page).values() if isinstance(each, payer_page.Closed) for text in (each.title, each.advice)]
    notes = [fields.note for fields in provider_fields.FIELDS.values()]
    return {str(text) for text in (*named, *tables, "The payment was not made.", *closed, *notes) if text}


def test_every_text_has_its_hindi_and_the_catalogue_has_no_other() -> None:
    assert marked() | spoken() == set(HINDI["texts"])


def test_the_hindi_has_the_same_placeholders_and_breaks_no_script() -> None:
    for english, hindi in HINDI["texts"].items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(hindi)), english
        assert not set(hindi) & set('"\\<>`'), english
        assert english == "UPI" or re.search(r"[\u0900-\u097f]", hindi), english


def test_a_payers_script_shows_no_text_that_is_not_marked() -> None:
    scripts = [path for folder in PAGES for path in folder.glob("*.js") if path.name not in SILENT]
    assert len(scripts) == 19
    for path in scripts:
        shown = [
            token.text
            for token in tokens(path.read_text(encoding="utf-8"))
            if token.kind in {"string", "template"} and PROSE.search(token.text) and not token.text.startswith(("{{", "allow-", "(pref"))
        ]
        assert [text for text in shown if text not in {"Content-Type", "use strict", "narrowSymbol", "no answer"}] == [], path.name


def test_a_payers_page_shows_no_text_that_is_not_marked() -> None:
    for path in (path for folder in PAGES for path in folder.glob("*.html")):
        text = languages._MARKED.sub("", path.read_text(encoding="utf-8"))
        seen = re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
        assert re.sub(r"\$\w+|[\s:]", "", seen) == "", path.name
        assert re.findall(r'(?:aria-label|title|alt)="(?!\$)[^"]+"', text) == [], path.name


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "hi-IN,hi;q=0.9,en;q=0.8", "hi"),
        ("", "de-DE,de;q=0.9", "en"),
        ("", "en;q=0.3, hi;q=0.8", "hi"),
        ("", "hi;q=0, en", "en"),
        ("", "hi;q=x", "en"),
        ("language=hi", "en-IN", "hi"),
        ("a=b; language=en", "hi-IN", "en"),
        ("language=xx", "hi", "hi"),
        ("otherlanguage=hi", "", "en"),
        ("", "x" * 5000 + ",hi", "en"),
    ],
)
def test_the_language_is_the_chosen_one_then_the_browsers_then_english(cookie: str, accepted: str, language: str) -> None:
    assert languages.of({"cookie": (cookie,), "accept-language": (accepted,)}) == language


def test_a_values_braces_are_no_placeholder() -> None:
    assert languages.t("Return to {name}", "hi", name="{name} & Co") == "{name} & Co पर लौटें"


def test_problems_are_named_by_codes_of_the_contract() -> None:
    contract = json.loads(Path(ROOT / "functions" / "dashboard" / "openapi.json").read_text(encoding="utf-8"))
    codes = set(re.findall(r'"([a-z_]+)"', json.dumps(contract["components"])))
    assert set(HINDI["errors"]) <= codes
    assert languages.problems("en") == "{}"
