"""Routing: which connectors may take a payment, in which order, by the merchant's ordered rules. Writes nothing.

The first rule that matches decides. Among its connectors the weights are shares, or what is known of them decides (`best`). Either way the
choice follows from the payment's id, so a retry goes the same way; the others follow, for failover. Weight 0 is for failover only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from paycorex.errors import Refusal, UnsupportedAmount
from paycorex.money import exponent_of
from paycorex.records.fee_rate import FeeSubject
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment_routing import WEIGHTS, Noted, reason
from paycorex.records.routing_rule import RoutingRule, RuleMatch, mark_of
from paycorex.routing_outcomes import Segment
from payments.connectors import best, capabilities, registry
from payments.connectors.best import in_weighted_order
from payments.connectors.fitness import BREAKER_OPEN, HOLDS_NOTHING, Subject, unfit

# As many as a routing rule names connectors (`merchants.requests.MAX_CONNECTORS`): each is tried once.
MAX_ATTEMPTS: Final = 8


class NoConnector(Refusal):
    """Nothing that could take this payment is configured."""

    code = "unsupported_method"


class ProcessorUnavailable(Refusal):
    """The only connectors that could take it are processors whose library cannot be loaded here."""

    code = "processor_unavailable"


class ProviderUnavailable(Refusal):
    """Every connector that could take it is out of service. Nothing was stored."""

    code = "provider_unavailable"


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a payment. rule: its place among the merchant's rules from 0, None by default. skipped: who was left out, and why.

    noted: the decision with its numbers, for the payment.
    """

    rule: int | None
    connectors: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    noted: Noted = field(default=Noted(), compare=False)

    def shown(self) -> dict[str, Any]:
        """For people."""
        skipped = [{"connector": name, "reason": why} for name, why in self.skipped]
        return {"rule": self.rule, "reason": reason(self.noted), "connectors": list(self.connectors), "skipped": skipped}


def plan(merchant: MerchantItem, subject: Subject) -> Route:
    """The route. Raises NoConnector, ProviderUnavailable, UnsupportedAmount when that alone keeps every connector from taking it."""
    noted, wanted = chosen(merchant, subject)
    wanted = _with_its_own(wanted, subject)
    reasons = [(name, unfit(merchant, name, subject)) for name in wanted]
    skipped = tuple((name, why) for name, why in reasons if why is not None)
    fit = tuple(name for name, why in reasons if why is None)
    if not fit and any(why == BREAKER_OPEN for _, why in skipped):
        raise ProviderUnavailable("Every provider for this payment is failing. Retry with the same Idempotency-Key.")
    if not fit:
        _refuse_amount(wanted, skipped, subject)
        _refuse_processor(wanted, skipped)
        details = {"field": "method", "skipped": [{"connector": name, "reason": why} for name, why in skipped]}
        if any(why == HOLDS_NOTHING for _, why in skipped):
            details["field"] = "capture_method"
            raise NoConnector("No connector that could take this payment can hold money to be captured later.", details=details)
        raise NoConnector("No connector is configured for this payment.", details=details)
    return Route(noted.rule, fit[:MAX_ATTEMPTS], skipped, noted)


def _refuse_amount(wanted: Sequence[str], skipped: Sequence[tuple[str, str]], subject: Subject) -> None:
    problems = [capabilities.amount_problem(name, subject.amount) for name in wanted]
    if any((name, problem) in skipped for name, problem in zip(wanted, problems, strict=True)):
        shown = [{"connector": name, "reason": why} for name, why in skipped]
        problem = next(problem for problem in problems if problem is not None)
        raise UnsupportedAmount(problem, details={"field": "amount", "skipped": shown})


def _refuse_processor(wanted: Sequence[str], skipped: Sequence[tuple[str, str]]) -> None:
    for name in wanted:
        reason = capabilities.absence(name)
        if reason is not None and (name, reason) in skipped:
            shown = [{"connector": connector, "reason": why} for connector, why in skipped]
            raise ProcessorUnavailable(reason, details={"connector": name, "skipped": shown})


def chosen(merchant: MerchantItem, subject: Subject) -> tuple[Noted, list[str]]:
    """The decision, and every connector in its order, whether it can take the payment or not."""
    running = merchant.settings.experiment
    if running is None:
        return by_rules(merchant, merchant.settings.routing_rules, subject)
    arm = running.arm_of(subject.payment_id)
    noted, order = by_rules(merchant, running.b if arm == "b" else running.a, subject)
    return replace(noted, experiment=running.experiment_id, arm=arm), order


def by_rules(merchant: MerchantItem, rules: Sequence[RoutingRule], subject: Subject) -> tuple[Noted, list[str]]:
    """The same by these rules."""
    brands = subject.brands or ((subject.brand,) if subject.brand else ())
    seen = Noted(brands=brands, instrument=subject.instrument, by_fields=subject.by_fields)
    for number, rule in enumerate(rules):
        if _matches(rule.when, subject):
            noted = replace(seen, rule=number, how=WEIGHTS, mark=rule.mark)
            if rule.best is None:
                return noted, in_weighted_order(rule.use, subject.payment_id)
            segment = Segment.of(subject.method, subject.amount.currency, seen.brand)
            fee_subject = FeeSubject(subject.method, subject.amount, seen.brand)
            names = [target.connector for target in rule.use]
            known = best.with_prices(merchant, best.known(merchant.merchant_id, segment), names, fee_subject)
            choice = best.choose(rule, known, subject.payment_id, subject.amount.minor)
            return replace(noted, how=choice.how, numbers=choice.numbers), list(choice.order)
    order = [name for name in registry.names(merchant) if subject.method in capabilities.METHODS[name]]
    return replace(seen, mark=mark_of(order)), order


def able(merchant: MerchantItem, names: Sequence[str], subject: Subject) -> list[str]:
    """Those that could take the payment, whether they are failing now or not."""
    return [name for name in _with_its_own(names, subject) if unfit(merchant, name, subject) in {None, BREAKER_OPEN}]


def _with_its_own(names: Sequence[str], subject: Subject) -> list[str]:
    """No rule can send a card that one provider keeps elsewhere."""
    own = () if subject.belongs_to is None or subject.belongs_to in names else (subject.belongs_to,)
    return [*names, *own]


def _matches(when: RuleMatch, subject: Subject) -> bool:
    asked = ((when.method, subject.method), (when.currency, subject.amount.currency))
    if any(wanted not in {None, value} for wanted, value in asked) or when.brand not in {None, subject.brand, *subject.brands}:
        return False
    low, high = (None if text is None else _bound(text, subject) for text in (when.min_amount, when.max_amount))
    if any(bound is not None and bound % 1 for bound in (low, high)):
        # A bound with more decimals than the payment's currency has was not meant for it.
        return False
    return (low is None or subject.amount.minor >= low) and (high is None or subject.amount.minor <= high)


def _bound(text: str, subject: Subject) -> Decimal:
    """A stored bound in minor units of the payment's currency."""
    return Decimal(text).scaleb(exponent_of(subject.amount.currency))
