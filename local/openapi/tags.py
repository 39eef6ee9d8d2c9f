"""Chapters of the contract: which tag an operation has."""

from collections.abc import Iterable
from typing import Any, Final

from local.openapi.texts import TEXTS

# The longest beginning of a path that is here decides.
_BY_PATH: Final = {
    "/": "Service",
    "/admin/": "Operators",
    "/operator/": "Operators",
    "/c/": "Payers",
    "/l/": "Payers",
    "/pay/": "Payers",
    "/v1/approvals": "Console",
    "/v1/audit": "Console",
    "/v1/callbacks": "Callbacks",
    "/v1/checkout": "Checkout",
    "/v1/console": "Console",
    "/v1/crypto": "Crypto",
    "/v1/customers": "Customers",
    "/v1/dashboard": "Dashboard",
    "/v1/disputes": "Disputes",
    "/v1/events": "Events",
    "/v1/invoices": "Reconciliation",
    "/v1/journal_export": "Reconciliation",
    "/v1/links": "Checkout",
    "/v1/merchants": "Merchants",
    "/v1/payments": "Payments",
    "/v1/payments/refund": "Refunds",
    "/v1/payments/{payment_id}/refunds": "Refunds",
    "/v1/periods": "Reconciliation",
    "/v1/processors": "Processors",
    "/v1/qr_codes": "Checkout",
    "/v1/reconciliation": "Reconciliation",
    "/v1/refunds": "Refunds",
    "/v1/blocklist": "Risk",
    "/v1/requests": "Developers",
    "/v1/routing": "Routing",
    "/v1/settlements": "Settlements",
    "/v1/statements": "Reconciliation",
    "/v1/test": "Developers",
    "/v1/tokens": "Tokens",
    "/v1/wallet": "Wallets",
    "/v1/webhooks": "Webhooks",
}


def of(path: str) -> str:
    """The tag of a path. A route of a new kind has its name, until it stands above."""
    start = max((known for known in _BY_PATH if path.startswith(known)), key=len)
    if start == "/" and path.startswith("/v1/"):
        return path.split("/")[2].replace("_", " ").capitalize()
    return _BY_PATH[start]


def described(names: Iterable[str]) -> list[dict[str, Any]]:
    """The tags that are in use, in the order of the texts."""
    known, used = TEXTS["tags"], set(names)
    found = [{"name": name, "description": text} for name, text in known.items() if name in used]
    return found + [{"name": name, "description": f"{name}."} for name in sorted(used - known.keys())]
