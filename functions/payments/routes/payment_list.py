"""The list of payments."""

from paycorex.contract import View
from paycorex.http import Answer, Call
from paycorex.records import payment
from paycorex.records.payment import PaymentView
from payments.routes import lists
from payments.routes.app import app
from payments.routes.list_requests import ListPaymentsQuery


class PaymentList(View):
    """A page of payments, newest first."""

    data: list[PaymentView]
    next_cursor: str | None


@app.route("GET", "/v1/payments", scope="payments:read", query=ListPaymentsQuery, answer=PaymentList)
def list_payments(call: Call[None, ListPaymentsQuery]) -> Answer:
    """Payments, newest first."""
    listing = "payments/in_review" if call.query.in_review else "payments"
    read = lists.in_review if call.query.in_review else lists.payments
    page = read(call.caller, call.query, call.position(listing))
    data = [payment.view(item) for item in page.items]
    return Answer(200, PaymentList(data=data, next_cursor=call.next_cursor(listing, page.position)))
