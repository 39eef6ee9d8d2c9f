"""What happens beside requests: the schedule ticks, payers decide, providers and chains tell of it late, twice and out of order."""

import random
from dataclasses import dataclass, field
from typing import Any

from paycorex import storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import lane_counts, lanes
from paycorex.records.payment import PaymentItem
from payments.connectors import registry
from payments.connectors.results import Declined
from payments.connectors.sandbox.charges import APPROVED, DECLINED, BookItem
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import asking, attempts
from payments.refunds import at_provider
from payments.refunds import bookings as refund_bookings
from payments.refunds import store as refunds_store
from tests.fakes.faults import Killed
from tests.scenarios.simulator import clients
from tests.scenarios.simulator.clients import Shop
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.support import payment_books, payments
from tests.support.crypto import Monitor, expected_units
from tests.support.world import World

AGAIN = 0.4

# So often what is reported comes again. A few records come at once, and each fails a few times.
MAX_ROUNDS = 300


@dataclass
class ExternalSystems:
    """The world around the doors. What it has to tell is kept until it is delivered, and some of it after that."""

    world: World
    fault_rates: FaultRates
    dice: random.Random
    # Callbacks: path, headers and body. News of a chain: its stream's records.
    callbacks: list[tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=list)
    news: list[tuple[Monitor, dict[str, Any]]] = field(default_factory=list)
    # Refunds whose money is with the provider again.
    returns: list[BookItem] = field(default_factory=list)

    def happen(self, shop: Shop) -> None:
        """One thing of many."""
        kind = self.dice.random()
        if kind < 0.4:
            self.tick(after_seconds=self.dice.choice((1, 30, 90)))
        elif kind < 0.6:
            self._decide(shop)
        elif kind < 0.74:
            self._call_back()
        elif kind < 0.8:
            self._return_refund(shop)
        elif kind < 0.84:
            self.tell_returns()
        elif kind < 0.92:
            self._move_coins(shop)
        else:
            self.tell_news()

    def tick(self, *, after_seconds: float) -> None:
        """The schedule's next run of the janitor, which may be killed or find no store to ask."""
        # Imported late, because doors make their clients at import and the world replaces those first.
        from payments import janitor_door

        self.world.clock.now += after_seconds
        try:
            janitor_door.handler({}, None)
        except Killed:
            self.world.restart()
        except (storage.Unavailable, storage.OutcomeUnknown):
            return

    def grow_lanes(self, shop: Shop) -> None:
        """The shop gets more lanes, if its bound allows."""
        with self.fault_rates.paused():
            lanes.ask_for_more(shop.who.merchant_id, lane_counts.read(shop.who.merchant_id).used)

    def _decide(self, shop: Shop) -> None:
        """A payer decides at the provider, perhaps about a payment that was given up; the callback is on its way."""
        with self.fault_rates.paused():
            waiting = [item for item in storage.scan_all(PaymentItem) if item.merchant_id == shop.who.merchant_id and _is_shown(item)]
            if not waiting:
                return
            payment = self.dice.choice(waiting)
            number = len(payment.attempts) - 1
            connector = registry.connect_for(payment.merchant_id, payment.attempts[number]["connector"])
            assert isinstance(connector, Sandbox)
            sent = connector.decide(asking.attempt_of(payment, number), approve=self.dice.random() < 0.7)
            if sent is not None:
                path = f"/v1/callbacks/{connector.name}/{payment.merchant_id}"
                self.callbacks.append((path, list(sent[1].items()), sent[0]))

    def _call_back(self) -> None:
        """Any of them: late, or once more."""
        if not self.callbacks:
            return
        index = self.dice.randrange(len(self.callbacks))
        path, headers, body = self.callbacks[index]
        try:
            reply = self.world.send("POST", path, headers, body)
        except Killed:
            self.world.restart()
            return
        # Believed for five minutes; after that the provider gives up, as after it was received.
        if reply.status != 503 and self.dice.random() > AGAIN:
            self.callbacks.pop(index)

    def _return_refund(self, shop: Shop) -> None:
        """What the provider had given back is with it again, perhaps before anything here knows that it was given back."""
        with self.fault_rates.paused():
            refunds = [line for line in payment_books.lines_of(shop.who.merchant_id) if line.kind == "refund" and line.status == APPROVED]
            if not refunds:
                return
            line = self.dice.choice(refunds)
            refund = refunds_store.find_refund(line.charge_id.partition("#")[2])
            assert refund is not None, f"the provider gave back {line.charge_id}, and no refund here asked for it"
            giveback = refund_bookings.refund_request(refund_bookings.context_of(refund))
            charge = BookItem.wire_key(f"{giveback.merchant_id}#att_{giveback.charge_reference.removeprefix('sbx_')}")
            storage.run(storage.update(BookItem, charge, [BookItem.refunded.set(BookItem.refunded - int(line.amount))], None))
            storage.run(storage.update(BookItem, BookItem.wire_key(line.charge_id), [BookItem.status.set(DECLINED)], None))
            self.returns.append(line)

    def tell_returns(self) -> None:
        """One of them, until it is received, and perhaps once more."""
        if not self.returns:
            return
        line = self.returns.pop(self.dice.randrange(len(self.returns)))
        merchant_id, _, refund_id = line.charge_id.partition("#")
        failed = Declined("refund_failed", "It came back.", provider_reference=line.reference)
        try:
            at_provider.apply_report(merchant_id, line.connector, payments.reported(refund_id, failed))
            is_received = True
        except Killed:
            self.world.restart()
            is_received = False
        except (storage.Unavailable, storage.OutcomeUnknown, TemporarilyUnavailable):
            is_received = False
        if not is_received or self.dice.random() < AGAIN / 2:
            self.returns.append(line)

    def _move_coins(self, shop: Shop) -> None:
        """A payer sends coins, exact, too little or too much; or a transfer is final; or its block is gone."""
        monitor = shop.monitor
        with self.fault_rates.paused():
            unsure = [tx for tx, row in monitor.rows.items() if row.status == "detected"]
            if unsure and self.dice.random() < 0.7:
                monitor.becomes(self.dice.choice(unsure), self.dice.choice(("confirmed", "confirmed", "confirmed", "reorged")))
            else:
                waiting = [clients.payment_of(intent) for intent in shop.successes(clients.PAY[0]) if intent.body["method"] == "crypto"]
                if waiting:
                    payment = self.dice.choice(waiting)
                    if payment["next_action"]:
                        units = expected_units(payment) * self.dice.choice((5, 10, 10, 10, 15)) // 10
                        monitor.found(payment, units, name=str(len(monitor.rows)))
            self.news += [(monitor, record) for record in monitor.stream()]

    def end_chains(self, shops: list[Shop]) -> bool:
        """Every transfer becomes final or vanishes, and all of that is reported. False when some of it is refused each time."""
        for shop in shops:
            for tx_hash, row in shop.monitor.rows.items():
                if row.status == "detected":
                    shop.monitor.becomes(tx_hash, self.dice.choice(("confirmed", "reorged")))
            self.news += [(shop.monitor, record) for record in shop.monitor.stream()]
        for _ in range(MAX_ROUNDS):
            if self.news:
                self.tell_news()
            elif self.returns:
                self.tell_returns()
            else:
                return True
        return False

    def tell_news(self) -> None:
        """A few records, in any order; those that failed come again, and some that did not."""
        count = min(len(self.news), self.dice.randint(1, 4))
        reported = [self.news.pop(self.dice.randrange(len(self.news))) for _ in range(count)]
        for monitor, record in reported:
            try:
                is_received = monitor.deliver([record]) == {"batchItemFailures": []}
            except Killed:
                self.world.restart()
                is_received = False
            if not is_received or self.dice.random() < AGAIN / 2:
                self.news.append((monitor, record))


def _is_shown(item: PaymentItem) -> bool:
    """A payer was shown how to pay it."""
    latest = attempts.last(item)
    return latest is not None and latest.status == attempts.PENDING
