"""QR codes of what a payer scans, as SVG or PNG."""

import io
from typing import Any, Final

from paycorex.errors import InvalidState
from paycorex.records.payment import PaymentItem

_SCALE: Final = 8
_BORDER: Final = 4


def content_of(payment: PaymentItem) -> str:
    """What the payment's code says. Raises InvalidState when there is nothing to scan (any more)."""
    action = payment.next_action or {}
    content = action.get("upi_url") or action.get("crypto_uri")
    if not content:
        raise InvalidState("There is nothing to scan for this payment.", details={"status": payment.status})
    return str(content)


def svg(content: str) -> str:
    """Scalable by its viewBox, without which a smaller place would cut it; black on white whatever the page's colours, or scanners fail."""
    out = io.BytesIO()
    look: dict[str, Any] = {"dark": "#000", "light": "#fff", "xmldecl": False, "svgclass": None, "lineclass": None}
    _code(content).save(out, kind="svg", scale=_SCALE, border=_BORDER, unit="px", **look)
    return out.getvalue().decode()


def png(content: str) -> bytes:
    """A bitmap of eight dots a module."""
    out = io.BytesIO()
    _code(content).save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def _code(content: str):  # type: ignore[no-untyped-def]  # segno has no types of its own for it
    import segno  # noqa: PLC0415 - few requests draw a code; a cold start should not pay for it

    try:
        return segno.make(content, error="m", micro=False)
    except segno.DataOverflowError:
        # A name and a note of emoji take twelve bytes a character in a link; with less to repair by, a code holds a quarter more.
        return segno.make(content, error="l", micro=False)
