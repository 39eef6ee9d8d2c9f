"""Shift4's disputes (https://dev.shift4.com/docs/api#dispute-object): how one is read, asked for, found by its charge, and reported.

A charge shows its dispute. A retrieval request asks for an answer only; a chargeback takes the money, and gives it back when it is won.
Its webhooks (https://dev.shift4.com/docs/webhooks) have no signature: one is asked for by its id, and then how the dispute stands.
"""

import base64
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from paycorex import clock
from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.prism.ways import Ask, Incoming

_RETRIEVAL: Final = "RETRIEVAL_REQUEST_"
# What a status means; one that was represented in part, or that we do not know, is for a person.
_RULINGS: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        "RETRIEVAL_REQUEST_NEW": Ruling.NEEDS_RESPONSE,
        "RETRIEVAL_REQUEST_RESPONSE_UNDER_REVIEW": Ruling.UNDER_REVIEW,
        "RETRIEVAL_REQUEST_REPRESENTED": Ruling.CLOSED,
        "CHARGEBACK_NEW": Ruling.NEEDS_RESPONSE,
        "CHARGEBACK_RESPONSE_UNDER_REVIEW": Ruling.UNDER_REVIEW,
        "CHARGEBACK_REPRESENTED_SUCCESSFULLY": Ruling.WON,
        "CHARGEBACK_REPRESENTED_UNSUCCESSFULLY": Ruling.LOST,
    }
)
_EVENT: Final = "CHARGE_DISPUTE_"
_EVENT_ID: Final = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)


def signed(credentials: Mapping[str, str]) -> dict[str, str]:
    """https://dev.shift4.com/docs/api#authentication: the secret key as a user's name, without a password."""
    return {"Authorization": f"Basic {base64.b64encode(f'{credentials["api_key"]}:'.encode()).decode()}"}


def path(reference: str, *more: str) -> str:
    """Of one dispute, or of something of it."""
    return "/".join(("/disputes", quote(reference, safe=""), *more))


def look_up(ask: Ask, reference: str) -> Dispute | None:
    """A dispute as it stands; None when Shift4 knows none. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    response = ask("GET", path(reference), b"")
    if response.status == 404:
        return None
    found = response.body()
    documents.expect(found, reference, "id")
    return read(found)


def listed(ask: Ask, charge_reference: str) -> tuple[Dispute, ...]:
    """The one that the charge shows, if it does. Raises what look_up raises."""
    charge = ask("GET", f"/charges/{quote(charge_reference, safe='')}", b"").body()
    documents.expect(charge, charge_reference, "id")
    shown = documents.find(charge, "dispute")
    if shown is None:
        return ()
    found = look_up(ask, documents.reference(shown, "id"))
    if found is None or found.charge_reference != charge_reference:
        raise OutcomeUnknown("Shift4 does not find the dispute that its charge shows.")
    return (found,)


def read(dispute: Any) -> Dispute:
    """As Shift4 shows it. Raises Malformed, Contradiction."""
    reference, status = documents.reference(dispute, "id"), documents.text(dispute, "status")
    is_inquiry = status.startswith(_RETRIEVAL)
    ruling = _ruling(dispute, status)
    return Dispute(
        reference=reference,
        charge_reference=_charge_of(dispute),
        amount=documents.amount(documents.whole(dispute, "amount"), documents.text(dispute, "currency"), reference),
        status=status.lower()[: documents.MAX_CODE_CHARACTERS],
        reason=documents.code_or(dispute, "", "reason").lower() or None,
        ruling=Ruling.CLOSED if is_inquiry and ruling is Ruling.LOST else ruling,
        stage=Stage.INQUIRY if is_inquiry else Stage.CHARGEBACK,
        respond_by_ms=documents.moment_ms(dispute, "evidenceDetails", "dueBy"),
        withdrawn=0 if is_inquiry else 1,
        reinstated=1 if ruling is Ruling.WON else 0,
        said_ms=clock.now_ms(),
    )


def _charge_of(dispute: Any) -> str:
    """The charge itself, or its id."""
    charge = documents.find(dispute, "charge")
    return documents.reference(dispute, "charge", "id") if isinstance(charge, dict) else documents.reference(dispute, "charge")


def _ruling(dispute: Any, status: str) -> Ruling | None:
    """Neither an answer nor acceptance has to change the status at once."""
    ruling = _RULINGS.get(status)
    if ruling is not Ruling.NEEDS_RESPONSE:
        return ruling
    if documents.find(dispute, "acceptedAsLost") is True:
        return Ruling.LOST
    return Ruling.UNDER_REVIEW if documents.find(dispute, "evidenceDetails", "hasEvidence") is True else ruling


def read_callback(incoming: Incoming) -> Dispute | None:
    """The dispute that an event of Shift4's names, as it stands; None for any other event.

    Raises CallbackRefused for an event that Shift4 does not know, Malformed, RateLimited; NotSent and OutcomeUnknown where it does not say.
    """
    try:
        event_id = documents.text(documents.parse(incoming.body), "id")
    except documents.Malformed as error:
        raise CallbackRefused("the callback could not be read") from error
    if not _EVENT_ID.fullmatch(event_id):
        raise CallbackRefused("it names no event")
    answer = incoming.ask("GET", f"/events/{event_id}", b"")
    if answer.status == 404:
        raise CallbackRefused("Shift4 knows no such event")
    event = answer.body()
    documents.expect(event, event_id, "id")
    if not documents.text(event, "type").startswith(_EVENT):
        return None
    # Of the charge, or of the dispute itself.
    about = ("data", "dispute", "id") if documents.find(event, "data", "objectType") == "charge" else ("data", "id")
    return look_up(incoming.ask, documents.reference(event, *about))
