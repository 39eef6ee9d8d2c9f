"""A load of holds and disputes, as correct clients make them: held, captured in parts, made larger, released, given back, disputed.

Who is right at the end are the sandbox's own books (`held_load_end`).
"""

import random
from dataclasses import dataclass
from typing import Any, Final

from payments.connectors.sandbox.disputes import WINNING
from tests.integration.payments.test_disputes import DISPUTED, TAKEN_LATER
from tests.integration.payments.test_sandbox_holds import (
    CAPTURE_DECLINED,
    CAPTURE_LOST,
    CAPTURE_PENDING,
    CAPTURE_TIMEOUT,
    FLEXIBLE,
    VOID_FAILS,
)
from tests.scenarios.payment_load import USER, Shop
from tests.support import payments as support
from tests.support.gateway import Reply

HELD: Final = (support.APPROVE, FLEXIBLE, FLEXIBLE, FLEXIBLE, CAPTURE_DECLINED, CAPTURE_TIMEOUT, CAPTURE_LOST, CAPTURE_PENDING, VOID_FAILS)
BAD: Final = (DISPUTED, TAKEN_LATER)
_ANSWERS: Final = ("win", "lose", "accept", "nothing")


@dataclass
class HeldShop(Shop):
    """The shop of such a load."""

    def open(self) -> None:
        """With the cards that do this in the sandbox."""
        super().open()
        for number in (*HELD, *BAD):
            card = {"user_id": f"of-{number}", "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2031}
            self.tokens.append(self._ask("POST", "/v1/tokens/create", card, f"card-{len(self.tokens)}").body["token_id"])
        self.held, self.bad = self.tokens[-len(HELD) - len(BAD) : -len(BAD)], self.tokens[-len(BAD) :]

    def pay(self, number: int) -> None:
        """One payment, and what its shop does with it."""
        dice = random.Random(f"{self.seed}-held-{number}")
        body: dict[str, Any] = {"amount": f"{dice.randint(5, 90)}.{dice.randrange(100):02d}"}
        kind = dice.random()
        if kind < 0.3:
            body |= {"method": "wallet", "user_id": USER, "capture_method": "manual"}
        elif kind < 0.75:
            body |= {"method": "tokenized", "token_id": dice.choice(self.held), "capture_method": "manual"}
        else:
            body |= {"method": "tokenized", "token_id": dice.choice(self.bad)}
        reply = self.want(f"pay-{number}", "/v1/payments/create", body, dice)
        if reply is not None and reply.status == 201:
            self._act(reply, number, dice)

    def _act(self, made: Reply, number: int, dice: random.Random) -> None:
        """Captures, the end of the hold and refunds, each wanted once."""
        payment_id, path = made.body["payment_id"], f"/v1/payments/{made.body['payment_id']}"
        for step in range(dice.choice((0, 1, 2, 3)) if made.body["capture_method"] == "manual" else 0):
            part = {"amount": f"{dice.randint(1, 9)}.{dice.randrange(100):02d}", "final": dice.random() < 0.3}
            match dice.choice(("capture", "capture", "rest", "increment", "void")):
                case "capture":
                    self.want(f"capture-{number}-{step}", f"{path}/capture", part, dice)
                case "rest":
                    self.want(f"rest-{number}-{step}", f"{path}/capture", {}, dice)
                case "increment":
                    self.want(f"more-{number}-{step}", f"{path}/increment", {"amount": f"{dice.randint(90, 120)}.00"}, dice)
                case _:
                    self.want(f"void-{number}-{step}", f"{path}/void", {}, dice)
        if dice.random() < 0.3:
            self.want(f"refund-{number}", "/v1/payments/refund", {"payment_id": payment_id, "amount": f"{dice.randint(1, 5)}.00"}, dice)

    def answer_disputes(self) -> None:
        """Some are answered, to be won or lost, some accepted, and the time of some is over."""
        disputes, cursor = list[dict[str, Any]](), ""
        while True:
            page = self.platform.call(self.who, "GET", f"/v1/disputes?limit=50{cursor}").body
            disputes += page["data"]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        for each in disputes:
            self._answer(each, random.Random(f"{self.seed}-{each['dispute_id']}"))

    def _answer(self, dispute: dict[str, Any], dice: random.Random) -> None:
        path, wanted = f"/v1/disputes/{dispute['dispute_id']}", dice.choice(_ANSWERS)
        if wanted == "accept":
            self.want(f"accept-{dispute['dispute_id']}", f"{path}/accept", {}, dice)
        if wanted in {"win", "lose"}:
            text = {"explanation": WINNING if wanted == "win" else "It was so."}
            self.want(f"evidence-{dispute['dispute_id']}", f"{path}/evidence", {"text": text}, dice)
            self.want(f"submit-{dispute['dispute_id']}", f"{path}/submit", {}, dice)
