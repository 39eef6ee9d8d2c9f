"""`paycorex admin recover` on the deployed template: records that the dispatcher never handled, from the table's stream to the webhook."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import aws, cli, settings
from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer

SERVICES = ("sqs", "lambda", "dynamodbstreams")


def test_events_that_were_lost_are_entered_and_sent(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    with RecordingServer([200] * 20) as listener:
        who = deployed.register(webhook_url=listener.url("/hook"))
        deployed.wallet(who, "asha", "100")
        paid = deployed.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "wallet", "user_id": "asha"})
        assert paid.status == 201, paid.raw
        received = _reported(listener, paid.body["payment_id"], times=1)
        _forget_events(deployed, who.merchant_id)
        _note(deployed, paid.body["payment_id"])
        assert _recover(deployed) == 0
        assert capsys.readouterr().out == "1 handled\n"
        again = _reported(listener, paid.body["payment_id"], times=2)
    assert {request.headers["webhook-id"] for request in again} == {received[0].headers["webhook-id"]}


def _reported(listener: RecordingServer, payment_id: str, *, times: int) -> list[Any]:
    """The webhooks of the payment's success, once there are as many."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [
            request
            for request in listener.requests
            if request.headers["x-webhook-event"] == "payment.success" and payment_id.encode() in request.body
        ]
        if len(found) >= times:
            return found
        time.sleep(0.2)
    raise AssertionError(f"reported {len(found)} times")


def _forget_events(deployed: Deployed, merchant_id: str) -> None:
    """As if none had ever been recorded of this merchant's."""
    client = deployed.emulator.client("dynamodb")
    for table, key in (("events", "event_id"), ("webhook_deliveries", "delivery_id")):
        name = f"{deployed.stack.name}-{table}"
        for item in client.scan(TableName=name)["Items"]:
            if item["merchant_shard"]["S"].startswith(merchant_id):
                client.delete_item(TableName=name, Key={"merchant_shard": item["merchant_shard"], key: item[key]})


def _note(deployed: Deployed, payment_id: str) -> None:
    """What Lambda leaves when the retries are used up: here, of the one record that made the payment."""
    streams = deployed.emulator.client("dynamodbstreams")
    arn = deployed.emulator.client("dynamodb").describe_table(TableName=f"{deployed.stack.name}-payments")["Table"]["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        for record in _records(streams, arn, shard["ShardId"]):
            if record["dynamodb"]["Keys"]["payment_id"]["S"] == payment_id:
                number = record["dynamodb"]["SequenceNumber"]
                batch = {"shardId": shard["ShardId"], "startSequenceNumber": number, "endSequenceNumber": number, "streamArn": arn}
                content = {"requestContext": {"functionArn": deployed.arn_of("WebhookDispatcherFunction")}, "DDBStreamBatchInfo": batch}
                deployed.emulator.client("sqs").send_message(QueueUrl=_queue(deployed), MessageBody=json.dumps(content))
                return
    raise AssertionError("the payment is not in the stream")


def _records(streams: Any, arn: str, shard_id: str) -> Iterator[Any]:
    start = {"StreamArn": arn, "ShardId": shard_id, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(**start)["ShardIterator"]
    while iterator is not None:
        page = streams.get_records(ShardIterator=iterator)
        yield from page["Records"]
        iterator = page.get("NextShardIterator") if page["Records"] else None


def _recover(deployed: Deployed) -> int:
    settings.use(settings.Settings(table_prefix=f"{deployed.stack.name}-", lost_records_queue_url=_queue(deployed)))
    for service in SERVICES:
        aws.use(service, deployed.emulator.client(service))
    try:
        return cli.main(["admin", "recover"])
    finally:
        for service in SERVICES:
            aws.use(service, None)
        settings.use(None)


def _queue(deployed: Deployed) -> str:
    client = deployed.emulator.client("cloudformation")
    found = client.describe_stack_resource(StackName=deployed.stack.name, LogicalResourceId="LostRecordsQueue")
    url: str = found["StackResourceDetail"]["PhysicalResourceId"]
    return url
