"""Cursors: opaque, tamper-evident, for one merchant, one list and one filter."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from paycorex.contract import ListQuery
from paycorex.credentials import ALL_SCOPES, Caller
from paycorex.errors import InvalidCursor
from paycorex.http.cursors import decode, encode

CALLER = Caller("mer_a", "key_a", frozenset(ALL_SCOPES), "INR", 1, "00112233445566778899aabbccddeeff")
positions = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


class Filtered(ListQuery):
    """A list with a filter."""

    status: str | None = None
    from_: str | None = Field(None, alias="from")


def cursor_of(position: str, **filters: str) -> str:
    cursor = encode(CALLER, "payments", Filtered(**filters), position)
    assert cursor is not None
    return cursor


@given(position=positions, status=st.none() | st.text(max_size=10))
def test_a_cursor_leads_back_to_its_position(position: str, status: str | None) -> None:
    query = Filtered(status=status)
    cursor = encode(CALLER, "payments", query, position)
    assert decode(CALLER, "payments", Filtered(status=status, cursor=cursor, limit=7)) == position


def test_the_end_has_no_cursor_and_the_start_needs_none() -> None:
    assert encode(CALLER, "payments", Filtered(), None) is None
    assert decode(CALLER, "payments", Filtered()) is None


@pytest.mark.parametrize(
    ("caller", "listing", "filters"),
    [
        (replace(CALLER, merchant_id="mer_b"), "payments", {"status": "success"}),
        (replace(CALLER, cursor_key="f" * 32), "payments", {"status": "success"}),
        (CALLER, "refunds/pay_a", {"status": "success"}),
        (CALLER, "payments", {"status": "failed"}),
        (CALLER, "payments", {}),
        (CALLER, "payments", {"status": "success", "from": "2027-01-01T00:00:00Z"}),
    ],
)
def test_a_cursor_holds_for_nothing_else(caller: Caller, listing: str, filters: dict[str, str]) -> None:
    cursor = cursor_of("1800000000000#abc", status="success")
    with pytest.raises(InvalidCursor):
        decode(caller, listing, Filtered(cursor=cursor, **filters))


@given(position=positions, place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_cursor_with_one_changed_bit_is_refused(position: str, place: int, bit: int) -> None:
    cursor = bytearray(cursor_of(position).encode())
    cursor[place % len(cursor)] ^= 1 << bit
    with pytest.raises(InvalidCursor):
        decode(CALLER, "payments", Filtered(cursor=cursor.decode("latin-1")))


@given(cursor=st.text(max_size=80))
def test_any_text_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode(CALLER, "payments", Filtered(cursor=cursor))


def test_a_cursor_has_one_spelling() -> None:
    cursor = cursor_of("x")
    for other in (cursor + "=", cursor + "==", cursor + "\n", cursor.replace("-", "+").replace("_", "/") + "="):
        with pytest.raises(InvalidCursor):
            decode(CALLER, "payments", Filtered(cursor=other))


def test_a_bare_position_without_its_code_is_refused() -> None:
    for raw in (b"", b"x", bytes(15), bytes(16), bytes(16) + b"1800000000000#abc"):
        cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        with pytest.raises(InvalidCursor):
            decode(CALLER, "payments", Filtered(cursor=cursor))
