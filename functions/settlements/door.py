"""HTTP door of the settlements: loads every module of routes, and hands requests to their app."""

from paycorex import aws
from settlements.routes import bank, imports, reconciliation, settlements, whereabouts
from settlements.routes.app import app

aws.warm("dynamodb")

__all__ = ["app", "bank", "handler", "imports", "reconciliation", "settlements", "whereabouts"]

handler = app.handler
