"""Stream records that the dispatcher set aside: their name, and how one is dispatched later."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import set_aside
from paycorex.set_aside import AsideItem, Subject
from webhooks.events import dispatch

LOOP: Final = "webhooks.events.dispatch"


def subject_of(record: Mapping[str, Any]) -> Subject:
    """A record as an item of the dispatcher's loop. The whole record is kept, because trying again needs it."""
    change = record["dynamodb"]
    table = str(record.get("eventSourceARN", "")).split(":table/", 1)[-1].split("/", 1)[0]
    owner = (change.get("NewImage") or {}).get("merchant_id", {}).get("S")
    return Subject(LOOP, f"{table}#{change['SequenceNumber']}", owner, payload=record, since_ms=set_aside.stream_moment_ms(record))


def dispatch_again(row: AsideItem) -> None:
    """Dispatch the record of a row. Raises what dispatching raises."""
    batch = dispatch.Batch()
    dispatch.dispatch(set_aside.payload_of(row), batch)
    dispatch.flush(batch)
