"""An error answer as botocore's ClientError: code, message, cancellation reasons and the item of a refused condition."""

import json
from typing import Any

from botocore.exceptions import ClientError

from paycorex.aws_client.answers import HttpAnswer
from paycorex.aws_client.codec import decode
from paycorex.aws_client.services import Service


def client_error(service: Service, operation: str, answer: HttpAnswer, *, retries: int) -> ClientError:
    """The error of an answer with a status from 300 on. `response` has Error, ResponseMetadata and the error's own members."""
    members = _members(service, answer.body)
    kind = members.pop("__type", None)
    code = kind.partition(":")[0].rpartition("#")[2] if isinstance(kind, str) else str(answer.status)
    error: dict[str, Any] = {"Message": members.get("message", members.get("Message", "")) or "", "Code": code}
    # SQS: "AWS.SimpleQueueService.NonExistentQueue;Sender", the older protocol's code and whose fault it is.
    old_code, separator, fault = answer.headers.get("x-amzn-query-error", "").partition(";")
    if separator:
        error |= {"QueryErrorCode": code, "Code": old_code, "Type": fault}
    response: dict[str, Any] = {"Error": error, "ResponseMetadata": metadata(answer, retries), **members}
    made: ClientError = ClientError(response, operation)  # type: ignore[arg-type]  # a TypedDict of what this dict has
    return made


def metadata(answer: HttpAnswer, retries: int) -> dict[str, Any]:
    """`ResponseMetadata`, as botocore has it."""
    return {
        "RequestId": answer.headers.get("x-amzn-requestid", ""),
        "HTTPStatusCode": answer.status,
        "HTTPHeaders": answer.headers,
        "RetryAttempts": retries,
    }


def _members(service: Service, body: bytes) -> dict[str, Any]:
    try:
        return decode(service, body)
    except (ValueError, TypeError, RecursionError):
        pass
    try:
        # A balancer before the service answers in its own words.
        return {"message": body.decode()}
    except UnicodeDecodeError:
        return {"message": json.dumps(len(body)) + " bytes"}
