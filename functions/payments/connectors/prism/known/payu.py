"""PayU (India), UPI, as https://docs.payu.in documents UPI intent by S2S (`txn_s2s_flow` 4), verify_payment, cancel_refund_transaction and
check_action_status. Payments are found by our reference, which is the `txnid`; refunds by PayU's request id.

The library asks the company of the same name in Europe, and makes up two fields: requests go to PayU India, without those, signed anew.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from payments.connectors.documents import Malformed
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.known import payu_callbacks
from payments.connectors.prism.translation import HttpRequest

_INVENTED: Final = ("udf1", "udf2")
_S2S_FLOW: Final = "4"
# Characters of a refund's token.
_LONGEST_TOKEN: Final = 23
_UNKNOWN: Final = "Not Found"


def _sent(request: HttpRequest, form: dict[str, str], hashed: tuple[str, ...]) -> HttpRequest:
    """To PayU India's own address. hash: SHA-512 of the fields and the salt with bars between."""
    is_test = "//secure.snd." in request.url
    host, path = ("test.payu.in" if is_test else "info.payu.in", "merchant/postservice.php?form=2")
    if request.url.endswith("/_payment"):
        host, path = ("test.payu.in" if is_test else "secure.payu.in", "_payment")
    digest = hashlib.sha512("|".join(hashed).encode()).hexdigest()
    return replace(request, url=f"https://{host}/{path}", body=urlencode({**form, "hash": digest}).encode())


def _pay(request: HttpRequest, _message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    given = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    form = {name: value for name, value in given.items() if name not in _INVENTED} | {"txn_s2s_flow": _S2S_FLOW}
    signed = (form[name] for name in ("key", "txnid", "amount", "productinfo", "firstname", "email"))
    return _sent(request, form, (*signed, *[""] * 10, credentials["api_secret"]))


def _ask(request: HttpRequest, credentials: Mapping[str, str], **changed: str) -> HttpRequest:
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True)) | changed
    return _sent(request, form, (form["key"], form["command"], form["var1"], credentials["api_secret"]))


def _get(request: HttpRequest, _message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    return _ask(request, credentials)


def _refund(request: HttpRequest, message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    return _ask(request, credentials, var3=message.merchant_refund_id.removeprefix("ref_")[:_LONGEST_TOKEN])


def _refund_get(request: HttpRequest, message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    return _ask(request, credentials, command="check_action_status", var1=message.connector_refund_id)


def _read_link(answer: dict[str, Any]) -> dict[str, Any]:
    """The library reads a link where it is one. An error stays as it is."""
    result = answer.get("result")
    if not isinstance(result, dict) or not result.get("intentURIData"):
        return answer
    names = {"txnId": (answer.get("metaData") or {}).get("txnId"), "referenceId": str(result["paymentId"])}
    return {"status": 1, **names, "intentURIData": f"upi://pay?{result['intentURIData']}"}


def _read_payment(answer: dict[str, Any]) -> dict[str, Any]:
    """What is not known is not refused: the library makes no difference. Raises Malformed."""
    details = answer.get("transaction_details") or {}
    if any(not isinstance(each, dict) or each.get("status") == _UNKNOWN for each in details.values()):
        raise Malformed("no such transaction")
    return answer


def _read_refund(answer: dict[str, Any]) -> dict[str, Any]:
    """A refund is known by the number of its request, not by its payment's."""
    if answer.get("status") != 1:
        return {**answer, "error_code": str(answer.get("error_code"))}
    return {"status": "1", "msg": answer.get("msg"), "request_id": answer["request_id"], "mihpayid": answer["request_id"]}


def _read_action(answer: dict[str, Any]) -> dict[str, Any]:
    """One refund, without the level that groups actions of a payment. Raises Malformed."""
    found = [
        action for actions in (answer.get("transaction_details") or {}).values() if isinstance(actions, dict) for action in actions.items()
    ]
    if len(found) != 1:
        raise Malformed("no such refund")
    request_id, action = found[0]
    return {**answer, "transaction_details": {request_id: {**action, "mihpayid": request_id, "txnid": request_id}}}


FACTS = Processor(
    # https://docs.payu.in/reference/addl_info-payment-apis: a `txnid` has 25 characters at most.
    longest_reference=25,
    limits=dict.fromkeys(("capture", "void"), "UPI is held by a one-time mandate, and the library makes no request for one here."),
    finds=frozenset({"get"}),
    witnesses={
        "get": Witness("transaction_details.*.mihpayid", "transaction_details.*.txnid", "transaction_details.*.amt", in_major=True),
        "refund": Witness("request_id"),
        "refund_get": Witness("transaction_details.*.*.request_id", amount="transaction_details.*.*.amt", in_major=True),
    },
    sends={"authorize": _pay, "get": _get, "refund": _refund, "refund_get": _refund_get},
    callback=payu_callbacks.read,
    reads={"authorize": _read_link, "get": _read_payment, "refund": _read_refund, "refund_get": _read_action},
)
