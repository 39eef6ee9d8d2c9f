"""Signatures are botocore's, byte for byte."""

from datetime import UTC, datetime
from unittest.mock import patch

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from paycorex.aws_client.credentials import Credentials
from paycorex.aws_client.signature import Signer, amz_date

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
# Blanks inside and around a value are brought into one form before it is signed.
VALUE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60).filter(str.strip)
NAMES = st.from_regex(r"x-[a-z][a-z0-9-]{0,15}", fullmatch=True).filter(
    lambda name: name not in {"x-amzn-trace-id", "x-amz-content-sha256"}
)
MOMENTS = st.integers(0, 4_102_444_800)


def by_botocore(keys: Credentials, region: str, service: str, seconds: int, headers: dict[str, str], body: bytes) -> str:
    host = headers["host"]
    sent = {name: value for name, value in headers.items() if name not in {"host", "x-amz-date", "x-amz-security-token"}}
    request = AWSRequest("POST", f"https://{host}/", data=body, headers=sent)
    with patch("botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(seconds, UTC)):
        SigV4Auth(BotocoreCredentials(keys.access_key, keys.secret_key, keys.token), service, region).add_auth(request)
    return str(request.headers["Authorization"])


@settings(max_examples=200)
@given(
    keys=st.builds(Credentials, TEXT, TEXT, st.none() | TEXT),
    region=st.sampled_from(["ap-south-1", "cn-north-1", "us-gov-west-1"]),
    service=st.sampled_from(["dynamodb", "kms", "sqs"]),
    seconds=MOMENTS,
    more=st.dictionaries(NAMES, VALUE, max_size=4),
    target=VALUE,
    body=st.binary(max_size=200),
    port=st.none() | st.integers(1024, 65_535),
)
def test_a_signature_is_botocores(
    keys: Credentials,
    region: str,
    service: str,
    seconds: int,
    more: dict[str, str],
    target: str,
    body: bytes,
    port: int | None,
) -> None:
    host = f"{service}.{region}.amazonaws.com" + (f":{port}" if port else "")
    moment = amz_date(seconds)
    headers = more | {"host": host, "content-type": "application/x-amz-json-1.0", "x-amz-date": moment, "x-amz-target": target}
    if keys.token is not None:
        headers["x-amz-security-token"] = keys.token
    ordered = dict(sorted(headers.items()))
    signer = Signer(service, region)
    first = signer.authorization(keys, moment, ordered, body)
    assert first == by_botocore(keys, region, service, seconds, ordered, body)
    # The second one uses the day's key as it was kept.
    assert signer.authorization(keys, moment, ordered, body) == first


@given(st.lists(st.tuples(st.sampled_from(["one", "two"]), st.sampled_from([0, 86_399, 86_400, 1_700_000_000])), max_size=6))
def test_a_kept_key_is_that_of_its_secret_and_day(uses: list[tuple[str, int]]) -> None:
    kept = Signer("dynamodb", "ap-south-1")
    for secret, seconds in uses:
        keys, moment = Credentials("AKID", secret), amz_date(seconds)
        fresh = Signer("dynamodb", "ap-south-1").authorization(keys, moment, {"x-amz-date": moment}, b"")
        assert kept.authorization(keys, moment, {"x-amz-date": moment}, b"") == fresh


def test_secrets_are_in_no_repr() -> None:
    shown = repr(Credentials("AKID", "the-secret", "the-token"))
    assert "AKID" in shown
    assert "the-" not in shown
