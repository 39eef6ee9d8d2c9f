"""Both sources made into one list: the file that the vault reads, and the table in the documentation."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from bench.table import markdown
from local.card_brands import package
from local.paths import ROOT

ADDITIONS: Final = Path(__file__).parent / "additions.toml"
TARGET: Final = ROOT / "functions" / "tokens" / "instruments" / "card_brands.json"
_SHOWN_RANGES: Final = 8


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers that begin with `low` to `high`, digits of one length; `joint`: another network's cards that this brand takes too."""

    low: str
    high: str
    brand: str
    lengths: tuple[int, ...]
    joint: bool
    source: str

    @property
    def share(self) -> Fraction:
        """How much of all numbers it covers: the smaller, the more it says about a number."""
        return Fraction(int(self.high) - int(self.low) + 1, 10 ** len(self.low))


def additions() -> dict[str, Any]:
    """The additions as they are written."""
    return tomllib.loads(ADDITIONS.read_text(encoding="utf-8"))


def ranges() -> list[Range]:
    """Every range, what says most about a number first: own cards before joint ones, small ranges before large ones, then file order."""
    named, published = additions()["brands"], package.kept()["brands"]
    order = {brand: number for number, brand in enumerate(named)}
    every = [each for brand, entry in named.items() for each in _of_brand(brand, entry, published)]
    return sorted(_joined(every), key=lambda each: (each.joint, each.share, order[each.brand], each.low))


def render() -> str:
    """The vault's file, a line each range: first prefix, last prefix, brand, lengths of whole numbers."""
    added, release = additions(), package.kept()
    head = {
        "date": added["date"],
        "package": f"{release['package']} {release['version']} of {release['released']}",
        "names": {brand: entry["name"] for brand, entry in added["brands"].items()},
        "without_check_digit": [brand for brand, entry in added["brands"].items() if not entry.get("luhn", True)],
    }
    lines = ",\n".join(f"    {json.dumps([each.low, each.high, each.brand, list(each.lengths)])}" for each in ranges())
    return "\n".join(
        ["{", *(f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()), '  "ranges": [', lines, "  ]", "}\n"]
    )


def table() -> str:
    """The same for readers."""
    added, release, every = additions(), package.kept(), ranges()
    rows = []
    for brand, entry in added["brands"].items():
        own = sorted((each for each in every if each.brand == brand), key=lambda each: (each.joint, each.low))
        check_digit = "yes" if entry.get("luhn", True) else "where it has one"
        rows.append((f"`{brand}`", entry["name"], _prefixes(own, joint=False), _prefixes(own, joint=True), _lengths(own), check_digit))
    headers = ("`brand`", "name", "numbers begin with", "and, of other networks", "digits", "check digit")
    package_release = f"`{release['package']}` {release['version']} of {release['released']}"
    said = f"List of {added['date']}: {package_release} and our additions, each with its source (`local/card_brands/additions.toml`)."
    return f"{said}\n\n{markdown(headers, rows)}"


def _of_brand(brand: str, entry: Mapping[str, Any], published: Mapping[str, Any]) -> Iterator[Range]:
    lengths = tuple(entry["lengths"])
    if "package" in entry:
        theirs = published[entry["package"]]
        left_out = set(entry.get("without", ()))
        for pattern in theirs["patterns"]:
            low, high = map(str, pattern) if isinstance(pattern, list) else (str(pattern), str(pattern))
            if low not in left_out:
                yield Range(low, high, brand, tuple(sorted({*lengths, *theirs["lengths"]})), joint=False, source=package.NAME)
    for group in entry["ranges"]:
        for prefix in group["prefixes"]:
            low, _, high = prefix.partition("-")
            joint = group.get("joint", False)
            yield Range(low, high or low, brand, tuple(group.get("lengths", lengths)), joint=joint, source=group["source"])


def _joined(every: list[Range]) -> list[Range]:
    """One line where both sources name the same range of a brand."""
    found: dict[tuple[str, str, str, bool], Range] = {}
    for each in every:
        key = (each.low, each.high, each.brand, each.joint)
        known = found.get(key, each)
        lengths = tuple(sorted({*known.lengths, *each.lengths}))
        found[key] = Range(each.low, each.high, each.brand, lengths, each.joint, known.source)
    return list(found.values())


def _prefixes(own: list[Range], *, joint: bool) -> str:
    shown = [each.low if each.low == each.high else f"{each.low} to {each.high}" for each in own if each.joint == joint]
    more = f" and {len(shown) - _SHOWN_RANGES} more" if len(shown) > _SHOWN_RANGES else ""
    return ", ".join(shown[:_SHOWN_RANGES]) + more


def _lengths(own: list[Range]) -> str:
    lengths = sorted({length for each in own for length in each.lengths})
    if lengths == list(range(lengths[0], lengths[-1] + 1)) and len(lengths) > 2:
        return f"{lengths[0]} to {lengths[-1]}"
    return ", ".join(map(str, lengths))
