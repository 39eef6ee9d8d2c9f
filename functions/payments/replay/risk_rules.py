"""A dry run of risk rules: the merchant's newest payments counted by these rules, as they would have been. Nothing is written.

Whose address a payment came from, and what a request said of its payer, is in no record: payments that a rule counts by that pass it here,
and are counted as unknown to it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from paycorex import clock, credentials, storage
from paycorex.errors import NotFound
from paycorex.records.customer import CustomerItem
from paycorex.records.payment import PaymentItem
from paycorex.records.risk_rule import RiskRule
from paycorex.records.token import TokenItem
from payments.replay.newest import Newest
from payments.risk.counters import SLICES, Seen
from payments.risk.deciding import decided

# Payments that no rule looks at lie between those that are counted; beyond so many the search ends.
MAX_LISTED: Final = 10_000
# A dry run answers within its request.
MAX_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Stopped:
    """A payment that a rule would have stopped."""

    payment: PaymentItem
    rule: RiskRule


@dataclass(slots=True)
class DryRun:
    """payments: so many were counted. unknown: by rule, of how many its value is not known. complete: all that was asked for was read."""

    payments: int = 0
    stopped: list[Stopped] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    complete: bool = True


def run(merchant_id: str, rules: Sequence[RiskRule], last: int) -> DryRun:
    """The merchant's newest payments that rules look at, oldest first, by these rules. Raises NotFound, storage.Unavailable."""
    merchant = credentials.find_merchant(merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    done, counts, payers, until_ms = DryRun(), _Counts(), _Payers(), clock.now_ms() + MAX_SECONDS * 1000
    newest = Newest(merchant_id, most=MAX_LISTED, ends_ms=until_ms)
    found = list(islice(filter(_is_guarded, newest), last))
    done.complete = newest.complete
    for payment in reversed(found):
        if clock.now_ms() > until_ms:
            done.complete = False
            break
        done.payments += 1
        values = payers.of(payment, {rule.by for rule in rules})
        known = [rule for rule in rules if rule.by in values]
        done.unknown.update(rule.rule_id for rule in rules if rule.by not in values)
        minor = int(payment.amount) if payment.currency == merchant.currency else 0
        rule = decided(known, merchant.currency, counts.add(known, values, int(payment.created_at) // 1000, minor))
        if rule is not None:
            done.stopped.append(Stopped(payment, rule))
    return done


def _is_guarded(item: PaymentItem) -> bool:
    """Cards always, and all that a payer began on a page; never what was paid by a static code."""
    return item.method != "wallet" and (item.method == "tokenized" or item.session_id is not None)


class _Payers:
    """What is known of a payment's payer, by dimension: each card and each customer is read once."""

    def __init__(self) -> None:
        self._tokens: dict[str, TokenItem | None] = {}
        self._customers: dict[str, CustomerItem | None] = {}

    def of(self, payment: PaymentItem, wanted: set[str]) -> dict[str, str]:
        """The known ones of those that are wanted. Raises storage.Unavailable."""
        token = self._token(payment.token_id) if wanted & {"card", "bin"} else None
        customer = self._customer(payment.customer_id) if "email" in wanted else None
        known = {
            "customer": payment.user_id,
            "card": None if token is None else token.fingerprint,
            "bin": None if token is None else token.bin_hash,
            "email": None if customer is None else customer.email_hash,
        }
        return {by: value for by, value in known.items() if value is not None and by in wanted}

    def _token(self, token_id: str | None) -> TokenItem | None:
        if token_id is not None and token_id not in self._tokens:
            self._tokens[token_id] = storage.get(TokenItem, token_id, consistent=False)
        return self._tokens.get(token_id or "")

    def _customer(self, customer_id: str | None) -> CustomerItem | None:
        if customer_id is not None and customer_id not in self._customers:
            self._customers[customer_id] = storage.get(CustomerItem, customer_id, consistent=False)
        return self._customers.get(customer_id or "")


class _Counts:
    """Counters as `payments.risk.counters` keeps them, here in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int], list[tuple[int, int]]] = {}

    def add(self, rules: Sequence[RiskRule], values: dict[str, str], seconds: int, minor: int) -> dict[str, dict[int, Seen]]:
        """Count a payment of that second, once for each dimension and window; what is there then. Payments come in the order of time."""
        seen: dict[str, dict[int, Seen]] = {}
        for by, window in {(rule.by, rule.window_seconds) for rule in rules}:
            newest = seconds * SLICES // window
            kept = self._kept.setdefault((by, values[by], window), [])
            kept.append((newest, minor))
            kept[:] = [each for each in kept if each[0] >= newest - SLICES]
            seen.setdefault(by, {})[window] = Seen(len(kept), sum(each[1] for each in kept))
        return seen
