"""The pool of function processes: how many there are, who waits for whom, and what a failed start comes to."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from local.emulator_plugin.pool import PATIENCE_SECONDS, Pool

LIMIT = 3
SECONDS = 10.0


class FakeProcess:
    """A process that starts when it is let, or fails."""

    def __init__(self, *, may_start: threading.Event | None = None, failure: Exception | None = None) -> None:
        self.in_use, self.last_used = False, 0.0
        self.alive, self.ended = False, False
        self._may_start, self._failure = may_start, failure

    def start(self) -> None:
        if self._may_start is not None:
            assert self._may_start.wait(SECONDS)
        if self._failure is not None:
            raise self._failure
        self.alive = True

    def is_alive(self) -> bool:
        return self.alive

    def end(self) -> None:
        self.alive, self.ended = False, True


class House:
    """A pool, and all processes that were made for it."""

    def __init__(self, starts: int = 8) -> None:
        self.register: dict[str, list[Any]] = {}
        self.made: defaultdict[str, list[FakeProcess]] = defaultdict(list)
        self.pool = Pool(self.register, threading.Lock(), limit=LIMIT, starts=starts)

    def take(self, key: str = "pay", seconds: float = SECONDS, make: Callable[[], FakeProcess] = FakeProcess) -> Any:
        return self.pool.take(key, lambda: self._noted(key, make()), seconds=seconds)

    def _noted(self, key: str, process: FakeProcess) -> FakeProcess:
        self.made[key].append(process)
        return process


@pytest.fixture
def clients() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as executor:
        yield executor


def test_a_free_process_is_taken_and_none_is_started() -> None:
    house = House()
    first = house.take()
    house.pool.give_back(first)
    assert house.take() is first
    assert len(house.made["pay"]) == 1


def test_a_burst_has_no_more_processes_than_the_limit_and_all_of_it_is_served(clients: ThreadPoolExecutor) -> None:
    house = House()

    def request() -> None:
        process = house.take()
        time.sleep(0.05)
        house.pool.give_back(process)

    for served in [clients.submit(request) for _ in range(40)]:
        served.result(SECONDS)
    assert 1 <= len(house.made["pay"]) <= LIMIT


def test_a_burst_of_short_requests_is_served_by_the_process_that_runs(clients: ThreadPoolExecutor) -> None:
    """A start would take the processor from it, and be over after it."""
    house = House()
    house.pool.give_back(house.take())
    for served in [clients.submit(lambda: house.pool.give_back(house.take())) for _ in range(20)]:
        served.result(SECONDS)
    assert len(house.made["pay"]) == 1


def test_a_request_that_waits_takes_a_process_that_becomes_free_before_one_that_starts(clients: ThreadPoolExecutor) -> None:
    house, may_start = House(), threading.Event()
    first = house.take()
    waiting: Future[Any] = clients.submit(house.take, make=lambda: FakeProcess(may_start=may_start))
    _until(lambda: len(house.made["pay"]) == 2)
    house.pool.give_back(first)
    assert waiting.result(SECONDS) is first
    may_start.set()


def test_requests_are_served_in_the_order_in_which_they_came(clients: ThreadPoolExecutor) -> None:
    house, order = House(), list[int]()
    taken = [house.take() for _ in range(LIMIT)]

    def request(number: int) -> None:
        process = house.take()
        order.append(number)
        house.pool.give_back(process)

    served = []
    for number in range(10):
        served.append(clients.submit(request, number))
        _until(lambda expected=number + 1: len(house.pool._waiting["pay"]) == expected)  # type: ignore[misc]  # a default binds the number
    house.pool.give_back(taken[0])
    for one in served:
        one.result(SECONDS)
    assert order == list(range(10))


def test_one_more_process_is_started_for_a_request_that_has_waited(clients: ThreadPoolExecutor) -> None:
    house = House()
    first = house.take()
    began = time.monotonic()
    second = house.take()
    assert second is not first
    assert time.monotonic() - began >= PATIENCE_SECONDS


def test_processes_of_one_function_start_one_after_the_other(clients: ThreadPoolExecutor) -> None:
    house, may_start = House(), threading.Event()
    waiting = [clients.submit(house.take, make=lambda: FakeProcess(may_start=may_start)) for _ in range(5)]
    time.sleep(3 * PATIENCE_SECONDS)
    assert len(house.made["pay"]) == 1
    may_start.set()
    taken = [one.result(SECONDS) for one in waiting[:1]]
    house.pool.give_back(taken[0])
    for one in waiting[1:]:
        house.pool.give_back(one.result(SECONDS))


def test_no_more_start_at_a_time_than_there_are_processors_for(clients: ThreadPoolExecutor) -> None:
    house, may_start, starting = House(starts=2), threading.Event(), list[int]()

    class Slow(FakeProcess):
        def start(self) -> None:
            starting.append(1)
            super().start()

    waiting = [clients.submit(house.take, key=f"function {n}", make=lambda: Slow(may_start=may_start)) for n in range(6)]
    _until(lambda: len(starting) == 2)
    time.sleep(0.1)
    assert len(starting) == 2
    may_start.set()
    assert all(one.result(SECONDS) for one in waiting)


def test_a_failed_start_is_raised_to_a_request_that_waited_for_it_and_the_next_starts_again() -> None:
    house = House()
    with pytest.raises(RuntimeError, match="no handler"):
        house.take(make=lambda: FakeProcess(failure=RuntimeError("no handler")))
    assert house.register["pay"] == []
    assert house.take().alive


def test_a_failed_start_is_raised_to_all_who_waited_for_it_and_to_none_who_come_later(clients: ThreadPoolExecutor) -> None:
    house, may_start = House(), threading.Event()
    waiting = [clients.submit(house.take, make=lambda: FakeProcess(may_start=may_start, failure=RuntimeError("x"))) for _ in range(5)]
    _until(lambda: len(house.pool._waiting["pay"]) == len(waiting))
    may_start.set()
    assert [str(one.exception(SECONDS)) for one in waiting] == ["x"] * len(waiting)
    assert len(house.made["pay"]) == 1
    assert house.take().alive


def test_a_failed_start_beside_a_process_that_runs_is_not_raised(clients: ThreadPoolExecutor) -> None:
    house = House()
    first = house.take()
    waiting = clients.submit(house.take, make=lambda: FakeProcess(failure=RuntimeError("no memory")))
    _until(lambda: len(house.made["pay"]) > 1)
    house.pool.give_back(first)
    assert waiting.result(SECONDS) is first


def test_a_request_that_waits_too_long_gets_none_and_the_others_go_on(clients: ThreadPoolExecutor) -> None:
    house = House()
    taken = [house.take() for _ in range(LIMIT)]
    assert house.take(seconds=0.1) is None
    house.pool.give_back(taken[0])
    assert house.take() is taken[0]


def test_a_process_that_died_leaves_the_pool() -> None:
    house = House()
    first = house.take()
    first.alive = False
    house.pool.give_back(first)
    second = house.take()
    assert second is not first
    assert house.register["pay"] == [second]


def test_a_process_that_died_while_it_was_idle_is_not_taken() -> None:
    house = House()
    first = house.take()
    house.pool.give_back(first)
    first.alive = False
    second = house.take()
    assert second is not first
    assert house.register["pay"] == [second]


def test_a_process_whose_function_changed_while_it_started_is_ended(clients: ThreadPoolExecutor) -> None:
    house, may_start = House(), threading.Event()
    waiting = clients.submit(house.take, make=lambda: FakeProcess(may_start=may_start))
    _until(lambda: bool(house.made["pay"]))
    house.register.clear()
    may_start.set()
    assert waiting.result(SECONDS) is house.made["pay"][1]
    assert house.made["pay"][0].ended


def test_a_function_started_ahead_has_one_process() -> None:
    house = House()
    for _ in range(2):
        house.pool.start_ahead("pay", lambda: house._noted("pay", FakeProcess()))
    taken = house.take()
    assert house.made["pay"] == [taken]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)
