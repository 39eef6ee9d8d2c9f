"""The HTTP side that every door shares: parse, authenticate, validate, claim, answer, log one line."""

from paycorex.http.answers import Answer
from paycorex.http.app import App
from paycorex.http.cursors import ListQuery
from paycorex.http.models import AmountText, Body, Query, View
from paycorex.http.request import Request
from paycorex.http.routes import Call, Route
from paycorex.idempotency.claims import Claim
from paycorex.idempotency.items import InProgress, KeyReused, Remembered, SignatureReused

__all__ = [
    "AmountText",
    "Answer",
    "App",
    "Body",
    "Call",
    "Claim",
    "InProgress",
    "KeyReused",
    "ListQuery",
    "Query",
    "Remembered",
    "Request",
    "Route",
    "SignatureReused",
    "View",
]
