"""Routes of figures that are not statistics of a period: where the money is now, and the numbers of a filtered list."""

from dashboard import money_position, payment_sums
from dashboard.money_position import MoneyQuery, MoneyView
from dashboard.payment_sums import PaymentSums
from paycorex.http import Answer, App, Call
from payments.routes.list_requests import PaymentsFilter


def add_to(app: App) -> None:
    """Add the routes to the dashboard's app."""
    read = "dashboard:read"
    app.route("GET", "/v1/dashboard/money", scope=read, query=MoneyQuery, answer=MoneyView)(show_money)
    app.route("GET", "/v1/dashboard/payment_sums", scope=read, query=PaymentsFilter, answer=PaymentSums)(sum_payments)


def show_money(call: Call[None, MoneyQuery]) -> Answer:
    """Where the money is now: available, with providers, on its way to the bank, held."""
    return Answer(200, money_position.position(call.caller, call.query.currency))


def sum_payments(call: Call[None, PaymentsFilter]) -> Answer:
    """Count and sums of the payments that a filter finds: of the newest 2,000 that it looks at, and whether that is all."""
    return Answer(200, payment_sums.sums(call.caller, call.query))
