"""JSON without the parts that two readers may understand differently."""

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.errors import InvalidRequest, PayloadTooLarge
from paycorex.strict_json import MAX_BODY_BYTES, MAX_DEPTH, NumberText, loads

REFUSED = {
    "duplicate": b'{"a":1,"a":2}',
    "duplicate by escape": b'{"a":1,"\\u0061":2}',
    "duplicate inside": b'[{"b":{"a":1,"a":1}}]',
    "byte-order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "Latin-1": '{"a":"é"}'.encode("latin-1"),
    "overlong": b'{"a":"\xc0\xaf"}',
    "encoded surrogate": b'{"a":"\xed\xa0\x80"}',
    "NUL": b'{"a":"\\u0000"}',
    "NUL in a name": b'{"\\u0000":1}',
    "NUL in a list": b'{"a":[["\\u0000"]]}',
    "raw NUL": b'{"a":1}\x00',
    "lone high surrogate": b'{"a":"\\ud800"}',
    "lone low surrogate": b'{"a":"x\\udc00y"}',
    "lone surrogate in a name": b'{"\\ud800":1}',
    "reversed pair": b'{"a":"\\udc00\\ud800"}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":Infinity}',
    "-Infinity": b'{"a":-Infinity}',
    "deep lists": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "deep objects": b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    "very deep": b"[" * 60_000,
    "deep after a string of brackets": b'{"a":"[[[","b":' + b"[" * 30 + b"]" * 30 + b"}",
    "empty": b"",
    "space": b" ",
    "leading zero": b'{"a":01}',
    "plus": b'{"a":+1}',
    "bare point": b'{"a":1.}',
    "trailing comma": b"[1,]",
    "two values": b"{}{}",
    "comment": b"/**/{}",
    "control character": b'{"a":"\x01"}',
    "bad escape": b'{"a":"\\x41"}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_ambiguous_or_malformed_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest):
        loads(REFUSED[name])


def test_one_byte_too_many_is_too_large() -> None:
    assert loads(b" " * (MAX_BODY_BYTES - 2) + b"{}") == {}
    with pytest.raises(PayloadTooLarge):
        loads(b" " * (MAX_BODY_BYTES - 1) + b"{}")


def test_twenty_levels_are_read() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert loads(b'{"a":"' + b"[{" * 100 + b'"}') == {"a": "[{" * 100}


@pytest.mark.parametrize("text", ["1.5", "1e400", "1E2", "-0", "0.1", "1" * 19, "-" + "1" * 18, "9" * 5000, "0.30000000000000004", "1e-7"])
def test_a_number_that_is_no_plain_integer_keeps_its_text(text: str) -> None:
    value = loads(f'{{"a":{text}}}'.encode())["a"]
    assert type(value) is NumberText
    assert str(value) == text


def test_plain_integers_are_integers() -> None:
    assert loads(b"[0,-1,123456789012345678]") == [0, -1, 123456789012345678]


def no_float(value: Any) -> bool:
    if isinstance(value, dict):
        return all(no_float(content) for content in value.values())
    if isinstance(value, list):
        return all(no_float(content) for content in value)
    return not isinstance(value, float)


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=10)
scalars = st.none() | st.booleans() | st.integers(-(10**16), 10**16) | text
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=20)


@given(value=values, escaped=st.booleans())
def test_what_is_plain_means_what_it_means_to_everyone(value: Any, escaped: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_without_floats_or_refused(raw: bytes) -> None:
    try:
        assert no_float(loads(raw))
    except InvalidRequest:
        return


@given(raw=st.text('{}[]",:\\ud80ua1.e- ', max_size=60))
def test_almost_json_is_read_or_refused(raw: str) -> None:
    try:
        loads(raw.encode())
    except InvalidRequest:
        return


LONG = {
    "brackets": b"[" * 65_000,
    "quotes": b'"' * 65_000,
    "backslashes": b'{"a":"' + b"\\" * 65_000,
    "brackets in a string": b'{"a":"' + b"[{" * 32_000,
    "brackets and quotes": b'["' * 32_000,
    "digits": b"9" * 65_000,
    "numbers": b"[" + b"1," * 32_000,
}


@pytest.mark.parametrize("name", LONG)
def test_nothing_of_the_permitted_size_takes_long(name: str) -> None:
    started = time.process_time()
    with pytest.raises((InvalidRequest, PayloadTooLarge)) if name != "digits" else contextlib.nullcontext():
        loads(LONG[name])
    assert time.process_time() - started < 0.05
