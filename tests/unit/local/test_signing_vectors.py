"""The published vectors: they are what the server's code computes, and openssl computes the same from the file alone."""

import base64
import json
import subprocess
from typing import Any

import pytest

from local import signing_vectors

VECTORS: dict[str, Any] = json.loads(signing_vectors.TARGET.read_text(encoding="utf-8"))


def openssl(message: str, *key: str) -> bytes:
    command = ["openssl", "dgst", "-sha256", "-binary", *key]
    return subprocess.run(command, input=message.encode(), capture_output=True, check=True).stdout


def test_the_file_is_what_the_servers_code_computes() -> None:
    assert signing_vectors.TARGET.read_text(encoding="utf-8") == signing_vectors.render(), "python -m local.signing_vectors"


@pytest.mark.parametrize("vector", [*VECTORS["v2"], *VECTORS["v1"]], ids=lambda vector: vector["name"])
def test_openssl_makes_the_same_signature(vector: dict[str, Any]) -> None:
    assert openssl(vector["signed"], "-hmac", VECTORS["secret"]).hex() == vector["signature"] == vector["headers"]["X-Signature"]


@pytest.mark.parametrize("vector", VECTORS["v2"], ids=lambda vector: vector["name"])
def test_the_signed_text_has_eight_lines_of_which_the_last_is_the_bodys_hash(vector: dict[str, Any]) -> None:
    path = vector["target"].partition("?")[0]
    given = [vector["method"], path, vector["canonical_query"], vector["timestamp"], vector["nonce"], vector["idempotency_key"]]
    assert vector["signed"].split("\n") == ["PCX2", *given, openssl(vector["body"]).hex()]
    # RFC 3986: what is not unreserved is percent-encoded, in upper case.
    assert not set(vector["canonical_query"]) & set("+ /:!'()*")


@pytest.mark.parametrize("vector", VECTORS["webhooks"], ids=lambda vector: vector["name"])
def test_openssl_makes_both_signatures_of_a_webhook(vector: dict[str, Any]) -> None:
    headers, body = vector["headers"], vector["body"]
    assert openssl(body, "-hmac", vector["secrets"][0]).hex() == headers["X-Webhook-Signature"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    for secret in vector["secrets"]:
        key = base64.b64decode(secret.removeprefix("whsec_")).hex()
        made = base64.b64encode(openssl(signed, "-mac", "HMAC", "-macopt", f"hexkey:{key}")).decode()
        assert f"v1,{made}" in headers["webhook-signature"].split(" ")
