"""The table of processors in docs/payment-methods.md, made from what `GET /v1/processors` answers."""

from typing import Final

from local.paths import ROOT
from paycorex import processors
from paycorex.processors import Processor
from payments.connectors import capabilities

DOCUMENT: Final = ROOT / "docs" / "payment-methods.md"
_BEGIN, _END = "<!-- processors -->", "<!-- end of processors -->"
_FLOWS: Final = {
    "capture": "capture",
    "void": "void",
    "increment": "increment",
    "refund": "refund",
    "callbacks": "callbacks",
    "disputes": "disputes",
    "three_ds": "3-D Secure",
    "recurring": "recurring",
    "card_fields": "its own card fields",
}
_HEADERS: Final = ("connector", "certified", "ways to pay", *_FLOWS.values(), "payment looked up by", "refund looked up by")
_SHOWN: Final = 5
_NAMES: Final = {"our_reference": "ours", "provider_reference": "its own", None: ""}


def render(document: str) -> str:
    """The document with the table as it should be."""
    head, _, rest = document.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n{table()}\n{_END}{tail}"


def table() -> str:
    """One row for each connector, the certified ones first."""
    every = sorted(processors.every(), key=lambda one: (not one.is_certified, one.name))
    return "\n".join(["| " + " | ".join(line) + " |" for line in (_HEADERS, ["---"] * len(_HEADERS), *map(_row, every))])


def _row(processor: Processor) -> list[str]:
    more = len(processor.methods) - _SHOWN
    # A card is what most readers look for.
    methods = sorted(processor.methods, key=lambda way: way != "card")
    ways = " ".join(f"`{way}`" for way in methods[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    flows = capabilities.flows_of(processor.name, processor.flows)
    return [
        f"`{processor.name}`",
        "yes" if processor.is_certified else "",
        ways,
        *("yes" if flows[flow] else "" for flow in _FLOWS),
        _NAMES[capabilities.looked_up_by(processor.name, "get", processor.lookup_by if flows["lookup"] else None)],
        _NAMES[capabilities.looked_up_by(processor.name, "refund_get", processor.refund_lookup_by)],
    ]


def write() -> None:
    """Put the table into the document."""
    DOCUMENT.write_text(render(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
