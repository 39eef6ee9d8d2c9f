"""`python -m local.card_brands`: `build` makes the list and its table, `fetch` takes the package's newest release, `check` compares."""

import sys
from collections.abc import Callable

from bench.table import write_section
from local.card_brands import merged, package
from local.paths import ROOT

DOCUMENT = ROOT / "docs" / "payment-methods.md"


def build() -> None:
    """Write the vault's list and the table of docs/payment-methods.md."""
    merged.TARGET.write_text(merged.render(), encoding="utf-8")
    write_section("card brands", merged.table(), DOCUMENT)
    print(f"{merged.TARGET.name}: {len(merged.ranges())} ranges")


def fetch() -> None:
    """Keep the newest release of the package."""
    print(f"{package.NAME} {package.fetch()['version']}")


def check() -> None:
    """Whether npm has a newer release than is kept. Exits with 1 when it has."""
    mine, theirs = package.kept()["version"], package.newest()
    print(f"{package.NAME}: {mine} is kept, {theirs['version']} of {theirs['released']} is the newest")
    if mine != theirs["version"]:
        raise SystemExit(1)


def main() -> None:
    """Run what is named."""
    known: dict[str, Callable[[], None]] = {"build": build, "check": check, "fetch": fetch}
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in known:
        raise SystemExit(f"python -m local.card_brands {'|'.join(known)}")
    known[name]()


if __name__ == "__main__":
    main()
