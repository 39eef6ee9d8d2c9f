"""A mapping: which columns of a report say what, and how its words and numbers are written."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints

from paycorex.contract import Body, CurrencyCode
from payments.connectors.settling import LineKind

FieldName = Literal[
    "line_reference", "kind", "charge_reference", "object_reference", "our_reference", "settlement_reference", "bank_reference",
    "currency", "occurred_at", "gross", "net", "credit", "debit", "fee", "tax", "direction", "fee_direction",
]  # fmt: skip
# Fields whose columns are added up; of the others the first column that is not empty counts.
SUMMED: Final = frozenset({"gross", "net", "credit", "debit", "fee", "tax"})
FIELDS: Final[tuple[FieldName, ...]] = get_args(FieldName)
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
KindName = Literal[
    "payment", "refund", "refund_failure", "dispute", "dispute_won", "fee", "adjustment", "reserve", "payout",
    "payout_return",
]  # fmt: skip
Ready = Literal["stripe", "razorpay", "adyen", "paypal", "cashfree"]


class CsvMapping(Body):
    """How a report's CSV is read. With `extends`, what is said here replaces that of a ready mapping, field by field.

    columns: the names of the columns of each field; amounts are summed over them, of other fields the first that is not empty counts. An
    amount comes as `gross`, as `net`, or as `credit` and `debit` (of the net amount); what is missing follows from the fees. kinds: the
    provider's words, in lower case; `t04*` is every word that begins so. A word that is not here stops its settlement.
    """

    extends: Ready | None = None
    columns: Annotated[dict[FieldName, Annotated[list[Name], Field(min_length=1, max_length=8)]], Field(max_length=32)] = Field(
        default_factory=dict
    )
    kinds: Annotated[dict[Name, KindName], Field(max_length=100)] = Field(default_factory=dict)
    # What every line must say, such as the account that the report is of.
    expect: Annotated[dict[Name, Name], Field(max_length=8)] = Field(default_factory=dict)
    # Of rows that begin with a word for their type: those with lines, those with the columns' names, and those that begin a section,
    # whose next three cells name the payout of its lines.
    row_type: Name | None = None
    header_type: Name | None = None
    section_type: Name | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    encoding: Literal["utf-8", "windows-1252", "iso-8859-1"] | None = None
    decimal_separator: Literal[".", ","] | None = None
    # Amounts in major units (10.00) or in minor ones (1000).
    unit: Literal["major", "minor"] | None = None
    currency: CurrencyCode | None = None
    # `iso` (2026-11-28 10:00:00, RFC 3339), `unix` (seconds), or a pattern of strptime.
    time: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    utc_offset_minutes: Annotated[int, Field(ge=-840, le=840)] | None = None
    fee_includes_tax: bool | None = None
    # Fees are written as negative amounts, or with a sign in `fee_direction`.
    fee_is_negative: bool | None = None
    # Words of `direction` that take money from the merchant.
    debit_words: Annotated[list[Name], Field(max_length=8)] = Field(default_factory=list)

    def over(self, base: "CsvMapping") -> "CsvMapping":
        """This mapping's words, and the base's where it has none."""
        changes = {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name) not in (None, {}, [])}
        for name in ("columns", "kinds", "expect"):
            changes[name] = {**getattr(base, name), **getattr(self, name)}
        return base.model_copy(update=changes | {"extends": None})


KINDS: Final = {kind.value: kind for kind in LineKind}
