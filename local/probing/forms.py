"""One filled form for every way to pay that the library knows, made from the messages' own description."""

from typing import Any, Final

from local.probing import samples
from payments.connectors.prism.library import Library

_DEEPEST: Final = 4
_ENUM, _MESSAGE = 14, 11
# By protobuf's numbers of types: whole numbers, yes or no, bytes, text.
_SCALARS: Final = {**dict.fromkeys((3, 4, 5, 13), 1), 8: True, 12: "dGV4dA==", 9: "text"}
_TEXTS: Final = {
    "email": "jo@example.com",
    "country": "US",
    "currency": "USD",
    "date_of_birth": "1990-01-01",
    "iban": "DE89370400440532013000",
    "vpa_id": "jo@okbank",
    "expiry": "03/30",
    "blik_code": "777124",
    "document_type": "CPF",
    "document_number": "11144477735",
    "language_preference": "en",
    # A name that is right in most lists of banks.
    "bank_name": "ING",
}


def of(library: Library) -> dict[str, samples.Document]:
    """By the library's name of the way: what goes into `payment_method`."""
    described = library.methods.PaymentMethod.DESCRIPTOR.fields
    return {field.name: {field.name: samples.CARD if field.name == "card" else _filled(field.message_type, 0)} for field in described}


def _filled(described: Any, depth: int) -> samples.Document:
    """Every field that occurs once; of fields that exclude each other, the first."""
    form: samples.Document = {}
    chosen = set()
    for field in described.fields:
        choice = field.containing_oneof
        if field.is_repeated or (choice is not None and choice.name in chosen):
            continue
        if choice is not None and not choice.name.startswith("_"):
            chosen.add(choice.name)
        value = _value(field, depth)
        if value is not None:
            form[field.name] = value
    return form


def _value(field: Any, depth: int) -> Any:
    if field.type == _MESSAGE:
        if field.message_type.name == "SecretString":
            return {"value": _TEXTS.get(field.name, "text")}
        return _filled(field.message_type, depth + 1) if depth < _DEEPEST else None
    if field.type == _ENUM:
        # The first one says nothing.
        return field.enum_type.values[min(1, len(field.enum_type.values) - 1)].name
    return _TEXTS.get(field.name, _SCALARS.get(field.type)) if field.type == 9 else _SCALARS.get(field.type)
