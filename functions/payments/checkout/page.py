"""The payer's checkout pages: a session's ways to pay, its receipt, and a link's page. Nothing from another origin, nothing secret."""

import json
import secrets
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from paycorex import clock
from paycorex.money import format_minor
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_link import LinkItem
from payments.checkout import offers, returns, sessions
from payments.payer_page import headers, qr_codes
from payments.payer_page.parts import Page, part
from payments.payment.states import OPEN as PAYMENT_OPEN

_HERE: Final = Path(__file__).parent
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
    "expired": "The time for that payment was over.",
    "canceled": "",
}
METHOD_NAMES: Final = {"upi_intent": "UPI", "tokenized": "Card", "crypto": "Crypto", "wallet": "Wallet"}


def render(session: SessionItem, merchant: MerchantItem) -> Page:
    """The session as it stands. Every text of the merchant's or the payer's is escaped; script and style run by a nonce of this answer."""
    nonce, payment = secrets.token_urlsafe(16), sessions.paying_payment(session)
    status = _status_of(session, payment)
    is_open = status == checkout_session.OPEN
    html = _part("session.html").substitute(
        nonce=nonce,
        style=_style(),
        script=_text("session.js"),
        merchant=escape(_name(merchant)),
        amount=escape(format_minor(int(session.amount), session.currency)),
        currency=escape(session.currency),
        description=escape(session.description or ""),
        status=escape(status),
        outcome=_STATUS.get(status, ""),
        next=_AFTER.get(status, ""),
        left=max(0, (int(session.expires_at) - clock.now_ms()) // 1000) if is_open else "",
        notice=escape(_notice(payment)) if is_open else "",
        ways=_ways(session, merchant, payment) if is_open else "",
        receipt=_receipt(session, merchant, payment) if status == checkout_session.PAID and payment is not None else "",
        session_id=escape(session.session_id),
        customer="1" if session.customer_id is not None and is_open else "",
        back=_back(session, merchant, status),
        opener=escape(returns.origin(session) or "", quote=True),
    )
    return Page(html, headers(nonce))


def _status_of(session: SessionItem, payment: PaymentItem | None) -> str:
    """Also before its record says so: the time may be over, and a payment under way may not."""
    if session.status != checkout_session.OPEN:
        return session.status
    is_under_way = payment is not None and payment.status in PAYMENT_OPEN
    return checkout_session.EXPIRED if sessions.is_over(session) and not is_under_way else session.status


def _notice(payment: PaymentItem | None) -> str:
    """What became of the choice before."""
    if payment is None or payment.status != "failed":
        return ""
    said = _FAILED.get(payment.failure_code or "", "The payment was not made.")
    return f"{said} You were not charged. Choose how to pay." if said else ""


def _ways(session: SessionItem, merchant: MerchantItem, payment: PaymentItem | None) -> str:
    rows = []
    if payment is not None and payment.status in PAYMENT_OPEN and payment.next_action and payment.next_action.get("pay_url"):
        name = METHOD_NAMES.get(payment.method, payment.method)
        address = escape(str(payment.next_action["pay_url"]), quote=True)
        rows.append(f'<a class="button" href="{address}">Continue with {escape(name)}</a><p class="next">or choose another way</p>')
    for offer in offers.of(session, merchant):
        choice = escape(json.dumps(offer.choice), quote=True)
        shown = f"<b>{escape(offer.title)}</b><span>{escape(offer.note)}</span>"
        rows.append(f'<button type="button" class="choice" data-choice="{choice}">{shown}</button>')
    return "".join(rows) or '<p class="trouble">This shop has no way to take this payment at the moment.</p>'


def facts(session: SessionItem, merchant: MerchantItem, payment: PaymentItem) -> list[tuple[str, str]]:
    """What a receipt says."""
    paid_ms = next((int(step[1]) for step in payment.timeline if step[0] in {"success", "authorized"}), int(payment.updated_at))
    moment = datetime.fromtimestamp(paid_ms // 1000, tz=UTC).strftime("%d %b %Y, %H:%M UTC")
    rows = [
        ("Paid to", _name(merchant)),
        ("Amount", f"{format_minor(int(payment.amount), payment.currency)} {payment.currency}"),
        ("For", session.description),
        ("Reference", session.reference),
        ("Paid by", METHOD_NAMES.get(payment.method, payment.method)),
        ("On", moment),
        ("Payment", payment.payment_id),
        ("Provider's reference", payment.provider_reference),
    ]
    return [(name, str(value)) for name, value in rows if value]


def _receipt(session: SessionItem, merchant: MerchantItem, payment: PaymentItem) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts(session, merchant, payment))
    return f'<dl class="receipt">{rows}</dl><p class="next"><a id="pdf" href="#">Download as PDF</a></p>'


def _back(session: SessionItem, merchant: MerchantItem, status: str) -> str:
    address = returns.after(session, status)
    if address is None:
        return ""
    after = " without paying" if status == checkout_session.OPEN else ""
    return f'<p class="next"><a id="back" href="{escape(address, quote=True)}">Return to {escape(_name(merchant))}{after}</a></p>'


def render_link(link: LinkItem, merchant: MerchantItem, url: str, *, is_for_print: bool) -> Page:
    """A link's page, or the sheet of paper that is put up beside a counter."""
    nonce = secrets.token_urlsafe(16)
    fixed = None if link.amount is None else format_minor(int(link.amount), link.currency)
    shared: dict[str, Any] = {
        "nonce": nonce,
        "style": _style(),
        "merchant": escape(_name(merchant)),
        "name": escape(link.name),
        "amount": escape(fixed or ""),
        "currency": escape(link.currency),
        "price": escape(f"{fixed} {link.currency}" if fixed else "You choose the amount."),
    }
    if is_for_print:
        html = _part("link_print.html").substitute(shared, qr=qr_codes.svg(url), url=escape(url), script=_text("print.js"))
    else:
        html = _part("link.html").substitute(
            shared, amount_field=_amount_field(link), reference_field=_reference_field(link), script=_text("link.js")
        )
    return Page(html, headers(nonce))


def _amount_field(link: LinkItem) -> str:
    if link.amount is not None:
        return ""
    least, most = (format_minor(int(minor or 0), link.currency) for minor in (link.min_amount, link.max_amount))
    suggested = "".join(
        f'<button type="button" data-amount="{format_minor(int(minor), link.currency)}">{format_minor(int(minor), link.currency)}</button>'
        for minor in link.suggested or ()
    )
    return (
        f'<label class="field">Amount in {escape(link.currency)}<input id="typed" inputmode="decimal" autocomplete="off" '
        f'aria-describedby="bounds" required></label><p class="next" id="bounds">Between {least} and {most}</p>'
        f'<div class="suggested">{suggested}</div>'
    )


def _reference_field(link: LinkItem) -> str:
    if not link.asks_reference:
        return ""
    return '<label class="field">Your reference, such as an invoice number<input id="reference" maxlength="128" autocomplete="off"></label>'


def button_script() -> str:
    """What a shop's page loads."""
    return _text("checkout.js")


def _name(merchant: MerchantItem) -> str:
    return str(merchant.settings.payee_name or merchant.name)


def _style() -> str:
    return part("page.css").template + _text("checkout.css")


@cache
def _text(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def _part(name: str) -> Template:
    return Template(_text(name))
