"""What an answer says of itself, against what was asked. Read from the answer as it came: the library repeats some of what it was given."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import quote, unquote

from paycorex.errors import UnsupportedCurrency
from paycorex.money import Money, exponent_of
from payments.connectors import documents
from payments.connectors.documents import Contradiction, Malformed
from payments.connectors.prism.facts import Processor, Witness

# Our ids, as answers repeat them.
_OURS: Final = re.compile(rb"\b(?:pay|ref|cap)_[a-z2-7]{26}\b")
_NONE: Final = Witness()
_ANY: Final = "*"
_MOST_DIGITS: Final = 18
_DIGITS: Final = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What was found. reference: the processor's name of what it made. amount: what it said of the amount. ours: our reference, where it
    was looked for and not compared. charge: the processor's name of the charge that a refund is of.
    """

    reference: str | None = None
    amount: Money | None = None
    ours: str | None = None
    charge: str | None = None


def hear(
    known: Processor, flow: str, body: bytes, *, ours: str, asked: Money, reference: str | None = None, charge: str | None = None
) -> Said:
    """What an answer to this flow says of itself. ours: the id that we gave. reference: the processor's name that was asked for. charge: of
    a refund, the processor's name of what is given back.

    Raises Contradiction for another object or an amount that is none, Malformed for what is no JSON where the processor answers in it.
    """
    where = known.witnesses.get(flow, _NONE)
    if where == _NONE:
        return _without_witness(body, ours, reference)
    document = documents.parse(body)
    repeated = _text(document, where.ours)
    if repeated is not None and repeated != ours:
        raise Contradiction("another_object", f"{where.ours} {repeated}", reference)
    refunded = _text(document, where.charge)
    if charge is not None and refunded not in {None, charge}:
        raise Contradiction("another_object", f"{where.charge} {refunded}", reference)
    found = _name(document, where.reference)
    return Said(found, _amount(document, where, asked.currency, found))


def names(known: Processor, flow: str, body: bytes, *asked: str | None) -> bool:
    """True when an answer names one of these. An error in place of an answer names nothing: it says nothing of what was asked about."""
    found = known.witnesses.get(flow, _NONE)
    forms = {form for name in asked if name for form in (name, quote(name, safe=""), quote(name))}
    if any(form.encode() in body for form in forms):
        return True
    return found != _NONE and _name(documents.parse(body), found.reference) in {*asked} - {None}


def stated(known: Processor, flow: str, body: bytes) -> Said:
    """What a document that no question of ours led to says of itself. Raises Contradiction for an amount that is none, Malformed."""
    where = known.witnesses.get(flow, _NONE)
    if where == _NONE:
        return Said()
    document = documents.parse(body)
    reference = _name(document, where.reference)
    return Said(reference, _amount(document, where, None, reference), _text(document, where.ours), _text(document, where.charge))


def _find(document: Any, path: str) -> Any:
    """What is at a path, or at the first of several (`a.b|c.0.d`) where there is something."""
    for one in path.split("|") if path else ():
        found = document
        for step in one.split("."):
            found = _only(found) if step == _ANY else documents.find(found, int(step) if step.isdecimal() else step)
        if found is not None:
            return found
    return None


def _only(document: Any) -> Any:
    return next(iter(document.values())) if isinstance(document, dict) and len(document) == 1 else None


def _text(document: Any, path: str) -> str | None:
    found = _find(document, path)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) and found != "" else None


def _name(document: Any, path: str) -> str | None:
    """A name; of a link, what it ends with."""
    found = _text(document, path)
    return unquote(found.rpartition("/")[2]) if found is not None and found.startswith("https://") else found


def _without_witness(body: bytes, ours: str, reference: str | None) -> Said:
    """An answer that repeats ids of ours, and not the one that it was asked about, is another's."""
    repeated = {text.decode() for text in _OURS.findall(body)} - {reference}
    same_kind = {text for text in repeated if text[:4] == ours[:4]}
    if same_kind and ours not in same_kind:
        raise Contradiction("another_object", min(same_kind))
    return Said()


def _amount(document: Any, where: Witness, default: str | None, reference: str | None) -> Money | None:
    """default: the currency where none is said."""
    stated = _find(document, where.amount)
    if stated is None:
        return None
    currency = (_text(document, where.currency) or default or "").upper()
    if not currency:
        return None
    return decimal_amount(stated, currency, reference) if where.in_major else documents.amount(_whole(stated), currency, reference)


def decimal_amount(stated: object, currency: str, reference: str | None) -> Money:
    """An amount in the currency's main unit, as a number or as text. Raises Malformed, Contradiction."""
    return documents.amount(_minor(stated, currency, reference), currency, reference)


def _whole(stated: object) -> int:
    """Minor units, as a number or as digits. Raises Malformed."""
    if isinstance(stated, str) and _DIGITS.fullmatch(stated):
        return int(stated)
    return documents.whole({"amount": stated}, "amount")


def _minor(stated: object, currency: str, reference: str | None) -> int:
    """A decimal amount in minor units, exactly."""
    try:
        minor = Decimal(str(stated)).scaleb(exponent_of(currency))
    except (InvalidOperation, UnsupportedCurrency) as error:
        raise Malformed("no amount") from error
    # Beyond that it is no amount, and its remainder is not known.
    if not minor.is_finite() or minor.adjusted() > _MOST_DIGITS or minor % 1:
        raise Contradiction("unreadable_amount", f"{stated} {currency}", reference)
    return int(minor)
