"""What a request says of a card charge, and what of it fits together."""

import json
from typing import TYPE_CHECKING, Any

from paycorex.errors import InvalidRequest
from paycorex.loading import later
from payments.routes.requests import CreatePayment, OneTimeToken

with later():
    from payments.connectors import one_time

if TYPE_CHECKING:
    from payments.connectors.one_time import OneTime


def check(body: CreatePayment) -> None:
    """Refuse what has no meaning for this payment, before anything is stored. Raises InvalidRequest."""
    if body.one_time_token is not None:
        _check_one_time(body, body.one_time_token)
    if body.method != "tokenized":
        given = [name for name in ("security_code", "initial_payment_id", "statement_descriptor") if getattr(body, name) is not None]
        _refuse([*given, *(["customer_initiated"] if body.customer_initiated is False else [])], "is for card payments (method tokenized)")
    if body.token_id is None and body.one_time_token is None:
        typed = [] if body.security_code is None else ["security_code"]
        _refuse([*typed, *(["customer_initiated"] if body.customer_initiated is False else [])], "needs a stored card (token_id)")
    if body.customer_initiated is False and body.security_code is not None:
        _refuse(["security_code"], "is the payer's: a charge that the payer did not initiate has none")
    if body.customer_initiated is not False and body.initial_payment_id is not None:
        _refuse(["initial_payment_id"], "is for charges that the payer did not initiate (customer_initiated false)")


def one_time_of(body: CreatePayment) -> "OneTime | None":
    """What pays this payment only."""
    given = body.one_time_token
    if given is None:
        return None
    brand = None if given.network is None else given.network.lower()
    return one_time.KINDS[given.type](given.payload.get_secret_value(), brand, given.last4)


def _check_one_time(body: CreatePayment, given: OneTimeToken) -> None:
    if body.method != "tokenized":
        _refuse(["one_time_token"], "is for card payments (method tokenized)")
    others: dict[str, Any] = {"token_id": body.token_id, "security_code": body.security_code, "save": body.save or None}
    _refuse([name for name, value in others.items() if value is not None], "does not go with a one_time_token")
    if body.customer_initiated is False:
        _refuse(["customer_initiated"], "cannot be false: the payer is there to give a one_time_token")
    if (given.type == one_time.PROCESSOR) != (given.connector is not None):
        _refuse(["one_time_token.connector"], "names whose token it is, for processor_token alone")
    if given.type != one_time.PROCESSOR and not _is_object(given.payload.get_secret_value()):
        _refuse(["one_time_token.payload"], "is the wallet's token as JSON, an object")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(names: list[str], problem: str) -> None:
    if names:
        raise InvalidRequest(f"{names[0]} {problem}.", details={"field": names[0]})
