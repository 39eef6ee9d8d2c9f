"""This platform beside the seed's own stack, on this machine, in turns: `python -m bench.peers`.

Both pay from wallets for one merchant, signed, with a key, by the same clients. What is compared is the CPU of the application's own
processes: of the peer gunicorn's, of ours the functions that answer the request. What stands where DynamoDB, API Gateway and SQS stand in
AWS is named apart, as the peer's PostgreSQL and Redis are.
"""

import hashlib
import hmac
import os
import secrets
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from bench import platform, table
from bench.peers import django_stack
from bench.platform_home import new_home
from bench.platform_load import Caller, Load, Message, together

CLIENTS: Final = 8
ROUNDS: Final = 4
PAYMENTS: Final = 240
GOAL: Final = 0.12
NOTE: Final = (
    "`python -m bench.peers`: the seed's stack (signed requests, a merchant's secret in the cache, double entry under row locks, an outbox "
    "of webhooks and an idempotency key in one transaction) and this platform, in turns, by the same 8 clients, one merchant. What stands "
    "for DynamoDB, API Gateway, Lambda and SQS here is the emulator, in Python: in AWS that is not ours, so it is named and not compared."
)
HEADERS: Final = (
    "stack",
    "payments a second",
    "p99 ms",
    "failed",
    "application, CPU ms a payment",
    "database and cache",
    "the rest, after the answer",
)
# The functions that a payment's request waits for.
ANSWERING: Final = ("AuthorizerFunction", "PaymentsFunction")


class PeerCaller(Caller):
    """Signs as the seed does: over the time and the body."""

    def _signed(self, message: Message) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = hmac.new(self._secret, timestamp.encode() + message.raw, hashlib.sha256).hexdigest()
        return {"X-API-Key": self._api_key, "X-Timestamp": timestamp, "X-Signature": signature}


@dataclass
class Side:
    """One of the two: how its clients pay, and what its processes have used."""

    pay: Callable[[int], Callable[[], Any]]
    used: Callable[[], dict[str, float]]
    loads: list[Load] = field(default_factory=list)
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def round(self) -> None:
        """A load on this side alone."""
        before = self.used()
        self.loads.append(together([[self.pay(client)] * (PAYMENTS // CLIENTS) for client in range(CLIENTS)]))
        for part, seconds in self.used().items():
            self.spent[part] += seconds - before.get(part, 0.0)

    def milliseconds(self, parts: Iterable[str]) -> float:
        """CPU of these parts for one payment."""
        return sum(self.spent[part] for part in parts) * 1000 / (len(self.loads) * PAYMENTS)

    def row(self, name: str, application: Iterable[str], stores: Iterable[str]) -> tuple[str, ...]:
        """For the table. What is neither application nor store is the rest."""
        rest = self.spent.keys() - {*application, *stores}
        speed = statistics.median(load.rate for load in self.loads)
        slowest = statistics.median(load.at(0.99) for load in self.loads) * 1000
        failed = sum(load.failed.total() for load in self.loads)
        cpu = [f"{self.milliseconds(parts):.1f} ({', '.join(sorted(parts))})" for parts in (application, stores)]
        return (name, f"{speed:.1f}", f"{slowest:.0f}", str(failed), *cpu, f"{self.milliseconds(rest):.1f}")


def main() -> None:
    """Measure and write."""
    with django_stack.running(CLIENTS) as peer, new_home() as home:
        home.start()
        shop = platform.opened(home)
        theirs = Side(_with_keys(lambda: PeerCaller(peer.base_url, peer.api_key, peer.secret)), peer.cpu_seconds)
        ours = Side(_with_keys(lambda: Caller(home.base_url, shop.credentials["api_key"], shop.credentials["secret"])), home.cpu_seconds)
        for side in (theirs, ours):
            side.round()
            side.loads.clear()
            side.spent.clear()
        for _ in range(ROUNDS):
            theirs.round()
            ours.round()
        report(ours, theirs)


def report(ours: Side, theirs: Side) -> None:
    """The table, and whether the goal is reached."""
    ratio = ours.milliseconds(ANSWERING) / theirs.milliseconds(["gunicorn"])
    rows = [
        theirs.row("Django, DRF, gunicorn", ["gunicorn"], ["PostgreSQL", "Redis"]),
        ours.row("this platform, on its emulator", ANSWERING, ["emulator"]),
    ]
    verdict = "" if ratio <= GOAL else ", not reached"
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} in the last five minutes."
    shown = f"{table.markdown(HEADERS, rows)}\n\nApplication's CPU, ours to theirs: {ratio:.2f} (goal: at most {GOAL}{verdict}). {load}"
    table.write_section("peers", f"## Beside what a user would take instead\n\n{NOTE}\n\n{shown}")
    print(shown, flush=True)


def _with_keys(caller: Callable[[], Caller]) -> Callable[[int], Callable[[], Any]]:
    """Payments of a client on a connection that it keeps, each under an idempotency key of its own."""

    def of_client(client: int) -> Callable[[], Any]:
        own = caller()
        order = {"amount": "1.00", "method": "wallet", "user_id": f"user-{client}"}
        return lambda: own.call("POST", "/v1/payments/create", order, key=secrets.token_hex(16))

    return of_client


if __name__ == "__main__":
    main()
