"""When a request is sent again."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from paycorex.aws_client import retries
from paycorex.aws_client.retries import Failure, Retries, failure_of
from paycorex.aws_client.services import may_repeat


def refused(code: str, status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "GetItem")


def test_the_codes_are_botocores() -> None:
    # Their stubs show no constants.
    throttling: Any = ThrottledRetryableChecker
    transient: Any = TransientRetryableChecker
    throttled = set(throttling._THROTTLED_ERROR_CODES) - {"EC2ThrottledException"}
    assert throttled == retries._THROTTLED
    assert set(transient._TRANSIENT_ERROR_CODES) - throttled <= retries._TRANSIENT
    assert set(transient._TRANSIENT_STATUS_CODES) == retries._TRANSIENT_STATUS


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused("ThrottlingException"), Failure.THROTTLED),
        (refused("Whatever", 503), Failure.UNKNOWN),
        (refused("RequestTimeout"), Failure.UNKNOWN),
        (refused("ConditionalCheckFailedException"), Failure.FINAL),
        (EndpointConnectionError(endpoint_url="u"), Failure.NOT_SENT),
        (ReadTimeoutError(endpoint_url="u"), Failure.UNKNOWN),
        (NoCredentialsError(), Failure.FINAL),
    ],
)
def test_each_failure_has_a_kind(error: Exception, kind: Failure) -> None:
    assert failure_of(error) is kind


def test_waits_double_and_are_bounded_by_number_and_time() -> None:
    policy = Retries(9, 0.1, 10, dice=lambda: 1.0)

    def wait(sent: int, elapsed: float = 0) -> float | None:
        return policy.wait_after(refused("X", 500), sent=sent, elapsed_seconds=elapsed, may_repeat=True)

    assert [wait(sent) for sent in (1, 2, 3)] == [0.1, 0.2, 0.4]
    assert wait(9) is None
    assert wait(1, elapsed=9.95) is None


def test_a_service_in_trouble_is_not_asked_twice_as_much() -> None:
    policy = Retries(2, 0.1, 10)
    error = refused("X", 500)

    def attempt() -> bool:
        return policy.wait_after(error, sent=1, elapsed_seconds=0, may_repeat=True) is not None

    assert sum(attempt() for _ in range(200)) == 100
    policy.succeeded(sent=2)
    assert [attempt(), attempt()] == [True, False]


@pytest.mark.parametrize(
    ("expression", "repeatable"),
    [
        ("SET a = :a REMOVE b", True),
        ("SET a = if_not_exists(a, :a)", True),
        ("SET a = a + :one", False),
        ("set a = list_append(a, :a)", False),
        ("SET #add = :a", False),
        ("REMOVE a[0]", False),
        ("add n :one", False),
    ],
)
def test_updates_that_build_on_the_stored_value_are_known(expression: str, repeatable: bool) -> None:
    assert may_repeat("UpdateItem", {"UpdateExpression": expression}) is repeatable
    assert may_repeat("PutItem", {"UpdateExpression": expression})
