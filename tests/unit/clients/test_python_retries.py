"""When the Python client tries again, with what, and what it raises when it gives up."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from paycorex_client import ApiError, PayCoreX, Unreachable, UnreadableAnswer
from paycorex_client.error_codes import InsufficientFunds, RateLimited, RequestInProgress
from paycorex_client.values import given

WALLET = {
    "wallet_id": "wal_1",
    "merchant_id": "mer_1",
    "mode": "test",
    "user_id": "asha",
    "currency": "INR",
    "balance": "10.00",
    "available": "10.00",
    "held": "0.00",
    "created_at": "2027-01-15T08:00:00.000Z",
    "a_later_field": 7,
}
Step = httpx.Response | Exception


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time_(monkeypatch: pytest.MonkeyPatch) -> Time:
    time_ = Time()
    monkeypatch.setattr("paycorex_client.transport.time.sleep", time_.sleep)
    monkeypatch.setattr("paycorex_client.attempts.time.monotonic", lambda: time_.now)
    return time_


def error(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "m", "details": {}, "request_id": "req_1"}}, headers=headers)


def client_of(steps: list[Step], seen: list[httpx.Request], **options: Any) -> PayCoreX:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        return step

    return PayCoreX("pk", "sk", base_url="http://api/", http=httpx.Client(transport=httpx.MockTransport(answer)), **options)


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut off"),
        error(500, "internal_error"),
        error(503, "temporarily_unavailable"),
        error(429, "rate_limited"),
        error(409, "request_in_progress"),
        httpx.Response(502, text="<html>"),
    ],
    ids=str,
)
def test_an_unknown_outcome_is_asked_for_again_under_the_same_key(time_: Time, trouble: Step) -> None:
    seen: list[httpx.Request] = []
    wallet = client_of([trouble, trouble, httpx.Response(201, json=WALLET)], seen).wallets.create(user_id="asha")
    assert wallet.balance == Decimal("10.00")
    assert wallet.model_extra == {"a_later_field": 7}
    assert len(seen) == 3
    assert len({request.headers["idempotency-key"] for request in seen}) == 1
    assert len({request.headers["x-nonce"] for request in seen}) == len({request.headers["x-signature"] for request in seen}) == 3
    assert len(time_.slept) == 2


@pytest.mark.parametrize(("status", "code"), [(402, "insufficient_funds"), (404, "not_found"), (409, "conflict"), (401, "unauthorized")])
def test_an_answer_that_stays_is_not_asked_for_again(time_: Time, status: int, code: str) -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(ApiError) as raised:
        client_of([error(status, code)], seen).wallets.create(user_id="asha")
    assert (raised.value.status, raised.value.code, raised.value.request_id, len(seen)) == (status, code, "req_1", 1)


def test_an_error_is_of_its_codes_class(time_: Time) -> None:
    with pytest.raises(InsufficientFunds, match="req_1"):
        client_of([error(402, "insufficient_funds")], []).wallets.create(user_id="asha")


def test_retry_after_is_waited_for(time_: Time) -> None:
    client_of([error(429, "rate_limited", **{"Retry-After": "7"}), httpx.Response(201, json=WALLET)], []).wallets.create(user_id="asha")
    assert time_.slept == [7.0]


def test_a_wait_past_the_time_for_retries_is_not_begun(time_: Time) -> None:
    with pytest.raises(RateLimited) as raised:
        client_of([error(429, "rate_limited", **{"Retry-After": "61"})], [], retry_for=60).wallets.create(user_id="asha")
    assert (time_.slept, raised.value.retry_after) == ([], 61.0)


@pytest.mark.parametrize("seconds", [0.0, 5.0, 60.0])
def test_retries_end_in_time(time_: Time, seconds: float) -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(Unreachable) as raised:
        client_of([httpx.ConnectError("refused")], seen, retry_for=seconds).payments.create(amount=1, method="wallet", user_id="asha")
    assert time_.now - 1000 <= seconds
    assert len(seen) == len(time_.slept) + 1
    assert raised.value.idempotency_key == seen[0].headers["idempotency-key"]


def test_a_request_that_stays_in_progress_is_an_error(time_: Time) -> None:
    with pytest.raises(RequestInProgress):
        client_of([error(409, "request_in_progress")], [], retry_for=3).wallets.create(user_id="asha")


def test_a_wrong_address_fails_at_once(time_: Time) -> None:
    with pytest.raises(Unreachable):
        client_of([httpx.UnsupportedProtocol("ftp")], []).payments.list().first()
    assert time_.slept == []


@pytest.mark.parametrize("body", [{"wallet_id": 7}, [], "text"], ids=str)
def test_a_success_that_cannot_be_read_says_what_came(time_: Time, body: Any) -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(UnreadableAnswer) as raised:
        client_of([httpx.Response(201, json=body)], seen).wallets.create(user_id="asha")
    assert (raised.value.status, raised.value.body, len(seen)) == (201, body, 1)


@pytest.mark.parametrize("amount", [10.5, {"nested": [1.5]}], ids=str)
def test_no_float_is_an_amount(amount: Any) -> None:
    with pytest.raises(TypeError, match="float"):
        given({"amount": amount})


def test_values_are_written_as_the_contract_has_them() -> None:
    moment = datetime.fromisoformat("2027-01-15T13:30:00+05:30")
    assert given({"a": Decimal("1E+3"), "b": moment, "c": None}) == {"a": "1000", "b": "2027-01-15T08:00:00.000Z", "c": None}
    with pytest.raises(ValueError, match="offset"):
        given({"at": moment.replace(tzinfo=None)})


def test_an_empty_id_does_not_ask_for_another_path() -> None:
    with pytest.raises(ValueError, match="empty"):
        client_of([httpx.Response(200)], []).payments.get("")


def test_a_half_of_the_credentials_is_refused() -> None:
    with pytest.raises(ValueError, match="together"):
        PayCoreX("pk", base_url="http://api")


def pages() -> Iterator[httpx.Response]:
    for cursor in ("two", "three", None):
        yield httpx.Response(200, json={"data": [], "next_cursor": cursor})


def test_a_list_asks_for_page_after_page() -> None:
    seen: list[httpx.Request] = []
    ask: Callable[[], Any] = client_of([*pages()], seen).payments.list(status="success", limit=2).pages
    assert len(list(ask())) == 3
    assert [dict(request.url.params).get("cursor") for request in seen] == [None, "two", "three"]
    assert all(dict(request.url.params)["status"] == "success" for request in seen)
