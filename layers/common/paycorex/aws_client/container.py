"""Credentials from a container's agent (ECS, EKS, Lambda after a snapshot), by the AWS_CONTAINER_* variables."""

import http.client
import json
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import CredentialRetrievalError

from paycorex import clock
from paycorex.aws_client.credentials import Credentials, parse_end

_RELATIVE: Final = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
_FULL: Final = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
_AGENT: Final = "169.254.170.2"
# Over plain HTTP a secret comes from this machine or its agent, and from no other host.
_PLAIN_HOSTS: Final = frozenset({_AGENT, "169.254.170.23", "fd00:ec2::23", "localhost"})
_TIMEOUT_SECONDS: Final = 2
_ATTEMPTS: Final = 3
_MAX_BYTES: Final = 64 * 1024


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the environment names an agent."""
    return bool(environment.get(_RELATIVE) or environment.get(_FULL))


def fetch(environment: Mapping[str, str], sleep: Callable[[float], None] = clock.sleep) -> Credentials:
    """Ask the agent, three times at most. Raises CredentialRetrievalError."""
    relative = environment.get(_RELATIVE)
    url = f"http://{_AGENT}{relative}" if relative else environment[_FULL]
    _check(url)
    for _attempt in range(_ATTEMPTS - 1):
        try:
            return _ask(url, environment)
        except (OSError, http.client.HTTPException, ValueError):
            sleep(1)
    try:
        return _ask(url, environment)
    except (OSError, http.client.HTTPException, ValueError) as error:
        # The answer may hold the secret, so only the kind of failure is passed on.
        raise _failure(f"the container's agent gave none ({type(error).__name__})") from None


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not (parts.hostname in _PLAIN_HOSTS or _is_loopback(parts.hostname or "")):
        raise _failure("credentials come from the container's agent, from this machine or by https")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(url: str, environment: Mapping[str, str]) -> Credentials:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=_headers(environment))
        response = connection.getresponse()
        body = response.read(_MAX_BYTES + 1)
    finally:
        connection.close()
    if response.status != 200 or len(body) > _MAX_BYTES:
        msg = f"status {response.status}"
        raise ValueError(msg)
    return _parse(json.loads(body))


def _headers(environment: Mapping[str, str]) -> dict[str, str]:
    file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    token = Path(file).read_text(encoding="ascii") if file else environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    return {"Accept": "application/json", **({"Authorization": token} if token else {})}


def _parse(found: object) -> Credentials:
    if not isinstance(found, dict):
        msg = "not an object"
        raise ValueError(msg)  # noqa: TRY004 - one kind of failure for whatever the agent answers
    texts = [found.get(name) for name in ("AccessKeyId", "SecretAccessKey", "Token", "Expiration")]
    if not all(isinstance(text, str) and text for text in texts):
        msg = "a member is missing"
        raise ValueError(msg)
    access_key, secret, token, ends = map(str, texts)
    return Credentials(access_key, secret, token, parse_end(ends))


def _failure(reason: str) -> CredentialRetrievalError:
    return CredentialRetrievalError(provider="container-role", error_msg=reason)
