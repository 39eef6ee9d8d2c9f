"""AWS clients: one low-level client per service and process, made here and nowhere else.

The setting `aws_client` says which kind functions use: the lean one of `paycorex.aws_client`, or botocore's (boto3's without the resource
layer's import), which takes, gives and raises the same. Time limits and retries are set once, so that every call is bounded: at most
2 sends, which connect for a second and wait 3 seconds for the next bytes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient

from paycorex import settings, snapshots

CONNECT_TIMEOUT_SECONDS: Final = 1
READ_TIMEOUT_SECONDS: Final = 3
MAX_SENDS: Final = 2
# A function that is invoked answers when it is done.
INVOKE_TIMEOUT_SECONDS: Final = 60

_BOTOCORE: Final = "botocore"
_LEAN_SERVICES: Final = frozenset({"dynamodb", "events", "kms", "sqs", "ssm"})

_replaced: dict[str, Any] = {}
_made: dict[tuple[str, str], Any] = {}


def use(service: str, client: object | None) -> None:
    """Replace one service's client (None: make the real one at the next use)."""
    for kind in (_BOTOCORE, "lean"):
        _made.pop((service, kind), None)
    if client is None:
        _replaced.pop(service, None)
    else:
        _replaced[service] = client


def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    return cast("DynamoDBClient", _client("dynamodb"))


def kms() -> "KMSClient":
    """The KMS client."""
    return cast("KMSClient", _client("kms"))


def sqs() -> "SQSClient":
    """The SQS client."""
    return cast("SQSClient", _client("sqs"))


def event_buses() -> Any:
    """The client of EventBridge, which puts events on buses."""
    return _client("events")


def ssm() -> Any:
    """The client of Systems Manager, for its Parameter Store."""
    return _client("ssm")


def mail() -> Any:
    """The client of SES, which sends invitations."""
    return _client("sesv2")


def functions() -> Any:
    """The client of Lambda, for the check of a release, which invokes what has no traffic yet, and for records that were lost."""
    return _client("lambda")


def streams() -> Any:
    """The client of DynamoDB's streams, from which lost records are read again."""
    return _client("dynamodbstreams")


def alarms() -> Any:
    """The client of CloudWatch, for the operators' page."""
    return _client("cloudwatch")


def releases() -> Any:
    """The client of CodeDeploy, which waits for that check."""
    return _client("codedeploy")


def dynamodb_for_operators() -> "DynamoDBClient":
    """The DynamoDB client of operators' commands, which has the operations on tables and pages of answers too."""
    return cast("DynamoDBClient", for_operators("dynamodb"))


def for_operators(service: str) -> Any:
    """A client with all operations of a service, for operators' commands. The layer has few services' models, so no function has one."""
    return _client(service, _BOTOCORE)


@snapshots.before_snapshot
def forget() -> None:
    """Drop every client, with its credentials and connections; the next call makes a new one."""
    _made.clear()


def _client(service: str, kind: str | None = None) -> Any:
    found = _replaced.get(service)
    if found is not None:
        return found
    kind = kind or (settings.current().aws_client if service in _LEAN_SERVICES else _BOTOCORE)
    made = _made.get((service, kind))
    if made is None:
        made = _made[service, kind] = _create_botocore(service) if kind == _BOTOCORE else _create_lean(service)
    return made


def _create_lean(service: str) -> object:
    from paycorex import aws_client  # noqa: PLC0415 - only the kind that is used is loaded

    limits = aws_client.Limits(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS, 2 * READ_TIMEOUT_SECONDS, MAX_SENDS)
    return aws_client.create(service, limits, settings.aws_environment())


def _create_botocore(service: str, **more: str) -> object:
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
    return make(service, config=config, **more)


def warm(*services: str) -> None:
    """Make these clients now: Lambda's init is the cheapest time for it."""
    for service in services:
        _client(service)
