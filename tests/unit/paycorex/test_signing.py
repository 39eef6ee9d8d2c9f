"""Request signatures against vectors that this code did not compute."""

import subprocess
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex import signing

SECRET = b"sk_known_answer"
BODY = b'{"amount":"10.00","method":"wallet","user_id":"asha"}'
MOMENT = "1800000000"
# printf '%s%s' "$MOMENT" "$BODY" | openssl dgst -sha256 -hmac sk_known_answer
V1 = "68bab1c3682a130510f3fd030da5ee1c908d1d19cfcbd2a96a851f65d79146e9"
# sha256sum of BODY, and the eight lines written out by hand, through the same command.
BODY_SHA256 = "339f67c2f41ebbd7a1e3b70503a1d44782261f747fe8da7a5ba14bd05c3ea6c4"
V2_MESSAGE = f"PCX2\nPOST\n/v1/payments/create\na=1&a=2&b=%20%2F\n{MOMENT}\nnonce-123\norder-1\n{BODY_SHA256}".encode()
V2 = "c94628168967e57743f5d85313c8d1a0ad68617544b1a4dc802c02613465cb32"


def v2_message(**changes: str) -> bytes:
    parts = {"method": "POST", "path": "/v1/payments/create", "timestamp": MOMENT, "nonce": "nonce-123", "idempotency_key": "order-1"}
    parts |= {"body_hash": BODY_SHA256} | changes
    query = parse_qsl(parts.pop("query", "b=%20/&a=2&a=1"), keep_blank_values=True)
    return signing.v2_input(query=query, **parts)


def test_v1_is_the_documented_formula() -> None:
    assert signing.sign(SECRET, signing.v1_input(MOMENT, BODY)) == V1


def test_v2_is_the_documented_formula() -> None:
    assert signing.body_sha256(BODY) == BODY_SHA256
    assert v2_message() == V2_MESSAGE
    assert signing.sign(SECRET, v2_message()) == V2


def test_openssl_agrees() -> None:
    for message in (signing.v1_input(MOMENT, BODY), V2_MESSAGE, b""):
        command = ["openssl", "dgst", "-sha256", "-hmac", SECRET.decode()]
        printed = subprocess.run(command, input=message, capture_output=True, check=True).stdout.decode()
        assert signing.sign(SECRET, message) == printed.strip().rpartition(" ")[2]


def test_hmac_of_the_rfc() -> None:
    """RFC 4231, test case 2."""
    assert signing.sign(b"Jefe", b"what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a=1&a=1", "a=1&a=1"),
        ("a", "a="),
        ("a=&a=1", "a=&a=1"),
        ("a=b+c", "a=b%20c"),
        ("a=%7e%2D%5f.", "a=~-_."),
        ("a=é/", "a=%C3%A9%2F"),
        ("%26=%3D", "%26=%3D"),
        ("a-b=1&a=2", "a=2&a-b=1"),
    ],
)
def test_a_query_is_put_in_one_form(query: str, canonical: str) -> None:
    assert signing.canonical_query(parse_qsl(query, keep_blank_values=True)) == canonical


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/v1/wallet/pay"},
        {"query": "a=1"},
        {"timestamp": "1800000001"},
        {"nonce": "nonce-124"},
        {"idempotency_key": ""},
        {"body_hash": "0" * 64},
    ],
    ids=str,
)
def test_v2_covers_every_part(change: dict[str, str]) -> None:
    assert not signing.matches(SECRET, v2_message(**change), V2)


line = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=10)
lines = st.tuples(line, line, line, line, line, line)


def of(parts: tuple[str, ...]) -> bytes:
    method, path, timestamp, nonce, key, digest = parts
    return signing.v2_input(method=method, path=path, query=(), timestamp=timestamp, nonce=nonce, idempotency_key=key, body_hash=digest)


@given(first=lines, second=lines)
def test_no_two_requests_sign_the_same_message(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert (of(first) == of(second)) is (first == second)


@given(body=st.binary(max_size=50), parts=lines)
def test_a_v2_message_is_never_a_v1_message(body: bytes, parts: tuple[str, ...]) -> None:
    assert signing.v1_input(MOMENT, body) != of(parts)


def test_a_signature_matches_itself_alone() -> None:
    message = signing.v1_input(MOMENT, BODY)
    assert signing.matches(SECRET, message, V1)
    assert not signing.matches(SECRET, message, V1[:-1] + ("0" if V1[-1] != "0" else "1"))
    assert not signing.matches(b"other", message, V1)


@pytest.mark.parametrize("text", ["A" * 64, "a" * 63, "a" * 65, "g" * 64, "é" * 64, "a" * 64 + "\n", "１" * 64])
def test_only_64_lower_case_hex_digits_look_like_a_signature(text: str) -> None:
    assert not signing.SIGNATURE.fullmatch(text)


NO_TIMES = ["1", "180000000", "18000000000", " 180000000", "1.80000000", "１８００００００００", "-180000000", "1800000000\n"]


@pytest.mark.parametrize("text", NO_TIMES)
def test_only_ten_digits_look_like_a_time(text: str) -> None:
    assert not signing.TIMESTAMP.fullmatch(text)
