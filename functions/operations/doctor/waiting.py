"""What waits for an operator: alarms that ring, messages that no one takes, items set aside, providers that are not
called any more; and who keeps card numbers."""

import json
from collections.abc import Iterator
from typing import Any, Final

from operations.doctor.findings import Finding, ok, wrong
from operations.doctor.stack import Stack
from paycorex import aws, clock
from paycorex.card_storage import VAULT

# By the template's names: what it means when something is in a queue, and what to do.
_QUEUES: Final = {
    "LostRecordsQueue": (0, "records failed all retries", "correct the cause, then paycorex --stack {stack} admin recover"),
    "WebhookDeadLetterQueue": (
        0,
        "deliveries failed all retries",
        "paycorex --stack {stack} webhooks redrive, when the receivers are well",
    ),
    "WebhookExhaustedQueue": (100, "deliveries wait to be marked as failed", "look at the errors of WebhookDeadLettersFunction"),
    "WebhookQueue": (1_000, "deliveries wait", "look at the errors and the concurrency of WebhookSenderFunction"),
    "WebhookSlowQueue": (1_000, "deliveries to failing endpoints wait", "see which endpoints fail; others are not delayed by them"),
}


def queues(stack: Stack) -> Iterator[Finding]:
    """Nothing lies in the queues that operators empty, and not much in those that functions empty."""
    client: Any = aws.for_operators("sqs")
    for queue in stack.of_kind("AWS::SQS::Queue"):
        if queue.logical not in _QUEUES:
            continue
        most, meaning, todo = _QUEUES[queue.logical]
        answer = client.get_queue_attributes(QueueUrl=queue.physical, AttributeNames=["ApproximateNumberOfMessages"])
        count = int(answer["Attributes"]["ApproximateNumberOfMessages"])
        if count > most:
            yield wrong(f"queue {queue.logical}", f"{count} {meaning}", todo.format(stack=stack.name))
        else:
            yield ok(f"queue {queue.logical}", f"{count} messages")


def alarms(stack: Stack) -> Iterator[Finding]:
    """No alarm of the stack rings, and someone is called when one does."""
    if not stack.parameters.get("AlarmTopicArn") and stack.stage == "prod":
        yield wrong("alarms", "no one is called when an alarm rings", "set AlarmTopicArn to an SNS topic with a subscription")
    names = [one.physical for one in stack.of_kind("AWS::CloudWatch::Alarm")]
    client: Any = aws.for_operators("cloudwatch")
    ringing = []
    for start in range(0, len(names), 100):
        pages = client.get_paginator("describe_alarms").paginate(AlarmNames=names[start : start + 100], StateValue="ALARM")
        ringing += [alarm for page in pages for alarm in page["MetricAlarms"]]
    for alarm in ringing:
        yield wrong(f"alarm {alarm['AlarmName']}", alarm.get("StateReason", "it rings"), alarm.get("AlarmDescription", ""))
    if not ringing:
        yield ok("alarms", f"none of {len(names)} rings")


def set_aside(stack: Stack) -> Iterator[Finding]:
    """No loop set an item aside."""
    count = _scan(stack, "SetAsideTable", "loop")
    if count:
        yield wrong("set aside", f"{len(count)} items", f"paycorex --stack {stack.name} admin set-aside list")
    else:
        yield ok("set aside", "nothing")


def connectors(stack: Stack) -> Iterator[Finding]:
    """No provider is cut off because its calls failed or its credentials were refused."""
    now = clock.now_ms()
    cut_off = [item for item in _scan(stack, "CircuitBreakersTable", "breaker_id, open_until") if _is_open(item, now)]
    for item in cut_off:
        todo = "see the provider's status; the merchant checks its credentials by POST /v1/merchants/connectors/{name}/verify"
        yield wrong("connector " + item["breaker_id"]["S"], "calls to this provider failed and are held back", todo)
    if not cut_off:
        yield ok("connectors", "no provider is cut off")


def cards(stack: Stack) -> Iterator[Finding]:
    """Which merchants keep card numbers here: all that touches those is in the scope of their assessment (PCI DSS)."""
    items = _scan(stack, "MerchantsTable", "merchant_id, profile")
    keeping = sorted(item["merchant_id"]["S"] for item in items if _profile(item).get("card_storage") == VAULT)
    if keeping:
        yield ok("cards", f"numbers are kept here, as these merchants said that they were assessed: {', '.join(keeping)}")
    else:
        yield ok("cards", "no merchant chose to keep card numbers here")


def _profile(item: Any) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(item.get("profile", {}).get("S", "{}"))
    return stored


def _is_open(item: Any, now: int) -> bool:
    return int(item.get("open_until", {}).get("N", "0")) > now


def _scan(stack: Stack, logical: str, attributes: str) -> list[Any]:
    """Small tables: they hold what is wrong."""
    table = next(one.physical for one in stack.of_kind("AWS::DynamoDB::Table") if one.logical == logical)
    names = {f"#{place}": name.strip() for place, name in enumerate(attributes.split(","))}
    pages = (
        aws.for_operators("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=table, ProjectionExpression=", ".join(names), ExpressionAttributeNames=names)
    )
    return [item for page in pages for item in page["Items"]]
