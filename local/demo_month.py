"""`make run DEMO=1`: fills an empty platform with the plan's thirty days, by the API and the clock, ending now.

The platform begins thirty days behind; each act is done at its time, as a merchant does it, and as a payer does it on the sandbox's
page. What falls due meanwhile happens by itself: holds end, payouts come with their fees, disputes are decided.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from local import time_machine
from local.client import Client, Refused
from local.demo_plan import DAY, DAYS, HOUR, Act

# The schedules run so often, about twice a day: each time all of them look through all that there is, which is most of a month's work.
_APART_SECONDS: Final = 10 * HOUR
# How long the payer looks at the page.
_PAYS_AFTER_SECONDS: Final = 40
_WINS: Final = "winning_evidence: the courier's receipt, signed by the payer."
_LOSES: Final = "The payer ordered it."
_WHOLE: Final = 100
_METHODS: Final = {"card": "tokenized", "bank": "tokenized", "hold": "tokenized", "upi": "upi_intent", "wallet": "wallet"}
_ACCOUNT: Final = {"type": "bank_account", "account_number": "000123456789", "ifsc": "HDFC0000123"}
_CARD_ENDS: Final = {"expiry_month": 12, "expiry_year": 2031}


def starts_behind_seconds() -> float:
    """How far the platform's clock is behind at the start: the plan begins at a midnight, and ends before now."""
    return time.time() % DAY + DAYS * DAY


@dataclass(slots=True)
class Filled:
    """What came of it. refused: acts that the platform refused as it does in life (a declined card, a refund of what was not paid)."""

    acts: int = 0
    refused: int = 0
    payments: dict[int, str] = field(default_factory=dict)


def fill(
    client: Client, ask: time_machine.Ask, plan: Sequence[Act], *, shown: Callable[[str], None], chain_url: str | None = None
) -> Filled:
    """Carry the plan out, and end at the machine's own time. Raises NoPlatform, OSError, and Refused for what has to work."""
    began, filled = time_machine.clock_of(ask)["now"] // DAY * DAY, Filled()
    month = _Month(client, ask, chain_url, filled)
    for act in plan:
        month.go_to(began + act.at)
        filled.acts += 1
        try:
            month.do(act)
        except Refused as refused:
            if refused.status not in _IN_LIFE:
                raise
            filled.refused += 1
        shown(f"day {act.at // DAY + 1} of {DAYS}")
    month.go_to(time.time())
    return filled


# What a merchant's program meets in life: declined, nothing to refund, over already.
_IN_LIFE: Final = frozenset({402, 409, 422})


@dataclass(slots=True)
class _Month:
    client: Client
    ask: time_machine.Ask
    chain_url: str | None
    filled: Filled
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    wallets: set[str] = field(default_factory=set)
    amounts: dict[int, int] = field(default_factory=dict)
    stopped_at: float = 0.0

    def go_to(self, moment: float) -> None:
        """About twice a day the schedules run; between, the clock alone moves."""
        now = float(time_machine.clock_of(self.ask)["now"])
        if moment - (self.stopped_at or now - DAY) < _APART_SECONDS:
            time_machine.hop(self.ask, moment)
            return
        if moment > now:
            time_machine.advance(self.ask, moment - now, chain_url=self.chain_url, apart=_APART_SECONDS)
        self.stopped_at = moment

    def do(self, act: Act) -> None:
        match act.do:
            case "top_up":
                self._top_up(act)
            case "refund":
                self.client.call("POST", "/v1/payments/refund", {"payment_id": self._payment(act), **self._part(act)})
            case "capture":
                self.client.call("POST", f"/v1/payments/{self._payment(act)}/capture", self._part(act))
            case "void":
                self.client.call("POST", f"/v1/payments/{self._payment(act)}/void", {"reason": "The payer changed the order."})
            case "win" | "lose" | "accept":
                self._answer(act)
            case _:
                self._pay(act)

    def _payment(self, act: Act) -> str:
        return self.filled.payments[act.about]

    def _part(self, act: Act) -> dict[str, str]:
        """The whole needs no amount."""
        return {} if act.part == _WHOLE else {"amount": _text(self.amounts[act.about] * act.part // 100)}

    def _top_up(self, act: Act) -> None:
        if act.user not in self.wallets:
            self.wallets.add(act.user)
            with suppress(Refused):
                # The first payer's is there since the platform's start.
                self.client.call("POST", "/v1/wallet/create", {"user_id": act.user})
        order = {"user_id": act.user, "amount": _text(act.amount_minor), "reference": f"month {act.user} {act.at}"}
        self.client.call("POST", "/v1/wallet/topup", order)

    def _pay(self, act: Act) -> None:
        order: dict[str, Any] = {
            "amount": _text(act.amount_minor),
            "method": _METHODS[act.do],
            "description": act.description,
            "metadata": {"order": f"CP-{act.about:04d}"},
        }
        if act.do == "wallet":
            order["user_id"] = act.user
        elif act.do != "upi":
            order["token_id"] = self._token(act)
        if act.do == "hold":
            order["capture_method"] = "manual"
        self.amounts[act.about] = act.amount_minor
        payment = self.client.call("POST", "/v1/payments/create", order)
        self.filled.payments[act.about] = payment["payment_id"]
        if act.do == "upi" and act.amount_minor % 100 == 0:
            self._pay_on_the_page(payment["next_action"]["pay_url"])

    def _pay_on_the_page(self, link: str) -> None:
        """As the payer, who has no key: the sandbox's button on the payment's page."""
        time_machine.hop(self.ask, float(time_machine.clock_of(self.ask)["now"]) + _PAYS_AFTER_SECONDS)
        path, _, query = link.removeprefix(self.client.base_url).partition("?")
        Client(self.client.base_url, timeout_seconds=self.client.timeout_seconds).call(
            "POST", f"{path}/sandbox?{query}", {"outcome": "approve"}
        )

    def _token(self, act: Act) -> str:
        key = act.user, act.instrument or "bank"
        if key not in self.tokens:
            instrument = {"type": "card", "number": act.instrument, **_CARD_ENDS} if act.instrument else _ACCOUNT
            self.tokens[key] = self.client.call("POST", "/v1/tokens/create", {"user_id": act.user, **instrument})["token_id"]
        return self.tokens[key]

    def _answer(self, act: Act) -> None:
        listed = self.client.call("GET", f"/v1/disputes?payment_id={self._payment(act)}")["data"]
        path = f"/v1/disputes/{listed[0]['dispute_id']}"
        if act.do == "accept":
            self.client.call("POST", f"{path}/accept", {})
            return
        words = _WINS if act.do == "win" else _LOSES
        self.client.call("POST", f"{path}/evidence", {"text": {"explanation": words}})
        self.client.call("POST", f"{path}/submit")


def _text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
