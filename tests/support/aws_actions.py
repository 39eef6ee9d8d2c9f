"""What IAM is asked when a client's method is called: the action, the resource, and what conditions may look at.

A batch or a transaction asks for each of its items by itself. Source: AWS's Service Authorization Reference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from paycorex import settings
from tests.support import rights

_ENCLOSING = "dynamodb:EnclosingOperation"
_PURPOSE = "kms:EncryptionContext:purpose"
_FROM = "ses:FromAddress"
_ATTRIBUTES = "dynamodb:Attributes"
# Methods whose right has another name: SQS knows no batches.
_ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
_KEYS = {"sealing_key_id": "SealingKey", "vault_key_id": "VaultKey", "proof_key_id": "ProofKey"}
_VERSIONS = {f"version_{name}": f"{name.capitalize()}Function" for name in ("authorizer", "payments", "wallet", "dashboard")}
_QUEUES = {
    "webhook_queue_url": "WebhookQueue",
    "webhook_slow_queue_url": "WebhookSlowQueue",
    "webhook_exhausted_queue_url": "WebhookExhaustedQueue",
    "webhook_dead_letter_queue_url": "WebhookDeadLetterQueue",
    "lost_records_queue_url": "LostRecordsQueue",
}


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """One question to IAM. resource: a table's noun, `noun/index/name`, a queue's or key's logical id, `parameter/…`."""

    action: str
    resource: str
    # Condition keys and their values; many values are separated by commas.
    context: tuple[tuple[str, str], ...] = field(default=())

    def text(self) -> str:
        """As it is stored: `dynamodb:PutItem ledgers dynamodb:EnclosingOperation=TransactWriteItems`."""
        return " ".join([self.action, self.resource, *(f"{key}={value}" for key, value in self.context)])

    @classmethod
    def parse(cls, text: str) -> "Call":
        """The call of a stored line."""
        action, resource, *context = text.split(" ")
        pairs = (pair.partition("=") for pair in context)
        return cls(action, resource, tuple((key, value) for key, _, value in pairs))


def calls(service: str, method: str, arguments: Mapping[str, Any]) -> Iterator[Call]:
    """Every question that this call of a client's method asks IAM. Raises KeyError for a resource that the stack's settings do not name."""
    operation = "".join(part.capitalize() for part in method.split("_"))
    if service == "dynamodb":
        yield from _dynamodb(operation, arguments)
    elif service == "kms":
        purpose = arguments.get("EncryptionContext", {}).get("purpose")
        yield Call(f"kms:{operation}", _named(_KEYS, arguments["KeyId"]), ((_PURPOSE, purpose),) if purpose else ())
    elif service == "sqs":
        yield Call(f"sqs:{_ACTIONS.get(operation, operation)}", _named(_QUEUES, arguments["QueueUrl"]))
    elif service == "events":
        for entry in arguments["Entries"]:
            yield Call(f"events:{operation}", f"event-bus/{entry['EventBusName'].rpartition('/')[2].partition('_')[0]}_*")
    elif service == "ssm":
        yield Call(f"ssm:{operation}", f"parameter/PREFIX/{arguments['Name'].removeprefix(settings.current().parameter_prefix)}")
    else:
        yield from _seldom(service, operation, arguments)


def _seldom(service: str, operation: str, arguments: Mapping[str, Any]) -> Iterator[Call]:
    """Of the services that few functions ask."""
    if service == "dynamodbstreams":
        # An iterator says nothing of its stream.
        if "StreamArn" in arguments:
            yield Call(f"dynamodb:{operation}", f"{_noun(arguments['StreamArn'].split('/')[1])}/stream/*")
    elif service == "lambda":
        yield _of_function(operation, arguments["FunctionName"])
    elif service in {"cloudwatch", "codedeploy"}:
        yield Call(f"{service}:{operation}", "*")
    elif service == "sesv2":
        yield Call("ses:SendEmail", "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*", ((_FROM, "MailFrom"),))
    else:
        raise KeyError(service)


def _of_function(operation: str, name: str) -> Call:
    if operation != "Invoke":
        return Call(f"lambda:{operation}", "*")
    called = name.rpartition(":function:")[2]
    return Call("lambda:InvokeFunction", called if called in rights.functions() else _named(_VERSIONS, name))


def _dynamodb(operation: str, arguments: Mapping[str, Any]) -> Iterator[Call]:
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        for item in arguments["TransactItems"]:
            for kind, request in item.items():
                yield _on_table(_TRANSACTED[kind], request, ((_ENCLOSING, operation),))
    elif "RequestItems" in arguments:
        for table in arguments["RequestItems"]:
            yield Call(f"dynamodb:{operation}", _noun(table))
    else:
        yield _on_table(operation, arguments)


def _on_table(operation: str, request: Mapping[str, Any], context: tuple[tuple[str, str], ...] = ()) -> Call:
    named = request["TableName"] if "TableName" in request else request["TableArn"].rpartition("/")[2]
    resource = _noun(named) + (f"/index/{request['IndexName']}" if "IndexName" in request else "")
    if (f"dynamodb:{operation}", resource) in bound_to_attributes():
        context += ((_ATTRIBUTES, ",".join(sorted(_attributes(request)))),)
    return _question(f"dynamodb:{operation}", resource, context)


@lru_cache(maxsize=10_000)
def _question(action: str, resource: str, context: tuple[tuple[str, str], ...]) -> Call:
    """One object for each question: handlers ask few, and each a thousand times."""
    return Call(action, resource, context)


@cache
def bound_to_attributes() -> frozenset[tuple[str, str]]:
    """Actions and tables for which a role's right depends on the attributes that are named; of others they are not noted."""
    return frozenset(
        (action, resource)
        for name in rights.functions()
        for right in rights.of(name)
        if any(_ATTRIBUTES in keys for keys in right.conditions.values())
        for action in right.actions
        for resource in right.resources
    )


def _attributes(request: Mapping[str, Any]) -> set[str]:
    """The top-level attributes that a request names: its key's or its whole item's, and those of its expressions."""
    names: Mapping[str, str] = request.get("ExpressionAttributeNames", {})
    return {*(request["Item"] if "Item" in request else request["Key"]), *names.values()}


def _noun(table: str) -> str:
    return table.removeprefix(settings.current().table_prefix)


def _named(by_setting: Mapping[str, str], value: str) -> str:
    """The logical id of the resource that a setting names."""
    known = {getattr(settings.current(), setting): name for setting, name in by_setting.items()}
    known.pop("", None)
    return known[value]
