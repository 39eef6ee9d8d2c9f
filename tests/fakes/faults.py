"""Faults between the code and AWS: `FaultyClient` asks a decider for the fault of every single call.

What emulators never do is what payments must survive: a conflict with another transaction, an answer that is lost after
the write was committed, a process that dies between two calls.
"""

import threading
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from tests.fakes.aws_errors import client_error, operation_names
from tests.fakes.fault_deciders import Call, Decider, Fault, Nth, Script, Seeded, healthy
from tests.fakes.memory_dynamo.calls import Paginator

__all__ = ["Call", "Decider", "Fault", "FaultyClient", "Killed", "LoggedCall", "Nth", "Script", "Seeded", "healthy"]

type Response = dict[str, Any]


class Killed(BaseException):
    """The process died here. Not an Exception, so that no handler of the code under test outlives it."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    call: Call
    fault: Fault


class FaultyClient:
    """A client whose every operation asks `decider` first; everything that is no operation goes straight through.

    Wraps MemoryDynamo, MemorySqs, MemoryKms or a real botocore client of `service`; operations work as methods and as
    `_make_api_call`. `log` has every call with its fault. A fault that cannot happen to an operation (a
    transaction conflict on GetItem) is a pass. `decider` may be replaced at any time; `healthy` ends all faults.
    """

    def __init__(self, client: Any, decider: Decider = healthy, *, service: str = "dynamodb") -> None:
        self.decider = decider
        self.log: list[LoggedCall] = []
        self._client = client
        self._service = service
        # Reentrant, because a decider may let another environment act between two calls.
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        operation = operation_names(self._service).get(name)
        if operation is None:
            return getattr(self._client, name)
        return lambda **request: self._make_api_call(operation, request)

    def get_paginator(self, operation_name: str) -> Any:
        """Pages whose every call asks the decider too (query and scan of DynamoDB)."""
        return Paginator(self, operation_name)

    def count(self, operation: str | None = None) -> int:
        """How many calls there were, of one operation or of all."""
        return sum(operation in {None, logged.call.operation} for logged in self.log)

    def _make_api_call(self, operation_name: str, api_params: Response) -> Response:
        with self._lock:
            call = Call(len(self.log), operation_name, _tables(api_params))
            fault = self.decider(call)
            if not _can_happen(fault, operation_name, self._service):
                fault = Fault.PASS
            self.log.append(LoggedCall(call, fault))
        return self._carry_out(fault, operation_name, api_params)

    def _carry_out(self, fault: Fault, operation: str, request: Response) -> Response:
        endpoint = str(getattr(self._client.meta, "endpoint_url", "memory://"))
        match fault:
            case Fault.PASS:
                return self._execute(operation, request)
            case Fault.CONNECT_TIMEOUT:
                raise ConnectTimeoutError(endpoint_url=endpoint)
            case Fault.NO_ENDPOINT:
                raise EndpointConnectionError(endpoint_url=endpoint)
            case Fault.KILL_BEFORE:
                raise Killed(f"before {operation}")
            case Fault.COMMIT_THEN_TIMEOUT:
                self._execute_unheard(operation, request)
                raise ReadTimeoutError(endpoint_url=endpoint)
            case Fault.KILL_AFTER:
                self._execute_unheard(operation, request)
                raise Killed(f"after {operation}")
            case _:
                raise self._refusal(fault, operation, request)

    def _execute(self, operation: str, request: Response) -> Response:
        response: Response = self._client._make_api_call(operation, request)
        return response

    def _execute_unheard(self, operation: str, request: Response) -> None:
        """Execute; the answer is lost, whatever it was."""
        try:
            self._execute(operation, request)
        except ClientError:
            return

    def _refusal(self, fault: Fault, operation: str, request: Response) -> ClientError:
        members: Response = {}
        code = _INTERNAL_CODES.get(self._service, fault.value) if fault is Fault.INTERNAL_ERROR else fault.value
        message = _MESSAGES.get(fault, "Rate exceeded")
        if fault is Fault.CONFLICT and operation in _TRANSACTIONS:
            code = "TransactionCanceledException"
            reasons = [_conflict_reason(first=index == 0) for index in range(len(request["TransactItems"]))]
            codes = ", ".join(reason["Code"] for reason in reasons)
            message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
            members = {"CancellationReasons": reasons, "Message": message}
        elif fault is Fault.CONFLICT:
            code = "TransactionConflictException"
        exceptions = getattr(self._client, "exceptions", None)
        return client_error(self._service, operation, code, message, exceptions=exceptions, **members)


_TRANSACTIONS = {"TransactWriteItems", "TransactGetItems"}
_SINGLE_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
_INTERNAL_CODES = {"kms": "KMSInternalException", "sqs": "InternalError"}
_MESSAGES = {
    Fault.INTERNAL_ERROR: "Internal server error",
    Fault.CONFLICT: "Transaction is ongoing for the item",
    Fault.IN_PROGRESS: "Transaction with the same token is already in progress",
    Fault.THROUGHPUT_EXCEEDED: "The level of configured provisioned throughput for the table was exceeded.",
}


def _conflict_reason(*, first: bool) -> Response:
    if not first:
        return {"Code": "None"}
    return {"Code": "TransactionConflict", "Message": _MESSAGES[Fault.CONFLICT]}


def _can_happen(fault: Fault, operation: str, service: str) -> bool:
    if fault is Fault.CONFLICT:
        return operation in _TRANSACTIONS | _SINGLE_WRITES
    if fault is Fault.IN_PROGRESS:
        return operation == "TransactWriteItems"
    return fault is not Fault.THROUGHPUT_EXCEEDED or service == "dynamodb"


def _tables(request: Response) -> tuple[str, ...]:
    for field in ("TableName", "QueueUrl", "KeyId"):
        if field in request:
            return (request[field],)
    if "TransactItems" in request:
        return tuple(dict.fromkeys(part["TableName"] for entry in request["TransactItems"] for part in entry.values()))
    return tuple(request.get("RequestItems", ()))
