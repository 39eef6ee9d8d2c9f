"""Payers of links: two of one moment at the last place, and one who tries a second way to pay while the first one settles late.

What holds: of a link as many places, and as much of its amount, are taken as checkouts are open or paid, and never more than there are; of
a checkout one payment is open or paid at most, and it is paid exactly when a payment of its amount is; what comes beside is late money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from paycorex import storage
from paycorex.records.checkout_session import SessionItem
from paycorex.records.payment import PaymentItem
from payments.checkout import store
from tests.integration.payments.test_checkout import CARD, UPI, choose, leave
from tests.integration.payments.test_payment_links import begin
from tests.scenarios.simulator.clients import Shop
from tests.scenarios.simulator.external_systems import ExternalSystems
from tests.scenarios.simulator.storm import Storm
from tests.support import payment_books
from tests.support import payments as support
from tests.support.crypto import Monitor
from tests.support.gateway import Reply, coming_from

# The last digits say what the sandbox's UPI payer does: pays, pays late, never pays.
LINKS: Sequence[dict[str, Any]] = (
    {"amount": "10.00", "max_payments": 2},
    {"amount": "10.03", "max_payments": 3},
    {"open_amount": {"min": "1.00", "max": "99.00"}, "max_payments": 2},
    {"open_amount": {"min": "1.00", "max": "99.00"}},
    {"amount": "100.00", "accept_partial": {"first_min": "30.00"}},
)
# How often a payer presses a button that did nothing.
TRIES = 3
ENDINGS = ("00", "01", "02", "03")
# The link is exhausted, another choice was faster, the payer's money is being checked; a link's address is read eventually (404).
ANSWERS = frozenset({200, 201, 400, 404, 409, 410, 422, 429, 503})
TAKEN, PAID = frozenset({"open", "paid"}), frozenset({"success", "authorized"})
UNDER_WAY = frozenset({"pending", "processing"})


@dataclass
class LinkPayers(Storm):
    """One shop with a few links, and payers who each come from an address of their own."""

    sessions: list[dict[str, Any]] = field(default_factory=list)
    # What somebody else does at this very moment: begins by the link, or chooses at the checkout.
    at_once: tuple[str, dict[str, Any]] | None = None

    def open(self) -> None:
        support.settings(self.world, self.who, risk_rules=[], payee_vpa="chai@okbank")
        self.external = ExternalSystems(self.world, self.fault_rates, self.dice)
        self.shop = Shop(self.who, Monitor(self.world, self.who))
        self.links = [self._make(more) for more in LINKS]

    def _make(self, more: dict[str, Any]) -> dict[str, Any]:
        made = self.world.call(self.who, "POST", "/v1/links", {"name": "Stall", **more})
        assert made.status == 201, made.raw
        link: dict[str, Any] = made.body
        return link

    def step(self) -> None:
        kind = self.dice.random()
        if kind < 0.3 or not self.sessions:
            link = self.dice.choice(self.links)
            self.at_once = ("begin", link) if self.dice.random() < 0.5 else None
            self._begin(link)
        elif kind < 0.62:
            session = self._some()
            self.at_once = ("choose", session) if self.dice.random() < 0.3 else None
            self._choose(session)
        elif kind < 0.65:
            session = self._some()
            self._answered(self.ask(lambda: leave(self.world, session)))
        elif kind < 0.67:
            self.tick(self.dice.choice((200, 900, 1801)))
        else:
            self.external.happen(self.shop)
        self.at_once = None

    def _some(self) -> dict[str, Any]:
        """A checkout that is open, most of the time."""
        with self.fault_rates.paused():
            open_ones = {item.session_id for item in storage.scan_all(SessionItem) if item.status == "open"}
        return self.dice.choice([each for each in self.sessions if _id_of(each) in open_ones] or self.sessions)

    def interlude(self) -> None:
        if self.at_once is None:
            return
        (act, what), self.at_once = self.at_once, None
        if act == "begin":
            self._begin(what)
        else:
            self._choose(what)

    def _begin(self, link: dict[str, Any]) -> None:
        body = (
            {} if link["amount"] and not link["accept_partial"] else {"amount": f"{self.dice.randint(1, 99)}.{self.dice.choice(ENDINGS)}"}
        )
        with coming_from(f"203.0.{self.dice.randrange(256)}.{self.dice.randrange(256)}"):
            for _ in range(TRIES):
                begun = self._answered(self.ask(lambda: begin(self.world, link, body)))
                if begun is not None and begun.status == 201:
                    self.sessions.append(begun.body)
                if begun is not None and begun.status not in {404, 503}:
                    return

    def _choose(self, session: dict[str, Any]) -> None:
        choice = self.dice.choice((UPI, CARD))
        for _ in range(TRIES):
            chosen = self._answered(self.ask(lambda: choose(self.world, session, choice)))
            if chosen is not None and chosen.status != 503:
                return

    def _answered(self, reply: Reply | None) -> Reply | None:
        assert reply is None or reply.status in ANSWERS, reply.raw
        return reply

    def check(self) -> None:
        sessions = list(storage.scan_all(SessionItem))
        for link in self.links:
            self._check_link(link, [item for item in sessions if item.link_id == link["link_id"] and item.status in TAKEN])
        payments: dict[str, list[PaymentItem]] = {}
        for item in self.payments():
            payments.setdefault(str(item.session_id), []).append(item)
        for session in sessions:
            _check_session(session, payments.get(session.session_id, []))
        found = payment_books.disagreements(self.who.merchant_id, at_rest=False)
        assert not found, found[:3]

    def _check_link(self, link: dict[str, Any], takes: list[SessionItem]) -> None:
        item = store.find_link(link["link_id"])
        assert item is not None
        if item.max_payments is not None:
            said = f"{len(takes)} checkouts, {item.taken} of {item.max_payments} places"
            assert len(takes) == int(item.taken or 0) <= int(item.max_payments), said
        if item.first_min is not None:
            parts = sum(int(each.amount) for each in takes)
            assert parts == int(item.claimed or 0) <= int(item.amount or 0), (
                f"parts of {parts}, {item.claimed} of {item.amount} are claimed"
            )

    def end(self) -> None:
        assert self.external.end_chains([self.shop])
        for _ in range(6):
            self.tick(1801)
        support.settle_all(self.world)
        for _ in range(3):
            self.tick(301)
        left = [item.session_id for item in storage.scan_all(SessionItem) if item.status == "open"]
        assert not left, f"checkouts that never end: {left}"
        found = payment_books.disagreements(self.who.merchant_id, at_rest=True)
        assert not found, found[:3]


def _check_session(session: SessionItem, payments: list[PaymentItem]) -> None:
    paid = [item for item in payments if item.status in PAID]
    live = paid + [item for item in payments if item.status in UNDER_WAY]
    assert len(live) <= 1, f"{session.session_id} has {len(live)} payments that are open or paid"
    named = session.payment_id if session.status == "paid" else None
    assert [item.payment_id for item in paid] == ([] if named is None else [named]), f"{session.session_id} is {session.status}"
    assert all(int(item.amount) == int(session.amount) for item in paid), f"{session.session_id} is paid by another amount"


def _id_of(begun: dict[str, Any]) -> str:
    return str(urlsplit(begun["url"]).path.rpartition("/")[2])
