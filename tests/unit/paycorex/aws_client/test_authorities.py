"""The authorities of AWS that the package carries, and the system's where those do not know an issuer."""

import datetime as dt
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest
from botocore.exceptions import SSLError

from paycorex.aws_client import Limits, create
from paycorex.aws_client.trust import AUTHORITIES, trust_of
from tests.fakes.aws_server import AwsServer, answer
from tests.fakes.certificates import Authority

KEY: dict[str, Any] = {"TableName": "t", "Key": {"pk": {"S": "1"}}}
FOUND = answer({"Item": {"pk": {"S": "1"}}})
KEYS = {"AWS_REGION": "ap-south-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}
OURS, OTHER = Authority(), Authority("Another authority")
NAMES = {f"Amazon Root CA {number}" for number in (1, 2, 3, 4)} | {"Starfield Services Root Certificate Authority - G2"}
LASTS = dt.timedelta(days=2 * 365)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, socket_enabled: None) -> Iterator[None]:
    """A system whose list of authorities is OURS alone."""
    monkeypatch.setenv("SSL_CERT_FILE", OURS.bundle(tmp_path / "system.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    trust_of.cache_clear()
    yield
    trust_of.cache_clear()


def certificates(path: str | Path) -> set[bytes]:
    """Each certificate of a list in DER."""
    blocks = re.findall("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", Path(path).read_text(encoding="utf-8"), re.DOTALL)
    return {ssl.PEM_cert_to_DER_cert(block) for block in blocks}


def test_each_is_in_the_list_that_browsers_trust_and_lasts() -> None:
    carried = certificates(AUTHORITIES)
    assert carried <= certificates(certifi.where())
    ours: Any = ssl.create_default_context(cafile=AUTHORITIES).get_ca_certs()
    assert {dict(part[0] for part in each["subject"])["commonName"] for each in ours} == NAMES
    for each in ours:
        assert ssl.cert_time_to_seconds(each["notAfter"]) - time.time() > LASTS.total_seconds()


def test_only_they_are_read_before_a_certificate_asks_for_more() -> None:
    trust_of.cache_clear()
    assert trust_of(None).context.cert_store_stats() == {"x509": 5, "crl": 0, "x509_ca": 5}


def test_an_issuer_that_only_the_system_knows_is_asked_for_once(system: None) -> None:
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        for expected in (2, 3):
            client: Any = create("dynamodb", Limits(), {**KEYS, "AWS_ENDPOINT_URL_DYNAMODB": server.url})
            assert client.get_item(**KEY)["Item"] == {"pk": {"S": "1"}}
            client.close()
            assert server.connections == expected
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(OTHER.server_context("127.0.0.1"), id="an authority that the system does not know"),
        pytest.param(OURS.server_context("shop.example"), id="another name"),
        pytest.param(OURS.server_context("127.0.0.1", expired=True), id="expired"),
        pytest.param(OURS.server_context("127.0.0.1", self_signed=True), id="self-signed"),
    ],
)
def test_the_systems_authorities_verify_as_strictly(context: Any, system: None) -> None:
    with AwsServer(FOUND, tls=context) as server:
        with pytest.raises(SSLError):
            create("dynamodb", Limits(sends=1), {**KEYS, "AWS_ENDPOINT_URL_DYNAMODB": server.url}).get_item(**KEY)
        assert server.requests == []


def test_a_named_bundle_is_never_widened(system: None, tmp_path: Path) -> None:
    bundle = OTHER.bundle(tmp_path / "named.pem")
    with AwsServer(FOUND, tls=OURS.server_context("127.0.0.1")) as server:
        environment = {**KEYS, "AWS_CA_BUNDLE": bundle, "AWS_ENDPOINT_URL_DYNAMODB": server.url}
        with pytest.raises(SSLError):
            create("dynamodb", Limits(sends=1), environment).get_item(**KEY)
        assert server.connections == 1
