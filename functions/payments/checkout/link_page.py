"""The page of a payment link: its amount, what it asks of a payer, and the sheet of paper with its code."""

import secrets
from html import escape
from typing import Any, Final

from paycorex.money import format_minor
from paycorex.records import payment_link
from paycorex.records.merchant import MerchantItem
from paycorex.records.payer import ASKED, PERSONAL
from paycorex.records.payment_link import LinkItem
from payments.checkout import page_parts
from payments.payer_page import branding, qr_codes
from payments.payer_page.languages import t
from payments.payer_page.page import headers
from payments.payer_page.parts import Page

_LABELS: Final = {
    "name": "Your name",
    "email": "Your e-mail address",
    "phone": "Your phone number",
    "reference": "Your reference, such as an invoice number",
}
_INPUTS: Final = {
    "name": 'maxlength="128" autocomplete="name"',
    "email": 'type="email" maxlength="254" autocomplete="email"',
    "phone": 'type="tel" maxlength="24" autocomplete="tel"',
    "reference": 'maxlength="128" autocomplete="off"',
}


def render(link: LinkItem, merchant: MerchantItem, url: str, language: str, *, is_for_print: bool) -> Page:
    """In a language a link's page, or the sheet of paper that is put up beside a counter."""
    nonce, brand = secrets.token_urlsafe(16), branding.of(merchant)
    fixed = None if link.amount is None else format_minor(int(link.amount), link.currency)
    shared: dict[str, Any] = {
        **page_parts.spoken(language),
        "nonce": nonce,
        "style": page_parts.style() + brand.style,
        "merchant": escape(brand.name),
        "brand": brand.head,
        "name": escape(link.name),
        "price": escape(f"{fixed} {link.currency}" if fixed else t("You choose the amount.", language)),
    }
    if is_for_print:
        html = page_parts.template("link_print.html", language).substitute(
            shared, qr=qr_codes.svg(url), url=escape(url), script=page_parts.script("print.js", language)
        )
    else:
        html = page_parts.template("link.html", language).substitute(
            shared,
            head=_head(link, fixed),
            amount_field=_amount_field(link, language),
            asked_fields=_asked_fields(link, language),
            script=page_parts.script("link.js", language),
        )
    return Page(html, headers(nonce, brand.sources))


def _head(link: LinkItem, fixed: str | None) -> str:
    """The heading: the amount, and what it is for below it; of a link whose payers choose the amount, what it is for."""
    if fixed is None:
        return f'<h1 class="purpose">{escape(link.name)}</h1>'
    amount = f'<span class="amount" id="amount" data-amount="{fixed}" data-currency="{escape(link.currency)}">{fixed}</span>'
    return f'<h1>{amount}</h1><p class="description">{escape(link.name)}</p>'


def _amount_field(link: LinkItem, language: str) -> str:
    if link.amount is not None and link.first_min is None:
        return ""
    due = payment_link.due_of(link)
    ends = (link.min_amount, link.max_amount) if due is None else (payment_link.least_of(link), due)
    least, most = (format_minor(int(minor or 0), link.currency) for minor in ends)
    suggested = "".join(
        f'<button type="button" data-amount="{format_minor(int(minor), link.currency)}">{format_minor(int(minor), link.currency)}</button>'
        for minor in link.suggested or ()
    )
    label, bounds = (
        t("Amount in {currency}", language, currency=link.currency),
        t("Between {least} and {most}", language, least=least, most=most),
    )
    return (
        f'<label class="field">{escape(label)}<input id="typed" inputmode="decimal" autocomplete="off" '
        f'value="{"" if due is None else most}" aria-describedby="bounds" required></label><p class="next" id="bounds">{bounds}</p>'
        f'<div class="suggested">{suggested}</div>'
    )


def _asked_fields(link: LinkItem, language: str) -> str:
    """A field for each thing that the link asks of its payers; a browser may fill in what it knows of them."""
    asked = payment_link.asked_of(link)
    return "".join(_field(name, t(_LABELS[name], language), is_required=name in PERSONAL) for name in ASKED if name in asked)


def _field(name: str, label: str, *, is_required: bool) -> str:
    required = " required" if is_required else ""
    return f'<label class="field">{escape(label)}<input id="{name}" name="{name}" data-ask {_INPUTS[name]}{required}></label>'
