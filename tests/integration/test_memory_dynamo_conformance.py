"""One set of cases for DynamoDB in memory, in moto and in a real emulator: what tests run on behaves like what they mean."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from paycorex import aws_client
from tests.fakes.memory_dynamo import MemoryDynamo
from tests.integration.dynamo_cases import (
    condition_cases,
    differences,
    limit_cases,
    read_cases,
    transaction_cases,
    update_cases,
)
from tests.integration.dynamo_cases.bench import TABLE, new_bench
from tests.support.emulator import REGION, emulator_client, start_emulator

CASES: dict[str, Any] = {
    **condition_cases.CASES,
    **update_cases.CASES,
    **transaction_cases.CASES,
    **read_cases.CASES,
    **limit_cases.CASES,
}
TABLE_NAME = "conformance"


def known_to_differ(reasons: Mapping[str, str]) -> list[Any]:
    """The cases, those with a reason marked as failing; strictly, so that the list stays true."""
    unknown = reasons.keys() - CASES.keys()
    assert not unknown, unknown
    return [pytest.param(case, marks=pytest.mark.xfail(reason=reasons[case], strict=True)) if case in reasons else case for case in CASES]


@pytest.fixture(scope="session")
def memory_client() -> MemoryDynamo:
    client = MemoryDynamo()
    client.create_table_from_properties(TABLE, name=TABLE_NAME)
    return client


@pytest.fixture(scope="module")
def moto_client() -> Iterator[Any]:
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
        client.create_table(TableName=TABLE_NAME, **TABLE)
        yield client


@pytest.fixture(scope="session")
def emulated_client(emulator_url: str) -> Any:
    return _with_table(emulator_client(emulator_url, "dynamodb"))


@pytest.fixture(scope="module")
def plain_emulated_client() -> Iterator[Any]:
    with start_emulator(plain=True) as emulator:
        yield _with_table(emulator.client("dynamodb"))


def _with_table(client: Any) -> Any:
    client.create_table(TableName=TABLE_NAME, **TABLE)
    return client


@pytest.fixture(scope="session")
def lean_client(emulator_url: str, emulated_client: Any) -> Iterator[Any]:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    limits = aws_client.Limits(connect_seconds=10, read_seconds=60, answer_seconds=60)
    client = aws_client.create("dynamodb", limits, {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": emulator_url} | keys)
    yield client
    client.close()


@pytest.mark.parametrize("case", CASES)
def test_memory_behaves_as_dynamodb(memory_client: MemoryDynamo, case: str) -> None:
    CASES[case](new_bench(memory_client, TABLE_NAME))


@pytest.mark.parametrize("case", known_to_differ(differences.MOTO))
def test_moto_behaves_as_dynamodb(moto_client: Any, case: str) -> None:
    CASES[case](new_bench(moto_client, TABLE_NAME))


@pytest.mark.parametrize("case", known_to_differ(differences.EMULATOR))
def test_emulator_behaves_as_dynamodb(emulated_client: Any, case: str) -> None:
    CASES[case](new_bench(emulated_client, TABLE_NAME))


@pytest.mark.parametrize("case", known_to_differ(differences.EMULATOR))
def test_emulator_without_our_plugin_behaves_alike(plain_emulated_client: Any, case: str) -> None:
    """The same cases and the same differences: the plug-in changes no result."""
    CASES[case](new_bench(plain_emulated_client, TABLE_NAME))


@pytest.mark.parametrize("case", known_to_differ(differences.EMULATOR))
def test_the_lean_client_shows_the_emulator_as_botocore_does(lean_client: Any, case: str) -> None:
    CASES[case](new_bench(lean_client, TABLE_NAME))
