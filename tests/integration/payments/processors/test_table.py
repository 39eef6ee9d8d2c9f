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
from payments.connectors import capabilities
from payments.connectors.prism import processors
from payments.connectors.prism.facts import Step
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.fake import CASES, FakeProcessor

NAMES: Final = ROOT / "layers" / "common" / "paycorex" / "certified_processors.json"
DOCUMENT: Final = ROOT / "docs" / "payment-methods.md"
# The flow that a case wants, as `GET /v1/processors` calls it.
FLOW_OF: Final = {"lookup": "lookup", "capture": "capture", "void": "void", "callback": "callbacks", "redirect": "three_ds"}
ABSENT: Final = {
    "capture": "the library has no request for it",
    "void": "the library has no request for it",
    "lookup": "the library has no request for it",
    "callback": "the library reads no callbacks of it",
    "redirect": "the library has no confirmation by the payer's bank for it",
}
PLACE: Final = re.compile(r"(?<=<!-- certified -->\n).*?(?=<!-- end of certified -->)", re.DOTALL)
MISSING: Final = "run: CERTIFIED=write .venv/bin/pytest tests/integration/payments/processors/test_table.py"


def names() -> list[str]:
    """Our own connectors, whose tests are beside these, and every processor that is played here."""
    return sorted([*capabilities.METHODS, *(f"prism:{kind.name}" for kind in fake.every())])


def table() -> str:
    """A line for each processor, a column for each case."""
    head = ["processor", "pays by", *CASES, "its own card fields", "an answer that was lost"]
    lines = [head, ["---"] * len(head), *map(_line, fake.every())]
    rows = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{rows}\nWhy a case is not certified:\n\n{_reasons()}"


def _reasons() -> str:
    """Each reason once, with the processors and the cases that it is about."""
    about: dict[str, list[str]] = {}
    for kind in fake.every():
        empty: dict[str, list[str]] = {}
        for case in CASES:
            if case not in kind.certifies:
                empty.setdefault(_why(kind, case), []).append(case)
        for why, cases in empty.items():
            about.setdefault(why, []).append(f"{' and '.join(cases)} of `prism:{kind.name}`")
    return "".join(f"- {', '.join(cases)}: {why.removesuffix('.')}.\n" for why, cases in about.items())


def _why(kind: type[FakeProcessor], case: str) -> str:
    """Why a processor is not certified in a case: what the catalogue says of it. Raises AssertionError where it says that it can."""
    flow, name = FLOW_OF[case], f"prism:{kind.name}"
    said = capabilities.limits_of(name).get(flow)
    if said is not None:
        return said
    if case == "redirect" and kind.pays_by == "upi":
        return "the payer confirms in an app of the payer's own"
    if case == "redirect" and processors.of(kind.name).forms is not None:
        # `test_browser_forms` has its tests.
        return "the payer confirms by forms that our page posts, certified beside these cases"
    if case == "redirect" and capabilities.asks_payer(name, by_fields=True):
        # `test_confirmed_in_fields` has its tests.
        return "the bank is asked by the processor's own script in its card fields, and the charge demands it, certified beside these cases"
    found = catalogue.find(name)
    assert found is not None, name
    assert not capabilities.flows_of(name, found.flows)[flow], f"{name} can {flow}, and it is not certified"
    return ABSENT[case]


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
