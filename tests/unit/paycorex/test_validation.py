"""What a client reads when a request does not fit its route."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, StringConstraints

from paycorex.contract import Body, CurrencyCode, ListQuery, Moment
from paycorex.errors import InvalidRequest
from paycorex.http import validation
from paycorex.http.request import Request


class _Inner(Body):
    size: int


class _Asked(Body):
    currency: str
    at: Moment = "2026-01-01T00:00:00Z"
    inner: _Inner | None = None
    listed: list[_Inner] | None = None
    user_id: str | None = None


def request(body: bytes = b"", *, query: tuple[tuple[str, str], ...] = ()) -> Request:
    return Request("POST", "/", query, {}, body, "", "", "", {}, "")


def problem(body: bytes) -> dict[str, Any]:
    with pytest.raises(InvalidRequest) as refused:
        validation.parse_body(_Asked, request(body))
    fields: Any = (refused.value.details or {})["fields"]
    return dict(fields[0])


@pytest.mark.parametrize(
    ("body", "field", "text"),
    [
        (b'{"currency": "INR", "curency": "INR"}', "curency", "Unknown field. Did you mean currency?"),
        (b'{"currency": "INR", "zzz": 1}', "zzz", "Unknown field."),
        (b'{"currency": "INR", "inner": {"size": 1, "sise": 1}}', "inner.sise", "Unknown field. Did you mean size?"),
        (b'{"currency": "INR", "listed": [{"size": 1, "Siz-e": 1}]}', "listed.0.Siz-e", "Unknown field. Did you mean size?"),
        (b'{"currency": "INR", "userId": 1}', "userId", "Unknown field. Did you mean user_id?"),
        (b'{"currency": "INR", "inner": {"size": 1, "userId": 1}}', "inner.userId", "Unknown field."),
        (b"{}", "currency", "This field is required."),
    ],
)
def test_an_unknown_or_missing_field_is_named(body: bytes, field: str, text: str) -> None:
    assert problem(body) == {"field": field, "problem": text}


class _Typed(Body):
    currency: CurrencyCode = "INR"
    payment_id: Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}$")] | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    count: Annotated[int, Field(ge=1, le=100)] = 1
    names: Annotated[list[str], Field(min_length=1, max_length=2)] | None = None
    final: bool = True
    method: Literal["wallet", "crypto"] = "wallet"
    label: Annotated[str, StringConstraints(min_length=2, max_length=4)] | None = None
    inner: _Inner | None = None


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"currency": "inr"}, "A currency is three capital letters, such as INR (ISO 4217)."),
        ({"payment_id": "x"}, "An id of this kind is pay_ and 26 characters."),
        ({"code": "x"}, "It is four digits."),
        ({"count": "12"}, "It is a whole number, without quotes."),
        ({"count": 0}, "It is at least 1"),
        ({"count": 101}, "It is at most 100"),
        ({"names": []}, "It has at least 1 item"),
        ({"names": ["a", "b", "c"]}, "It has at most 2 items"),
        ({"names": "a"}, "It is a list, in brackets."),
        ({"final": "true"}, "It is true or false, without quotes."),
        ({"method": "card"}, "It is one of 'wallet' or 'crypto'"),
        ({"label": "a"}, "It has at least 2 characters"),
        ({"label": 7}, "It is a text, in quotes."),
        ({"inner": 7}, "It is an object, in braces."),
    ],
)
def test_a_wrong_value_is_described_in_words(given: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        validation.parse_body(_Typed, request(json.dumps(given).encode()))
    fields: Any = refused.value.details["fields"]
    assert fields[0]["problem"] == text


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [(b"{'a': 1}", 1, 2), (b'{"a": 1,}', 1, 8), (b'{"a": 1}\n{"b"', 2, 1), (b"amount=10", 1, 1), (b'{"a"', 1, 5)],
)
def test_bad_json_is_described_with_its_position(body: bytes, line: int, column: int) -> None:
    with pytest.raises(InvalidRequest, match=f"line {line}, column {column}") as refused:
        validation.parse_body(_Asked, request(body))
    assert refused.value.details == {"line": line, "column": column}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "Multipart/Form-Data; boundary=x"])
def test_a_form_is_named(kind: str) -> None:
    form = Request("POST", "/", (), {"content-type": (kind,)}, b"amount=10", "", "", "", {}, "")
    with pytest.raises(InvalidRequest, match=r"Its Content-Type is [a-z/-]+; this API takes application/json\."):
        validation.parse_body(_Asked, form)


def test_a_rule_of_ours_speaks_without_the_librarys_prefix() -> None:
    found = problem(b'{"currency": "INR", "at": "soon"}')
    assert found["field"] == "at"
    assert "Value error" not in found["problem"]
    assert found["problem"]


def test_a_card_number_as_a_name_is_not_repeated() -> None:
    found = problem(b'{"currency": "INR", "4242424242424242": 1}')
    assert "4242424242424242" not in str(found)


def test_an_unknown_query_parameter_is_named() -> None:
    with pytest.raises(InvalidRequest, match=r"^limits: Unknown field\. Did you mean limit\?$"):
        validation.parse_query(ListQuery, request(query=(("limits", "5"),)))
