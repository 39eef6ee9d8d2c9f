"""Events: the schema of each kind of object's, and the `webhooks` of the document, one for every name."""

from typing import Any, Final

from pydantic import BaseModel

from local.openapi.schemas import REF
from local.openapi.texts import TEXTS
from paycorex.records.api_key_view import ApiKeyView
from paycorex.records.checkout_session import SessionView
from paycorex.records.crypto_transaction import CryptoTransactionView
from paycorex.records.dispute import DisputeView
from paycorex.records.endpoint import EndpointView
from paycorex.records.payment import PaymentView
from paycorex.records.reconciliation_item import ReconciliationItemView
from paycorex.records.refund import RefundView
from paycorex.records.settlement import SettlementView
from paycorex.records.stamps import EVENTS
from paycorex.records.token import TokenView
from paycorex.records.transfer import TransferView

# The schema and the object of an event, by the first word of its name.
KINDS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "payment": ("PaymentEvent", PaymentView),
    "authorization": ("PaymentEvent", PaymentView),
    "refund": ("RefundEvent", RefundView),
    "dispute": ("DisputeEvent", DisputeView),
    "settlement": ("SettlementEvent", SettlementView),
    "reconciliation": ("ReconciliationEvent", ReconciliationItemView),
    "wallet": ("WalletEvent", TransferView),
    "crypto": ("CryptoEvent", CryptoTransactionView),
    "checkout": ("CheckoutEvent", SessionView),
    "token": ("TokenEvent", TokenView),
    "apikey": ("ApiKeyEvent", ApiKeyView),
    "webhook": ("WebhookEvent", EndpointView),
}


def schema_of(event: str) -> str:
    """The name of the schema of an event. Raises KeyError for one of an object that is not known here."""
    return KINDS[event.partition(".")[0]][0]


def schemas(event_view: dict[str, Any]) -> dict[str, Any]:
    """The schema of each kind of event, and what any event is. event_view: that of an event whose object may be any."""
    found: dict[str, Any] = {}
    for event in EVENTS:
        name, of = KINDS[event.partition(".")[0]]
        names = found[name]["properties"]["event"]["enum"] if name in found else []
        found[name] = _event(event_view, [*names, event], of)
    mapping = {event: REF.format(model=schema_of(event)) for event in EVENTS}
    one_of = [{"$ref": REF.format(model=name)} for name in found]
    described = {"description": "What happened to an object, and the object as it stood then."}
    return found | {"EventView": {"oneOf": one_of, "discriminator": {"propertyName": "event", "mapping": mapping}, **described}}


def _event(event_view: dict[str, Any], names: list[str], of: type[BaseModel]) -> dict[str, Any]:
    properties = dict(event_view["properties"])
    properties["event"] = {"type": "string", "enum": names, "description": properties["event"]["description"]}
    properties["data"] = {"$ref": REF.format(model=of.__name__), "description": "The object as it stood then."}
    noun = of.__name__.removesuffix("View")
    return {**event_view, "properties": properties, "description": f"An event whose `data` is the contract's {noun} object."}


def webhooks() -> dict[str, Any]:
    """What is sent to endpoints, by the event's name."""
    return {event: {"post": _delivery(event)} for event in EVENTS}


def _delivery(event: str) -> dict[str, Any]:
    text = TEXTS["events"][event]
    return {
        "operationId": f"on_{event.replace('.', '_')}",
        "summary": text,
        "description": f"{text} Answer 2xx within ten seconds; anything else is sent again later.",
        "tags": ["Events"],
        "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in TEXTS["webhook_headers"]],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": REF.format(model=schema_of(event))}}}},
        "responses": {
            "200": {"description": "Taken, as any status from 200 to 299 says."},
            "410": {"description": "Send nothing here any more."},
        },
    }


def parameters() -> dict[str, Any]:
    """The headers of every delivery."""
    kind = {"in": "header", "required": True, "schema": {"type": "string"}}
    return {name: {"name": name, **kind, "description": text.strip()} for name, text in TEXTS["webhook_headers"].items()}
