"""Stream records in the shape a Lambda event source mapping delivers them (binary values in base64)."""

from base64 import b64encode
from typing import Any

from tests.fakes.memory_dynamo.schema import TableSchema
from tests.fakes.memory_dynamo.table import Change
from tests.fakes.memory_dynamo.values import Item, Value, kind_of, size_of_item

_IMAGES = {
    "KEYS_ONLY": (),
    "NEW_IMAGE": ("NewImage",),
    "OLD_IMAGE": ("OldImage",),
    "NEW_AND_OLD_IMAGES": ("NewImage", "OldImage"),
}


def stream_record(schema: TableSchema, change: Change, region: str) -> dict[str, Any]:
    """One element of {"Records": [...]}: eventName INSERT, MODIFY or REMOVE, with the images the table's view has."""
    present = change.new if change.new is not None else change.old
    if present is None:
        raise AssertionError("a change has an old or a new item")
    data: dict[str, Any] = {
        "ApproximateCreationDateTime": float(int(change.at_seconds)),
        "Keys": _event_item(schema.keys.key_item(present)),
        "SequenceNumber": f"{change.sequence:021d}",
        "StreamViewType": schema.stream_view,
    }
    images = {"NewImage": change.new, "OldImage": change.old}
    size = size_of_item(schema.keys.key_item(present))
    for field in _IMAGES[schema.stream_view]:
        image = images[field]
        if image is not None:
            data[field] = _event_item(image)
            size += size_of_item(image)
    data["SizeBytes"] = size
    record = {
        "eventID": f"{change.sequence:032x}",
        "eventName": _event_name(change),
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": region,
        "dynamodb": data,
        "eventSourceARN": f"{table_arn(schema.name, region)}/stream/2026-01-01T00:00:00.000",
    }
    if change.by_ttl:
        record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return record


def table_arn(name: str, region: str) -> str:
    return f"arn:aws:dynamodb:{region}:000000000000:table/{name}"


def _event_name(change: Change) -> str:
    if change.old is None:
        return "INSERT"
    return "REMOVE" if change.new is None else "MODIFY"


def _event_item(item: Item) -> Item:
    return {name: _event_value(value) for name, value in item.items()}


def _event_value(value: Value) -> Value:
    kind, raw = kind_of(value), next(iter(value.values()))
    match kind:
        case "B":
            return {kind: b64encode(raw).decode()}
        case "BS":
            return {kind: [b64encode(element).decode() for element in raw]}
        case "M":
            return {kind: _event_item(raw)}
        case "L":
            return {kind: [_event_value(element) for element in raw]}
        case _:
            return {kind: list(raw) if isinstance(raw, list) else raw}
