"""Errors: each documented code, each exactly one status, each refusal a documented code."""

import importlib
import inspect
import pkgutil

import pytest

from paycorex import errors
from paycorex.errors import STATUS_BY_CODE, Refusal
from paycorex.http.answers import internal_error, refusal_answer
from tests.support.world import World

CONTRACT = {
    400: {"invalid_request", "invalid_amount", "invalid_cursor"},
    401: {"unauthorized"},
    402: {"insufficient_funds", "card_declined", "payment_declined"},
    403: {"forbidden"},
    404: {"not_found"},
    409: {
        *("idempotency_key_reused", "signature_reused", "request_in_progress", "conflict", "wallet_exists", "invalid_state"),
        *("already_captured", "authorization_expired"),
    },
    413: {"payload_too_large"},
    405: {"method_not_allowed"},
    422: {
        *("refund_exceeds_payment", "payment_not_refundable", "unsupported_method", "unsupported_currency", "unsupported_network"),
        *("unsupported_amount", "provider_configuration", "limit_exceeded", "capture_exceeds_authorization", "not_capturable"),
        *("processor_unavailable", "evidence_closed", "wrong_mode"),
    },
    429: {"rate_limited"},
    500: {"internal_error"},
    503: {"provider_unavailable", "temporarily_unavailable"},
}
ROOMS = ("paycorex", "authorizer", "merchants", "payments", "wallet", "tokens", "webhooks", "crypto_monitor", "dashboard")


def test_the_table_is_the_contracts() -> None:
    assert {code: status for status, codes in CONTRACT.items() for code in codes} == dict(STATUS_BY_CODE)


def refusals() -> set[type[Refusal]]:
    """Every kind of refusal that any module declares."""
    with World().running():
        for room in ROOMS:
            package = importlib.import_module(room)
            for module in pkgutil.walk_packages(package.__path__, f"{room}."):
                importlib.import_module(module.name)
    found, waiting = set[type[Refusal]](), [Refusal]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return found


def test_every_kind_of_refusal_has_a_documented_code_and_says_when() -> None:
    kinds = refusals()
    assert len(kinds) >= 20
    for kind in kinds:
        assert kind.code in STATUS_BY_CODE, kind
        assert inspect.getdoc(kind), kind


@pytest.mark.parametrize("code", STATUS_BY_CODE)
def test_every_code_is_answered_in_the_documented_shape(code: str) -> None:
    answer = refusal_answer(Refusal("Why.", code=code, details={"field": "amount"}), "req_a")
    assert answer.status == STATUS_BY_CODE[code]
    assert answer.body == {"error": {"code": code, "message": "Why.", "details": {"field": "amount"}, "request_id": "req_a"}}
    assert ("Retry-After" in answer.headers) is (answer.status in {429, 503})
    assert "WWW-Authenticate" not in answer.headers


def test_a_code_that_is_not_documented_cannot_be_used() -> None:
    with pytest.raises(AssertionError, match="unknown error code"):
        Refusal("Why.", code="oops")


def test_unauthorized_says_the_same_for_every_cause() -> None:
    answers = [refusal_answer(errors.Unauthorized(reason), "req_a") for reason in ("unknown key", "signature does not match")]
    assert answers[0] == answers[1]


def test_an_internal_error_tells_nothing() -> None:
    answer = internal_error("req_a")
    assert (answer.status, answer.code) == (500, "internal_error")
    assert "req_a" in str(answer.content())
