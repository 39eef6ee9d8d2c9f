"""Lambda in memory: the template's functions run by name, and what AWS itself counts about them becomes metrics."""

import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support import template
from tests.support.chain import Context
from tests.support.cloudwatch import CloudWatch
from tests.support.logs import Log
from tests.support.world import PREFIX, World

FUNCTION = "AWS::Serverless::Function"
SCHEDULED = ("PaymentsJanitorFunction", "WebhookSweeperFunction", "CheckpointFunction", "VerificationFunction")
# The template's queues, by their names in a world.
QUEUES = {
    "WebhookQueue": "webhooks",
    "WebhookSlowQueue": "webhooks-slow",
    "WebhookExhaustedQueue": "webhooks-exhausted",
    "WebhookDeadLetterQueue": "webhooks-dead",
    "LostRecordsQueue": "lost-records",
}
# The usual quota of an account.
QUOTA = 1000


@dataclass
class Functions:
    """The functions of a world, the queues and streams that call them, and the CloudWatch that looks on."""

    world: World
    cloudwatch: CloudWatch
    log: Log
    quota: int = QUOTA
    running: int = 0
    _records: dict[str, list[tuple[float, dict[str, Any]]]] = field(default_factory=dict)
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.sqs.create_queue(QueueName=QUEUES["LostRecordsQueue"])
        for queue, declared in template.properties("AWS::SQS::Queue").items():
            kept = str(declared["MessageRetentionPeriod"])
            self.world.sqs._queue({"QueueUrl": self.url(queue)}).settings["MessageRetentionPeriod"] = kept

    def invoke(self, name: str, event: Any = None) -> bool:
        """One invocation; whether it succeeded. Counts it, its error, and what it logged. A throttled one does not run."""
        put = self.cloudwatch.put
        put("AWS/Lambda", "ClaimedAccountConcurrency", min(self.running + 1, self.quota))
        if self.running >= self.quota:
            put("AWS/Lambda", "Throttles", 1, FunctionName=name)
            put("AWS/Lambda", "Throttles", 1)
            return False
        put("AWS/Lambda", "Invocations", 1, FunctionName=name)
        module = template.properties(FUNCTION)[name]["Handler"].rpartition(".")[0]
        try:
            importlib.import_module(module).handler({} if event is None else event, Context(60_000))
        except Exception:  # noqa: BLE001 - Lambda catches and counts whatever a handler raises
            put("AWS/Lambda", "Errors", 1, FunctionName=name)
            return False
        finally:
            self.read_log()
        put("AWS/Lambda", "Errors", 0, FunctionName=name)
        return True

    def tick(self, names: Iterable[str] = SCHEDULED, event: Any = None) -> None:
        """What the schedules do: a run that fails leaves a note in the queue of lost records."""
        for name in names:
            if not self.invoke(name, event):
                config = template.properties(FUNCTION)[name]["EventInvokeConfig"]
                assert config["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["LostRecordsQueue", "Arn"]}
                self.send("LostRecordsQueue", {"function": name})

    def read_stream(self, name: str) -> None:
        """One batch of each of a function's streams. Records that fail come again, and their age is a metric of each invocation."""
        for event in template.properties(FUNCTION)[name]["Events"].values():
            noun = template.noun_of(template.properties("AWS::DynamoDB::Table")[event["Properties"]["Stream"]["Fn::GetAtt"][0]])
            now = self.cloudwatch.clock()
            records = self._records.setdefault(noun, [])
            records += [(now, record) for record in self.world.dynamo.drain_stream(PREFIX + noun)]
            place = self._places.get((name, noun), 0)
            batch = [(at, record) for at, record in records[place:] if _passes(event["Properties"], record)]
            is_done = True
            if batch:
                self.cloudwatch.put("AWS/Lambda", "IteratorAge", (now - batch[0][0]) * 1000, FunctionName=name)
                is_done = self.invoke(name, {"Records": [record for _at, record in batch]})
            if is_done:
                self._places[name, noun] = len(records)

    def url(self, queue: str) -> str:
        """The URL of a queue of the template."""
        found: str = self.world.sqs.get_queue_url(QueueName=QUEUES[queue])["QueueUrl"]
        return found

    def send(self, queue: str, body: Mapping[str, Any]) -> None:
        """A message into a queue of the template."""
        self.world.sqs.send_message(QueueUrl=self.url(queue), MessageBody=json.dumps(body))

    def look_at_queues(self) -> None:
        """What SQS says about its queues: how many messages could be received, and how old the oldest one is."""
        for queue in QUEUES:
            held = self.world.sqs._queue({"QueueUrl": self.url(queue)}).messages.values()
            counts = self.world.sqs.get_queue_attributes(QueueUrl=self.url(queue), AttributeNames=["All"])["Attributes"]
            now = self.cloudwatch.clock()
            self.cloudwatch.put(
                "AWS/SQS", "ApproximateNumberOfMessagesVisible", float(counts["ApproximateNumberOfMessages"]), QueueName=queue
            )
            age = max((now - message.sent_at for message in held), default=0.0)
            self.cloudwatch.put("AWS/SQS", "ApproximateAgeOfOldestMessage", age, QueueName=queue)

    def request(self, status: int, milliseconds: float = 20) -> None:
        """The gateway's own metrics of an answer."""
        put = self.cloudwatch.put
        put("AWS/ApiGateway", "Count", 1, ApiName="test")
        put("AWS/ApiGateway", "5XXError", int(status >= 500), ApiName="test")
        put("AWS/ApiGateway", "Latency", milliseconds, ApiName="test")

    def read_log(self) -> None:
        """What was logged since the last look."""
        lines: list[Mapping[str, Any]] = list(self.log.lines)
        self.log.clear()
        self.cloudwatch.take(lines)


def _passes(source: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a trigger's filters let a record through. The template's name events only."""
    filters = source.get("FilterCriteria", {}).get("Filters", [])
    return not filters or any(record["eventName"] in json.loads(one["Pattern"])["eventName"] for one in filters)
