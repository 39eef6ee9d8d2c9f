"""Literals in the scripts of the merchant's page that a reader would see, and that are not translated."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from tests.support.javascript import Token
from tests.support.web_texts import WEB, read

# Arguments and fields that a reader never sees.
_UNSEEN_FIELDS: Final = frozenset(
    [
        "class",
        "type",
        "name",
        "role",
        "rel",
        "target",
        "id",
        "pattern",
        "autocomplete",
        "inputmode",
        "accept",
        "spellcheck",
        "method",
        "lang",
        "for",
        "href",
        "format",
        "step",
        "size",
    ]
) | {"aria-labelledby", "aria-describedby", "aria-live", "aria-current", "data-opens"}
_UNSEEN_CALLS: Final = frozenset(
    [
        "querySelector",
        "querySelectorAll",
        "matches",
        "closest",
        "addEventListener",
        "setAttribute",
        "startsWith",
        "Event",
        "toggle",
        "getElementById",
        "matchMedia",
    ]
)
_PROSE: Final = re.compile(r"\b[A-Z][a-z]+\b|\b[A-Z]-[a-z]+|[A-Za-z]\S*\s|\s\S*[A-Za-z]")
_HEADER: Final = re.compile(r"[A-Z]\w*(-[A-Z]\w*)+")
# Names of the field, which are the same in every language.
_NAMES: Final = frozenset(
    {
        "PayCoreX",
        "UTC",
        "Edge",
        "Firefox",
        "Chrome",
        "Safari",
        "Android",
        "Windows",
        "Linux",
        "Ethereum",
        "Polygon",
        "BNB Smart Chain",
        "Stripe",
        "Razorpay",
        "Authorize.Net",
        "Global Payments",
        "Checkout.com",
    }
)


@cache
def classes() -> frozenset[str]:
    """The names of the style sheet's classes: a literal of them is no text."""
    named = re.findall(r"\.([a-z][\w-]*)", (WEB / "style.css").read_text(encoding="utf-8"))
    return frozenset(named) | {"lead", "meta", "side", "wrap", "num"}


def untranslated(path: Path) -> list[str]:
    """Literals that a reader would see and that are not translated, as `line: text`."""
    found, open_calls, wrong = read(path), [], []
    for index, token in enumerate(found):
        if token.kind == "mark" and token.text in {"(", "["}:
            before = found[index - 1] if index else None
            open_calls.append(before.text if token.text == "(" and before and before.kind == "name" else token.text)
        elif token.kind == "mark" and token.text in {")", "]"} and open_calls:
            open_calls.pop()
        elif token.kind in {"string", "template"} and _is_seen(found, index, open_calls):
            wrong.append(f"{token.line}: {token.text}")
    return wrong


def _is_seen(found: list[Token], index: int, open_calls: list[str]) -> bool:
    token, before = found[index], found[index - 1]
    call = open_calls[-1] if open_calls else ""
    if call in {"t", "plural", "word"} | _UNSEEN_CALLS or before.text in {"from", "import", "===", "!=="}:
        return False
    if before.text == ":" and found[index - 2].text in _UNSEEN_FIELDS and found[index - 2].kind in {"name", "string"}:
        return False
    if token.text.startswith(("aria-", "data-", "[data-")) or (before.text == ":" and found[index - 2].text.startswith("data-")):
        return False
    text = token.text.removesuffix(" · PayCoreX")
    if text.strip() in _NAMES or _HEADER.fullmatch(text) or set(text.split()) <= classes() or "/" in text.split(" ")[0]:
        return False
    is_child = call == "h" and before.text == "," and bool(re.search(r"[A-Za-z]", text)) and found[index - 2].text in {"}", ")", "null"}
    return bool(_PROSE.search(text)) or is_child
