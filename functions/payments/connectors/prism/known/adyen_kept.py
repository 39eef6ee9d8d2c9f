"""Cards that Adyen keeps: stored payment methods of a shopper, who has one card each and our payment's id for a name.

https://docs.adyen.com/online-payments/tokenization/create-tokens: the session allows it, the payer's tick goes along with the card, and
the token is made a while after the payment.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from paycorex import clock
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism.keeper import Keeper, Keeps
from payments.connectors.requests import Attempt
from payments.connectors.results import NotFound, Unavailable
from tokens.instruments import ProviderToken

# After an attempt began: the payer has time, and Adyen makes the token afterwards.
_WAITS_MS: Final = 2 * 3_600_000
# https://docs.adyen.com/development-resources/error-codes: 800, contract not found.
_GONE: Final = "800"


def session(attempt: Attempt) -> Mapping[str, Any]:
    """What a session is begun with where its payer may have the card kept; https://docs.adyen.com/api-explorer/Checkout/72/post/sessions."""
    if not attempt.saves:
        return {}
    return {"shopperReference": attempt.payment_id, "enableOneClick": True, "recurringProcessingModel": "CardOnFile"}


def charge(made: dict[str, Any], _message: Any) -> dict[str, Any]:
    """A charge says what it is of: the library leaves that out where the payer is there."""
    return {"recurringProcessingModel": "CardOnFile", **made}


def _base(begun: str) -> str:
    """Kept cards are in the API since version 70."""
    return re.sub(r"/v[0-9]+/sessions$", "/v72", begun)


def _agree(_keeper: Keeper, _attempt: Attempt, _keeps: bool) -> Mapping[str, str]:  # noqa: FBT001 - the field's form
    """The tick goes to Adyen with the card."""
    return {}


def _kept(keeper: Keeper, attempt: Attempt) -> ProviderToken | NotFound | Unavailable:
    found = keeper.ask("GET", f"/storedPaymentMethods?{_whose(keeper, keeper.ours)}", b"", None).body()
    documents.expect(found, keeper.ours, "shopperReference")
    card = documents.find(found, "storedPaymentMethods", 0)
    if card is None and clock.now_ms() < (attempt.started_ms or 0) + _WAITS_MS:
        return Unavailable("Adyen has not noted the card yet.", is_theirs=False)
    if card is None:
        return NotFound()
    year = _number(card, "expiryYear")
    return ProviderToken(
        keeper.connector,
        documents.reference(card, "id"),
        keeper.ours,
        documents.code_or(card, "", "brand") or None,
        documents.code_or(card, "", "lastFour")[-4:] or None,
        _number(card, "expiryMonth"),
        None if year is None else year % 100 + 2000,
    )


def _forget(keeper: Keeper, card: ProviderToken) -> None:
    path = f"/storedPaymentMethods/{quote(card.reference, safe='')}?{_whose(keeper, card.customer or '')}"
    said = keeper.ask("DELETE", path, b"", None)
    if not said.is_success and said.status != 404 and documents.find(said.document, "errorCode") != _GONE:
        raise calls.OutcomeUnknown(f"Adyen answered {said.status}.")


def _whose(keeper: Keeper, shopper: str) -> str:
    return urlencode({"merchantAccount": keeper.credentials["merchant_account"], "shopperReference": shopper})


def _number(card: Any, name: str) -> int | None:
    text = documents.code_or(card, "", name)
    return int(text) if re.fullmatch("[0-9]{1,4}", text, re.ASCII) else None


KEEPS: Final = Keeps(_base, _agree, _kept, _forget)
