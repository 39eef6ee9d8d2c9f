"""What is found of each processor of the library, as the table has it."""

from collections.abc import Iterable
from typing import Any, Final

from local.probing import asking, findings, forms
from payments.connectors.prism.library import Library

LIBRARYS: Final = "prism:"
Entry = dict[str, Any]


def entry(loaded: Library, name: str) -> Entry | None:
    """One processor of the library; None for one by which nothing can be paid with credentials that a merchant can give."""
    processor = asking.Processor(loaded, name)
    found = findings.offers(processor, forms.of(loaded))
    if not found:
        return None
    first = next((offer for offer in found if offer.name == "card"), found[0])
    return {
        "name": f"{LIBRARYS}{name}",
        "methods": findings.methods(found),
        "currencies": findings.currencies(processor, first),
        "credentials": findings.credentials(processor, first),
        "flows": findings.flows(processor, found),
        "lookup_by": findings.looked_up_by(processor, "get", "merchant_transaction_id", first.currency),
        "refund_lookup_by": findings.looked_up_by(processor, "refund_get", "merchant_refund_id", first.currency),
    }


def entries(loaded: Library, names: Iterable[str]) -> list[Entry]:
    """Those of these processors by which something can be paid."""
    return [found for name in names if (found := entry(loaded, name)) is not None]
