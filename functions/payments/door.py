"""HTTP door of the payments: loads every module of routes, and hands requests to their app."""

from paycorex import aws
from payments.routes import payers, payments, providers, refunds, wallet
from payments.routes.app import app

__all__ = ["app", "handler", "payers", "payments", "providers", "refunds", "wallet"]

aws.warm("dynamodb", "kms")
handler = app.handler
