"""The payer's checkout page: a session's ways to pay, and its receipt. Nothing from another origin, nothing secret."""

import json
import secrets
from datetime import UTC, datetime
from html import escape
from typing import Final

from paycorex import clock
from paycorex.money import format_minor
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.checkout import offers, page_parts, returns, sessions
from payments.payer_page import branding
from payments.payer_page.languages import ENGLISH, t
from payments.payer_page.page import headers
from payments.payer_page.parts import Page
from payments.payment.states import OPEN as PAYMENT_OPEN

_STATUS: Final = {
    checkout_session.PAID: "Paid",
    checkout_session.EXPIRED: "The time to pay is over.",
    checkout_session.CANCELED: "This checkout was canceled.",
}
_AFTER: Final = {
    checkout_session.PAID: "Thank you. This is your receipt.",
    checkout_session.EXPIRED: "You were not charged. To pay, start again at the shop.",
    checkout_session.CANCELED: "You were not charged.",
}
_FAILED: Final = {
    "insufficient_funds": "There is not enough money in the wallet.",
    "card_declined": "The card was declined.",
    "payment_declined": "The payment was declined.",
    "risk_rule": "The payment was not accepted.",
    "expired": "The time for that payment was over.",
    "canceled": "",
}
RECEIPT_NAMES: Final = ("Paid to", "Amount", "For", "Reference", "Paid by", "On", "Payment", "Provider's reference")
METHOD_NAMES: Final = {"upi_intent": "UPI", "tokenized": "Card", "crypto": "Crypto", "wallet": "Wallet"}


def render(session: SessionItem, merchant: MerchantItem, language: str) -> Page:
    """The session as it stands, in a language.

    Every text of the merchant's or the payer's is escaped; script and style run by a nonce of this answer.
    """
    nonce, payment, brand = secrets.token_urlsafe(16), sessions.paying_payment(session), branding.of(merchant)
    status = _status_of(session, payment)
    is_open = status == checkout_session.OPEN
    html = page_parts.template("session.html", language).substitute(
        **page_parts.spoken(language),
        nonce=nonce,
        style=page_parts.style() + brand.style,
        script=page_parts.script("session.js", language),
        merchant=escape(brand.name),
        brand=brand.head,
        amount=escape(format_minor(int(session.amount), session.currency)),
        currency=escape(session.currency),
        description=escape(session.description or ""),
        status=escape(status),
        outcome=t(_STATUS.get(status, ""), language),
        next=t(_AFTER.get(status, ""), language),
        left=max(0, (int(session.expires_at) - clock.now_ms()) // 1000) if is_open else "",
        notice=escape(_notice(payment, language)) if is_open else "",
        ways=_ways(session, merchant, payment, language) if is_open else "",
        receipt=_receipt(session, merchant, payment, language) if status == checkout_session.PAID and payment is not None else "",
        session_id=escape(session.session_id),
        customer="1" if session.customer_id is not None and is_open else "",
        back=_back(session, merchant, status, language),
        opener=escape(returns.origin(session) or "", quote=True),
    )
    return Page(html, headers(nonce, brand.sources))


def _status_of(session: SessionItem, payment: PaymentItem | None) -> str:
    """Also before its record says so: the time may be over, and a payment under way may not."""
    if session.status != checkout_session.OPEN:
        return session.status
    is_under_way = payment is not None and payment.status in PAYMENT_OPEN
    return checkout_session.EXPIRED if sessions.is_over(session) and not is_under_way else session.status


def _notice(payment: PaymentItem | None, language: str) -> str:
    """What became of the choice before."""
    if payment is None or payment.status != "failed":
        return ""
    said = _FAILED.get(payment.failure_code or "", "The payment was not made.")
    return f"{t(said, language)} {t('You were not charged. Choose how to pay.', language)}" if said else ""


def _ways(session: SessionItem, merchant: MerchantItem, payment: PaymentItem | None, language: str) -> str:
    rows = []
    if payment is not None and payment.status in PAYMENT_OPEN and payment.next_action and payment.next_action.get("pay_url"):
        name = t(METHOD_NAMES.get(payment.method, payment.method), language)
        go_on, other = t("Continue with {method}", language, method=name), t("or choose another way", language)
        address = escape(str(payment.next_action["pay_url"]), quote=True)
        rows.append(f'<a class="button" href="{address}">{escape(go_on)}</a><p class="next">{other}</p>')
    for offer in offers.of(session, merchant, language):
        choice = escape(json.dumps(offer.choice), quote=True)
        shown = f"<b>{escape(offer.title)}</b><span>{escape(offer.note)}</span>"
        rows.append(f'<button type="button" class="choice" data-choice="{choice}">{shown}</button>')
    return "".join(rows) or f'<p class="trouble">{t("This shop has no way to take this payment at the moment.", language)}</p>'


def facts(session: SessionItem, merchant: MerchantItem, payment: PaymentItem, language: str = ENGLISH) -> list[tuple[str, str]]:
    """What a receipt says, in a language. The standard fonts of a PDF have English letters only."""
    paid_ms = next((int(step[1]) for step in payment.timeline if step[0] in {"success", "authorized"}), int(payment.updated_at))
    moment = datetime.fromtimestamp(paid_ms // 1000, tz=UTC).strftime("%d %b %Y, %H:%M UTC")
    values = (
        branding.name_of(merchant),
        f"{format_minor(int(payment.amount), payment.currency)} {payment.currency}",
        session.description,
        session.reference,
        t(METHOD_NAMES.get(payment.method, payment.method), language),
        moment,
        payment.payment_id,
        payment.provider_reference,
    )
    return [(t(name, language), str(value)) for name, value in zip(RECEIPT_NAMES, values, strict=True) if value]


def _receipt(session: SessionItem, merchant: MerchantItem, payment: PaymentItem, language: str) -> str:
    named = facts(session, merchant, payment, language)
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in named)
    return f'<dl class="receipt">{rows}</dl><p class="next"><a id="pdf" href="#">{t("Download as PDF", language)}</a></p>'


def _back(session: SessionItem, merchant: MerchantItem, status: str, language: str) -> str:
    address = returns.after(session, status)
    is_open = status == checkout_session.OPEN
    if address is None:
        return f'<p class="next"><button type="button" id="back" class="plain">{t("Cancel", language)}</button></p>' if is_open else ""
    name = branding.name_of(merchant)
    text = t("Return to {name} without paying", language, name=name) if is_open else t("Return to {name}", language, name=name)
    return f'<p class="next"><a id="back" href="{escape(address, quote=True)}">{escape(text)}</a></p>'
