"""What a file would add, payout by payout: shown before anything is booked."""

from collections.abc import Sequence
from typing import Any

from paycorex.records.settlement_import import MAX_PREVIEWED
from payments.connectors.settling import LineKind, ReportLine


def added(preview: Sequence[Sequence[Any]] | None, lines: Sequence[ReportLine]) -> list[list[Any]]:
    """The preview with some lines more. The payouts beyond those that are shown are summed up by currency, under no name."""
    sums = {(row[0], row[1]): [int(each) for each in row[2:]] for row in preview or ()}
    for line in lines:
        if line.kind is LineKind.PAYOUT:
            continue
        name = (line.settlement_reference or "", line.currency)
        if name not in sums and len(sums) >= MAX_PREVIEWED - 10:
            name = ("", line.currency)
        known = sums.setdefault(name, [0, 0, 0, 0])
        for place, more in enumerate((1, line.gross, line.fee, line.tax)):
            known[place] += more
    return [[*name, *each] for name, each in sorted(sums.items())]
