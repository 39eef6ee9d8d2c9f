"""A merchant whose provider lies, rightly signed: amounts, currencies, identities, repetitions, external refunds.

Its own books are not compared with the sandbox's, which is true; checked are their sums, and that other merchants are not affected.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import EXTERNAL, RefundItem
from payments.connectors import signatures
from payments.connectors.notices import Dispute, ProviderRefund, Ruling, Stage
from payments.connectors.results import Approved, Declined
from payments.disputes import reports
from payments.payment import attempts, provider_charges
from payments.refunds import external
from tests.fakes.faults import Killed
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.support import payments as support
from tests.support.world import Signer, World

SECRET = "what the liar signs with"
CURRENCIES = ("INR", "INR", "INR", "USD", "inr", "XXX")
REFERENCES = ("lie-1", "lie-2", "lie-3")
# Answers that a provider may get: it was received, it is refused, or it shall come again (401 too: a secret that was just set is read
# eventually).
ANSWERS = frozenset({200, 400, 401, 503})


@dataclass
class Liar:
    """The merchant, and what was said of its payments so far."""

    world: World
    fault_rates: FaultRates
    dice: random.Random
    who: Signer = field(init=False)
    said: list[bytes] = field(default_factory=list)
    refunds: list[ProviderRefund] = field(default_factory=list)

    def open(self) -> None:
        """Register, without faults."""
        self.who = self.world.register("Crooked")
        support.settings(self.world, self.who, connectors={"sandbox": {"webhook_secret": SECRET}})
        # What is read eventually is read by now.
        self.world.clock.now += 1
        self.world.restart()
        for _ in range(3):
            support.collect(self.world, self.who, "10.00")
        support.charge(self.world, self.who, support.APPROVE)
        support.charge(self.world, self.who, support.REDIRECT)
        # What is held, and what its payer has still to confirm: said to be captured, held again, held in another amount.
        support.charge(self.world, self.who, support.APPROVE, capture_method="manual")
        support.charge(self.world, self.who, support.REDIRECT, capture_method="manual")

    def lie(self) -> None:
        """One lie; a fault may kill the process that receives it."""
        kind = self.dice.random()
        try:
            if kind < 0.5:
                self._tell(self._invented())
            elif kind < 0.65 and self.said:
                self._tell(self.dice.choice(self.said))
            elif kind < 0.9:
                self._refund()
            else:
                self._dispute()
        except Killed:
            self.world.restart()
        except (storage.Unavailable, storage.OutcomeUnknown, TemporarilyUnavailable):
            return

    def counted_twice(self) -> list[str]:
        """External refunds that are more than one here: no more records than the provider made refunds."""
        mine = [item for item in storage.scan_all(RefundItem) if item.merchant_id == self.who.merchant_id and item.origin == EXTERNAL]
        names = Counter(str(item.provider_reference) for item in mine)
        return [name for name, count in names.items() if count > 1 or name not in {claim.reference for claim in self.refunds}]

    def _payment(self) -> PaymentItem:
        with self.fault_rates.paused():
            mine = [image for image in storage.scan_wire(PaymentItem) if image["merchant_id"]["S"] == self.who.merchant_id]
        return PaymentItem.load(self.dice.choice(sorted(mine, key=lambda image: str(image["payment_id"]["S"]))))

    def _amount(self) -> int:
        return self.dice.choice((1000, 1000, 999, 1001, 400, 0, -5, 10**14 - 1, 10**14, 10**38))

    def _invented(self) -> bytes:
        payment, another = self._payment(), self._payment()
        named = another if self.dice.random() < 0.1 else payment
        said = {
            "payment_id": payment.payment_id,
            "attempt_id": attempts.attempt_id(named.payment_id, 0),
            "status": self.dice.choice(("approved", "approved", "approved", "held", "held", "declined", "perhaps")),
            "held_until": self.dice.choice((None, 0, clock.now_ms() + 60_000, 10**40)),
            "reference": self.dice.choice((payment.provider_reference or "lie-0", *REFERENCES)),
            "amount_minor": self._amount(),
            "currency": self.dice.choice(CURRENCIES),
            "code": "lied",
            "reason": "A lie.",
        }
        return json.dumps(said).encode()

    def _tell(self, body: bytes) -> None:
        self.said.append(body)
        signature = ("Sandbox-Signature", signatures.timestamped(SECRET, body))
        reply = self.world.send("POST", f"/v1/callbacks/sandbox/{self.who.merchant_id}", [signature], body)
        assert reply.status in ANSWERS, reply.raw

    def _refund(self) -> None:
        """Made at the provider, reported once more, or returned."""
        if self.refunds and self.dice.random() < 0.5:
            claim = self.dice.choice(self.refunds)
        else:
            payment = self._payment()
            charge = self.dice.choice((payment.provider_reference or "none", *REFERENCES))
            amount = Money(self.dice.choice((100, 300, 1000, 1001)), self.dice.choice(("INR", "INR", "USD")))
            reference = f"out-{len(self.refunds)}"
            claim = ProviderRefund(reference, charge, amount, Approved(reference, amount))
            self.refunds.append(claim)
        if self.dice.random() < 0.2:
            claim = ProviderRefund(claim.reference, claim.charge_reference, claim.amount, Declined("back", "", False, claim.reference))
        external.apply_report(self.who.merchant_id, "sandbox", claim)

    def _dispute(self) -> None:
        payment = provider_charges.find(self.who.merchant_id, "sandbox", self._payment().provider_reference or "none")
        if payment is not None:
            ruling = self.dice.choice(list(Ruling))
            claim = Dispute(
                f"disp-{self.dice.randrange(15)}",
                payment.provider_reference or "",
                Money(self.dice.choice((1000, 1000, 400, 1001)), self.dice.choice(("INR", "INR", "USD"))),
                ruling.value,
                ruling=ruling,
                stage=self.dice.choice((Stage.INQUIRY, Stage.CHARGEBACK)),
                withdrawn=self.dice.randrange(2),
                reinstated=self.dice.randrange(2),
                said_ms=self.dice.choice((None, 1, clock.now_ms())),
            )
            reports.report(payment, "sandbox", claim)
