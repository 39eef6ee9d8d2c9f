"""What botocore does around a call, from its own service models: the check of parameters and the errors it raises."""

from functools import cache
from typing import Any

from botocore import xform_name
from botocore.errorfactory import ClientExceptionsFactory
from botocore.exceptions import ClientError, ParamValidationError
from botocore.loaders import Loader
from botocore.model import ServiceModel

# SQS answers with the codes of its old protocol and names the modelled error beside them.
_SQS_PREFIX = "AWS.SimpleQueueService."
_SQS_NAMES = {f"{_SQS_PREFIX}NonExistentQueue": "QueueDoesNotExist"}


@cache
def _service_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service_name=service)


@cache
def client_exceptions(service: str) -> Any:
    """The modelled exception classes of a service, as `client.exceptions` of a botocore client has them."""
    return ClientExceptionsFactory().create_client_exceptions(_service_model(service))


@cache
def _input_members(service: str, operation: str) -> tuple[frozenset[str], frozenset[str]]:
    shape = _service_model(service).operation_model(operation).input_shape
    return (frozenset(shape.members), frozenset(shape.required_members)) if shape else (frozenset(), frozenset())


def check_parameters(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Raises ParamValidationError for parameters the operation does not have and for missing ones."""
    known, required = _input_members(service, operation)
    if parameters.keys() - known:
        raise ParamValidationError(report=f"Unknown parameter in input: {sorted(parameters.keys() - known)}")
    if required - parameters.keys():
        raise ParamValidationError(report=f"Missing required parameter: {sorted(required - parameters.keys())}")


@cache
def operation_names(service: str) -> dict[str, str]:
    """{client method: API operation} of a service, such as {"put_item": "PutItem"}."""
    return {xform_name(name): name for name in _service_model(service).operation_names}


def client_error(service: str, operation: str, code: str, message: str, *, exceptions: Any = None, **members: Any) -> ClientError:
    """The error a botocore client raises for `code`: the modelled class where the service model has one.

    `exceptions` is `client.exceptions` of the client that is to raise it, as each real client has classes of its own.

    The response has the parsed shape: Error.Code, Error.Message, ResponseMetadata and the modelled members.
    """
    modelled = _SQS_NAMES.get(code, code.removeprefix(_SQS_PREFIX))
    status = 500 if "Internal" in code else 400
    response: dict[str, Any] = {
        "Error": {"Code": code, "Message": message, **({"QueryErrorCode": modelled} if modelled != code else {})},
        "ResponseMetadata": {"RequestId": "memory", "HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0},
        "message": message,
        **members,
    }
    error: ClientError = (exceptions or client_exceptions(service)).from_code(modelled)(response, operation)
    return error
