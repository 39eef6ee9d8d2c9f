"""The way back to the shop: the address that the merchant gave for this payment, with the payment's id and nothing else.

The address is the merchant's own, signed with its request, and a link that leads to it carries that payment's token: a payer is sent to no
address that another party chose. That a payer comes back proves nothing; a webhook or a GET does.
"""

from typing import Final

from paycorex import safe_http, settings
from paycorex.errors import InvalidRequest
from paycorex.records.payment import PaymentItem

_NAME: Final = "payment_id"


def accepted(url: str) -> str:
    """The address in its normal form. Raises InvalidRequest for anything but https to a public name (on a laptop to itself, too)."""
    is_local = settings.current().stage == "local"
    try:
        found = safe_http.parse_target(url, safe_http.Policy.local() if is_local else safe_http.Policy.public()).url
    except safe_http.BlockedTarget as blocked:
        raise InvalidRequest(f"return_url: {blocked}.", details={"field": "return_url"}) from blocked
    names = {pair.partition("=")[0] for pair in found.partition("?")[2].split("&")}
    if _NAME in names:
        raise InvalidRequest(f"return_url: {_NAME} is added to it, so it has none of its own.", details={"field": "return_url"})
    return found


def address(payment: PaymentItem) -> str | None:
    """Where the payer of this payment goes back to; None where the merchant named no address."""
    if payment.return_url is None:
        return None
    joint = "&" if "?" in payment.return_url else "?"
    return f"{payment.return_url}{joint}{_NAME}={payment.payment_id}"
