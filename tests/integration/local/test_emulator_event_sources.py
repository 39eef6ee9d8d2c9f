"""Queues of functions on the emulator with the plug-in."""

import io
import json
import time
import zipfile
from typing import Final

from local.emulator import start_emulator

SECONDS: Final = 20
TEMPLATE: Final = {
    "Parameters": {"Most": {"Type": "Number", "Default": 3}},
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "letters"}},
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "FunctionName": "reader",
                "ScalingConfig": {"MaximumConcurrency": {"Ref": "Most"}},
            },
        },
    },
}


def test_a_queue_whose_bound_is_a_parameter_is_read() -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as file:
        file.writestr("door.py", "def handler(event, context):\n    print([record['body'] for record in event['Records']])")
    with start_emulator() as emulator:
        emulator.client("lambda").create_function(
            FunctionName="reader",
            Runtime="python3.13",
            Handler="door.handler",
            Role="arn:aws:iam::000000000000:role/any",
            Code={"ZipFile": code.getvalue()},
        )
        emulator.client("cloudformation").create_stack(StackName="letters", TemplateBody=json.dumps(TEMPLATE))
        queues, logs = emulator.client("sqs"), emulator.client("logs")
        deadline = time.monotonic() + SECONDS
        while not emulator.client("lambda").list_event_source_mappings(FunctionName="reader")["EventSourceMappings"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        queues.send_message(QueueUrl=queues.get_queue_url(QueueName="letters")["QueueUrl"], MessageBody="hello")
        while not logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/reader")["logGroups"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        lines = [event["message"] for event in logs.filter_log_events(logGroupName="/aws/lambda/reader")["events"]]
    assert "['hello']" in lines
