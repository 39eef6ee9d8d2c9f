"""Instruments as the bytes that are sealed. `v` is the form's version, so that it can change while old tokens live."""

import dataclasses
import json
from typing import Any, Final

from tokens.instruments.bank_account import BankAccount
from tokens.instruments.card import Card
from tokens.instruments.instrument import Instrument
from tokens.instruments.upi import Upi

_VERSION: Final = 1
_KINDS: Final[dict[str, type[Card | BankAccount | Upi]]] = {kind.kind: kind for kind in (Card, BankAccount, Upi)}


def to_bytes(instrument: Instrument) -> bytes:
    """The content to seal. The only place that writes an instrument out."""
    kind = _KINDS[instrument.kind]
    values = {field.name: getattr(instrument, field.name) for field in dataclasses.fields(kind)}
    return json.dumps({"v": _VERSION, "t": instrument.kind, **values}, separators=(",", ":")).encode()


def from_bytes(content: bytes) -> Instrument:
    """The instrument of a sealed content. Raises ValueError for another version's."""
    values: dict[str, Any] = json.loads(content)
    version, kind = values.pop("v"), values.pop("t")
    if version != _VERSION or kind not in _KINDS:
        msg = f"instrument form {version} of {kind}"
        raise ValueError(msg)
    return _KINDS[kind](**values)
