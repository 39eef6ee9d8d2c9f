"""The route that says where the money of one payment is."""

from typing import Literal

from paycorex import clock
from paycorex.contract import View
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.money import format_minor
from settlements import whereabouts
from settlements.routes.app import app
from settlements.whereabouts import Step


class MoneyStep(View):
    """One place of a payment's money. `amount` is what is there of it: in a payout what the provider's fee leaves."""

    step: Literal["authorized", "captured", "with_provider", "paid_out", "in_bank"]
    status: Literal["done", "waiting", "overdue", "failed"]
    amount: str | None
    currency: str
    at: str | None
    due_at: str | None
    day: str | None
    settlement_id: str | None
    reference: str | None


class PaymentMoney(View):
    """Where a payment's money is, in the order of its way; empty while none has moved."""

    payment_id: str
    steps: list[MoneyStep]


@app.route("GET", "/v1/payments/{payment_id}/money", scope="payments:read", answer=PaymentMoney)
def show_payment_money(call: Call[None, None]) -> Answer:
    """Where the money of a payment is: authorized, captured, with its provider, paid out, in the bank; with the dates that are known."""
    found = whereabouts.find(call.caller.merchant_id, call.path["payment_id"])
    if found is None:
        raise NotFound("payment")
    payment, steps = found
    shown = [_view(step, payment.currency) for step in steps]
    return Answer(200, PaymentMoney(payment_id=payment.payment_id, steps=shown))


def _view(step: Step, currency: str) -> MoneyStep:
    return MoneyStep.model_validate(
        {
            "step": step.step,
            "status": step.status,
            "amount": None if step.amount is None else format_minor(step.amount, currency),
            "currency": currency,
            "at": None if step.at is None else clock.rfc3339(step.at),
            "due_at": None if step.due_at is None else clock.rfc3339(step.due_at),
            "day": step.day,
            "settlement_id": step.settlement_id,
            "reference": step.reference,
        }
    )
