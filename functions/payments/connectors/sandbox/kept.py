"""Cards that the sandbox keeps: beside the charge with which they were kept, as the test card's name, never as a number."""

from typing import Final

from payments.connectors.requests import Attempt
from payments.connectors.results import NotFound
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.instruments import APPROVE, BY_NAME, Behaviour, Way
from tokens.instruments import ProviderToken

_PREFIX: Final = "sbxm_"
_GONE: Final = Behaviour(Way.DECLINE, "card_forgotten", "The sandbox does not keep this card any more.")


def of_charge(connector: str, attempt: Attempt) -> ProviderToken | NotFound:
    """The card that was kept with a charge."""
    item = books.find(attempt.merchant_id, attempt.attempt_id)
    if item is None or not item.card:
        return NotFound()
    _name, brand, last4, month, year = item.card
    return ProviderToken(connector, _PREFIX + attempt.attempt_id.removeprefix("att_"), None, brand, last4, int(month), int(year))


def behaviour_of(merchant_id: str, card: ProviderToken) -> Behaviour:
    """What a kept card does: what the test card does that it is."""
    item = books.find(merchant_id, "att_" + card.reference.removeprefix(_PREFIX))
    return _GONE if item is None or not item.card else BY_NAME.get(item.card[0], APPROVE)


def forget(merchant_id: str, card: ProviderToken) -> None:
    """It can no longer be charged."""
    item = books.find(merchant_id, "att_" + card.reference.removeprefix(_PREFIX))
    if item is not None:
        books.keep(item, None)
