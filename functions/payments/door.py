"""HTTP door of the payments: loads every module of routes, and hands requests to their app."""

from paycorex import loading

with loading.at_once():
    from paycorex import aws, settings
    from payments.routes import (
        captures,
        checkout,
        customers,
        disputes,
        links,
        payer_back,
        payer_fields,
        payers,
        payments,
        processors,
        providers,
        refunds,
        routing,
        tokens,
        wallet,
    )
    from payments.routes.app import app

    aws.warm("dynamodb", "kms")

__all__ = [
    "app",
    "captures",
    "checkout",
    "customers",
    "disputes",
    "handler",
    "links",
    "payer_back",
    "payer_fields",
    "payers",
    "payments",
    "processors",
    "providers",
    "refunds",
    "routing",
    "tokens",
    "wallet",
]

handler = loading.rest_after_first(app.handler, ahead=settings.current().is_initialized_ahead)
