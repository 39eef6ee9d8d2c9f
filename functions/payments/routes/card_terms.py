"""What a request says of a card charge, and what of it fits together."""

from paycorex.errors import InvalidRequest
from payments.routes.requests import CreatePayment


def check(body: CreatePayment) -> None:
    """Refuse what has no meaning for this payment, before anything is stored. Raises InvalidRequest."""
    if body.method != "tokenized":
        given = [name for name in ("security_code", "initial_payment_id", "statement_descriptor") if getattr(body, name) is not None]
        _refuse([*given, *(["customer_initiated"] if body.customer_initiated is False else [])], "is for card payments (method tokenized)")
    if body.token_id is None:
        typed = [] if body.security_code is None else ["security_code"]
        _refuse([*typed, *(["customer_initiated"] if body.customer_initiated is False else [])], "needs a stored card (token_id)")
    if body.customer_initiated is False and body.security_code is not None:
        _refuse(["security_code"], "is the payer's: a charge that the payer did not initiate has none")
    if body.customer_initiated is not False and body.initial_payment_id is not None:
        _refuse(["initial_payment_id"], "is for charges that the payer did not initiate (customer_initiated false)")


def _refuse(names: list[str], problem: str) -> None:
    if names:
        raise InvalidRequest(f"{names[0]} {problem}.", details={"field": names[0]})
