"""What one processor can do, concluded from the library's answers."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

from local.probing import samples
from local.probing.asking import Answer, Kind, Processor
from paycorex.currencies import EXPONENTS

# Forms of a card or of an agreement that came by another way, not something a payer chooses.
_NO_METHODS: Final = re.compile(r"token$|_proxy$|^proxy_|no_cvc$|for_network_transaction_id$|^card_redirect$")
_WAY: Final = re.compile(r"_(third_party_sdk|sdk|redirect|direct)$")
# A message that comes with so many methods is not about the method.
_MANY: Final = 10
_FIRST_CURRENCIES: Final = ("USD", "EUR", "INR", "GBP", "BRL", "JPY", "KWD", "SGD", "ZAR", "PHP", "MYR", "LKR", "IDR", "MXN", "AED")
_CHANGING: Final = re.compile(r"[0-9A-Za-z+/=_-]{12,}|\d+")
# Of some 120 ways.
_ALL_BUT_A_FEW: Final = 60
_KEPT_UP: Final = ("capture", "void", "refund", "get", "refund_get")
_EXISTS: Final = frozenset({Kind.MADE, Kind.ASKS, Kind.REFUSED})


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay that the processor takes: as the library calls it, in which form, and how its requests are made."""

    name: str
    form: samples.Document
    currency: str
    capture: str = "AUTOMATIC"

    def asked(self, processor: Processor, **changed: Any) -> Answer:
        """What the library says to a payment by this way. The processor's own name of an order comes later than this."""
        usual = {"currency": self.currency, "payment_method": self.form, "capture_method": self.capture, "connector_order_id": None}
        return processor.ask("authorize", **{**usual, **changed})


def offers(processor: Processor, forms: dict[str, samples.Document]) -> list[Offer]:
    """Every way to pay for which the library makes a request, or would with more data of that way."""
    currency = _first_currency(processor)
    asked = [_with_possible_capture(processor, Offer(name, form, currency)) for name, form in forms.items() if not _NO_METHODS.search(name)]
    said = Counter(answer.text for _, answer in asked if answer.kind is Kind.ASKS)
    return [
        offer
        for offer, answer in asked
        if answer.kind is Kind.MADE or (answer.kind is Kind.ASKS and said[answer.text] <= _MANY) or _is_tokenized(processor, offer)
    ]


def _first_currency(processor: Processor) -> str:
    card = {"card": samples.CARD}
    takes = (one for one in _FIRST_CURRENCIES if Offer("card", card, one).asked(processor).code != "CURRENCY_NOT_SUPPORTED")
    return next(takes, _FIRST_CURRENCIES[0])


def _with_possible_capture(processor: Processor, offer: Offer) -> tuple[Offer, Answer]:
    """With automatic capture, or with manual where only that is possible."""
    answer = offer.asked(processor)
    if answer.code != "CAPTURE_METHOD_NOT_SUPPORTED":
        return offer, answer
    manual = replace(offer, capture="MANUAL")
    return manual, manual.asked(processor)


def _is_tokenized(processor: Processor, offer: Offer) -> bool:
    """Whether the processor makes a token of it first, and is paid with that."""
    return processor.ask("tokenize", payment_method=offer.form, currency=offer.currency).kind is Kind.MADE


def methods(offers: list[Offer]) -> list[str]:
    """Ways to pay without the form in which a wallet is asked. `any`: the processor takes no notice, and asks the payer itself."""
    names = {_WAY.sub("", offer.name) for offer in offers}
    return ["any"] if len(names) > _ALL_BUT_A_FEW else sorted(names)


def currencies(processor: Processor, offer: Offer) -> list[str] | None:
    """Those that the library takes; None when it takes every one that it knows, and the processor's account decides."""
    usual = offer.asked(processor)
    if usual.kind is Kind.REFUSED:
        return None

    def takes(currency: str) -> bool:
        answer = offer.asked(processor, currency=currency)
        return (answer.kind, answer.code) == (usual.kind, usual.code)

    return None if all(map(takes, _FIRST_CURRENCIES)) else [currency for currency in sorted(EXPONENTS) if takes(currency)]


def credentials(processor: Processor, offer: Offer) -> list[dict[str, Any]]:
    """The merchant's credentials: required when some flow's answer differs without one."""

    def answers(without: tuple[str, ...]) -> list[tuple[Kind, str, str]]:
        found = [offer.asked(processor, without=without)]
        found += [processor.ask(flow, without=without, currency=offer.currency) for flow in _KEPT_UP]
        # A request has times and numbers of its own; an error says what is missing.
        return [(answer.kind, answer.code, "" if answer.kind is Kind.MADE else answer.text) for answer in found]

    usual = answers(())
    return [
        {"name": name, "required": answers((name,)) != usual, "secret": processor.is_secret(name)}
        for name in processor.scalars()
        if not processor.is_address(name)
    ]


def flows(processor: Processor, offers: list[Offer]) -> dict[str, bool]:
    """Whether the library has each flow for this processor, and the connector asks for it."""

    def has(*flows: str) -> bool:
        return any(processor.ask(flow, currency=offers[0].currency).kind in _EXISTS for flow in flows)

    return {
        "authorize": True,
        "capture": has("capture"),
        "void": has("void"),
        "increment": has("incremental_authorization"),
        "refund": has("refund"),
        "lookup": has("get"),
        "refund_lookup": has("refund_get"),
        "callbacks": processor.ask_about_callback().kind in _EXISTS,
        "disputes": has("accept", "defend", "submit_evidence"),
        "three_ds": has("pre_authenticate", "authenticate", "post_authenticate") or _differs_with_three_ds(processor, offers),
        "recurring": has("charge"),
    }


def _differs_with_three_ds(processor: Processor, offers: list[Offer]) -> bool:
    """Whether a card's request says in other words that the payer is to be asked; what changes each time does not count."""
    card = next((offer for offer in offers if offer.name == "card"), None)
    if card is None:
        return False

    def request(kind: str) -> str:
        answer = card.asked(processor, auth_type=kind)
        return _CHANGING.sub("#", answer.text) if answer.kind is Kind.MADE else ""

    plain, again, asked = request("NO_THREE_DS"), request("NO_THREE_DS"), request("THREE_DS")
    return plain == again and asked not in {"", plain}


def looked_up_by(processor: Processor, flow: str, ours: str, currency: str) -> str | None:
    """Whether a question about what happened can be put by our own reference, or only by the processor's. ours: the field of ours."""
    theirs = ("connector_transaction_id", "connector_order_reference_id", "connector_refund_id", "refund_id", "connector_order_id")
    changed: dict[str, Any] = {**dict.fromkeys(theirs), ours: samples.OTHER_REFERENCE}
    if processor.ask(flow, currency=currency, **changed).names(samples.OTHER_REFERENCE):
        return "our_reference"
    return "provider_reference" if processor.ask(flow, currency=currency).kind in _EXISTS else None
