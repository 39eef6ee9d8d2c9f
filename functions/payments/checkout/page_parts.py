"""What the checkout's pages share: their files, their style, and what each has of its language."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from payments.payer_page import languages
from payments.payer_page.parts import part

_HERE: Final = Path(__file__).parent
# What a shop's page loads.
BUTTON_SCRIPT: Final = _HERE.joinpath("checkout.js")


def template(name: str, language: str) -> Template:
    """A page's file in a language."""
    return part(name, language, _HERE)


def style() -> str:
    """The style of payers' pages with the checkout's own."""
    return part("page.css").template + _text("checkout.css")


@cache
def _text(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def script(name: str, language: str) -> str:
    """A page's script, with the switch of languages."""
    return part(name, language, _HERE).template + part("language.js").template


def spoken(language: str) -> dict[str, str]:
    """What each page has of its language."""
    problems = escape(languages.problems(language), quote=True)
    return {"language": language, "languages": languages.switch(language), "problems": problems}
