"""The payer's page: one HTML answer with its style and script inside, nothing from another origin, nothing secret."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from paycorex import clock
from paycorex.errors import InvalidState
from paycorex.evm import networks
from paycorex.money import format_minor
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.connectors.results import BrowserForm
from payments.payer_page import branding, browser_forms, languages, links, provider_fields, qr_codes, returns
from payments.payer_page.languages import t
from payments.payer_page.parts import Fields, Page, part
from payments.payer_page.policy import both, headers
from payments.payer_page.provider_fields import sandbox_frame
from payments.payment.states import OPEN


def render(payment: PaymentItem, merchant: MerchantItem, language: str, *, may_pretend: bool) -> Page:
    """The page as the payment stands, in a language (`languages.of`).

    Every text of the merchant's is escaped; script and style run by a nonce of this answer only.
    """
    nonce = secrets.token_urlsafe(16)
    left, fields, brand = seconds_left(payment), provider_fields.of(payment), branding.of(merchant)
    form = browser_forms.of(payment)
    html = part("page.html", language).substitute(
        nonce=nonce,
        language=language,
        languages=languages.switch(language),
        style=part("page.css").template + brand.style,
        script=_script(language)
        + ("" if fields is None else provider_fields.script(fields, language))
        + ("" if form is None else browser_forms.script(language)),
        merchant=escape(brand.name),
        brand=brand.head,
        amount=escape(format_minor(int(payment.amount), payment.currency)),
        currency=escape(payment.currency),
        description=escape(payment.description or ""),
        status=escape(payment.status),
        method=escape(payment.method),
        failure_code=escape(payment.failure_code or ""),
        sent="yes" if provider_fields.is_sent(payment) or browser_forms.is_sent(payment) else "",
        seconds_left="" if left is None else left,
        back=_back(payment, merchant, language),
        way=_way(payment, fields, form, language, nonce),
        pretend=part("pretend.html", language).template if may_pretend else "",
    )
    needs = both({} if fields is None else fields.sources, {} if form is None else browser_forms.sources(form))
    return Page(html, headers(nonce, both(needs, brand.sources)))


def _script(language: str) -> str:
    return part("page.js", language).template + part("language.js").template


def _back(payment: PaymentItem, merchant: MerchantItem, language: str) -> str:
    """The link back to the shop, shown once nothing more is to be done here; nothing where the shop named no address."""
    address = returns.address(payment)
    if address is None:
        return ""
    if payment.session_id is not None:
        # Its checkout has the other ways to pay, the receipt, and the way back to the shop.
        return f'<p class="next"><a id="back" data-stays href="{escape(address, quote=True)}">{t("All ways to pay", language)}</a></p>'
    name, is_open = escape(branding.name_of(merchant)), payment.status in OPEN
    text = t("Return to {name}", language, name=name)
    return f'<p class="next"><a id="back"{" hidden" if is_open else ""} href="{escape(address, quote=True)}">{text}</a></p>'


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a payer is shown no payment, in the payer's words."""

    title: str
    advice: str


CLOSED_SHOP: Final = Closed(
    "This shop accepts no payments at the moment.", "Do not pay with a code or an address from before. Ask the shop for details."
)
OVER: Final = Closed("This payment is over.", "Its details are no longer shown. If you have a question, ask the shop.")
WRONG_LINK: Final = Closed(
    "This link does not work.", "A part of it may be missing. Open it again from your message, or ask the shop for a new link."
)
LINK_CLOSED: Final = Closed("This link takes no payments any more.", "Ask the shop for another one.")
TOO_MANY_TRIES: Final = Closed("Too many attempts.", "Wait a minute, then open the link from your message.")
TROUBLE: Final = Closed("The page cannot be shown at the moment.", "You were not charged. Wait a minute and open it again.")
NOT_ACCEPTED: Final = Closed("This payment was not accepted.", "You were not charged. Pay in another way, or ask the shop.")
_CLOSED_BY_STATUS: Final = {402: NOT_ACCEPTED, 403: CLOSED_SHOP, 429: TOO_MANY_TRIES, 500: TROUBLE, 503: TROUBLE}


def closed(why: Closed, language: str) -> Page:
    """A page that says why there is nothing to pay here. Nothing of a payment or a merchant is in it, and no script."""
    nonce = secrets.token_urlsafe(16)
    texts = {"title": escape(t(why.title, language)), "advice": escape(t(why.advice, language)), "language": language}
    html = part("closed.html").substitute(nonce=nonce, style=part("page.css").template, **texts)
    return Page(html, headers(nonce))


def has_fields(payment: PaymentItem) -> bool:
    """True while the payer may type a card into a provider's fields."""
    return provider_fields.of(payment) is not None


def has_fields_of_the_sandbox(payment: PaymentItem) -> bool:
    """True while the payer may type a card into the sandbox's own fields."""
    return provider_fields.of(payment) is provider_fields.SANDBOX


def to_resume(payment: PaymentItem, brought: Mapping[str, str]) -> str | None:
    """Of what a provider's page brought back, what its fields go on by on this page, as the address's fragment."""
    return provider_fields.to_resume(payment, brought)


def why_closed(status: int) -> Closed:
    """What a refusal of this HTTP status means to a payer."""
    return _CLOSED_BY_STATUS.get(status, WRONG_LINK)


def seconds_left(payment: PaymentItem) -> int | None:
    """Of the payer's time; None where it has no end. Counted here, because payers' clocks are wrong."""
    return None if payment.expires_at is None else max(0, (int(payment.expires_at) - clock.now_ms()) // 1000)


def _way(payment: PaymentItem, fields: Fields | None, form: BrowserForm | None, language: str, nonce: str) -> str:
    """What the payer does: confirm by a processor's form, type a card, or scan."""
    if form is not None:
        return browser_forms.html(form, language)
    return _way_to_pay(payment, language) if fields is None else provider_fields.html(payment, fields, language, nonce)


def _way_to_pay(payment: PaymentItem, language: str) -> str:
    """The code and the link; nothing once it is decided."""
    action: dict[str, Any] = payment.next_action or {}
    try:
        link = qr_codes.content_of(payment)
    except InvalidState:
        return ""
    return part("way.html", language).substitute(qr=qr_codes.svg(link), link=escape(link, quote=True), asset=_asset(action, language))


def _asset(action: Mapping[str, Any], language: str) -> str:
    """What a payer whose wallet opens no link types in; nothing for anything but crypto."""
    if "crypto_amount" not in action:
        return ""
    network = networks.named(action["network"])
    rows = [
        (t("Send exactly", language), f"{action['crypto_amount']} {action['asset']}", action["crypto_amount"]),
        (t("On the network", language), network.title, None),
        (t("To the address", language), action["address"], action["address"]),
    ]
    return "".join(_row(name, str(text), copied, language) for name, text, copied in rows)


def _row(name: str, text: str, copied: str | None, language: str) -> str:
    """A line of what is to be typed in. copied: what its button copies, shown where the browser lets a page do that."""
    button = ""
    if copied:
        label, act = t("Copy: {name}", language, name=name), t("Copy", language)
        button = f'<button type="button" data-copy="{escape(copied, quote=True)}" aria-label="{escape(label)}" hidden>{act}</button>'
    return f"<div><span>{name} <b>{escape(text)}</b></span>{button}</div>"


__all__ = [
    "Closed",
    "Page",
    "closed",
    "has_fields",
    "has_fields_of_the_sandbox",
    "headers",
    "languages",
    "links",
    "render",
    "sandbox_frame",
    "seconds_left",
    "to_resume",
    "why_closed",
]
