"""HTTP door of the payments: loads the routes of payments, and the others with the first request for them."""

from paycorex import loading

with loading.at_once():
    from paycorex import aws, settings
    from payments.routes import payments
    from payments.routes.app import app

    aws.warm("dynamodb", "kms")

__all__ = ["app", "handler", "payments"]

app.later("payments.routes.captures", "*/capture", "*/captures", "*/void", "*/increment")
app.later("payments.routes.checkout", "/v1/checkout", "*/token")
app.later("payments.routes.checkout_pages", "/c", "/checkout.js")
app.later("payments.routes.connectors", "/v1/merchants/connectors")
app.later("payments.routes.customers", "/v1/customers")
app.later("payments.routes.disputes", "/v1/disputes")
app.later("payments.routes.late_money", "*/late")
app.later("payments.routes.links", "/v1/links", "/l")
app.later("payments.routes.operators", "/operator/v1/reviews", "/operator/v1/answers")
app.later("payments.routes.payer_pages", "/pay", "*/qr.svg", "*/qr.png")
app.later("payments.routes.payment_list", "*/payments")
app.later("payments.routes.processors", "/v1/processors")
app.later("payments.routes.providers", "/v1/callbacks")
app.later("payments.routes.qr_codes", "/v1/qr_codes")
app.later("payments.routes.refunds", "/v1/refunds", "*/refund", "*/refunds")
app.later("payments.routes.risk", "/v1/blocklist", "/v1/risk_replays")
app.later("payments.routes.routing", "/v1/routing")
app.later("payments.routes.tokens", "/v1/tokens")
app.later("payments.routes.wallet", "/v1/wallet")

handler = loading.rest_after_first(app.handler, ahead=settings.current().is_initialized_ahead)
