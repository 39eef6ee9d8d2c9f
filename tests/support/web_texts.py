"""The texts in the scripts of the merchant's page: which are translated, and which the catalogue lacks.

`python -m tests.support.web_texts` sorts the Hindi catalogue, removes what is not used, and lists what it lacks.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.support.javascript import Token, arguments, tokens
from tests.support.template import ROOT

WEB: Final = ROOT / "web"
CATALOGUE: Final = WEB / "texts_hi.json"
# Ends each part, so that each text has a comma behind it and lines that two branches add stay JSON together.
LAST: Final = "~"
# What is no text: another company's script, and the one that translates.
OTHERS: Final = {"uplot.js", "texts.js"}
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text where it is translated. forms: the English one, for a count (one, other). names: what it is given."""

    file: str
    line: int
    forms: tuple[str, ...]
    names: frozenset[str]

    @property
    def key(self) -> str:
        return self.forms[-1]

    @property
    def wanted(self) -> set[str]:
        """The placeholders of the text."""
        return {name for form in self.forms for name in _PLACEHOLDER.findall(form)}


def scripts() -> list[Path]:
    """The page's own scripts."""
    return sorted(path for path in WEB.glob("*.js") if path.name not in OTHERS)


@cache
def read(path: Path) -> list[Token]:
    """The tokens of a script."""
    return tokens(path.read_text(encoding="utf-8"))


def texts(path: Path) -> Iterator[Text]:
    """Each call of `t` and `plural`. Raises ValueError for a text that is no literal."""
    found = read(path)
    for index, token in enumerate(found):
        if token.kind != "name" or token.text not in {"t", "plural"} or not _is_call(found, index):
            continue
        given = arguments(found, index + 1)
        count = token.text == "plural"
        literals = given[1:3] if count else given[:1]
        if not literals or any(len(each) != 1 or each[0].kind != "string" for each in literals):
            raise ValueError(f"{path.name}:{token.line}: {token.text}() takes the text as a literal")
        names = _names(given[3 if count else 1 :]) | ({"count"} if count else set())
        yield Text(path.name, token.line, tuple(each[0].text for each in literals), frozenset(names))


def _is_call(found: list[Token], index: int) -> bool:
    before = found[index - 1].text if index else ""
    return found[index + 1].text == "(" and before not in {".", "function"}


def _names(given: list[list[Token]]) -> set[str]:
    """The fields of an object literal: `{ name, other: value }`."""
    if not given:
        return set()
    names, depth, expecting = set(), 0, False
    for token in given[0]:
        if token.text in {"{", "(", "["} and token.kind == "mark":
            depth += 1
            expecting = depth == 1
        elif token.text in {"}", ")", "]"} and token.kind == "mark":
            depth -= 1
        elif token.text == "," and depth == 1:
            expecting = True
        elif expecting:
            names.add(token.text)
            expecting = False
    return names


def static_texts() -> list[str]:
    """The texts of the page itself, which its elements name."""
    page = (WEB / "index.html").read_text(encoding="utf-8")
    return re.findall(r'data-(?:text|label)="([^"]+)"', page)


def catalogue() -> dict[str, Any]:
    """The Hindi catalogue. Raises ValueError for a text that is in it twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            raise ValueError(f"twice in the catalogue: {sorted({name for name in names if names.count(name) > 1})}")
        return found

    found: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"), object_pairs_hook=once)
    return {part: {name: hindi for name, hindi in entries.items() if name != LAST} for part, entries in found.items()}


def lacking() -> dict[str, list[str]]:
    """The texts that have no Hindi, by part of the catalogue."""
    found, known = [text for path in scripts() for text in texts(path)], catalogue()
    single = {text.key for text in found if len(text.forms) == 1} | set(static_texts())
    counted = {text.key for text in found if len(text.forms) > 1}
    return {"texts": sorted(single - set(known["texts"])), "plurals": sorted(counted - set(known["plurals"]))}


def unused() -> dict[str, list[str]]:
    """The texts of the catalogue that no script uses."""
    found, known = [text for path in scripts() for text in texts(path)], catalogue()
    single = {text.key for text in found if len(text.forms) == 1} | set(static_texts())
    counted = {text.key for text in found if len(text.forms) > 1}
    return {"texts": sorted(set(known["texts"]) - single), "plurals": sorted(set(known["plurals"]) - counted)}


def ordered(known: dict[str, Any]) -> str:
    """The catalogue as its file has it: a text a line, by its English."""
    parts = []
    for part, entries in known.items():
        lines = [f"    {json.dumps(key, ensure_ascii=False)}: {json.dumps(entries[key], ensure_ascii=False)}" for key in sorted(entries)]
        parts.append(f"  {json.dumps(part)}: {{\n" + ",\n".join([*lines, f'    "{LAST}": ""']) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    """Sort the catalogue and list what it lacks; 1 if it lacks something."""
    known, extra, missing = catalogue(), unused(), lacking()
    for part, names in extra.items():
        for name in names:
            del known[part][name]
    known["words"] = {name: hindi for name, hindi in known["words"].items() if name not in known["texts"]}
    CATALOGUE.write_text(ordered(known), encoding="utf-8")
    for part, names in missing.items():
        for name in names:
            print(f"{part}: {json.dumps(name, ensure_ascii=False)}: ,")
    return int(any(missing.values()))


if __name__ == "__main__":
    sys.exit(main())
