"""What a client reads when a request does not fit its route."""

from typing import Any

import pytest

from paycorex.contract import Body, ListQuery, Moment
from paycorex.errors import InvalidRequest
from paycorex.http import validation
from paycorex.http.request import Request


class _Inner(Body):
    size: int


class _Asked(Body):
    currency: str
    at: Moment = "2026-01-01T00:00:00Z"
    inner: _Inner | None = None


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
        (b'{"currency": "INR", "inner": {"size": 1, "sise": 1}}', "inner.sise", "Unknown field."),
        (b"{}", "currency", "Field required"),
    ],
)
def test_an_unknown_or_missing_field_is_named(body: bytes, field: str, text: str) -> None:
    assert problem(body) == {"field": field, "problem": text}


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
