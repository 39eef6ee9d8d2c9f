"""Which ways a session offers: what the shop named, as far as the merchant can take it now. No provider is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from paycorex.errors import Refusal
from paycorex.evm import networks
from paycorex.money import Money
from paycorex.records.checkout_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment_amounts import MANUAL
from payments.checkout import choices
from payments.connectors import fitness, routing
from payments.methods import upi_intent, upi_mandates
from payments.methods.upi_links import CURRENCY
from payments.payer_page.languages import t


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay. choice: what the page sends for it."""

    title: str
    note: str
    choice: dict[str, Any]


def of(session: SessionItem, merchant: MerchantItem, language: str) -> list[Offer]:
    """The ways that everyone who has the session's link may choose, in a language. A wallet and stored cards need a customer's token."""
    named = session.methods or ["upi_intent", "tokenized", "crypto"]
    wanted = [method for method in named if choices.is_within_limit(session, merchant, method)]
    found: list[Offer] = []
    if "upi_intent" in wanted and session.currency == CURRENCY and _can(session, merchant, "upi_intent"):
        found.append(Offer(t("UPI", language), t("Any UPI app", language), {"method": "upi_intent"}))
    if "tokenized" in wanted and _can(session, merchant, "tokenized"):
        found.append(Offer(t("Card", language), t("Credit or debit card", language), {"method": "tokenized"}))
    if "crypto" in wanted and session.capture_method != MANUAL:
        found += _coins(merchant, language)
    return found


def _can(session: SessionItem, merchant: MerchantItem, method: str) -> bool:
    """True when a connector of the merchant's takes such a payment now."""
    amount = Money(int(session.amount), session.currency)
    subject = fitness.Subject(
        session.session_id, method, amount, by_fields=method == "tokenized", is_manual=session.capture_method == MANUAL
    )
    try:
        if method == "upi_intent":
            payee = upi_intent.payee_of(merchant)
            if subject.is_manual:
                upi_mandates.refuse(payee, amount)
        routing.plan(merchant, subject)
    except Refusal:
        return False
    return True


def _coins(merchant: MerchantItem, language: str) -> Iterator[Offer]:
    for name in merchant.settings.xpubs:
        network = networks.named(name)
        for asset in network.assets:
            yield Offer(
                asset.symbol,
                t("On {network}", language, network=network.title),
                {"method": "crypto", "network": network.name, "asset": asset.symbol},
            )
