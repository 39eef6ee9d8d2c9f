"""From the payments' stream to search terms: amount, user, last four digits of a stored card, values of metadata. Each when it is made.

A wallet payment that was made has no row for its user: the wallet's own ledger account has it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from dashboard.search import terms
from dashboard.search.terms import Found, Term
from paycorex import storage
from paycorex.records.token import TokenItem

# Of one payment's metadata: what looks like a name that somebody may search for.
MAX_VALUES: Final = 5
MAX_CHARACTERS: Final = 64


def note(records: Iterable[Mapping[str, Any]]) -> None:
    """Keep the terms of the payments that a batch of the payments' stream made, and forget what was erased from one.

    Raises storage.Unavailable, storage.OutcomeUnknown.
    """
    batch = list(records)
    keep([record["dynamodb"]["NewImage"] for record in batch if record.get("eventName") == "INSERT"])
    for record in batch:
        if record.get("eventName") == "MODIFY":
            _forget(record["dynamodb"]["OldImage"], record["dynamodb"]["NewImage"])


def _forget(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """What a payer typed is taken out of a payment's metadata when the payer is erased; then no search leads from it to the payment."""
    if before.get("metadata") == after.get("metadata"):
        return
    place, kept = Found(after["order_key"]["S"], after["payment_id"]["S"]), set(_searched(after))
    for value in _searched(before):
        if value not in kept:
            terms.forget(Term(after["merchant_id"]["S"], terms.METADATA, value), place)


def keep(made: Sequence[Mapping[str, Any]]) -> None:
    """Keep the terms of payments, in wire shape. Raises as `note` does; again, it changes nothing that is found."""
    digits = _last_four(made)
    found: dict[Term, list[Found]] = {}
    for image in made:
        place = Found(image["order_key"]["S"], image["payment_id"]["S"])
        for kind, value in _of(image, digits):
            found.setdefault(Term(image["merchant_id"]["S"], kind, value), []).append(place)
    if found:
        terms.keep(found)


def amount_term(currency: str, minor: int) -> str:
    """An amount as terms have it."""
    return f"{currency} {minor}"


def _of(image: Mapping[str, Any], digits: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield terms.AMOUNT, amount_term(image["currency"]["S"], int(image["amount"]["N"]))
    is_in_wallet = image["method"]["S"] == "wallet" and image["status"]["S"] == "success"
    if "user_id" in image and not is_in_wallet:
        yield terms.USER, image["user_id"]["S"]
    card = digits.get(_text(image, "token_id"))
    if card is not None:
        yield terms.LAST4, card
    for value in _searched(image):
        yield terms.METADATA, value


def _searched(image: Mapping[str, Any]) -> list[str]:
    """The values of a payment's metadata that it is searched by."""
    return _named(json.loads(image["metadata"]["S"])) if "metadata" in image else []


def _named(metadata: Mapping[str, Any] | None) -> list[str]:
    """The first values that can be searched for: texts and numbers that are short, each once."""
    values = [str(value) for value in (metadata or {}).values() if isinstance(value, str | int) and not isinstance(value, bool)]
    return list(dict.fromkeys(value for value in values if 0 < len(value) <= MAX_CHARACTERS))[:MAX_VALUES]


def _last_four(images: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By token: the last four digits of the cards that were charged."""
    tokens = sorted({_text(image, "token_id") for image in images} - {""})
    stored = storage.get_many(TokenItem, [TokenItem.wire_key(token_id) for token_id in tokens])
    return {item.token_id: item.last4 for item in stored if item.last4}


def _text(image: Mapping[str, Any], name: str) -> str:
    return str(image.get(name, {}).get("S") or "")
