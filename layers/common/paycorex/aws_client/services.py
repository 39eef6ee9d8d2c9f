"""What differs between the services: names on the wire, operations, binary members, and what may be sent a second time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# An update that builds on the stored value: carried out twice, it counts twice. (A position in a list shifts when one before it goes.)
_ACCUMULATES: Final = re.compile(r"\bADD\b|list_append|[+\-\[]", re.IGNORECASE)
_MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """`operations`: client method to API name. `blobs`: binary members of an answer itself. `backoff_seconds`: unit of a retry's wait."""

    name: str
    target_prefix: str
    content_type: str
    operations: Mapping[str, str]
    max_answer_bytes: int
    backoff_seconds: float = 0.05
    blobs: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    # Whether answers carry DynamoDB's attribute values and checksum.
    has_items: bool = False


def _methods(*operations: str) -> dict[str, str]:
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in operations}


SERVICES: Final[Mapping[str, Service]] = {
    "dynamodb": Service(
        "dynamodb",
        "DynamoDB_20120810",
        "application/x-amz-json-1.0",
        _methods(
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        ),
        # BatchGetItem gives up to 16 MB of items, and JSON writes a byte of some of them as several.
        max_answer_bytes=64 * _MEBIBYTE,
        backoff_seconds=0.025,
        has_items=True,
    ),
    "kms": Service(
        "kms",
        "TrentService",
        "application/x-amz-json-1.1",
        _methods("Decrypt", "GenerateDataKey", "GetPublicKey", "Sign"),
        max_answer_bytes=_MEBIBYTE,
        blobs=frozenset({"CiphertextBlob", "Plaintext", "PublicKey", "Signature"}),
    ),
    "sqs": Service(
        "sqs",
        "AmazonSQS",
        "application/x-amz-json-1.0",
        _methods(
            "ChangeMessageVisibility",
            "DeleteMessage",
            "DeleteMessageBatch",
            "GetQueueAttributes",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        ),
        # Messages of an answer are a mebibyte together, and JSON may write a byte as six.
        max_answer_bytes=8 * _MEBIBYTE,
        # Asks for the error codes of the older protocol beside the new ones, as botocore does.
        headers={"x-amzn-query-mode": "true"},
    ),
    # Events to a bus. One that is sent twice is there twice, like a webhook.
    "events": Service("events", "AWSEvents", "application/x-amz-json-1.1", _methods("PutEvents"), max_answer_bytes=_MEBIBYTE),
    # Parameter Store alone. The moments of its answers stay numbers.
    "ssm": Service("ssm", "AmazonSSM", "application/x-amz-json-1.1", _methods("GetParameter"), max_answer_bytes=_MEBIBYTE),
}


def may_repeat(operation: str, request: Mapping[str, Any]) -> bool:
    """Whether a request whose answer was lost may be sent again.

    Reads, whole items, sets of values and transactions with a token end in the same state; messages may come twice in any case.
    """
    return operation != "UpdateItem" or _ACCUMULATES.search(request.get("UpdateExpression", "")) is None
