"""A form that the payer's browser posts for a processor: the markup, the script, and the one host to which the page may post."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from paycorex.records.payment import PaymentItem
from payments.connectors.results import BrowserForm
from payments.payer_page.parts import part
from payments.payment import confirming

_SEEN, _UNSEEN = "confirm.html", "collect.html"


def of(payment: PaymentItem) -> BrowserForm | None:
    """The form that this payment's page posts now."""
    return confirming.form_of(payment)


def is_sent(payment: PaymentItem) -> bool:
    """True while the payment goes on after its last form: nothing more is to be done here."""
    return confirming.is_claimed(payment)


def html(form: BrowserForm, language: str) -> str:
    """The form, with each field escaped; it posts itself by the script, and by its button without."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name, quote=True)}" value="{escape(value, quote=True)}">'
        for name, value in form.fields.items()
    )
    texts = {"url": escape(form.url, quote=True), "origin": escape(origin(form), quote=True), "inputs": inputs}
    return part(_UNSEEN if form.is_unseen else _SEEN, language).substitute(texts, brings=escape(" ".join(form.brings), quote=True))


def script(language: str) -> str:
    """What posts it."""
    return part("confirm.js", language).template


def sources(form: BrowserForm) -> Mapping[str, tuple[str, ...]]:
    """What more the page's policy allows, by directive: this host, and no other."""
    allowed = {"form-action": (origin(form),)}
    return {**allowed, "frame-src": (origin(form),)} if form.is_unseen else allowed


def origin(form: BrowserForm) -> str:
    """Scheme and host of the form's address, which was checked when it came."""
    parts = urlsplit(form.url)
    return f"{parts.scheme}://{parts.netloc}"
