"""An import: one report on its way into the books, from a file or from a provider's API, and how far it was read."""

from typing import Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.storage import Item

UPLOADING: Final = "uploading"
READING: Final = "reading"
DONE: Final = "done"
FAILED: Final = "failed"

# What an import lists at most: refused lines, payouts of a preview, names of a reader's own (its place, its counts), columns of a mapping.
MAX_ERRORS: Final = 100
MAX_PREVIEWED: Final = 200
MAX_NAMES: Final = 32


class SettlementImportItem(Item):
    """An import as it is stored. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "settlement_imports"

    import_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    # A connector, or `bank`.
    source = UnicodeAttribute()
    # Null for what is fetched by API.
    format = UnicodeAttribute(null=True)
    mapping = JSONAttribute(null=True)
    # Of the file: bytes, and its SHA-256 in hexadecimal digits.
    size = NumberAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    # Of what is fetched by API.
    from_ms = NumberAttribute(null=True)
    to_ms = NumberAttribute(null=True)
    # Read and judged, and nothing stored or booked.
    is_preview = BooleanAttribute(default=False)
    status = UnicodeAttribute()
    # Why it failed.
    problem = UnicodeAttribute(null=True)
    # Where to go on: the reader's own words.
    place = JSONAttribute(null=True)
    # Lines: how many there are (known at the end), were read, are new, were known before, and were refused.
    lines = NumberAttribute(null=True)
    read = NumberAttribute(default=0)
    accepted = NumberAttribute(default=0)
    known = NumberAttribute(default=0)
    rejected = NumberAttribute(default=0)
    # The first of the refused: [[number, reason], ...].
    errors = JSONAttribute(null=True)
    # Of a preview: [[provider's name of the payout, currency, lines, gross, fee, tax], ...].
    preview = JSONAttribute(null=True)
    # What a reader counts beside lines (such as statements of a bank), as the reader names it.
    counts = JSONAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # While it is not over.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


class RefusedLine(View):
    """A line that was refused: its number in the file, from 1, and why."""

    line: int
    reason: str


class PreviewedSettlement(View):
    """What a file would add to one payout: sums over its lines."""

    provider_reference: str
    currency: str
    lines: int
    gross: str
    fee: str
    tax: str
    net: str


class SettlementImportView(View):
    """The contract's import. `errors` has the first of the rejected lines; `preview` is there with `dry_run`, which books nothing."""

    import_id: str
    merchant_id: str
    mode: Mode
    source: str
    format: str | None
    dry_run: bool
    status: str
    problem: str | None
    lines: int | None
    read: int
    accepted: int
    known: int
    rejected: int
    errors: list[RefusedLine]
    preview: list[PreviewedSettlement] | None
    created_at: str
    updated_at: str


def view(item: SettlementImportItem) -> SettlementImportView:
    """The contract object of a stored import."""
    return SettlementImportView(
        import_id=item.import_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        source=item.source,
        format=item.format,
        dry_run=bool(item.is_preview),
        status=item.status,
        problem=item.problem,
        lines=None if item.lines is None else int(item.lines),
        read=int(item.read),
        accepted=int(item.accepted),
        known=int(item.known),
        rejected=int(item.rejected),
        errors=[RefusedLine(line=number, reason=reason) for number, reason in item.errors or ()],
        preview=None if item.preview is None else [_previewed(*row) for row in item.preview],
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )


def _previewed(reference: str, currency: str, lines: int, *sums: int) -> PreviewedSettlement:
    gross, fee, tax = (int(each) for each in sums)
    return PreviewedSettlement(
        provider_reference=reference,
        currency=currency,
        lines=lines,
        gross=format_minor(gross, currency),
        fee=format_minor(fee, currency),
        tax=format_minor(tax, currency),
        net=format_minor(gross - fee - tax, currency),
    )
