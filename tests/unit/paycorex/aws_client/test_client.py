"""The client before a server that does what servers and networks do: one behaviour each."""

import json
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

from paycorex.aws_client import Limits
from paycorex.aws_client.credentials import Credentials
from paycorex.storage.failures import ConditionRefused, OutcomeUnknown, TransactionRefused, Unavailable, translated
from tests.fakes.aws_server import AwsServer, answer, refusal
from tests.fakes.receiver_behaviours import CutMidBody, Drip, Flood, Hang, Raw
from tests.support.lean import KEYS, Lean, close_all

pytestmark = pytest.mark.usefixtures("socket_enabled")

KEY: dict[str, Any] = {"TableName": "t", "Key": {"pk": {"S": "1"}}}
ITEM: dict[str, Any] = {"Item": {"pk": {"S": "1"}, "hash": {"B": "AAE="}}}
FOUND = answer(ITEM)
EMPTY = answer({})
CLOSED = Raw(b"")
SHORT = Limits(connect_seconds=2, read_seconds=0.1, answer_seconds=0.3, sends=2)
COUNTED = {**KEY, "UpdateExpression": "ADD n :one"}
SET = {**KEY, "UpdateExpression": "SET #state = :paid"}


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_all()


def test_a_call_is_one_request_and_connections_are_kept() -> None:
    with AwsServer(FOUND) as server:
        client = Lean(server.url).client
        found = client.get_item(**KEY, ConsistentRead=True)
        assert found["Item"] == {"pk": {"S": "1"}, "hash": {"B": b"\x00\x01"}}
        assert (found["ResponseMetadata"]["RequestId"], found["ResponseMetadata"]["HTTPStatusCode"]) == ("request-1", 200)
        assert client._make_api_call("GetItem", KEY)["Item"] == found["Item"]
        assert (len(server.requests), server.connections) == (2, 1)
        sent = server.requests[0]
        assert (sent.method, sent.path) == ("POST", "/")
        assert sent.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
        assert sent.headers["x-amz-security-token"] == "token"
        assert sent.headers["host"] == server.url.removeprefix("http://")
        assert json.loads(sent.body) == {**KEY, "ConsistentRead": True}


def test_an_operation_that_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="create_table"):
        Lean("http://127.0.0.1:1").client.create_table()


def test_a_connection_that_was_ended_meanwhile_is_replaced_without_a_resend() -> None:
    with AwsServer(FOUND) as server:
        lean = Lean(server.url)
        lean.client.get_item(**KEY)
        server.hang_up()
        lean.client.get_item(**KEY)
        assert (len(server.requests), server.connections, lean.waits) == (2, 2, [])


def test_an_answer_that_never_came_is_asked_for_again_on_another_connection() -> None:
    with AwsServer(FOUND, CLOSED, FOUND) as server:
        lean = Lean(server.url)
        lean.client.get_item(**KEY)
        assert lean.client.get_item(**KEY)["ResponseMetadata"]["RetryAttempts"] == 1
        assert (len(server.requests), server.connections, lean.waits) == (3, 2, [0.025])


@pytest.mark.parametrize("lost", [CLOSED, CutMidBody()])
def test_lost_twice_the_outcome_is_unknown(lost: Any) -> None:
    with AwsServer(lost) as server:
        client = Lean(server.url).client
        with pytest.raises(ConnectionClosedError):
            client.get_item(**KEY)
        with pytest.raises(OutcomeUnknown), translated():
            client.put_item(TableName="t", Item={})
        assert len(server.requests) == 4


def test_a_transaction_is_sent_again_with_the_same_token() -> None:
    with AwsServer(CLOSED, EMPTY) as server:
        Lean(server.url).client.transact_write_items(TransactItems=[])
        first, second = server.bodies()
        assert first == second
        assert len(first["ClientRequestToken"]) == 36


def test_the_callers_token_stays() -> None:
    with AwsServer(EMPTY) as server:
        Lean(server.url).client.transact_write_items(TransactItems=[], ClientRequestToken="mine")
        assert server.bodies()[0]["ClientRequestToken"] == "mine"


@pytest.mark.parametrize("lost", [CLOSED, refusal("InternalServerError", 500)])
def test_an_update_that_counts_is_never_sent_twice_when_its_outcome_is_unknown(lost: Any) -> None:
    with AwsServer(lost) as server:
        client = Lean(server.url).client
        with pytest.raises(OutcomeUnknown), translated():
            client.update_item(**COUNTED)
        assert len(server.requests) == 1
        with pytest.raises(OutcomeUnknown), translated():
            client.update_item(**SET)
        assert len(server.requests) == 3


def test_an_update_that_counts_is_sent_again_when_it_was_refused() -> None:
    with AwsServer(refusal("ThrottlingException"), EMPTY) as server:
        Lean(server.url).client.update_item(**COUNTED)
        assert len(server.requests) == 2


@pytest.mark.parametrize(("code", "wait"), [("ThrottlingException", 1), ("ProvisionedThroughputExceededException", 1)])
def test_a_throttled_request_waits_and_is_sent_again(code: str, wait: float) -> None:
    with AwsServer(refusal(code), FOUND) as server:
        lean = Lean(server.url)
        lean.client.get_item(**KEY)
        assert lean.waits == [wait]
    with AwsServer(refusal(code)) as server:
        with pytest.raises(Unavailable) as error, translated():
            Lean(server.url).client.get_item(**KEY)
        assert error.value.code == code
        assert len(server.requests) == 2


@pytest.mark.parametrize("failed", [refusal("InternalServerError", 500), answer(b"<html>", 503, x_amz_crc32="")])
def test_a_failure_of_the_service_is_sent_again_after_a_short_wait(failed: bytes) -> None:
    with AwsServer(failed, FOUND) as server:
        lean = Lean(server.url)
        lean.client.get_item(**KEY)
        assert lean.waits == [0.025]
    with AwsServer(failed) as server, pytest.raises(OutcomeUnknown), translated():
        Lean(server.url).client.get_item(**KEY)


def test_what_is_refused_for_good_is_sent_once() -> None:
    with AwsServer(refusal("ValidationException"), FOUND) as server:
        with pytest.raises(ClientError) as error:
            Lean(server.url).client.get_item(**KEY)
        assert error.value.response["Error"] == {"Code": "ValidationException", "Message": "no"}
        assert error.value.operation_name == "GetItem"
        assert len(server.requests) == 1


def test_a_refused_condition_shows_the_item_and_a_transaction_its_reasons() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", **ITEM}]
    with AwsServer(
        refusal("ConditionalCheckFailedException", **ITEM), refusal("TransactionCanceledException", CancellationReasons=reasons)
    ) as server:
        client = Lean(server.url).client
        with pytest.raises(ConditionRefused) as condition, translated():
            client.put_item(TableName="t", Item={})
        assert condition.value.item == {"pk": {"S": "1"}, "hash": {"B": b"\x00\x01"}}
        with pytest.raises(TransactionRefused) as transaction, translated():
            client.transact_write_items(TransactItems=[])
        assert [reason.code for reason in transaction.value.reasons] == ["None", "ConditionalCheckFailed"]
        assert transaction.value.reasons[1].item == condition.value.item


def test_a_queues_error_has_the_code_of_the_older_protocol() -> None:
    old = {"x_amzn_query_error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}
    with AwsServer(refusal("QueueDoesNotExist", headers=old)) as server:
        with pytest.raises(ClientError) as error:
            Lean(server.url, "sqs").client.send_message(QueueUrl="u", MessageBody="m")
        assert error.value.response["Error"] == {
            "Code": "AWS.SimpleQueueService.NonExistentQueue",
            "Message": "no",
            "QueryErrorCode": "QueueDoesNotExist",
            "Type": "Sender",
        }
        assert server.requests[0].headers["x-amzn-query-mode"] == "true"


def test_a_parameter_is_read_and_a_missing_one_has_its_code() -> None:
    with AwsServer(answer({"Parameter": {"Name": "/p", "Value": "secret"}}), refusal("ParameterNotFound")) as server:
        client = Lean(server.url, "ssm").client
        assert client.get_parameter(Name="/p", WithDecryption=True)["Parameter"]["Value"] == "secret"
        with pytest.raises(ClientError) as error:
            client.get_parameter(Name="/q", WithDecryption=True)
        assert error.value.response["Error"]["Code"] == "ParameterNotFound"
        sent = server.requests[0].headers
        assert (sent["x-amz-target"], sent["content-type"]) == ("AmazonSSM.GetParameter", "application/x-amz-json-1.1")


def test_a_wrong_checksum_is_no_answer() -> None:
    with AwsServer(answer(ITEM, x_amz_crc32="1"), FOUND) as server:
        assert Lean(server.url).client.get_item(**KEY)["ResponseMetadata"]["RetryAttempts"] == 1
    with AwsServer(answer(ITEM, x_amz_crc32="1")) as server, pytest.raises(HTTPClientError, match="checksum"):
        Lean(server.url).client.get_item(**KEY)


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"Item":{"a":{"B":"*"}}}', b'{"a":' * 100_000])
def test_an_answer_that_is_no_json_leaves_the_outcome_unknown(body: bytes) -> None:
    with AwsServer(answer(body)) as server, pytest.raises(OutcomeUnknown), translated():
        Lean(server.url).client.put_item(TableName="t", Item={})


def test_a_huge_answer_is_not_read() -> None:
    with AwsServer(Flood()) as server, pytest.raises(HTTPClientError, match="too large"):
        Lean(server.url, "kms").client.decrypt(CiphertextBlob=b"")


@pytest.mark.parametrize("slow", [Hang(), Drip(b"x" * 100, FOUND[:30], pause_seconds=0.05)])
def test_a_slow_answer_is_not_awaited(slow: Any) -> None:
    with AwsServer(slow) as server:
        with pytest.raises(ReadTimeoutError):
            Lean(server.url, limits=SHORT).client.get_item(**KEY)
        assert len(server.requests) == 2


def test_where_none_listens_nothing_was_sent() -> None:
    with AwsServer(FOUND) as server:
        url = server.url
    with pytest.raises(EndpointConnectionError):
        Lean(url).client.get_item(**KEY)
    with pytest.raises(Unavailable), translated():
        Lean(url).client.update_item(**COUNTED)


def test_ended_credentials_are_looked_up_again() -> None:
    sources = iter([KEYS, Credentials("AKID2", "new"), Credentials("AKID2", "new")])
    with AwsServer(refusal("ExpiredTokenException"), FOUND) as server:
        Lean(server.url, source=lambda: next(sources)).client.get_item(**KEY)
        first, second = (request.headers for request in server.requests)
        assert "Credential=AKIDEXAMPLE/" in first["authorization"]
        assert "Credential=AKID2/" in second["authorization"]
        assert "x-amz-security-token" not in second
    with AwsServer(refusal("ExpiredTokenException")) as server:
        with pytest.raises(ClientError):
            Lean(server.url).client.get_item(**KEY)
        # The same ones again would be refused again.
        assert len(server.requests) == 1


def test_a_clock_that_is_wrong_is_corrected_by_the_services() -> None:
    late = 1_700_000_000.0
    skewed = refusal("InvalidSignatureException", headers={"date": formatdate(late + 3600, usegmt=True)})
    with AwsServer(skewed, FOUND) as server:
        client = Lean(server.url, now=lambda: late).client
        client.get_item(**KEY)
        client.get_item(**KEY)
        moments = [request.headers["x-amz-date"] for request in server.requests]
        assert moments == ["20231114T221320Z", "20231114T231320Z", "20231114T231320Z"]


@pytest.mark.parametrize("date", ["", "yesterday", formatdate(1_700_000_100, usegmt=True)])
def test_a_wrong_signature_alone_is_no_wrong_clock(date: str) -> None:
    with AwsServer(refusal("InvalidSignatureException", headers={"date": date})) as server:
        with pytest.raises(ClientError):
            Lean(server.url, now=lambda: 1_700_000_000.0).client.get_item(**KEY)
        assert len(server.requests) == 1


def test_lambdas_trace_goes_along() -> None:
    with AwsServer(FOUND) as server:
        Lean(server.url, environment={"_X_AMZN_TRACE_ID": "Root=1-2-3"}).client.get_item(**KEY)
        Lean(server.url, environment={"_X_AMZN_TRACE_ID": "Root=1\r\nX: y"}).client.get_item(**KEY)
        assert [request.headers.get("x-amzn-trace-id") for request in server.requests] == ["Root=1-2-3", None]
