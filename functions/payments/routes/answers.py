"""How a recorded payment is answered, whichever route made it."""

from typing import Final

from paycorex.errors import STATUS_BY_CODE, Refusal
from paycorex.http import Answer
from paycorex.http.answers import refusal_answer
from paycorex.records import payment
from paycorex.records.payment_risk import FAILURE_CODE
from payments.payment.orders import Recorded

# What a client reads is whether the payment was declined; why, says the payment.
_CODES: Final = {FAILURE_CODE: "payment_declined"}


def payment_answer(recorded: Recorded, request_id: str) -> Answer:
    """201 with the payment; a failed one is answered with its error and the payment in the details."""
    view = payment.view(recorded.payment)
    code = _CODES.get(view.failure_code or "", view.failure_code)
    if view.status == "failed" and code in STATUS_BY_CODE:
        details = {"payment": view.model_dump(mode="json")}
        refusal = Refusal(view.failure_message or "The payment was declined.", code=code, details=details)
        answer = refusal_answer(refusal, request_id)
    else:
        answer = Answer(201, view)
    return answer.replayed() if recorded.replayed else answer
