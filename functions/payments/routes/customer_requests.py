"""What clients send to the routes of customers."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from paycorex.contract import Body, ListQuery
from paycorex.text import Reference
from payments.routes.requests import Metadata, Said

# What would say by itself who a person is: it would stay on payments after the person is erased.
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ().-]{6,}[0-9]")
_PHONE_DIGITS: Final = range(10, 16)


def _no_person(value: str) -> str:
    digits = sum(character.isdigit() for character in value)
    if _ADDRESS.fullmatch(value) or (_NUMBER.fullmatch(value) and (value.startswith("+") or digits in _PHONE_DIGITS)):
        raise ValueError("a reference is your own id of the person, not an e-mail address or a phone number: it stays on payments")
    return value


CustomerReference = Annotated[Reference, AfterValidator(_no_person)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{8,15}$")]


class CreateCustomer(Body):
    """POST /v1/customers. reference: what payments, tokens and wallets call `user_id`."""

    reference: CustomerReference
    name: Said | None = None
    email: Email | None = None
    phone: Phone | None = None
    metadata: Metadata | None = None


class ChangeCustomer(Body):
    """PATCH /v1/customers/{customer_id}. What is null is taken away, what is left out stays."""

    name: Said | None = None
    email: Email | None = None
    phone: Phone | None = None
    metadata: Metadata | None = None


class CustomersQuery(ListQuery):
    """GET /v1/customers: all, or those with exactly this reference, e-mail address or phone number."""

    reference: Reference | None = None
    email: Email | None = None
    phone: Phone | None = None
