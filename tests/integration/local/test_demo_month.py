"""The demonstration's month, its first nine days, carried out against the doors behind a socket with their own clock."""

import importlib
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local import demo_month, demo_plan, time_machine
from local.client import Client
from paycorex import clock, settings
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.world import Signer, World

PLAN_DAYS = 9
TWICE_DAYS = 3
TICKS = ("payments.janitor_door", "settlements.importer_door", "settlements.reconciliation_door", "webhooks.sweeper_door")


@pytest.fixture
def served() -> Iterator[HttpWorld]:
    with World().running() as world:
        # Clients sign with the machine's own time, and the platform begins as many days behind.
        world.clock.now = time.time()
        world.settings = world.settings.model_copy(update={"stage": "local", "whole_sandbox_days": True})
        settings.use(world.settings)
        engine = Engine(world)
        with engine.online(), HttpWorld(world, engine).serving() as server:
            clock.move(-(PLAN_DAYS * demo_plan.DAY + time.time() % demo_plan.DAY))
            try:
                yield server
            finally:
                clock.move(0.0)


def machine(served: HttpWorld) -> time_machine.Ask:
    """The emulator's clock, as this world has it."""

    def ask(method: str, target: str) -> dict[str, Any]:
        query = parse_qs(urlsplit(target).query)
        with served.lock:
            now = clock.now_seconds()
            if method == "GET":
                until = float(query["until"][0]) if query else now
                return {"now": now, "next": min(until, now + 6 * 3600)}
            clock.move(max(float(query["until"][0]), now) - clock.outside_seconds())
            if "hop" not in query:
                for door in TICKS:
                    importlib.import_module(door).handler({}, None)
                served.move()
            return {"now": clock.now_seconds(), "ran": len(TICKS)}

    return ask


def filled(served: HttpWorld, who: Signer) -> demo_month.Filled:
    plan = [act for act in demo_plan.acts() if act.at < PLAN_DAYS * demo_plan.DAY]
    return demo_month.fill(Client(served.url, who.api_key, who.secret), machine(served), plan, shown=lambda _note: None)


def test_the_first_days_leave_payments_holds_disputes_and_payouts_and_books_that_add_up(served: HttpWorld) -> None:
    who = served.world.register()
    settings.use(settings.current().model_copy(update={"public_base_url": served.url}))
    done = filled(served, who)
    client = Client(served.url, who.api_key, who.secret)
    payments = client.call("GET", "/v1/payments?limit=100")["data"]
    assert len(payments) >= len(done.payments) > 5 * PLAN_DAYS
    ways = Counter((one["method"], one["status"]) for one in payments)
    assert {("tokenized", "success"), ("tokenized", "failed"), ("upi_intent", "success"), ("wallet", "success")} <= set(ways)
    # Nothing is refused but what is refused in life.
    assert done.refused < done.acts / 8
    times = [clock.parse_rfc3339(one["created_at"]) for one in payments]
    assert times == sorted(times, reverse=True)
    assert max(times) <= time.time() * 1000
    assert {one["status"] for one in client.call("GET", "/v1/disputes")["data"]} >= {"won"}
    settlements = client.call("GET", "/v1/settlements")["data"]
    assert len(settlements) >= 4
    assert {one["state"] for one in settlements} == {"booked"}
    assert sum(float(one["fee"]) for one in settlements) > 0
    assert client.call("GET", "/v1/reconciliation")["proved"]


def test_the_same_days_come_twice_from_one_seed(served: HttpWorld) -> None:
    settings.use(settings.current().model_copy(update={"public_base_url": served.url}))
    start, months = clock.now_seconds() - clock.outside_seconds(), []
    for _time in range(2):
        clock.move(start)
        who = served.world.register()
        demo_month.fill(
            Client(served.url, who.api_key, who.secret),
            machine(served),
            [act for act in demo_plan.acts() if act.at < TWICE_DAYS * demo_plan.DAY],
            shown=lambda _note: None,
        )
        payments = Client(served.url, who.api_key, who.secret).call("GET", "/v1/payments?limit=100")["data"]
        months.append([(one["amount"], one["method"], one["status"], one["description"], one["metadata"]) for one in payments])
    assert months[0] == months[1]
    assert len(months[0]) > 3 * TWICE_DAYS
