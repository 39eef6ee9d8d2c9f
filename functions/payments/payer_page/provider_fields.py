"""A provider's own card fields on the payer's page: the markup, the script, and what that provider's script may load and ask."""

import json
import secrets
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from paycorex import modes
from paycorex.connectors import SANDBOXES
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.connectors.sandbox import instruments
from payments.payer_page import adyen_fields, named_fields
from payments.payer_page.languages import t
from payments.payer_page.parts import Fields, Page, part
from payments.payment import keeping, naming
from payments.payment.states import OPEN

ACTION: Final = "provider_fields"
# Of the action, what no script of a provider needs.
_OURS: Final = frozenset({"type", "pay_url", "expires_at", "keeps_card"})
# Of one value that a browser brings back.
_MOST_CHARACTERS: Final = 8192
_FRAME_POLICY: Final = (
    "sandbox allow-scripts allow-forms; default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


SANDBOX: Final = Fields("", "Sandbox: no money moves. Use a test card.", "sandbox.js", (), MappingProxyType({"frame-src": ("'self'",)}))
_ALONE: Final = "Your card goes to {provider} alone. This shop does not see its number."
# https://docs.stripe.com/security/guide#content-security-policy, without what its address field needs.
_STRIPE: Final = Fields(
    "Stripe",
    _ALONE,
    "stripe.js",
    ("https://js.stripe.com/v3/",),
    MappingProxyType(
        {
            "script-src": ("https://js.stripe.com", "https://*.js.stripe.com"),
            "frame-src": ("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"),
            "connect-src": ("https://api.stripe.com",),
        }
    ),
)
# As Razorpay's own shop plug-ins allow (razorpay-magento, etc/csp_whitelist.xml). Its window is laid out by style attributes.
_RAZORPAY: Final = Fields(
    "Razorpay",
    _ALONE,
    "razorpay.js",
    ("https://checkout.razorpay.com/v1/checkout.js",),
    MappingProxyType(
        {
            "script-src": ("https://checkout.razorpay.com", "https://cdn.razorpay.com"),
            "frame-src": ("https://api.razorpay.com",),
            "connect-src": ("https://lumberjack.razorpay.com", "https://lumberjack-metrics.razorpay.com"),
            "img-src": ("https://cdn.razorpay.com",),
            "style-src-attr": ("'unsafe-inline'",),
        }
    ),
)
FIELDS: Final[Mapping[str, Fields]] = MappingProxyType(
    dict.fromkeys(SANDBOXES, SANDBOX) | {"stripe": _STRIPE, "prism:stripe": _STRIPE, "razorpay": _RAZORPAY}
)


def of(payment: PaymentItem) -> Fields | None:
    """The fields of a payment that waits for a card; None for every other one."""
    action: dict[str, Any] = payment.next_action or {}
    if action.get("type") != ACTION or payment.status not in OPEN or is_sent(payment):
        return None
    name, is_live = str(action.get("provider")), modes.of(payment.merchant_id) == modes.LIVE
    if name == "prism:adyen":
        return adyen_fields.LIVE if is_live else adyen_fields.TEST
    return FIELDS.get(name) or (named_fields.LIVE if is_live else named_fields.TEST).get(name)


def is_sent(payment: PaymentItem) -> bool:
    """True while a card is being charged whose name the payer's browser brought: nothing more is to be typed."""
    return payment.status in OPEN and naming.is_claimed(payment)


def html(payment: PaymentItem, fields: Fields, language: str, nonce: str) -> str:
    """The form, and the provider's scripts. Of the action only what these scripts need is in it: no secret of the merchant's."""
    action: dict[str, Any] = payment.next_action or {}
    shown = {name: escape(str(action.get(name, "")), quote=True) for name in ("publishable_key", "client_secret", "order_id")}
    form = part("fields.html", language).substitute(
        shown,
        given=escape(json.dumps({name: value for name, value in action.items() if name not in _OURS}), quote=True),
        wants=" ".join(naming.wants(payment)),
        environment=fields.environment,
        note=escape(t(fields.note, language, provider=fields.name)),
        minor=int(payment.amount),
        keep=_keep(payment, language),
    )
    asked = {"currency": payment.currency, "intent": "authorize" if is_manual(payment) else "capture"}
    asked |= {
        "publishable_key": quote(str(action.get("publishable_key", "")), safe=""),
        "client_library": str(action.get("client_library", "")),
    }
    said = str(action.get("client_library_integrity", ""))
    # Some lay out their frames by styles of their own, under the page's nonce.
    scripts = (
        f'<script src="{escape(each.format_map(asked), quote=True)}" data-csp-nonce="{nonce}"{_check(fields, each, said)}></script>'
        for each in fields.addresses
    )
    styles = (f'<link rel="stylesheet" href="{escape(each, quote=True)}"{_check(fields, each)}>' for each in fields.styles)
    return "".join(styles) + form + "".join(scripts)


def _check(fields: Fields, address: str, said: str = "") -> str:
    """The digest of what has to be at an address, where one is known. said: by the processor, for this payment."""
    digest = fields.integrity.get(address) or said
    return f' integrity="{escape(digest, quote=True)}" crossorigin="anonymous"' if digest else ""


def to_resume(payment: PaymentItem, brought: Mapping[str, str]) -> str | None:
    """What the fields' script goes on by after the payer was at the bank's own page, as a fragment; None where nothing is to be gone on."""
    fields = of(payment)
    if fields is None or fields.resumes is None:
        return None
    text = brought.get(fields.resumes, "")
    return urlencode({fields.resumes: text}) if 0 < len(text) <= _MOST_CHARACTERS else None


def _keep(payment: PaymentItem, language: str) -> str:
    """The tick, where the merchant would like to charge the card again."""
    return part("keep.html", language).template if keeping.is_offered(payment) else ""


def script(fields: Fields, language: str) -> str:
    """What drives the form; the provider's own part before, which defines `provider`."""
    named = part("named.js", language).template if fields.gives_name else ""
    return part("fields.js", language).template + named + part(fields.script, language).template


def sandbox_frame(language: str) -> Page:
    """The frame that the sandbox's fields are in: an origin of its own, no network, and no way but its parent's messages."""
    nonce = secrets.token_urlsafe(16)
    script_text = part("frame.js", language).template
    cards = json.dumps({number: name for number, name in instruments.NAMES.items() if name != instruments.APPROVED_CARD})
    frame = part("frame.html", language).substitute(
        nonce=nonce, language=language, style=part("frame.css").template, cards=cards, script=script_text
    )
    headers = {
        "Content-Security-Policy": _FRAME_POLICY.format(nonce=nonce),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Page(frame, headers)
