"""The guard before a payment: what the blocklist and the merchant's risk rules say of it.

It stands before payments that a payer begins on our pages and before stored cards; a wallet's payments pass without it. When it cannot be
asked, a stranger's payment waits (nothing is charged that is not counted), and a payment by the merchant's own request or with a stored
card goes on: the merchant has vouched for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from paycorex import credentials, redaction, sealing, storage
from paycorex.errors import InvalidState, Refusal, TemporarilyUnavailable, UnsupportedAmount
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_risk import FAILURE_CODE, Risk, of
from paycorex.records.risk_rule import BLOCK, BLOCKLIST, REQUIRE_3DS, REVIEW, RiskRule
from paycorex.records.token import TokenItem
from payments.connectors.routing import NoConnector
from payments.payment import creation, orders
from payments.payment.orders import Order, Recorded
from payments.risk import blocklist, counters, subjects
from payments.risk.counters import Seen
from payments.risk.deciding import decided

# What a payer reads: it says nothing of what was counted, which would help who tests cards.
MESSAGE: Final = "The payment was not accepted. Pay in another way, or ask the shop."
_TROUBLE: Final = (storage.Unavailable, storage.OutcomeUnknown, TemporarilyUnavailable, sealing.SealBroken)
logger = redaction.logger("payments")
type _Counts = Mapping[str, Mapping[int, Seen]]


@dataclass(frozen=True, slots=True)
class Admitted[R]:
    """An order that may go on, and what becomes of it."""

    order: Order
    planned: R


@dataclass(frozen=True, slots=True)
class _Asked:
    """A payer as rules see it."""

    merchant_id: str
    values: Mapping[str, str]
    rules: Sequence[RiskRule]
    minor: int

    @property
    def windows(self) -> dict[str, set[int]]:
        """The windows of rules, in seconds, by dimension."""
        found: dict[str, set[int]] = {}
        for rule in self.rules:
            found.setdefault(rule.by, set()).add(rule.window_seconds)
        return found

    def named(self, by: str) -> tuple[str, str, str]:
        """By what a counter is found."""
        return self.merchant_id, by, self.values[by]


def admitted[R](order: Order, token: TokenItem | None = None, *, lane: int, plan: Callable[[Order], R]) -> Recorded | Admitted[R]:
    """The order as it may go on, with its plan: as it was, or held for a review, or to be confirmed by its payer. Else the failed payment.

    A payment that is to be held or confirmed, and cannot be, is blocked. plan: what becomes of an order, before it is stored. Raises
    TemporarilyUnavailable for a stranger's payment that cannot be judged, and what `plan` and `creation.record_first` raise.
    """
    planned = plan(order)
    risk = _judged(order, token)
    if risk is None:
        return Admitted(order, planned)
    changed = _as_decided(order, risk)
    if changed is not None:
        try:
            return Admitted(changed, plan(changed))
        except (NoConnector, UnsupportedAmount, InvalidState):
            logger.info("nothing can do what a risk rule asks for", extra={"rule_id": risk.rule_id, "action": risk.action})
    payment: PaymentItem = orders.failed(order, FAILURE_CODE, MESSAGE, lane=lane)
    payment.risk = replace(risk, action=BLOCK, captures=False).stored()
    return creation.record_first(order, payment)


def _as_decided(order: Order, risk: Risk) -> Order | None:
    """The order by which a decision is carried out; None where it is blocked, or the payer who should confirm is not there."""
    if risk.action == REVIEW:
        return replace(order, is_manual=True, risk=replace(risk, captures=not order.is_manual))
    if risk.action == REQUIRE_3DS and order.customer_initiated:
        return replace(order, risk=risk)
    return None


def _judged(order: Order, token: TokenItem | None) -> Risk | None:
    try:
        return _judge(order, token)
    except _TROUBLE as trouble:
        if fails_closed(order):
            raise TemporarilyUnavailable from trouble
        logger.warning("risk rules not asked", extra={"merchant_id": order.caller.merchant_id, "reason": str(trouble)})
        return None


class NotAccepted(Refusal):
    """A payer tried too often, or is blocked. The text says nothing of what was counted."""

    code = "payment_declined"

    def __init__(self) -> None:
        super().__init__(MESSAGE)


def admit_payer(payment: PaymentItem, payer_ip: str) -> None:
    """Count a payer who is shown a provider's fields for a payment that the merchant's own request made; once for each payer.

    A checkout's payment was counted when its payer chose it. Raises NotAccepted, TemporarilyUnavailable.
    """
    if payment.session_id is None:
        _admit(payment, payer_ip, _count_shown)


def admit_card(payment: PaymentItem, payer_ip: str) -> None:
    """Count a further card that is typed for a payment, where we see that it is; the first one is the payment's own.

    Raises NotAccepted, TemporarilyUnavailable.
    """
    _admit(payment, payer_ip, _count_typed)


def _admit(payment: PaymentItem, payer_ip: str, count: Callable[[PaymentItem, _Asked], _Counts]) -> None:
    """By the address alone: it is all that is new of this payer. Raises NotAccepted, TemporarilyUnavailable."""
    merchant = credentials.find_merchant(payment.merchant_id)
    if merchant is None:
        return
    try:
        value = subjects.of_address(payment.merchant_id, payer_ip)
        if blocklist.hit(payment.merchant_id, {"ip": value}) is not None:
            raise NotAccepted
        rules = [rule for rule in merchant.settings.acting_risk_rules if rule.by == "ip"]
        if not rules:
            return
        minor = int(payment.amount) if payment.currency == merchant.currency else 0
        seen = count(payment, _Asked(merchant.merchant_id, {"ip": value}, rules, minor))
    except _TROUBLE as trouble:
        raise TemporarilyUnavailable from trouble
    rule = decided(rules, merchant.currency, seen)
    known = of(payment)
    # What was begun without a hold, or without a question by the bank, cannot be turned into that.
    if rule is not None and (rule.then == BLOCK or known is None or known.action != rule.then):
        raise NotAccepted


def fails_closed(order: Order) -> bool:
    """Whether a payment that cannot be judged waits: one that a stranger begins on a page of ours."""
    return order.payer_ip is not None and order.token_id is None


def _judge(order: Order, token: TokenItem | None) -> Risk | None:
    merchant = credentials.find_merchant(order.caller.merchant_id)
    if merchant is None:
        return None
    acting = merchant.settings.acting_risk_rules
    values = subjects.of(order, token, {rule.by for rule in acting})
    entry = blocklist.hit(merchant.merchant_id, values)
    if entry is not None:
        return Risk(BLOCKLIST, BLOCK, entry.entry_id)
    rules = [rule for rule in acting if rule.by in values]
    if not rules:
        return None
    minor = order.amount.minor if order.amount.currency == merchant.currency else 0
    rule = decided(rules, merchant.currency, _count(order.payment_id, _Asked(merchant.merchant_id, values, rules, minor)))
    return None if rule is None else Risk(rule.rule_id, rule.then)


def _count(once: str, asked: _Asked) -> _Counts:
    """What was begun by each dimension that a rule names. A payment is counted once, however often its request is sent.

    It is remembered last: a request that is cut off before that counts when it comes again, where it did not yet.
    """
    if counters.was_counted(once):
        return _look(asked)
    seen = {by: counters.add(*asked.named(by), each, asked.minor, once=once) for by, each in asked.windows.items()}
    counters.remember(once)
    return seen


def _look(asked: _Asked) -> _Counts:
    return {by: counters.look(*asked.named(by), each) for by, each in asked.windows.items()}


def _count_shown(payment: PaymentItem, asked: _Asked) -> _Counts:
    return _count(f"{payment.payment_id}#{asked.values['ip']}", asked)


def _count_typed(payment: PaymentItem, asked: _Asked) -> _Counts:
    if counters.first_time(f"{payment.payment_id}#typed"):
        return _look(asked)
    return {by: counters.add(*asked.named(by), each, asked.minor) for by, each in asked.windows.items()}
