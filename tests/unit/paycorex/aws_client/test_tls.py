"""What is sent to AWS goes to AWS alone: certificates are verified, before anything is sent."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import SSLError

from paycorex import aws, settings
from paycorex.aws_client import Limits, create
from paycorex.aws_client.trust import trust_of
from paycorex.storage.failures import Unavailable, translated
from tests.fakes.aws_server import AwsServer, answer
from tests.fakes.certificates import Authority
from tests.support.lean import Lean, close_all

pytestmark = pytest.mark.usefixtures("socket_enabled")

KEY: dict[str, Any] = {"TableName": "t", "Key": {"pk": {"S": "1"}}}
FOUND = answer({"Item": {"pk": {"S": "1"}}})
KEYS = {"AWS_REGION": "ap-south-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}
OURS, OTHER = Authority(), Authority("Another authority")


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_all()


def test_a_certificate_of_the_right_authority_and_name_is_trusted() -> None:
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        Lean(server.url, context=OURS.client_context()).client.get_item(**KEY)
        assert len(server.requests) == 1


def test_a_connection_that_the_server_ended_is_not_used_again() -> None:
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        client = Lean(server.url, context=OURS.client_context()).client
        for connections in (1, 2):
            client.get_item(**KEY)
            assert server.connections == connections
            server.hang_up()


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(OTHER.server_context("127.0.0.1"), id="another authority"),
        pytest.param(OURS.server_context("shop.example"), id="another name"),
        pytest.param(OURS.server_context("127.0.0.1", expired=True), id="expired"),
        pytest.param(OURS.server_context("127.0.0.1", self_signed=True), id="self-signed"),
        pytest.param(OURS.old_server_context("127.0.0.1"), id="too old"),
    ],
)
def test_with_any_other_certificate_nothing_is_sent(context: ssl.SSLContext) -> None:
    with AwsServer(FOUND, tls=context) as server:
        with pytest.raises(SSLError):
            Lean(server.url, context=OURS.client_context()).client.get_item(**KEY)
        assert server.requests == []
        # Not sent, so nothing was changed.
        with pytest.raises(Unavailable), translated():
            Lean(server.url, context=OURS.client_context()).client.get_item(**KEY)
        # Asked twice, dialled twice: a certificate does not become right by asking again.
        assert server.connections == 2


def test_the_environment_names_the_authorities(tmp_path: Path) -> None:
    bundles = {authority: {"AWS_CA_BUNDLE": authority.bundle(tmp_path / f"{number}.pem")} for number, authority in enumerate((OURS, OTHER))}
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        known = {**KEYS, "AWS_ENDPOINT_URL_DYNAMODB": server.url}
        trusting = create("dynamodb", Limits(), {**known, **bundles[OURS]})
        assert trusting.get_item(**KEY)["Item"] == {"pk": {"S": "1"}}
        trusting.close()
        for environment in ({**known, **bundles[OTHER]}, known):
            with pytest.raises(SSLError):
                create("dynamodb", Limits(), environment).get_item(**KEY)
        assert len(server.requests) == 1


def test_a_named_bundle_that_is_not_there_is_an_error_and_not_the_systems_authorities(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create("dynamodb", Limits(), {**KEYS, "AWS_CA_BUNDLE": str(tmp_path / "none.pem")})


def test_without_a_bundle_certificates_and_names_are_verified() -> None:
    context = trust_of(None).context
    client: Any = create("kms", Limits(), {"AWS_REGION": "ap-south-1"})
    assert client._pool._trust.context is context
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("kind", ["lean", "botocore"])
def test_both_kinds_of_client_take_the_functions_environment(kind: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        for name, value in {**KEYS, "AWS_DEFAULT_REGION": "ap-south-1", "AWS_SESSION_TOKEN": "session"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", server.url)
        monkeypatch.setenv("AWS_CA_BUNDLE", OURS.bundle(tmp_path / "ours.pem"))
        settings.use(settings.Settings(aws_client=kind))
        aws.use("dynamodb", None)
        client: Any = aws.dynamodb()
        try:
            assert client.get_item(**KEY)["Item"] == {"pk": {"S": "1"}}
        finally:
            client.close()
            aws.use("dynamodb", None)
            settings.use(None)
        sent = server.requests[0].headers
        assert sent["x-amz-security-token"] == "session"
        assert "Credential=AKID/" in sent["authorization"]
