"""UPI one-time mandates: the payer's bank blocks an amount, which is debited once, in whole or in part, within the mandate's days.

The link is `upi://mandate?…` (NPCI, UPI Linking Specifications). Its fields, and the rules below, were read on 2026-11-28 in what service
providers publish (https://juspay.io/upi-merchant-stack/docs/mandates/register-mandate-intent), not in NPCI's own circulars.
"""

from typing import Final

from paycorex import clock
from paycorex.errors import InvalidState, UnsupportedAmount
from paycorex.money import Money
from payments.methods.upi_links import CURRENCY, Payee, link, name_of, note_of, transaction_reference

# The most that a one-time mandate blocks, in minor units: one lakh rupees.
MAX_MINOR: Final = 1_00_000_00
# The day is that of India, whose banks end the mandate.
_INDIA_MS: Final = 19_800_000
# As NPCI counts them: a link that an app opens, and a mandate that is executed once.
_MODE, _PURPOSE = "04", "01"
_NAME: Final = "Payment"


def refuse(payee: Payee, amount: Money) -> None:
    """Raises UnsupportedAmount above the most that is blocked, InvalidState without a merchant category, which a mandate must name."""
    if amount.minor > MAX_MINOR:
        limit = Money(MAX_MINOR, CURRENCY)
        details = {"field": "amount", "limit": str(limit)}
        raise UnsupportedAmount(f"A UPI mandate blocks at most {limit} {CURRENCY}.", details=details)
    if payee.category is None:
        raise InvalidState("Set merchant_category_code first: a mandate names it.", details={"field": "merchant_category_code"})


def mandate_link(payee: Payee, amount: Money, *, payment_id: str, note: str | None, until_ms: int) -> str:
    """The link by which a payer's app makes the mandate: blocked at once, debited at most once until that day."""
    fields = {
        "pa": payee.vpa,
        "pn": name_of(payee),
        "mn": note_of(note) or _NAME,
        "tr": transaction_reference(payment_id),
        "validitystart": _day(clock.now_ms()),
        "validityend": _day(until_ms),
        "am": str(amount),
        "amrule": "MAX",
        "recur": "ONETIME",
        "block": "Y",
        "rev": "N",
        "cu": CURRENCY,
        "mc": payee.category,
        "mode": _MODE,
        "purpose": _PURPOSE,
        "tn": note_of(note),
        "txnType": "CREATE",
    }
    return link("mandate", fields)


def _day(at_ms: int) -> str:
    """DDMMYYYY."""
    year, month, day = clock.rfc3339(at_ms + _INDIA_MS)[:10].split("-")
    return f"{day}{month}{year}"
