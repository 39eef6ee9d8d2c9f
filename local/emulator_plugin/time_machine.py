"""Moves the emulator's clock forward, stop by stop: at each stop the schedules run that fell due until then, in that order, and what they
set going comes to rest before the clock moves on.

`GET /_paycorex/clock` says what time it is; with `?until=SECONDS&apart=SECONDS` also where the next stop is. `POST` with the same goes on
to `until`, and runs what is due then (with `hop=1` nothing runs). So what has a clock of its own, such as a test chain, can be moved first.
A stop is where the next row or message falls due, at least `apart` after the last one, at the latest `until`, and never more than six hours
on: what goes by no due time (sealing, the age of what is not reconciled) is looked at four times a day.
"""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from local.emulator_plugin import due_times
from local.emulator_plugin.moved_clock import CLOCK

PATH: Final = "/_paycorex/clock"
IDLE_SECONDS: Final = 6 * 3600.0
# The shortest way between two stops: schedules run once a minute.
APART_SECONDS: Final = 60.0
# What runs when this is over goes on beside the clock.
_REST_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.004
# So long after a move more of them may come: stops alone run the schedules then, or these would run between them as well.
_MOVING_SECONDS: Final = 3.0

Answer = tuple[int, dict[str, str], bytes]


class TimeMachine:
    """services: the emulator's modules by name, `runtime` its `lambda_runtime`."""

    def __init__(self, services: dict[str, Any], runtime: Any) -> None:
        self._dynamodb, self._sqs, self._scheduler = services["dynamodb"], services["sqs"], services["scheduler"]
        self._rules, self._functions, self._runtime = services["eventbridge"], services["lambda_svc"], runtime
        # Schedules are run by one at a time: the emulator's own second hand, or a jump.
        self._one = threading.Lock()
        self._overdue = 0
        self._moved_at = float("-inf")

    def tick(self) -> None:
        """Run what is due by now, without waiting for it: in place of the emulator's own."""
        with self._one:
            if time.monotonic() - self._moved_at < _MOVING_SECONDS:
                return
            for _thread in self._run_due():
                continue

    def look(self, until: float, apart: float) -> dict[str, Any]:
        """Where the next stop is, once all is at rest."""
        with self._one:
            self._come_to_rest()
            now = CLOCK.now()
            return {**described(), "next": max(now, min(until, self._next(now, apart)))}

    def hop(self, until: float) -> dict[str, Any]:
        """Move the clock alone; what time it is there."""
        with self._one:
            self._moved_at = time.monotonic()
            CLOCK.move_to(until)
        return described()

    def stop(self, until: float) -> dict[str, Any]:
        """Go on to that time, and run what is due; what time it is there, and how many schedules ran."""
        with self._one:
            self._moved_at = time.monotonic()
            CLOCK.move_to(until)
            ran = 0
            for thread in self._run_due():
                thread.join()
                ran += 1
            self._come_to_rest()
            self._moved_at = time.monotonic()
        return {**described(), "ran": ran}

    def _next(self, now: float, apart: float) -> float:
        found = due_times.waiting(self._dynamodb, self._sqs, now)
        # A tick takes so many rows and leaves the others: as long as they become fewer, the next tick follows.
        is_behind, self._overdue = 0 < found.overdue != self._overdue, found.overdue
        if is_behind:
            return now + APART_SECONDS
        return max(now + apart, min(found.next_at or now + IDLE_SECONDS, now + IDLE_SECONDS))

    def _run_due(self) -> Iterator[threading.Thread]:
        """Each run, begun; the next one begins when the caller asks for it."""
        for run in due_times.runs(self._scheduler, self._rules, CLOCK.now()):
            self._scheduler._schedule_last_fired[run.key] = CLOCK.now()
            thread = threading.Thread(target=self._run, args=(run,), name=f"schedule {run.key}", daemon=True)
            thread.start()
            yield thread

    def _run(self, run: due_times.Run) -> None:
        account, region, _name = run.key
        target = run.schedule["Target"]
        self._scheduler.set_request_account_id(account)
        self._scheduler.set_request_region(region)
        function, config, _ = self._functions._get_func_record_for_ref(target["Arn"])
        if function is None:
            return
        record = self._functions._execution_record_for_config(function, config)
        self._functions._execute_function_with_config_scope(record, json.loads(target.get("Input") or "{}"))

    def _come_to_rest(self) -> None:
        """Wait until streams are read, what can be received is received, and no function runs."""
        deadline = time.monotonic() + _REST_SECONDS
        while time.monotonic() < deadline:
            if self._is_at_rest():
                return
            self._functions._esm_wake.set()
            time.sleep(_LOOK_SECONDS)

    def _is_at_rest(self) -> bool:
        if self._functions._esm_inflight or any(
            one.in_use for all_of_it in list(self._runtime._workers.values()) for one in list(all_of_it)
        ):
            return False
        now = CLOCK.now()
        return all(self._is_read(account, region, mapping, now) for account, region, mapping in list(self._functions._iter_all_esms()))

    def _is_read(self, account: str, region: str, mapping: dict[str, Any], now: float) -> bool:
        self._scheduler.set_request_account_id(account)
        self._scheduler.set_request_region(region)
        source = mapping.get("EventSourceArn", "")
        if not mapping.get("Enabled", True):
            return True
        if ":dynamodb:" in source:
            table = source.split(":table/")[1].split("/")[0]
            end = self._dynamodb.stream_end_position(table)
            position = self._functions._dynamodb_stream_positions.get(mapping["UUID"])
            return bool(end == self._dynamodb.stream_start_position(table) or (position is not None and position >= end))
        queue = self._sqs._queues.get(self._sqs._queue_url(source.rsplit(":", 1)[1])) if ":sqs:" in source else None
        return queue is None or all(message.get("visible_at", now + 1) > now for message in list(queue["messages"]))


def described() -> dict[str, Any]:
    """The clock, as it is answered."""
    return {"now": CLOCK.now(), "ahead_seconds": CLOCK.ahead_seconds}


def install(app: Any, services: dict[str, Any], runtime: Any) -> None:
    """app: the emulator's module of that name."""
    machine, before_body = TimeMachine(services, runtime), app._handle_pre_body_request
    services["scheduler"]._tick_schedules = machine.tick

    async def handle_pre_body_request(
        method: str, path: str, headers: dict[str, str], query: dict[str, list[str]], request_id: str
    ) -> Answer | None:
        if path != PATH:
            answer: Answer | None = await before_body(method, path, headers, query, request_id)
            return answer
        if method == "GET" and not query:
            return _json(200, described())
        try:
            until, apart = float(query["until"][0]), max(float(query["apart"][0]), APART_SECONDS)
        except (KeyError, ValueError):
            return _json(400, {"error": "until and apart are seconds"})
        if method == "GET":
            return _json(200, await asyncio.to_thread(machine.look, until, apart))
        return _json(200, await asyncio.to_thread(machine.hop if "hop" in query else machine.stop, until))

    app._handle_pre_body_request = handle_pre_body_request


def _json(status: int, content: dict[str, Any]) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()
