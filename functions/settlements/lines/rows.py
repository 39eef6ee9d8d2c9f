"""From a reported line to the row that is stored: its key, its place, and whether two say the same."""

from typing import Final

from paycorex import clock
from paycorex.currencies import EXPONENTS
from paycorex.ledger import MAX_POSTING
from paycorex.records.settlement import settlement_id
from paycorex.records.settlement_line import IN_CLEARING, IN_SUSPENSE, SettlementLineItem, order_of, subject_of
from payments.connectors.settling import LineKind, ReportLine

# What a name in a report has at most; longer ones are refused, never cut, because a cut name may be another line's.
MAX_NAME_CHARACTERS: Final = 128
# How the name of a line begins that has none in its report: it follows from its content.
BY_CONTENT: Final = "row-"


def problem_of(line: ReportLine) -> str | None:
    """Why a line cannot be stored; None when it can."""
    names = (line.line_reference, line.charge_reference, line.object_reference, line.our_reference, line.settlement_reference)
    if not line.line_reference:
        return "it has no name"
    if any(name is not None and (len(name) > MAX_NAME_CHARACTERS or not name.isprintable() or "#" in name) for name in names):
        return f"a reference has more than {MAX_NAME_CHARACTERS} characters, or some that are not allowed"
    if line.currency not in EXPONENTS:
        return "its currency is none that can be booked"
    if max(map(abs, (line.gross, line.fee, line.tax, line.net))) > MAX_POSTING:
        return "its amount is beyond what can be booked"
    if line.occurred_at is not None and not 0 <= line.occurred_at < 10**13:
        return "its time is none"
    return None


def row_of(merchant_id: str, connector: str, line: ReportLine, import_id: str | None, number: int | None) -> SettlementLineItem:
    """The row of a line about which no record is known yet."""
    subject = subject_of(merchant_id, connector, line.charge_reference or line.object_reference or line.line_reference)
    name = f"{line.kind_name.lower()}#{line.line_reference}"
    reference = line.settlement_reference
    return SettlementLineItem(
        subject=subject,
        line=name,
        merchant_id=merchant_id,
        connector=connector,
        line_reference=line.line_reference,
        kind=line.kind.value,
        kind_name=line.kind_name,
        charge_reference=line.charge_reference,
        object_reference=line.object_reference,
        our_reference=line.our_reference,
        gross=line.gross,
        fee=line.fee,
        tax=line.tax,
        currency=line.currency,
        occurred_at=line.occurred_at,
        placed=IN_SUSPENSE,
        import_id=import_id,
        number=number,
        settlement_id=None if reference is None else settlement_id(merchant_id, connector, reference, line.currency),
        order_key=order_of(subject, name, line.occurred_at),
        created_at=clock.now_ms(),
    )


def place(row: SettlementLineItem, record: str | None) -> None:
    """Note which record of ours a line is about, and with it where its gross is booked."""
    row.record, row.placed = record, IN_SUSPENSE if record is None else IN_CLEARING


def says_the_same(known: SettlementLineItem, row: SettlementLineItem) -> bool:
    """Whether a line that is reported again is as it was. A kind that had no rule may have one by now."""
    is_kind_equal = known.kind in {row.kind, LineKind.UNKNOWN}
    # A provider's file may not part fee and tax as its API does.
    kept = [int(each.fee) + int(each.tax) for each in (known, row)]
    return is_kind_equal and (known.currency, int(known.gross), kept[0]) == (row.currency, int(row.gross), kept[1])


def is_unnamed_twin(known: SettlementLineItem, row: SettlementLineItem) -> bool:
    """Whether two lines of one file are equal and neither has a name: they may be one that was written twice, or two."""
    is_of_one_file = row.import_id is not None and known.import_id == row.import_id
    return row.line_reference.startswith(BY_CONTENT) and is_of_one_file and known.number != row.number


def is_of(known: SettlementLineItem, row: SettlementLineItem) -> bool:
    """Whether a stored line came from the very line of this import: a run before was killed behind it."""
    return row.import_id is not None and known.import_id == row.import_id and known.number == row.number
