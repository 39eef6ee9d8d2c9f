"""UPI deep links (NPCI, UPI Linking Specifications 1.6): `upi://pay?pa=…&pn=…&tr=…&am=…&cu=INR&tn=…&mc=…`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from paycorex.errors import UnsupportedCurrency
from paycorex.money import Money

MAX_NAME_CHARACTERS: Final = 99
MAX_NOTE_CHARACTERS: Final = 80
CURRENCY: Final = "INR"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid: UPI address, name, and four digits of merchant category (ISO 18245) when known."""

    vpa: str
    name: str
    category: str | None = None


def transaction_reference(payment_id: str) -> str:
    """`tr`: letters and digits only, at most 35. The payment's id without its underscore."""
    return payment_id.replace("_", "")


def pay_link(payee: Payee, amount: Money, *, payment_id: str, note: str | None) -> str:
    """The link that a payer's app opens. Raises UnsupportedCurrency for anything but rupees."""
    if amount.currency != CURRENCY:
        raise UnsupportedCurrency("UPI moves rupees only.", details={"field": "currency"})
    fields = {
        "pa": payee.vpa,
        "pn": name_of(payee),
        "tr": transaction_reference(payment_id),
        "am": str(amount),
        "cu": CURRENCY,
        "tn": note_of(note),
        "mc": payee.category,
    }
    return link("pay", fields)


def code_link(payee: Payee, amount: Money | None, *, code_id: str, note: str) -> str:
    """The link of a code that many pay; without an amount each payer types one."""
    fields = {
        "pa": payee.vpa,
        "pn": name_of(payee),
        "tr": transaction_reference(code_id),
        "am": None if amount is None else str(amount),
        "cu": CURRENCY,
        "tn": note_of(note),
        "mc": payee.category,
    }
    return link("pay", fields)


def link(kind: str, fields: Mapping[str, str | None]) -> str:
    """`upi://<kind>?…` with the fields that have a value."""
    # RFC 3986: a space is %20, because apps do not decode `+`; `@` may stand as it is, and some apps expect it to.
    pairs = (f"{name}={quote(value, safe='@')}" for name, value in fields.items() if value)
    return f"upi://{kind}?" + "&".join(pairs)


def name_of(payee: Payee) -> str:
    """`pn`."""
    return payee.name[:MAX_NAME_CHARACTERS]


def note_of(note: str | None) -> str | None:
    """`tn`."""
    return None if note is None else note[:MAX_NOTE_CHARACTERS]
