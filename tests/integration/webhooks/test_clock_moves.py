"""What a merchant's test clock does to deliveries: the next attempt comes now, a neighbour's does not, and timestamps stay the world's."""

from typing import Any

import pytest

from paycorex import clock, test_clock
from tests.support.engine import Engine, answer
from tests.support.webhooks import deliveries, register
from tests.support.world import Signer
from webhooks.recovery import clock_moves

MINE, THEIRS = "https://mine.example/hook", "https://theirs.example/hook"


def failing(engine: Engine, url: str, count: int = 1) -> Signer:
    """A merchant whose deliveries fail."""
    who, _ = register(engine, url)
    engine.internet.scripts[url] = [answer(500)]
    for _each in range(count):
        engine.world.pay(who, "asha", "1.00")
    return who


def attempts(engine: Engine, who: Signer) -> list[int]:
    return [len(delivery["attempts"]) for delivery in deliveries(engine, who)]


def advance(engine: Engine, who: Signer, text: str) -> None:
    asked = engine.world.call(who, "POST", "/v1/test/clock", {"advance": text})
    assert asked.status == 200, asked.raw


def test_the_next_attempt_comes_with_the_advance_and_a_neighbours_does_not(engine: Engine) -> None:
    mine, theirs = failing(engine, MINE), failing(engine, THEIRS)
    engine.settle()
    before = attempts(engine, mine), attempts(engine, theirs)
    engine.internet.scripts[MINE] = [answer(200)]
    engine.internet.scripts[THEIRS] = [answer(200)]
    engine.internet.received.clear()
    advance(engine, mine, "PT6H")
    engine.sweep()
    engine.settle()
    assert ([number - 1 for number in attempts(engine, mine)], attempts(engine, theirs)) == before
    (received,) = engine.internet.received
    assert received.url == MINE
    assert abs(int(received.headers["webhook-timestamp"]) - engine.world.clock.now) < 5
    assert {delivery["status"] for delivery in deliveries(engine, mine)} == {"sent"}


def test_an_advance_that_is_too_short_changes_no_number_of_attempts(engine: Engine) -> None:
    mine = failing(engine, MINE)
    engine.settle()
    before = attempts(engine, mine)
    advance(engine, mine, "PT1S")
    engine.sweep()
    engine.settle()
    assert attempts(engine, mine) == before


def test_a_run_that_is_killed_is_gone_on_with_and_moves_nothing_twice(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = failing(engine, MINE, count=5)
    engine.settle()
    before = {each["delivery_id"]: each["next_attempt_at"] for each in deliveries(engine, mine)}
    advance(engine, mine, "PT1H")

    class Killed(BaseException):
        """The process ended."""

    moved, moves = clock_moves._move, 0

    def some(*about: Any) -> bool:
        nonlocal moves
        moves += 1
        if moves > 3:
            raise Killed
        return moved(*about)

    with monkeypatch.context() as patch:
        patch.setattr(clock_moves, "_move", some)
        with pytest.raises(Killed):
            clock_moves.run(lambda: True)
    clock_moves.run(lambda: True)
    after = {each["delivery_id"]: each["next_attempt_at"] for each in deliveries(engine, mine)}
    assert {clock.parse_rfc3339(before[name]) - clock.parse_rfc3339(after[name]) for name in before} == {3_600_000}
    assert test_clock.part_of(test_clock.WEBHOOKS, mine.merchant_id) is None
