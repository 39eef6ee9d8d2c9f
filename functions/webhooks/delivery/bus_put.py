"""An event put on a merchant's event bus, and its outcome as the delivery log stores it.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html. `Detail` is the body that an endpoint would get.
"""

import time
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws
from webhooks.delivery.http_post import RESPONSE_BYTES_KEPT, Outcome

SOURCE: Final = "paycorex"
_ACCEPTED: Final = 200


def put(bus_arn: str, event: str, body: bytes, at_seconds: int) -> Outcome:
    """Put one event. What EventBridge says against it is an outcome, not an exception.

    at_seconds: since the epoch. The client bounds the time of a call.
    """
    entry = {"EventBusName": bus_arn, "Source": SOURCE, "DetailType": event, "Detail": body.decode(), "Time": at_seconds}
    started = time.monotonic()
    try:
        answer: dict[str, Any] = aws.event_buses().put_events(Entries=[entry])
    except ClientError as refused:
        error = refused.response["Error"]
        return _refused(error.get("Code", ""), error.get("Message", ""), started)
    except BotoCoreError as failure:
        return Outcome(None, _milliseconds(started), type(failure).__name__)
    if answer.get("FailedEntryCount"):
        refusal = answer["Entries"][0]
        return _refused(str(refusal.get("ErrorCode")), str(refusal.get("ErrorMessage")), started)
    return Outcome(_ACCEPTED, _milliseconds(started), None, str(answer["Entries"][0].get("EventId", ""))[:RESPONSE_BYTES_KEPT])


def _refused(code: str, message: str, started: float) -> Outcome:
    return Outcome(None, _milliseconds(started), code[:64] or "refused", message[:RESPONSE_BYTES_KEPT])


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
