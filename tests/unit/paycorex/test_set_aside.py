"""Setting aside: an item's own trouble is written down and the loop goes on; shared trouble and the end of the process go through."""

from collections.abc import Iterator

import pytest

from paycorex import set_aside, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.set_aside import AsideItem, Subject, guarded
from paycorex.set_aside.guard import FIRST_WAIT_MS, MAX_WAIT_MS, RETRIES_PER_RUN, SET_ASIDE
from paycorex.set_aside.items import MAX_PAYLOAD_BYTES, PayloadTooLarge
from tests.fakes.faults import Fault, FaultyClient
from tests.support import logs
from tests.support.world import World

LOOP = "test.loop"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


def fail(item_id: str, error: BaseException, payload: object = None) -> guarded:
    with guarded(Subject(LOOP, item_id, "mer_x", payload)) as guard:
        _raise(error)
    return guard


def _raise(error: BaseException) -> None:
    raise error


def rows() -> list[AsideItem]:
    return list(storage.scan_all(AsideItem))


def test_an_items_own_trouble_is_written_down_logged_once_and_the_loop_goes_on(world: World) -> None:
    with logs.captured() as log:
        guard = fail("one", ValueError("card 4242424242424242 of asha@upi"))
    [row] = rows()
    assert guard.is_aside
    assert (row.loop, row.item_id, row.merchant_id, row.error, int(row.tries)) == (LOOP, "one", "mer_x", "ValueError", 1)
    assert row.problem == "card [card] of [redacted]"
    assert int(row.next_try_at) == guard.next_try_at == int(row.last_at) + FIRST_WAIT_MS
    [line] = [line for line in log.lines if line["message"] == SET_ASIDE]
    assert (line["loop"], line["item"], line["exception"], line["tries"]) == (LOOP, "one", "ValueError", 1)
    assert "4242" not in log.text


@pytest.mark.parametrize("trouble", [storage.Unavailable("x"), storage.OutcomeUnknown(), TemporarilyUnavailable(), KeyboardInterrupt()])
def test_trouble_that_is_not_the_items_own_goes_through_and_leaves_no_row(world: World, trouble: BaseException) -> None:
    with pytest.raises(type(trouble)):
        fail("one", trouble)
    assert rows() == []


def test_what_works_leaves_nothing(world: World) -> None:
    with guarded(Subject(LOOP, "one")) as guard:
        pass
    assert not guard.is_aside
    assert rows() == []


def test_each_further_failure_waits_twice_as_long_up_to_a_limit_and_keeps_the_first_time(world: World) -> None:
    waits = []
    for _ in range(14):
        fail("one", KeyError("amount"))
        [row] = rows()
        waits.append(int(row.next_try_at) - int(row.last_at))
    assert waits[:4] == [FIRST_WAIT_MS, 2 * FIRST_WAIT_MS, 4 * FIRST_WAIT_MS, 8 * FIRST_WAIT_MS]
    assert waits[-1] == MAX_WAIT_MS
    assert int(row.tries) == 14
    assert int(row.first_at) < int(row.last_at)


def test_a_row_that_cannot_be_written_is_the_stores_trouble(world: World) -> None:
    world.install(FaultyClient(world.dynamo, lambda _call: Fault.THROTTLED), world.kms, world.sqs)
    with pytest.raises(storage.Unavailable):
        fail("one", ValueError())


def test_a_second_look_clears_what_works_now_and_keeps_what_does_not(world: World) -> None:
    for name in ("mended", "still bad"):
        fail(name, ValueError(), {"n": 1, "raw": b"\x00\xff"})
    seen = []

    def handle(row: AsideItem) -> None:
        seen.append((row.item_id, set_aside.payload_of(row)))
        if row.item_id == "still bad":
            raise ValueError

    assert set_aside.retry_due(LOOP, handle) == 0
    assert seen == []
    world.clock.now += FIRST_WAIT_MS / 1000
    assert set_aside.retry_due(LOOP, handle) == 1
    assert seen == [("mended", {"n": 1, "raw": b"\x00\xff"}), ("still bad", {"n": 1, "raw": b"\x00\xff"})]
    [row] = rows()
    assert (row.item_id, int(row.tries)) == ("still bad", 2)
    assert set_aside.payload_of(row) == {"n": 1, "raw": b"\x00\xff"}


def test_shared_trouble_at_a_second_look_takes_no_turn_from_the_others(world: World) -> None:
    for number in range(2 * RETRIES_PER_RUN):
        fail(f"{number:03d}", ValueError())
    world.clock.now += FIRST_WAIT_MS / 1000
    seen: list[str] = []

    def busy(row: AsideItem) -> None:
        seen.append(row.item_id)
        raise TemporarilyUnavailable

    for _ in range(2):
        assert set_aside.retry_due(LOOP, busy) == 0
    assert len(set(seen)) == 2 * RETRIES_PER_RUN
    assert all(int(row.tries) == 1 for row in rows())


def test_an_operator_brings_the_next_try_forward(world: World) -> None:
    for _ in range(8):
        fail("one", ValueError())
    assert set_aside.retry_due(LOOP, lambda _row: None) == 0
    assert set_aside.retry_now(LOOP, "one") is not None
    assert set_aside.retry_due(LOOP, lambda _row: None) == 1
    assert rows() == []
    assert set_aside.retry_now(LOOP, "one") is None
    assert rows() == []


def test_a_row_written_anew_meanwhile_is_not_cleared(world: World) -> None:
    fail("one", ValueError())
    set_aside.retry_now(LOOP, "one")
    assert set_aside.retry_due(LOOP, lambda _row: fail("one", KeyError())) == 1
    assert [row.error for row in rows()] == ["KeyError"]


def test_a_payload_that_fits_in_no_row_stays_with_its_sender(world: World) -> None:
    import random

    noise = random.Random(1).randbytes(2 * MAX_PAYLOAD_BYTES).hex()
    with pytest.raises(PayloadTooLarge):
        fail("one", ValueError(), noise)
    assert rows() == []
