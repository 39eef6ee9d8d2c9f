"""Lost records are handed over again where an operator asks for it: by a function of its own, and with a line in the audit log."""

import json
from typing import Any

import pytest

from operations import failed_stream_records, lost_record_runs
from paycorex import storage
from paycorex.audit import chain
from paycorex.credentials.operators import REALM
from paycorex.errors import TemporarilyUnavailable
from tests.integration.operations.test_lost_records import Lost, lost
from tests.support.operators import Operator, join
from tests.support.webhooks import deliveries

__all__ = ["lost"]
REASON = {"reason": "The store is well again."}


class Context:
    """So much is left of the function's time."""

    def __init__(self, left_ms: int) -> None:
        self.left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


@pytest.fixture
def operator(lost: Lost) -> Operator:
    return join(lost.engine.world, "operate")


def tick(left_ms: int = 150_000) -> dict[str, Any]:
    from operations import lost_records_door

    return lost_records_door.handler({}, Context(left_ms))


def shown(operator: Operator) -> dict[str, Any]:
    found: dict[str, Any] = operator.send("GET", "/lost_records").body["runs"][0]
    return found


def test_lost_records_are_handed_over_by_the_next_tick_and_the_door_calls_no_function(lost: Lost, operator: Operator) -> None:
    lost.note()
    assert tick() == {}
    done = operator.send("POST", "/lost_records", REASON)
    assert (done.status, done.body["number"], done.body["status"], done.body["results"]) == (201, 1, "running", {})
    assert lost.functions.invoked == []
    again = operator.send("POST", "/lost_records", REASON)
    assert (again.status, again.body["number"]) == (200, 1)
    assert tick() == {"number": 1, "status": "done", "results": {"handled": 1}}
    assert (shown(operator)["status"], shown(operator)["results"]) == ("done", {"handled": 1})
    lost.engine.settle()
    assert [delivery["status"] for delivery in deliveries(lost.engine, lost.who)] == ["sent"] * 5
    assert (lost.left(), tick()) == (0, {})
    entry = chain.head(REALM)
    assert entry is not None
    assert entry.operation == "operator_run_lost_records"
    assert json.loads(entry.asked) == REASON


def test_a_note_that_fails_again_stays_and_keeps_no_other_from_being_handled(lost: Lost, operator: Operator) -> None:
    lost.engine.world.sqs.send_message(QueueUrl=lost.url, MessageBody='{"requestContext": {"functionArn": 7}, "DDBStreamBatchInfo": {}}')
    lost.note(startSequenceNumber="1")
    lost.note()
    operator.send("POST", "/lost_records", REASON)
    assert tick()["results"] == {"handled": 1, "not of a stream, left": 1, "older than the stream keeps, left": 1}
    assert lost.left() == 2
    # The next one has a number of its own.
    assert operator.send("POST", "/lost_records", REASON).body["number"] == 2


def test_a_tick_without_time_leaves_the_rest_to_the_next_one(lost: Lost, operator: Operator) -> None:
    lost.note()
    lost.note()
    operator.send("POST", "/lost_records", REASON)
    assert tick(left_ms=1000)["status"] == "running"
    assert shown(operator)["results"] == {"handled": 1}
    assert tick() == {"number": 1, "status": "done", "results": {"handled": 2}}


@pytest.mark.parametrize("limit", ["notes", "time"])
def test_a_run_is_over_at_its_bound_however_often_notes_fail(
    lost: Lost, operator: Operator, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    lost.functions.breaks = True
    lost.note()
    operator.send("POST", "/lost_records", REASON)
    if limit == "notes":
        monkeypatch.setattr(lost_record_runs, "MAX_NOTES", 1)
    else:
        lost.engine.world.clock.now += lost_record_runs.MAX_MS / 1000 + 1
    assert tick(left_ms=1000) == {"number": 1, "status": "done", "results": {"failed again, left": 1}}


def test_two_ticks_at_once_hand_each_note_over_once(lost: Lost, operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue gives each note to one of them, and both count into the same run."""
    lost.note()
    lost.note()
    operator.send("POST", "/lost_records", REASON)
    real, other = failed_stream_records._handle, list[dict[str, Any]]()

    def handled(body: str) -> str:
        if not other:
            other.append({})
            other[0] = tick(left_ms=1000)
        return real(body)

    monkeypatch.setattr(failed_stream_records, "_handle", handled)
    assert tick() == {"number": 1, "status": "done", "results": {"handled": 2}}
    assert other == [{"number": 1, "status": "running", "results": {"handled": 1}}]
    assert len(lost.functions.invoked) == 2


def test_a_run_that_others_change_all_the_time_is_left_to_the_next_tick(
    lost: Lost, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost.functions.breaks = True
    lost.note()
    operator.send("POST", "/lost_records", REASON)
    with monkeypatch.context() as patch:
        patch.setattr(storage, "run", _refused)
        with pytest.raises(TemporarilyUnavailable):
            tick()
    assert tick()["status"] == "done"


def _refused(*_: Any) -> Any:
    raise storage.ConditionRefused(None)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "more": 1}])
def test_without_a_reason_no_run_is_asked_for(lost: Lost, operator: Operator, body: Any) -> None:
    assert operator.send("POST", "/lost_records", body).status == 400
    assert tick() == {}
