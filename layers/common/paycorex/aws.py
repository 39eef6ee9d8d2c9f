"""AWS clients: one low-level botocore client per service and process, made here and nowhere else.

botocore instead of boto3: same client, without the resource layer's import. Time limits and retries are set once, so that every call is
bounded: at most 2 sends of 4 seconds each.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient

CONNECT_TIMEOUT_SECONDS: Final = 1
READ_TIMEOUT_SECONDS: Final = 3
MAX_SENDS: Final = 2
# A function that is invoked answers when it is done.
INVOKE_TIMEOUT_SECONDS: Final = 60

_clients: dict[str, Any] = {}


def use(service: str, client: object | None) -> None:
    """Replace one service's client (None: make the real one at the next use)."""
    if client is None:
        _clients.pop(service, None)
    else:
        _clients[service] = client


def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    return cast("DynamoDBClient", _client("dynamodb"))


def kms() -> "KMSClient":
    """The KMS client."""
    return cast("KMSClient", _client("kms"))


def sqs() -> "SQSClient":
    """The SQS client."""
    return cast("SQSClient", _client("sqs"))


def ssm() -> Any:
    """The client of Systems Manager, for its Parameter Store."""
    return _client("ssm")


def for_operators(service: str) -> Any:
    """A client of a service that only operators' commands ask: no function can, its model is not in the layer."""
    return _client(service)


def _client(service: str) -> Any:
    found = _clients.get(service)
    if found is None:
        found = _clients[service] = _create(service)
    return found


def _create(service: str) -> object:
    import botocore.session  # noqa: PLC0415 - the costliest import of a cold start; unit tests with fakes never pay it
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=INVOKE_TIMEOUT_SECONDS if service == "lambda" else READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": MAX_SENDS},
        # A quarter of a transaction's CPU; our own code and the tests already know the shapes.
        parameter_validation=False,
        tcp_keepalive=True,
        # A fixed one: botocore composes and cleans its own anew for every call, a fifth of a call's CPU.
        user_agent=f"paycorex botocore/{botocore.__version__}",
    )
    make: Callable[..., object] = botocore.session.get_session().create_client
    return make(service, config=config)


def warm(*services: str) -> None:
    """Make these clients now: Lambda's init is the cheapest time for it."""
    for service in services:
        _client(service)
