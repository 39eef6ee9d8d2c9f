"""Processors' callbacks: verified by the library with the merchant's webhook secret, and read as what they are about.

The library drops amounts and some references, so these come from the callback itself, or from a question about the payment. A callback
that brings neither says nothing about money.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from paycorex.rate_limits import Limit
from payments.connectors import documents, signatures
from payments.connectors.documents import Malformed
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import CaptureNotice, Notice, ProviderNotice, ProviderRefund, Woken
from payments.connectors.prism import errors, own_calls, readings, witness
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.ways import Incoming
from payments.connectors.prism.witness import Said
from payments.connectors.results import Approved, Authorized, Declined, Pending, Released

Headers = Mapping[str, tuple[str, ...]]
# So often in a minute a processor is asked because of a merchant's callbacks that are not proven yet: anyone can send them.
QUESTIONS: Final = Limit("callback_questions", 300)


def read(desk: Desk, secrets: tuple[str, str], headers: Headers, body: bytes, merchant_id: str = "") -> ProviderNotice | None:
    """What a callback says; None when it is about something else. secrets: the merchant's webhook secret, and a second one that some have.

    Raises CallbackRefused, Malformed; NotSent and OutcomeUnknown where the processor itself is asked whether it sent it, and does not say;
    RateLimited beyond QUESTIONS of a merchant.
    """
    if desk.known.callback is not None:
        who = f"{merchant_id}#{desk.processor}"
        return desk.known.callback(
            Incoming(headers, body, secrets[0], desk.exchange.credentials, partial(_ask, desk, who), partial(QUESTIONS.take, who))
        )
    if not secrets[0]:
        raise CallbackRefused("no webhook secret is configured")
    if desk.known.signed_at is not None:
        signatures.check_timestamped(signatures.only(headers, desk.known.signed_at), body, secrets[0])
    events = desk.messages.library.events
    try:
        event = desk.exchange.translator.direct("handle_event", _message(desk, secrets, headers, body), events.EventServiceHandleResponse)
    except Malformed as error:
        # Before its signature could be judged, so nothing in it is believed.
        raise CallbackRefused("the callback could not be read") from error
    if not event.source_verified:
        raise CallbackRefused("signature does not match")
    content = event.event_content
    match content.WhichOneof("content"):
        case "payments_response":
            return _payment(desk, content.payments_response, body)
        case "refunds_response":
            return _refund(desk, content.refunds_response, body)
        case "disputes_response" if desk.known.dispute is not None:
            return desk.known.dispute(documents.parse(body))
        case _:
            return None


def _ask(desk: Desk, who: str, method: str, path: str, content: bytes) -> ProviderResponse:
    QUESTIONS.take(who)
    return own_calls.ask(desk, method, path, content)


def _message(desk: Desk, secrets: tuple[str, str], headers: Headers, body: bytes) -> Any:
    payment, events = desk.messages.library.payment, desk.messages.library.events
    # The library looks for each processor's header in one writing only, and some of them in the one of its documents.
    single = {written: values[0] for name, values in headers.items() if len(values) == 1 for written in (name, name.title())}
    details = payment.RequestDetails(method=payment.HTTP_METHOD_POST, headers=single, body=body)
    said = payment.WebhookSecrets(secret=secrets[0], **({"additional_secret": secrets[1]} if secrets[1] else {}))
    return events.EventServiceHandleRequest(request_details=details, webhook_secrets=said)


def _payment(desk: Desk, message: Any, body: bytes) -> Notice | CaptureNotice | Woken | None:
    """About an attempt or a capture. Where the callback does not say how much of which currency, the processor is asked for it."""
    stated = witness.stated(desk.known, "event_payment", body)
    status = desk.status(message)
    payment_id = stated.ours or message.merchant_transaction_id
    # What follows a payment names the payment as what it is about.
    reference = readings.reference_of(stated.charge, stated.reference, message.connector_transaction_id)
    if payment_id.startswith("cap_"):
        return _capture(desk, status, message, stated)
    if status in readings.REFUSED:
        return Notice(payment_id, errors.declined(message.error, desk.known, desk.hidden, reference), by_payment=True)
    if stated.amount is None:
        return Woken(payment_id, reference=reference)
    found = readings.charge(status, message, reference, Said(reference, stated.amount), stated.amount, is_manual=True)
    at_once = Approved(reference, stated.amount) if isinstance(found, Authorized) and desk.known.captures_itself else None
    if not isinstance(found, Approved | Authorized | Released | Declined | Pending):
        return None
    return Notice(payment_id, found, by_payment=True, at_once=at_once)


def _capture(desk: Desk, status: str, message: Any, stated: Said) -> CaptureNotice | None:
    """About a capture of ours. One whose amount is not said is looked up where that can be."""
    ours, reference = stated.ours or "", readings.reference_of(stated.reference, message.connector_transaction_id)
    if status in readings.REFUSED:
        return CaptureNotice(ours, errors.declined(message.error, desk.known, desk.hidden, reference), stated.charge)
    if stated.amount is None:
        return None
    result = readings.capture(status, reference, stated, stated.amount, is_done=True)
    return CaptureNotice(ours, result, stated.charge) if isinstance(result, Approved | Pending) else None


def _refund(desk: Desk, message: Any, body: bytes) -> ProviderRefund | Woken:
    """About a refund: ours by our id, or one that was made at the processor. One that does not say how much of which currency wakes a
    question about ours.
    """
    stated = witness.stated(desk.known, "event_refund", body)
    ours = stated.ours if (stated.ours or "").startswith("ref_") else None
    if stated.amount is None:
        return Woken(refund_id=ours, reference=stated.charge or message.connector_transaction_id or None)
    reference = readings.reference_of(stated.reference, message.connector_refund_id)
    status = desk.messages.library.payment.RefundStatus.Name(message.status)
    result = readings.refund(status, reference, stated, is_done=True) or errors.declined(message.error, desk.known, desk.hidden, reference)
    charge = stated.charge or message.connector_transaction_id
    return ProviderRefund(reference, charge, stated.amount, result, ours)
