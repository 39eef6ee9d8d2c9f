"""Payers at counters: many payments by one code, reported late, twice, out of order, under other names and with other amounts.

What holds: each money is one payment of the code by which it was reported first; of what is reported truthfully all is booked, once, as
the payment or as late money; a provider that contradicts itself books no more than the most that it said; other merchants get nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from paycorex import clock
from paycorex.records.payment import PaymentItem
from payments.counter import schedule
from payments.payment import late_money
from tests.integration.payments.test_qr_codes import SECRET, report
from tests.scenarios.simulator.storm import Storm
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer

# What the sandbox's payer does goes by the last two digits: pays, is reported twice, is never reported.
ENDINGS = (0, 0, 6, 7)
# Of a code with an amount of its own.
FIXED = "25.00"
# "Again" to a provider; 401, because a secret that was just set is read eventually.
AGAIN = frozenset({401, 503})
LOOKS = 5
BOOKED = frozenset({"held", "accepted", "refunding", "refunded"})


@dataclass
class Report:
    """What a provider says of one money: by which code, how much, when. is_lie: it said otherwise before."""

    code: dict[str, Any]
    reference: str
    minor: int
    paid_ms: int
    currency: str = "INR"
    is_lie: bool = False
    is_received: bool = False


@dataclass
class CounterPayers(Storm):
    """One shop with a few codes, another one with its own, and a provider of which not every word is true."""

    reports: list[Report] = field(default_factory=list)
    codes: list[dict[str, Any]] = field(default_factory=list)

    def open(self) -> None:
        self.other = self.world.register("Other")
        for who in (self.who, self.other):
            support.settings(self.world, who, connectors={"sandbox": {"webhook_secret": SECRET}}, payee_vpa="chai@okbank")
        self.codes = [self._make(self.who), self._make(self.who, amount=FIXED)]
        self.others_code = self._make(self.other)

    def _make(self, who: Signer, **more: Any) -> dict[str, Any]:
        key, body = self.key(), {"name": "Counter", **more}
        made = self.insist(lambda: self.world.call(who, "POST", "/v1/qr_codes", body, key=key))
        assert made.status == 201, made.raw
        code: dict[str, Any] = made.body
        return code

    def step(self) -> None:
        kind = self.dice.random()
        if kind < 0.2:
            self._scan()
        elif kind < 0.45:
            self._pay()
        elif kind < 0.75 and self.reports:
            self._report(self.dice.choice(self.reports))
        elif kind < 0.87 and self.reports:
            self._lie()
        elif kind < 0.92:
            self._switch()
        else:
            self.tick(self.dice.choice((1, 31, 601)))

    def _scan(self) -> None:
        """The sandbox's payer, who is in the sandbox's books too."""
        code, key = self.dice.choice(self.codes), self.key()
        body = {} if code["amount"] else {"amount": f"{self.dice.randint(1, 9)}.{self.dice.choice(ENDINGS):02d}"}
        path = f"/v1/qr_codes/{code['qr_code_id']}/payments"
        assert self.insist(lambda: self.world.call(self.who, "POST", path, body, key=key)).status == 201

    def _pay(self) -> None:
        """Money that is known to the provider alone: its report comes, or comes later."""
        code = self.dice.choice(self.codes)
        reference = f"upi{len(self.reports):09d}{self.dice.randrange(10**6)}"
        minor = 2500 if code["amount"] and self.dice.random() < 0.7 else self.dice.randint(100, 9999)
        made = Report(code, reference, minor, clock.now_ms())
        self.reports.append(made)
        if self.dice.random() < 0.6:
            self._report(made)

    def _lie(self) -> None:
        """The same money again: another amount or currency, another code of this shop or of another one."""
        true = self.dice.choice(self.reports)
        kind = self.dice.choice(("amount", "currency", "code", "stranger", "path"))
        if kind == "amount":
            said = Report(true.code, true.reference, max(1, true.minor + self.dice.choice((-50, 50, 1000))), true.paid_ms, is_lie=True)
        elif kind == "currency":
            said = Report(true.code, true.reference, true.minor, true.paid_ms, currency="USD", is_lie=True)
        elif kind == "code":
            said = Report(self.dice.choice(self.codes), true.reference, true.minor, true.paid_ms)
            # Of which code it is goes by the first report.
            if said.code is not true.code and not true.is_received:
                return
        else:
            self._report_elsewhere(true, is_path=kind == "path")
            return
        if said.is_lie:
            # What follows for this money is for people to find out.
            self.reports.append(said)
        self._report(said)

    def _report_elsewhere(self, true: Report, *, is_path: bool) -> None:
        """Our code in another merchant's callback, or its code in ours."""
        who, code = (self.other, true.code) if is_path else (self.who, self.others_code)
        answer = self.ask(lambda: self._send(who, code, true))
        assert answer is None or answer.status in AGAIN or answer.body["applied"] is False, answer.raw

    def _report(self, said: Report) -> None:
        answer = self.ask(lambda: self._send(self.who, said.code, said))
        assert answer is None or answer.status in AGAIN | {200}, answer.raw
        said.is_received |= answer is not None and answer.status == 200 and answer.body["applied"]

    def _report_until_received(self, said: Report) -> None:
        said.is_received = False
        for _ in range(LOOKS):
            self._report(said)
            if said.is_received:
                return
            self.world.clock.now += 61  # so long settings are kept that were read too early
        raise AssertionError(f"{said.reference} is refused each time")

    def _send(self, who: Signer, code: dict[str, Any], said: Report) -> Reply:
        facts: dict[str, Any] = {
            "reference": said.reference,
            "amount_minor": said.minor,
            "currency": said.currency,
            "paid_at": said.paid_ms,
        }
        return report(self.world, who, code, **facts)

    def _switch(self) -> None:
        """A code is switched off for good, and another one is put up."""
        code, key = self.dice.choice(self.codes), self.key()
        gone = self.insist(lambda: self.world.call(self.who, "DELETE", f"/v1/qr_codes/{code['qr_code_id']}", key=key))
        assert gone.status in {200, 409}, gone.raw
        self.codes.append(self._make(self.who, **({"amount": FIXED} if code["amount"] else {})))

    def check(self) -> None:
        for reference, items in self._by_reference().items():
            assert len(items) == 1, f"{reference} is {len(items)} payments"
            (item,), said = items, [each for each in self.reports if each.reference == reference]
            most = max((each.minor for each in said), default=None)
            assert most is None or _booked(item, "INR") <= most, f"{reference} was said to be {most} at most, and is {_booked(item, 'INR')}"
        assert not [item for item in self.payments() if item.merchant_id == self.other.merchant_id]
        booked = sum(_booked(item, "INR") for item in self.payments())
        assert -support.balances(self.who)[0] == booked, f"{booked} is on payments, and clearing is {support.balances(self.who)[0]}"

    def _by_reference(self) -> dict[str, list[PaymentItem]]:
        found: dict[str, list[PaymentItem]] = {}
        for item in self.payments():
            found.setdefault(str(item.provider_reference), []).append(item)
        return found

    def end(self) -> None:
        lied = {each.reference for each in self.reports if each.is_lie}
        for said in [each for each in self.reports if not each.is_lie]:
            self._report_until_received(said)
        for _ in range(6):
            self.tick(schedule.LOOK_SECONDS + 1)
        support.settle_all(self.world)
        found = self._by_reference()
        for said in self.reports:
            item = _only(found, said.reference)
            if said.reference in lied:
                continue
            assert item.qr_code_id == said.code["qr_code_id"], f"{said.reference} is another code's"
            assert _booked(item, "INR") == said.minor, f"{said.reference} is {said.minor}, and {_booked(item, 'INR')} is booked"
        lines = [line for line in support.books() if line.kind == "collect" and line.status == "approved"]
        for line in lines:
            item = _only(found, line.reference)
            assert _booked(item, "INR") == int(line.amount), f"the sandbox took {line.amount} as {line.reference}"
        assert len(self.payments()) == len(lines) + len({each.reference for each in self.reports}), "a payment that no payer made"


def _booked(item: PaymentItem, currency: str) -> int:
    """What of a payment is in the books: the payment itself, and what came beside or instead of it."""
    paid = int(item.amount) if item.status == "success" and item.currency == currency else 0
    beside = [each.money for each in late_money.of(item) if each.status in BOOKED]
    return paid + sum(each.minor for each in beside if each.currency == currency)


def _only(found: dict[str, list[PaymentItem]], reference: str) -> PaymentItem:
    items = found.get(reference, [])
    assert len(items) == 1, f"{reference} is {len(items)} payments"
    return items[0]
