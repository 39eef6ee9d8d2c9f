"""Credentials come from the environment or the container's agent, and are renewed before they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import CredentialRetrievalError, NoCredentialsError, PartialCredentialsError

from paycorex.aws_client import container
from paycorex.aws_client.credentials import MUST_RENEW_SECONDS, RENEW_SECONDS, RETRY_SECONDS, Credentials, Provider
from paycorex.aws_client.sources import source_of
from tests.fakes.http_servers import RecordingServer, Reply

AGENT = {"AccessKeyId": "AKID", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2030-01-01T00:00:00Z"}
KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}


def test_lambdas_are_in_its_environment() -> None:
    assert source_of(KEYS | {"AWS_SESSION_TOKEN": "token"})() == Credentials("AKID", "secret", "token")
    assert source_of(KEYS | {"AWS_CREDENTIAL_EXPIRATION": "1970-01-01T00:01:00Z"})().ends_at == 60


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, NoCredentialsError),
        ({"AWS_ACCESS_KEY_ID": "AKID"}, PartialCredentialsError),
        (KEYS | {"AWS_SESSION_TOKEN": "a\r\nX: b"}, CredentialRetrievalError),
        (KEYS | {"AWS_CREDENTIAL_EXPIRATION": "soon"}, CredentialRetrievalError),
        (KEYS | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T00:00:00"}, CredentialRetrievalError),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/"}, CredentialRetrievalError),
        ({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@evil.example/"}, CredentialRetrievalError),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "file:///etc/passwd"}, CredentialRetrievalError),
    ],
)
def test_what_is_missing_or_wrong_is_said(given: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        source_of(given)()


@pytest.mark.usefixtures("socket_enabled")
def test_the_agent_is_asked_with_its_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from the file")
    with RecordingServer([Reply(200, json.dumps(AGENT).encode())]) as agent:
        known = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": agent.url("/creds?x=1"), "AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain"}
        assert source_of(known)() == Credentials("AKID", "secret", "token", 1_893_456_000)
        source_of(known | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file)})()
        assert [request.headers["authorization"] for request in agent.requests] == ["plain", "from the file"]
        assert agent.requests[0].path == "/creds?x=1"


@pytest.mark.usefixtures("socket_enabled")
def test_a_failing_agent_is_asked_three_times_and_its_answer_is_in_no_error() -> None:
    waits: list[float] = []
    with RecordingServer(
        [500, Reply(200, b'{"SecretAccessKey":"hush"}'), Reply(200, b"hush"), Reply(200, json.dumps(AGENT).encode())]
    ) as agent:
        known = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": agent.url()}
        with pytest.raises(CredentialRetrievalError) as error:
            container.fetch(known, waits.append)
        assert "hush" not in str(error.value)
        assert (len(agent.requests), waits) == (3, [1, 1])
        assert container.fetch(known, waits.append).access_key == "AKID"


class Moved:
    """A source whose credentials end after an hour, and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0
        self.broken = False

    def __call__(self) -> Credentials:
        self.calls += 1
        if self.broken:
            raise CredentialRetrievalError(provider="test", error_msg="broken")
        return Credentials("AKID", f"secret {self.calls}", None, self.now + 3600)

    def provider(self) -> Callable[[], Credentials]:
        return Provider(self, lambda: self.now).current


def test_they_are_renewed_before_they_end() -> None:
    source = Moved()
    current = source.provider()
    assert current() == current()
    source.now = 3600 - RENEW_SECONDS
    assert current().secret_key == "secret 2"


def test_a_failed_renewal_is_the_callers_only_when_time_is_short() -> None:
    source = Moved()
    current = source.provider()
    first = current()
    source.broken, source.now = True, 3600 - RENEW_SECONDS
    assert current() == current() == first
    assert source.calls == 2
    source.now += RETRY_SECONDS
    assert current() == first
    assert source.calls == 3
    source.now = 3600 - MUST_RENEW_SECONDS
    with pytest.raises(CredentialRetrievalError):
        current()
