"""Which record of ours a line is about, by the provider's own name of the charge: exact, or none."""

from collections.abc import Sequence

from payments.connectors.settling import LineKind, ReportLine
from payments.payment import references


def identify(merchant_id: str, connector: str, lines: Sequence[ReportLine]) -> list[str | None]:
    """For each line `payment:<id>`, or None where no payment, or more than one, has that name. Raises storage.Unavailable."""
    return [_payment_of(merchant_id, connector, line) for line in lines]


def _payment_of(merchant_id: str, connector: str, line: ReportLine) -> str | None:
    if line.kind is not LineKind.PAYMENT or line.charge_reference is None:
        return None
    found = references.find(merchant_id, line.charge_reference, connector=connector)
    return f"payment:{found[0]}" if len(found) == 1 else None
