"""What a processor answers to a question decides nothing unless it is about what was asked; requests go to the processor alone."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from paycorex.money import Money
from paycorex.safe_http import Answer
from payments.connectors import http_calls
from payments.connectors.model import CallbackRefused
from payments.connectors.prism.connector import Prism
from payments.connectors.prism.library import Library
from payments.connectors.requests import Attempt, CaptureRequest, RefundRequest, VoidRequest
from payments.connectors.results import Approved, Contradicts, Declined, Fault, Pending, Released, Unknown
from tests.integration.payments.processors import adyen, fake
from tokens.instruments import Card

_PAYMENT: Final = "pay_" + "b" * 26
_REFUND: Final = "ref_" + "d" * 26
_NAME: Final = "40012345678"
_TOKEN: Final = {"access_token": "t", "token": "t", "expires_in": 3600, "token_type": "Bearer", "seconds_to_expire": 3600}

# Errors in place of an answer, which come with 200.
ERRORS: Final[dict[str, list[Any]]] = {
    "authorizedotnet": [
        {"messages": {"resultCode": "Error", "message": [{"code": "E00007", "text": "User authentication failed."}]}},
        {"messages": {"resultCode": "Error", "message": [{"code": "E00040", "text": "The record cannot be found."}]}},
    ],
    "braintree": [{"data": None, "errors": [{"message": "Authentication failed", "extensions": {"errorClass": "AUTHENTICATION"}}]}],
    "nuvei": [
        {"status": "ERROR", "errCode": 1019, "reason": "Unknown system error"},
        {"status": "ERROR", "errCode": 1069, "reason": "Session expired"},
    ],
    "payu": [{"status": 0, "msg": "Invalid hash"}, [], None],
    "phonepe": [
        {"success": False, "code": "INTERNAL_SERVER_ERROR", "message": "There is an error trying to process your transaction.", "data": {}},
        {"success": False, "code": "INTERNAL_SERVER_ERROR", "message": "Check the status.", "data": {"merchantTransactionId": _PAYMENT}},
        {"success": False, "code": "TOO_MANY_REQUESTS", "message": "Too many requests."},
    ],
}
_CASES: Final = [(name, error) for name, errors in ERRORS.items() for error in errors]


class _Answers:
    """Answers every request with one document, and notes where they went."""

    def __init__(self, document: Any, status: int = 200) -> None:
        self.body, self.status, self.urls = json.dumps(document).encode(), status, list[str]()

    def __call__(self, _method: str, url: str, *_rest: Any, **_named: Any) -> Answer:
        self.urls.append(url)
        return Answer(self.status, {"content-type": "application/json"}, self.body, truncated=False, duration_ms=1, address="192.0.2.1")


def _answering(monkeypatch: pytest.MonkeyPatch, document: Any, status: int = 200) -> _Answers:
    answers = _Answers(document, status)
    monkeypatch.setattr(http_calls, "exchange", answers)
    return answers


def _connector(library: Library, name: str, *, is_live: bool = False, **credentials: str) -> Prism:
    played = next(kind for kind in fake.every() if kind.name == name)
    return Prism(library, name, {**played.credentials, **credentials}, webhook_url="https://pay.example/v1/callbacks", is_live=is_live)


def _attempt(name: str | None = _NAME, currency: str = "INR") -> Attempt:
    return Attempt("att_" + "c" * 26, _PAYMENT, "mer_" + "a" * 26, "tokenized", Money(1000, currency), provider_reference=name)


@pytest.mark.parametrize(("name", "error"), _CASES)
def test_an_error_in_place_of_an_answer_declines_no_payment(
    name: str, error: Any, monkeypatch: pytest.MonkeyPatch, processors_library: Library
) -> None:
    _answering(monkeypatch, error)
    assert isinstance(_connector(processors_library, name).lookup(_attempt()), Unknown)


@pytest.mark.parametrize(("name", "error"), _CASES)
def test_an_error_in_place_of_an_answer_refuses_no_refund(
    name: str, error: Any, monkeypatch: pytest.MonkeyPatch, processors_library: Library
) -> None:
    _answering(monkeypatch, error)
    request = RefundRequest(_REFUND, _PAYMENT, "mer_" + "a" * 26, Money(500, "INR"), _NAME, "70012345678")
    assert not isinstance(_connector(processors_library, name).lookup_refund(request), Declined)


def test_a_refusal_that_names_the_payment_declines_it(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    refused = {"transactionId": _NAME, "clientUniqueId": _PAYMENT, "transactionStatus": "DECLINED", "transactionType": "Sale"}
    _answering(monkeypatch, {"status": "SUCCESS", "errCode": 0, "reason": "", "transactionDetails": refused})
    assert isinstance(_connector(processors_library, "nuvei").lookup(_attempt(currency="USD")), Declined)


def test_an_answer_about_another_payment_makes_no_capture(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    charge = {"id": "char_another", "amount": 1000, "currency": "USD", "captured": True, "status": "successful", "refunded": False}
    _answering(monkeypatch, charge)
    request = CaptureRequest("cap_" + "e" * 26, _PAYMENT, "mer_" + "a" * 26, Money(1000, "USD"), "char_asked")
    assert isinstance(_connector(processors_library, "shift4").lookup_capture(request), Contradicts)


def _refund(connector: Prism, currency: str, reference: str | None = None) -> object:
    request = RefundRequest(_REFUND, _PAYMENT, "mer_" + "a" * 26, Money(500, currency), "char_asked", reference)
    return connector.refund(request) if reference is None else connector.lookup_refund(request)


@pytest.mark.parametrize("reference", [None, "re_1"], ids=["refund", "lookup"])
@pytest.mark.parametrize(("charge", "is_it"), [("char_asked", True), ("char_another", False)])
def test_a_refund_of_another_charge_is_not_ours(
    charge: str, is_it: bool, reference: str | None, monkeypatch: pytest.MonkeyPatch, processors_library: Library
) -> None:
    refund = {"id": "re_1", "amount": 500, "currency": "USD", "charge": charge, "status": "successful"}
    _answering(monkeypatch, refund)
    result = _refund(_connector(processors_library, "shift4"), "USD", reference)
    assert isinstance(result, Approved if is_it else Contradicts), result


@pytest.mark.parametrize(("said", "kind"), [((500, "EUR"), Pending), ((9900, "EUR"), Contradicts), ((500, "USD"), Contradicts)])
def test_a_refund_that_is_only_taken_is_of_the_sum_that_was_asked_for(
    said: tuple[int, str], kind: type[object], monkeypatch: pytest.MonkeyPatch, processors_library: Library
) -> None:
    amount = {"value": said[0], "currency": said[1]}
    names = {"merchantAccount": "ShopECOM", "paymentPspReference": "char_asked", "pspReference": "R000000000000000", "reference": _REFUND}
    _answering(monkeypatch, {**names, "amount": amount, "status": "received"}, 201)
    result = _refund(_connector(processors_library, "adyen"), "EUR")
    assert type(result) is kind, result


@pytest.mark.parametrize("amount", ["1e400000", "1E+30", "99999999999999999999999999999999"])
def test_an_amount_without_bounds_is_no_answer(amount: str, monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    payment = {"status": 1, "transaction_details": {_PAYMENT: {"mihpayid": "4", "txnid": _PAYMENT, "amt": amount, "status": "success"}}}
    _answering(monkeypatch, payment)
    assert isinstance(_connector(processors_library, "payu").lookup(_attempt(None)), Unknown | Contradicts)


def test_no_reason_repeats_a_card_that_goes_along_with_a_step_before(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    words = "Card 4242424242424242 with 739 is not kept by key-of-the-account"
    _answering(monkeypatch, {"data": None, "errors": [{"message": words, "extensions": {"errorClass": "VALIDATION"}}]})
    attempt = Attempt("att_" + "c" * 26, _PAYMENT, "mer_" + "a" * 26, "tokenized", Money(1000, "USD"), security_code="739")
    connector = _connector(processors_library, "braintree", private_key="key-of-the-account")
    result = connector.charge(attempt, Card("4242424242424242", 12, 2031, None))
    assert isinstance(result, Declined)
    assert "is not kept" in result.reason
    assert not any(secret in result.reason for secret in ("4242424242424242", "739", "key-of-the-account"))


def _release(connector: Prism) -> object:
    return connector.void(VoidRequest("att_v", _PAYMENT, "mer_" + "a" * 26, "NC6HT9CRT65ZGN82", Money(1000, "EUR")))


def test_production_has_the_accounts_own_address(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    answers = _answering(monkeypatch, {"paymentPspReference": "NC6HT9CRT65ZGN82", "pspReference": "R", "status": "received"}, 201)
    live = _connector(processors_library, adyen.Fake.name, is_live=True, endpoint_prefix="1797a841fbb37ca7-Shop")
    assert not isinstance(_release(live), Released | Declined)
    assert [url.partition("/checkout/")[0] for url in answers.urls] == ["https://1797a841fbb37ca7-Shop-checkout-live.adyenpayments.com"]


@pytest.mark.parametrize(
    "prefix", ["thief.example/?", "thief.example/#", "thief.example:443/", "a@thief.example/", "thief.example\\", "x."]
)
def test_no_credential_sends_a_request_elsewhere(prefix: str, monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    answers = _answering(monkeypatch, {})
    live = _connector(processors_library, adyen.Fake.name, is_live=True, endpoint_prefix=prefix)
    assert isinstance(_release(live), Declined)
    assert answers.urls == []


def _panicking(library: Library) -> Callable[..., bytes]:
    def panic(*_messages: bytes) -> bytes:
        raise library.ffi.InternalError("called `Option::unwrap()` on a `None` value")

    return panic


def test_a_panic_of_the_library_before_a_request_sends_nothing(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    answers = _answering(monkeypatch, {})
    monkeypatch.setattr(processors_library.ffi, "void_req_transformer", _panicking(processors_library))
    result = _release(_connector(processors_library, adyen.Fake.name))
    assert isinstance(result, Declined)
    assert (result.fault, answers.urls) == (Fault.SETUP, [])


def test_a_panic_of_the_library_at_an_answer_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    _answering(monkeypatch, {})
    monkeypatch.setattr(processors_library.ffi, "void_res_transformer", _panicking(processors_library))
    assert isinstance(_release(_connector(processors_library, adyen.Fake.name)), Unknown)


def test_a_callback_at_which_the_library_panics_is_refused(monkeypatch: pytest.MonkeyPatch, processors_library: Library) -> None:
    monkeypatch.setattr(processors_library.ffi, "handle_event_transformer", _panicking(processors_library))
    with pytest.raises(CallbackRefused):
        _connector(processors_library, adyen.Fake.name, webhook_secret=fake.WEBHOOK_SECRET).read_callback({}, b"{}")
