"""The endpoints of a batch: one read for all threads that ask together, another one a second later, and after one that failed."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from paycorex import storage
from paycorex.records.endpoint import EndpointItem
from webhooks.delivery.endpoint_reads import EndpointReads
from webhooks.endpoints import slow_endpoints
from webhooks.stores import deliveries


class Table:
    """What is asked of the store."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.fails = 0

    def find(self, merchant_id: str, endpoint_id: str) -> EndpointItem | None:
        self.asked.append((merchant_id, endpoint_id))
        time.sleep(0.02)
        if self.fails:
            self.fails -= 1
            raise storage.Unavailable("busy")
        return None if endpoint_id == "gone" else EndpointItem(merchant_id=merchant_id, endpoint_id=endpoint_id)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    found = Table()
    monkeypatch.setattr(deliveries, "find_endpoint", found.find)
    return found


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    return at


def together(reads: EndpointReads, asked: list[tuple[str, str]]) -> list[Any]:
    start = Barrier(len(asked))

    def ask(names: tuple[str, str]) -> Any:
        start.wait(5)
        try:
            return reads.find(*names)
        except storage.Unavailable as busy:
            return busy

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def test_ten_threads_that_ask_together_are_one_read(table: Table, now: list[float]) -> None:
    found = together(EndpointReads(), [("mer_a", "whe_1")] * 10)
    assert {id(each) for each in found} == {id(found[0])}
    assert table.asked == [("mer_a", "whe_1")]


def test_endpoints_and_merchants_are_not_mixed_up(table: Table, now: list[float]) -> None:
    asked = [("mer_a", "whe_1"), ("mer_a", "whe_2"), ("mer_b", "whe_1"), ("mer_b", "gone")]
    found = together(EndpointReads(), asked)
    assert [each and (each.merchant_id, each.endpoint_id) for each in found] == [*asked[:3], None]
    assert sorted(table.asked) == sorted(asked)


def test_what_was_read_a_second_ago_is_read_again(table: Table, now: list[float]) -> None:
    reads = EndpointReads()
    before = reads.find("mer_a", "whe_1")
    now[0] += 0.9
    assert reads.find("mer_a", "whe_1") is before
    now[0] += 0.1
    assert reads.find("mer_a", "whe_1") is not before
    assert len(table.asked) == 2


def test_a_read_that_failed_fails_one_and_the_next_reads_again(table: Table, now: list[float]) -> None:
    table.fails = 1
    found = together(EndpointReads(), [("mer_a", "whe_1")] * 4)
    assert sorted(isinstance(each, storage.Unavailable) for each in found) == [False, False, False, True]
    assert len(table.asked) == 2


@pytest.mark.parametrize(("is_changed", "read_again"), [(True, True), (False, False)])
def test_what_changed_of_an_endpoint_is_read_again(table: Table, now: list[float], is_changed: bool, read_again: bool) -> None:
    reads = EndpointReads()
    before, beside = reads.find("mer_a", "whe_1"), reads.find("mer_a", "whe_2")
    assert before is not None
    reads.after(before, lambda: is_changed)
    assert (reads.find("mer_a", "whe_1") is not before) == read_again
    assert reads.find("mer_a", "whe_2") is beside


def test_a_change_without_an_answer_may_have_been_stored(table: Table, now: list[float]) -> None:
    reads = EndpointReads()
    before = reads.find("mer_a", "whe_1")
    assert before is not None

    def lost() -> bool:
        raise storage.OutcomeUnknown

    with pytest.raises(storage.OutcomeUnknown):
        reads.after(before, lost)
    assert reads.find("mer_a", "whe_1") is not before


def test_an_endpoint_that_was_marked_as_slow_is_read_again(table: Table, now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    reads = EndpointReads()
    before = reads.find("mer_a", "whe_1")
    assert before is not None
    marked = Event()
    monkeypatch.setattr(slow_endpoints, "SLOW_SECONDS", 0.0)
    monkeypatch.setattr(slow_endpoints, "became_slow", lambda _endpoint: marked.set())
    with slow_endpoints.watched(before, reads.forget):
        assert marked.wait(5)
    assert reads.find("mer_a", "whe_1") is not before
