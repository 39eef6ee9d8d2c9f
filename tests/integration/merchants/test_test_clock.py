"""A merchant's test clock: what waits comes to its end by an advance, a neighbour's does not, and in production there is none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from paycorex import clock, settings, storage, test_clock
from paycorex.connectors import SANDBOXES
from paycorex.records.api_key import ApiKeyItem
from payments import clock_moves
from payments.connectors.sandbox.charges import BookItem
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

PATH = "/v1/test/clock"
NEVER_PAID = "12.01"
DISPUTED = "4000000000000259"
DAY_MS = 86_400_000


@pytest.fixture
def neighbour(world: World) -> Signer:
    return world.register("Next Door")


def advance(world: World, who: Signer, text: str, *, key: str | None = None) -> Reply:
    return world.call(who, "POST", PATH, {"advance": text}, key=key)


def move(world: World) -> None:
    """The janitor's runs of the next minutes."""
    from payments import janitor_door

    for _run in range(3):
        janitor_door.handler({}, None)
        world.clock.now += 60


def finish(world: World) -> None:
    """All the loops' runs of the next minutes."""
    from settlements import importer_door
    from webhooks import sweeper_door

    for _run in range(4):
        move(world)
        sweeper_door.handler({}, None)
        importer_door.handler({}, None)


def clocks(world: World) -> list[Any]:
    """What is stored of all clocks."""
    (stored,) = [items for table, items in world.dump().items() if table.endswith("test_clocks")]
    return stored


def upi(world: World, who: Signer) -> Callable[[], Any]:
    """A payment that no one pays."""
    made = support.collect(world, who, NEVER_PAID).body["payment_id"]
    return lambda: support.show(world, who, made)["status"]


def wallet_hold(world: World, who: Signer) -> Callable[[], Any]:
    world.wallet(who, "asha", "50.00")
    body = {"amount": "10.00", "method": "wallet", "user_id": "asha", "capture_method": "manual"}
    made = world.call(who, "POST", "/v1/payments/create", body).body["payment_id"]
    return lambda: support.show(world, who, made)["authorization"]["status"]


def card_hold(world: World, who: Signer) -> Callable[[], Any]:
    made = support.charge(world, who, support.APPROVE, capture_method="manual").body["payment_id"]
    return lambda: support.show(world, who, made)["authorization"]["status"]


def dispute(world: World, who: Signer) -> Callable[[], Any]:
    """One whose answer is due in seven days."""
    support.charge(world, who, DISPUTED)
    move(world)
    return lambda: world.call(who, "GET", "/v1/disputes").body["data"][0]["status"]


def checkout(world: World, who: Signer) -> Callable[[], Any]:
    made = world.call(who, "POST", "/v1/checkout/sessions", {"amount": "10.00"})
    assert made.status == 201, made.raw
    return lambda: world.call(who, "GET", f"/v1/checkout/sessions/{made.body['session_id']}").body["status"]


def link(world: World, who: Signer) -> Callable[[], Any]:
    body = {"name": "Poster", "amount": "10.00", "expires_at": clock.rfc3339(clock.now_ms() + 5 * DAY_MS)}
    made = world.call(who, "POST", "/v1/links", body)
    assert made.status == 201, made.raw
    return lambda: world.call(who, "GET", f"/v1/links/{made.body['link_id']}").body["status"]


def key(world: World, who: Signer) -> Callable[[], Any]:
    body = {"expires_at": clock.rfc3339(clock.now_ms() + 5 * DAY_MS), "overlap_seconds": 86_400, "scopes": ["merchant:read"]}
    made = world.call(who, "POST", "/v1/merchants/apikey", body)
    assert made.status == 201, made.raw

    def is_over() -> bool:
        (item,) = [item for item in storage.scan_all(ApiKeyItem) if item.key_id == made.body["key_id"]]
        return int(item.expires_at or 0) <= clock.now_ms()

    return is_over


KINDS: dict[str, tuple[Callable[[World, Signer], Callable[[], Any]], Any, Any]] = {
    "a payment that no one pays": (upi, "pending", "failed"),
    "money of a wallet that is held": (wallet_hold, "authorized", "expired"),
    "money of a card that is held": (card_hold, "authorized", "expired"),
    "a dispute without an answer": (dispute, "needs_response", "lost"),
    "a checkout": (checkout, "open", "expired"),
    "a link": (link, "active", "expired"),
    "a key": (key, False, True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_waits_comes_to_its_end_and_a_neighbours_does_not(world: World, merchant: Signer, neighbour: Signer, kind: str) -> None:
    make, waits, ended = KINDS[kind]
    mine, theirs = make(world, merchant), make(world, neighbour)
    assert (mine(), theirs()) == (waits, waits)
    asked = advance(world, merchant, "P8D")
    assert asked.status == 200, asked.raw
    assert asked.body["advanced_seconds"] == asked.body["last_advance_seconds"] == 8 * 86_400
    move(world)
    assert (mine(), theirs()) == (ended, waits)
    assert not support.findings()


def test_a_payout_comes_with_the_advance_in_one_settlement_and_a_neighbours_does_not(
    world: World, merchant: Signer, neighbour: Signer
) -> None:
    settings.use(replace(world.settings, whole_sandbox_days=True))
    for who in (merchant, neighbour):
        for _each in range(3):
            support.charge(world, who, support.APPROVE)
    finish(world)
    assert world.call(merchant, "GET", "/v1/settlements").body["data"] == []
    advance(world, merchant, "P3D")
    finish(world)
    (settled,) = world.call(merchant, "GET", "/v1/settlements").body["data"]
    assert (settled["amount"], settled["state"]) == ("29.28", "booked")
    assert world.call(neighbour, "GET", "/v1/settlements").body["data"] == []
    assert world.call(merchant, "GET", PATH).body["status"] == "still"
    support.charge(world, merchant, support.APPROVE)
    advance(world, merchant, "P3D")
    finish(world)
    both = world.call(merchant, "GET", "/v1/settlements").body["data"]
    assert [(each["amount"], each["state"]) for each in both] == [("9.76", "booked"), ("29.28", "booked")]
    assert not support.findings()


def test_a_shorter_advance_ends_nothing_and_many_of_them_add_up(world: World, merchant: Signer) -> None:
    status = wallet_hold(world, merchant)
    for days in range(1, 8):
        assert status() == "authorized"
        assert advance(world, merchant, "P1D").body["advanced_seconds"] == days * 86_400
        finish(world)
        assert world.call(merchant, "GET", PATH).body["status"] == "still"
    assert status() == "expired"


def test_what_is_made_after_an_advance_waits_its_whole_time(world: World, merchant: Signer) -> None:
    advance(world, merchant, "P8D")
    world.clock.now += 1
    status = card_hold(world, merchant)
    finish(world)
    assert status() == "authorized"


def test_two_advances_at_once_are_one(world: World, merchant: Signer) -> None:
    status = wallet_hold(world, merchant)
    assert advance(world, merchant, "P4D").status == 200
    before = clocks(world)
    refused = advance(world, merchant, "P4D")
    assert_refused(refused, "invalid_state")
    assert clocks(world) == before
    assert refused.body["error"]["details"]["moving"] == ["payments", "settlements", "webhooks"]
    finish(world)
    assert status() == "authorized"
    assert world.call(merchant, "GET", PATH).body == {
        "status": "still",
        "moving": [],
        "advanced_seconds": 4 * 86_400,
        "last_advance_seconds": 4 * 86_400,
        "last_advanced_at": world.call(merchant, "GET", PATH).body["last_advanced_at"],
    }


def test_a_repeated_request_advances_once(world: World, merchant: Signer) -> None:
    first, again = (advance(world, merchant, "P1D", key="tuesday") for _time in range(2))
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("killed_after", range(1, 12))
def test_a_run_that_is_killed_anywhere_is_gone_on_with_and_moves_nothing_twice(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    """Every hold's end is moved by exactly one advance, whichever write was the last before the end of the process."""
    made = [support.charge(world, merchant, support.APPROVE, capture_method="manual").body["payment_id"] for _each in range(5)]
    before = {name: int(dict(support.stored(name).hold or {})["expires_ms"]) for name in made}
    advance(world, merchant, "P1D")
    monkeypatch.setattr(test_clock, "STEP_RECORDS", 2)
    monkeypatch.setattr(clock_moves, "STEP_RECORDS", 2)
    writes = 0

    class Killed(BaseException):
        """The process ended."""

    run = storage.run

    def counted(write: storage.Write) -> Any:
        nonlocal writes
        writes += 1
        if writes > killed_after:
            raise Killed
        return run(write)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "run", counted)
        with pytest.raises(Killed):
            clock_moves.run(lambda: True)
    for _run in range(5):
        clock_moves.run(lambda: True)
    after = {name: int(dict(support.stored(name).hold or {})["expires_ms"]) for name in made}
    assert {before[name] - after[name] for name in made} == {DAY_MS}
    assert test_clock.part_of(test_clock.PAYMENTS, merchant.merchant_id) is None
    held = [int(item.held_until) for item in storage.scan_all(BookItem) if item.held_until is not None]
    assert sorted(held) == sorted(after.values())


def test_a_record_that_cannot_be_moved_holds_up_no_other(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned, other = (support.collect(world, merchant, NEVER_PAID).body["payment_id"] for _each in range(2))
    advance(world, merchant, "P8D")
    moved = clock_moves._move_payment

    def fails(advance: test_clock.Advance, after: Any) -> bool:
        if after.payment_id == poisoned:
            raise ValueError("poison")
        return moved(advance, after)

    with monkeypatch.context() as patch:
        patch.setattr(clock_moves, "_move_payment", fails)
        clock_moves.run(lambda: True)
    assert clock.now_ms() < int(support.stored(poisoned).expires_at or 0)
    assert clock.now_ms() > int(support.stored(other).expires_at or 0)
    world.clock.now += 120
    clock_moves.run(lambda: True)
    assert clock.now_ms() > int(support.stored(poisoned).expires_at or 0)


def test_a_link_that_cannot_be_moved_is_moved_later(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    status = link(world, merchant)
    advance(world, merchant, "P8D")

    def fails(*_about: Any) -> bool:
        raise ValueError("poison")

    with monkeypatch.context() as patch:
        patch.setattr(clock_moves, "_move_link", fails)
        move(world)
    assert status() == "active"
    world.clock.now += 120
    move(world)
    assert status() == "expired"


@pytest.mark.parametrize("text", ["P7D", "PT36H", "P1W", "P1DT12H", "PT1S", "P366D"])
def test_durations_that_are_taken(world: World, merchant: Signer, text: str) -> None:
    assert advance(world, merchant, text).status == 200


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-P7D", "forward only"),
        ("P0D", "a second at least"),
        ("P367D", "366 days"),
        ("P99999999W", "366 days"),
        ("P1M", "P30D"),
        ("P1Y", "P30D"),
        ("P", "P7D"),
        ("PT", "P7D"),
        ("P1DT", "P7D"),
        ("7 days", "P7D"),
        ("P1.5D", "P7D"),
        ("p7d", "P7D"),
        ("P٧D", "P7D"),
        ("", "P7D"),
    ],
)
def test_other_durations_are_refused_and_say_why(world: World, merchant: Signer, text: str, says: str) -> None:
    with nothing_written(world):
        refused = advance(world, merchant, text)
        assert_refused(refused, "invalid_request")
    assert says in str(refused.body)


def test_it_is_bounded_by_the_minute(world: World, merchant: Signer, neighbour: Signer) -> None:
    for _each in range(20):
        advance(world, merchant, "PT1S")
    assert_refused(advance(world, merchant, "PT1S"), "rate_limited")
    assert advance(world, neighbour, "PT1S").status == 200


def test_in_production_there_is_none_and_nothing_is_asked_or_moved(world: World, merchant: Signer) -> None:
    advance(world, merchant, "P8D")
    status = wallet_hold(world, merchant)
    settings.use(replace(world.settings, stage="prod"))
    with nothing_written(world):
        for method, body in (("POST", {"advance": "P7D"}), ("GET", None)):
            assert_refused(world.call(merchant, method, PATH, body), "forbidden")
        assert [test_clock.work(part) for part in test_clock.PARTS] == [[], [], [], []]
        clock_moves.run(lambda: True)
    assert status() == "authorized"


def test_payouts_of_every_sandbox_are_looked_at() -> None:
    assert {kind.removeprefix("payouts ") for kind in clock_moves._KINDS if kind.startswith("payouts ")} == set(SANDBOXES)
