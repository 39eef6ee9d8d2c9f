"""What payers read, in their language: the English text is its own key, and the catalogue beside this file has the Hindi.

In the pages' files a text stands between double braces, `{{Open in your app}}`. A language is a code of `LANGUAGES`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

ENGLISH: Final = "en"
# By code, what each is called in itself.
LANGUAGES: Final = {ENGLISH: "English", "hi": "हिन्दी"}
_HERE: Final = Path(__file__).parent
_MARKED: Final = re.compile(r"\{\{((?:[^{}\n]|\{\w+\})+)\}\}")
_CHOSEN: Final = re.compile(r"(?:^|;)\s*language=(\w+)")
# A browser names a handful; more than that is no browser's.
_MAX_CHARACTERS: Final = 500


def of(headers: Mapping[str, Sequence[str]]) -> str:
    """The language that the payer chose before, else the first of the browser's that there is, else English. Header names in lower case."""
    cookies, wanted = (" ".join(headers.get(name, ()))[:_MAX_CHARACTERS] for name in ("cookie", "accept-language"))
    chosen = _CHOSEN.search(cookies)
    if chosen is not None and chosen[1] in LANGUAGES:
        return chosen[1]
    ranges = sorted((_range(each) for each in wanted.split(",")), key=lambda each: -each[0])
    return next((code for weight, code in ranges if weight > 0 and code in LANGUAGES), ENGLISH)


def _range(text: str) -> tuple[int, str]:
    """A range of Accept-Language (RFC 9110, 12.5.4): its weight in thousandths, zero for one that is none, and its primary code."""
    name, _, parameter = text.partition(";")
    code = name.strip().lower().partition("-")[0]
    if not parameter.strip():
        return 1000, code
    weight = re.fullmatch(r"\s*q=(?:(1)(?:\.0{0,3})?|0(?:\.(\d{0,3}))?)\s*", parameter, re.ASCII)
    if weight is None:
        return 0, code
    return (1000 if weight[1] else int((weight[2] or "").ljust(3, "0"))), code


def t(text: str, language: str, **values: object) -> str:
    """A text in a language; `{name}` in it takes a value."""
    found = catalogue(language)["texts"].get(text, text)
    for name, value in values.items():
        found = found.replace(f"{{{name}}}", str(value))
    return found


def translated(marked: str, language: str) -> str:
    """A page's file with its marked texts in a language."""
    return _MARKED.sub(lambda found: t(found[1], language), marked)


def marked_texts(marked: str) -> list[str]:
    """The texts that a page's file marks."""
    return _MARKED.findall(marked)


def problems(language: str) -> str:
    """What the page's script says for an error of the API, as JSON by its code. English is what the API says itself."""
    return json.dumps(catalogue(language)["errors"], ensure_ascii=False)


def switch(language: str) -> str:
    """The buttons that lead to the other languages."""
    others = [(code, name) for code, name in LANGUAGES.items() if code != language]
    buttons = "".join(f'<button type="button" data-language="{code}" lang="{code}" hidden>{escape(name)}</button>' for code, name in others)
    return f'<p class="languages">{buttons}</p>'


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """The texts and the errors' sentences of a language; English has none, since its texts are the keys."""
    if language == ENGLISH:
        return {"texts": {}, "errors": {}}
    found: dict[str, dict[str, str]] = json.loads(_HERE.joinpath(f"texts_{language}.json").read_text(encoding="utf-8"))
    return found
