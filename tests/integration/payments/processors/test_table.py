"""What is certified: the list that `GET /v1/processors` shows and the table in the documents, made from the processors that are played.

CERTIFIED=write .venv/bin/pytest tests/integration/payments/processors/test_table.py
"""

import json
import os
import re
from typing import Final

from local.paths import ROOT
from local.probing import documents
from paycorex import processors as catalogue
from payments.connectors import registry
from payments.connectors.prism import processors
from payments.connectors.prism.facts import Step
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.fake import CASES, FakeProcessor

NAMES: Final = ROOT / "layers" / "common" / "paycorex" / "certified_processors.json"
DOCUMENT: Final = ROOT / "docs" / "payment-methods.md"
PLACE: Final = re.compile(r"(?<=<!-- certified -->\n).*?(?=<!-- end of certified -->)", re.DOTALL)
MISSING: Final = "run: CERTIFIED=write .venv/bin/pytest tests/integration/payments/processors/test_table.py"


def names() -> list[str]:
    """Our own connectors, whose tests are beside these, and every processor that is played here."""
    return sorted([*registry.METHODS, *(f"prism:{kind.name}" for kind in fake.every())])


def table() -> str:
    """A line for each processor, a column for each case."""
    head = ["processor", "pays by", *CASES, "its own card fields", "an answer that was lost"]
    lines = [head, ["---"] * len(head), *map(_line, fake.every())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _line(kind: type[FakeProcessor]) -> list[str]:
    cases = ["yes" if case in kind.certifies else "" for case in CASES]
    return [f"`prism:{kind.name}`", kind.pays_by, *cases, _fields_of(kind), _found_by(kind)]


def _fields_of(kind: type[FakeProcessor]) -> str:
    """How a card that is typed into them is charged (`test_certified_fields`, `test_named_cards`)."""
    known = processors.of(kind.name)
    if known.names is not None:
        return "by a name that is claimed"
    return "pay by themselves" if known.fields is not None else ""


def _found_by(kind: type[FakeProcessor]) -> str:
    known = processors.of(kind.name)
    if "get" in known.finds or Step.ORDER in known.before:
        return "is asked for by our reference"
    return "waits for the callback" if "callback" in kind.certifies else "waits for an operator"


def test_the_list_and_the_table_are_what_is_played() -> None:
    if os.environ.get("CERTIFIED") == "write":
        NAMES.write_text(json.dumps(names()) + "\n", encoding="utf-8")
        catalogue.certified.cache_clear()
        catalogue._by_name.cache_clear()
        documents.write()
        DOCUMENT.write_text(PLACE.sub(lambda _: table(), DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    assert json.loads(NAMES.read_text(encoding="utf-8")) == names(), MISSING
    found = PLACE.search(DOCUMENT.read_text(encoding="utf-8"))
    assert found is not None, "docs/payment-methods.md has no place for the table"
    assert found.group() == table(), MISSING


def test_every_processor_that_is_played_certifies_what_all_must() -> None:
    for kind in fake.every():
        assert {"authorize", "decline", "timeout", "refund"} <= kind.certifies <= set(CASES), kind.name
