"""The library's answers as results. What they say of amounts and names is taken from the answer itself, where it says so (`witness`)."""

import re
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.prism import forms
from payments.connectors.prism.witness import Said
from payments.connectors.results import (
    Approved,
    Authorized,
    BrowserForm,
    CaptureResult,
    Declined,
    Pending,
    Redirect,
    Released,
    VoidResult,
)

_TAKEN: Final = frozenset({"CHARGED", "PARTIAL_CHARGED"})
_HELD: Final = frozenset({"AUTHORIZED", "PARTIALLY_AUTHORIZED", "PARTIAL_CHARGED_AND_CHARGEABLE"})
_PAYERS_TURN: Final = frozenset(
    {"AUTHENTICATION_PENDING", "CONFIRMATION_AWAITED", "DEVICE_DATA_COLLECTION_PENDING", "PAYMENT_METHOD_AWAITED", "STARTED"}
)
_REFUSED: Final = frozenset({"AUTHENTICATION_FAILED", "AUTHORIZATION_FAILED", "CAPTURE_FAILED", "FAILURE", "ROUTER_DECLINED"})
_GIVEN_BACK: Final = frozenset({"AUTO_REFUNDED", "VOIDED_POST_CAPTURE"})
_VOID_FAILED: Final = frozenset({"VOID_FAILED"})
_UNDECIDED: Final = _VOID_FAILED | frozenset(
    {"AUTHENTICATION_SUCCESSFUL", "AUTHORIZING", "CAPTURE_INITIATED", "COD_INITIATED", "PENDING", "VOID_INITIATED"}
)
_ENDED: Final = frozenset({"EXPIRED", "VOIDED"})
REFUSED: Final = _REFUSED
ENDED: Final = _ENDED
# Visible ASCII. Some name a payment by the data of a link, which is longer than a name.
_REFERENCE: Final = re.compile(r"[!-~]{1,512}", re.ASCII)
_NOT_SHOWN: Final = "The processor's confirmation is no link that could be shown."
_FORM_NOT_SHOWN: Final = "The processor's confirmation is no form that could be shown."

# What a charge or a question about one may come to; None: it is a refusal, which needs the processor's words.
Outcome = Approved | Authorized | Declined | Pending | Redirect | Released | None


def reference_of(*candidates: str | None) -> str:
    """The first that is a name. Raises Malformed."""
    found = next((text for text in candidates if text), "")
    if not _REFERENCE.fullmatch(found):
        raise Malformed("no reference")
    return found


def charge(status: str, message: Any, reference: str, said: Said, asked: Money, *, is_manual: bool) -> Outcome:
    """What a status means for a charge. Raises Malformed."""
    amount = said.amount or _amount(message)
    if status in _TAKEN | _GIVEN_BACK:
        return _money(status, message, reference, amount, asked)
    if status in _HELD and is_manual:
        network = message.network_transaction_id or None
        return Authorized(reference, amount, captured_minor=_captured(message, status), network_transaction_id=network)
    if status in _HELD | _UNDECIDED:
        return Pending(reference)
    if status in _PAYERS_TURN:
        return _confirmation(message, reference)
    return _ending(status, reference, is_manual=is_manual)


def _money(status: str, message: Any, reference: str, amount: Money | None, asked: Money) -> Approved:
    if status in _GIVEN_BACK:
        whole = amount or asked
        return Approved(reference, whole, returned_minor=whole.minor)
    taken = _taken(message, amount, asked, status)
    return Approved(reference, taken, network_transaction_id=message.network_transaction_id or None)


def _ending(status: str, reference: str, *, is_manual: bool) -> Declined | Released | None:
    if status in _ENDED:
        return _ended(status, reference, is_manual=is_manual)
    if status in _REFUSED:
        return None
    raise Malformed(f"status {status}")


def capture(status: str, reference: str, said: Said, asked: Money, *, is_done: bool) -> CaptureResult | None:
    """What a status means for a capture; None: it is a refusal. is_done: the processor says so, and not only that it took the request."""
    if status in _TAKEN | {"PARTIAL_CHARGED_AND_CHARGEABLE"}:
        return Approved(reference, said.amount or asked) if is_done else Pending(reference)
    if status in _HELD | _UNDECIDED:
        return Pending(reference)
    if status in _REFUSED | _ENDED:
        return None
    raise Malformed(f"status {status}")


def void(status: str, reference: str, captured_minor: int, *, is_done: bool) -> VoidResult | None:
    """What a status means for a release; None: it is a refusal."""
    if status in _ENDED:
        return Released(reference, captured_minor) if is_done else Pending(reference)
    if status in _UNDECIDED - _VOID_FAILED or status in _HELD:
        return Pending(reference)
    if status in _REFUSED | _VOID_FAILED | _TAKEN:
        return None
    raise Malformed(f"status {status}")


def refund(status: str, reference: str, said: Said, *, is_done: bool) -> Approved | Pending | None:
    """What a status means for a refund; None: it is a refusal."""
    match status:
        case "REFUND_SUCCESS":
            return Approved(reference, said.amount) if is_done else Pending(reference)
        case "REFUND_PENDING" | "REFUND_MANUAL_REVIEW":
            return Pending(reference)
        case "REFUND_FAILURE" | "REFUND_TRANSACTION_FAILURE":
            return None
        case _:
            raise Malformed(f"status {status}")


def _ended(status: str, reference: str, *, is_manual: bool) -> Declined | Released:
    if is_manual:
        return Released(reference, is_expired=status == "EXPIRED")
    code = "expired" if status == "EXPIRED" else "canceled"
    return Declined(code, f"The payment was {code} at the processor.", provider_reference=reference)


def _amount(message: Any) -> Money | None:
    """What the library read of the amount in the answer to a charge. Its other sums may be those that it was asked with."""
    if "authorized_money" not in message.DESCRIPTOR.fields_by_name or not message.HasField("authorized_money"):
        return None
    stated = message.authorized_money
    currency = type(stated).DESCRIPTOR.fields_by_name["currency"].enum_type.values_by_number[stated.currency].name
    return documents.amount(stated.minor_amount, currency, message.connector_transaction_id or None)


def _captured(message: Any, status: str) -> int:
    return int(message.captured_amount) if status == "PARTIAL_CHARGED_AND_CHARGEABLE" else 0


def _taken(message: Any, amount: Money | None, asked: Money, status: str) -> Money | None:
    """What was taken: the library's own sum where a part was, else what the answer says."""
    if status == "PARTIAL_CHARGED" and message.captured_amount:
        return documents.amount(message.captured_amount, (amount or asked).currency)
    return amount


def _confirmation(message: Any, reference: str) -> Redirect | Pending | Declined:
    """The payer must confirm. What cannot be shown as a link cannot be confirmed, so no money moves."""
    if not message.HasField("redirection_data"):
        return Pending(reference)
    data = message.redirection_data
    if data.HasField("uri"):
        return Redirect(documents.url({"url": data.uri.uri}, "url", schemes=("https://", "upi://")), reference)
    if data.HasField("form") and (data.form.method == _GET or not data.form.form_fields):
        return Redirect(documents.url({"url": _link(data.form)}, "url"), reference)
    return Declined("confirmation_not_shown", _NOT_SHOWN, retryable=True, provider_reference=reference)


def form(asked: BrowserForm, page_url: str | None, reference: str) -> Redirect | Declined:
    """Our own page posts it. What cannot be shown there cannot be confirmed, so no money moves."""
    try:
        checked = forms.checked(asked)
    except Malformed:
        checked = None
    if checked is None or page_url is None:
        return Declined("confirmation_not_shown", _FORM_NOT_SHOWN, retryable=True)
    return Redirect(page_url, reference, checked)


_GET: Final = 1


def _link(form: Any) -> str:
    fields = urlencode(dict(form.form_fields))
    if not fields:
        return str(form.endpoint)
    return f"{form.endpoint}{'&' if urlsplit(form.endpoint).query else '?'}{fields}"
