"""The HTTP side that every door shares: parse, authenticate, validate, claim, answer, log one line."""

from paycorex.http.answers import Answer
from paycorex.http.app import App
from paycorex.http.request import Request
from paycorex.http.routes import Call, Route

__all__ = ["Answer", "App", "Call", "Request", "Route"]
