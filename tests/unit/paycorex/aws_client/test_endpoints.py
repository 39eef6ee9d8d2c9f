"""Endpoints and partitions are botocore's."""

import pytest
from botocore.exceptions import NoRegionError
from botocore.session import Session

from paycorex.aws_client.endpoints import endpoint_of


@pytest.mark.parametrize("service", ["dynamodb", "kms", "sqs", "ssm"])
@pytest.mark.parametrize(
    "region", ["ap-south-1", "us-east-1", "eu-central-2", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-iso-east-1"]
)
def test_a_regions_endpoint_is_botocores(service: str, region: str) -> None:
    session = Session()
    session.set_credentials("a", "b")
    found = endpoint_of(service, {"AWS_REGION": region})
    assert found.url == session.create_client(service, region_name=region).meta.endpoint_url
    assert found.partition == session.get_partition_for_region(region)
    assert (found.secure, found.port, found.authority) == (True, 443, found.host)


def test_the_environment_may_name_another_address() -> None:
    known = {"AWS_REGION": "ap-south-1", "AWS_ENDPOINT_URL": "http://localhost:4566/"}
    assert endpoint_of("kms", known).authority == "localhost:4566"
    assert endpoint_of("kms", known | {"AWS_ENDPOINT_URL_KMS": "http://[::1]:80"}).authority == "[::1]"
    assert endpoint_of("sqs", known | {"AWS_ENDPOINT_URL_KMS": "http://other"}).url == "http://localhost:4566"
    assert endpoint_of("sqs", known | {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}).url == "https://sqs.ap-south-1.amazonaws.com"


@pytest.mark.parametrize(
    "given",
    [
        {"AWS_REGION": "evil.example/"},
        {"AWS_ENDPOINT_URL": "ftp://host"},
        {"AWS_ENDPOINT_URL": "http://host/path"},
        {"AWS_ENDPOINT_URL": "http://user@host"},
        {"AWS_ENDPOINT_URL": "http://"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"endpoint|region"):
        endpoint_of("dynamodb", {"AWS_REGION": "ap-south-1"} | given)


def test_without_a_region_there_is_none() -> None:
    with pytest.raises(NoRegionError):
        endpoint_of("dynamodb", {})
