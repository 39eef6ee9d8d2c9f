"""A provider's report of a million lines, read whole by the importer's built package in a process that may have 512 MB, and killed midway.

`python -m bench.whole_report [LINES]` writes its section of docs/performance.md. The file is put by its signed link to a bucket's service;
the importer is a process of its own with the function's code and libraries, and asks DynamoDB (in this process's memory) and the bucket
over sockets. It is killed once while it reads, and goes on in a new process. Afterwards a small file shows what the history costs.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests

from bench import table
from bench.built import BUILT
from bench.metering import Meter
from bench.settlement_lines import LAMBDA_DOLLARS_A_SECOND, PER_PAYOUT, READ_DOLLARS, WRITE_DOLLARS
from paycorex import settings
from tests.fakes.aws_over_sockets import OverSocket
from tests.fakes.object_store import ObjectStore
from tests.support import reports
from tests.support.world import Signer, World

LINES: Final = 1_000_000
# Lines of the file that is read before and after the large one.
SMALL: Final = 50_000
MEGABYTES: Final = 512
# The part of the file that is read when the process is killed.
KILLED_AT: Final = 0.4
_LOOK_SECONDS: Final = 1.0
_NOTED: Final = 100_000
_LEAST_FOR_PACE: Final = 500_000
_MEGABYTES_OF_A_PROCESSOR: Final = 1_769
# A run of the function, as the template allows.
_TIMEOUT_SECONDS: Final = 300
# Between two runs; EventBridge has a minute, in which nothing is charged.
_TICK_SECONDS: Final = 1.0
HEADERS: Final = (
    *("lines", "lines before", "file, MB", "runs", "importer's CPU s", "ms a line", "of the first tenth", "of the last tenth"),
    *("most memory, MB", "write units a line", "of indexes", "read units a line", "dollars per million lines"),
)
# The importer's process: a run for each line of its input, and what it took so far after each.
_IMPORTER: Final = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, ({bytes}, {bytes}))
sys.path[:0] = {paths!r}
from settlements import importer_door
class Context:
    def __init__(self):
        self.ends = time.monotonic() + {timeout}
    def get_remaining_time_in_millis(self):
        return int((self.ends - time.monotonic()) * 1000)
for _line in sys.stdin:
    done = importer_door.handler({{}}, Context())
    status = open("/proc/self/status").read()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print("RUN " + json.dumps([done, time.process_time(), peak]), flush=True)
"""


class _Metered:
    """DynamoDB in memory, asked over a socket, counted."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory
        self.meter = Meter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        # As the socket's service calls it.
        answer = self._memory._make_api_call(operation, request | {"ReturnConsumedCapacity": "INDEXES"})  # noqa: SLF001
        self.meter.add(operation, request, answer)
        return answer


@dataclass(slots=True)
class _Measured:
    """What one file cost. seen: the importer's processor time and lines read, look by look. killed_at: lines that were read then."""

    lines: int
    before: int
    size: int
    meter: Meter
    runs: int = 0
    cpu_seconds: float = 0.0
    peak_kilobytes: int = 0
    killed_at: int | None = None
    seen: list[tuple[float, int]] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        """Its row of the table."""
        # What Lambda gives a function of so many megabytes of a processor.
        lines, meter, seconds = self.lines, self.meter, self.cpu_seconds * _MEGABYTES_OF_A_PROCESSOR / MEGABYTES
        writes, indexes, reads = (units / lines for units in (meter.write_units, meter.index_write_units, meter.read_units))
        dollars = (writes + indexes) * WRITE_DOLLARS + reads * READ_DOLLARS + seconds / lines * 1e6 * LAMBDA_DOLLARS_A_SECOND
        return (
            *(f"{lines:,}", f"{self.before:,}", f"{self.size / 1e6:.0f}", str(self.runs), f"{self.cpu_seconds:.0f}"),
            *(f"{self.cpu_seconds / lines * 1000:.2f}", self._pace(0.0, 0.1), self._pace(0.9, 1.0), f"{self.peak_kilobytes / 1024:.0f}"),
            *(f"{writes:.2f}", f"{indexes:.2f}", f"{reads:.2f}", f"{dollars:.2f}"),
        )

    def _pace(self, first: float, last: float) -> str:
        """Milliseconds of processor time a line between two places of the file; of a small one there are too few looks."""
        if self.lines < _LEAST_FOR_PACE:
            return ""
        start = next(at for at in self.seen if at[1] >= max(first * self.lines, 1))
        end = next(at for at in self.seen if at[1] >= last * self.lines)
        return f"{(end[0] - start[0]) / max(end[1] - start[1], 1) * 1000:.2f}"


def main() -> None:
    """Measure and write the section."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    if not (BUILT / "SettlementsImporterFunction").is_dir():
        raise SystemExit("This measures the built package: make build")
    measured = list(_files(lines))
    killed = next(each for each in measured if each.killed_at is not None)
    text = (
        f"## A report of {lines:,} lines\n`python -m bench.whole_report`: the importer's built package in a process that may have "
        f"{MEGABYTES} MB (`RLIMIT_AS`), Stripe's itemised report, {PER_PAYOUT:,} lines a payout, read and booked. DynamoDB is in another "
        f"process's memory. Times are the importer's processor time; dollars have DynamoDB's units and Lambda, which gives {MEGABYTES} MB "
        "not a third of a processor.\n\n"
        + table.markdown(HEADERS, [each.row() for each in measured])
        + f"\n\nThe process was killed when {killed.killed_at:,} lines were read. A new one went on there after the lease of two minutes, "
        "and at the end every line was accepted once. Meanwhile `GET /v1/settlements/imports/{import_id}` said each second how far it was."
    )
    table.write_section("whole_report", text)
    print(text)


def _files(lines: int) -> Iterator[_Measured]:
    """A small file, the large one, and a small one once more. Reading and writing them is this process's work."""
    # A line for each look at the progress is of no use here.
    logging.disable(logging.INFO)
    with World().running() as world, ObjectStore() as bucket:
        metered = _Metered(world.dynamo)
        over = OverSocket(metered, "dynamodb", "lean")
        os.environ.update(bucket.environment())
        world.settings = world.settings.model_copy(update={"reports_bucket": "reports"})
        settings.use(world.settings)
        who = world.register()
        environment = _environment(world, bucket, over.functions_client.meta.endpoint_url)
        try:
            before = 0
            for size in (SMALL, lines, SMALL):
                metered.meter = Meter()
                yield _imported(world, who, environment, _Measured(size, before, 0, metered.meter), is_killed=size == lines)
                before += size
        finally:
            over.close()


def _environment(world: World, bucket: ObjectStore, address: str) -> dict[str, str]:
    named = world.settings
    return {
        **bucket.environment(),
        "PATH": os.environ["PATH"],
        "AWS_REGION": "ap-south-1",
        "AWS_ENDPOINT_URL_DYNAMODB": address,
        "AWS_CLIENT": "lean",
        "PYDANTIC_DISABLE_PLUGINS": "true",
        "STAGE": "local",
        "TABLE_PREFIX": named.table_prefix,
        "PARAMETER_PREFIX": named.parameter_prefix,
        "REPORTS_BUCKET": named.reports_bucket,
        "POWERTOOLS_SERVICE_NAME": "settlements_importer",
    }


@dataclass(slots=True)
class _Importer:
    """The function's process, which is given a run as soon as it has ended one."""

    environment: Mapping[str, str]
    found: _Measured
    process: subprocess.Popen[str] = field(init=False)
    reader: threading.Thread = field(init=False)
    cpu_seconds: float = 0.0
    is_over: bool = False

    def __post_init__(self) -> None:
        paths = [str(BUILT / "SettlementsImporterFunction"), *(str(BUILT / layer / "python") for layer in ("CommonLayer", "BankLayer"))]
        code = _IMPORTER.format(bytes=MEGABYTES * 1024 * 1024, paths=paths, timeout=_TIMEOUT_SECONDS)
        command = [sys.executable, "-I", "-S", "-c", code]
        self.process = subprocess.Popen(command, env=dict(self.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self._feed, daemon=True)
        self.reader.start()

    def _feed(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._tick()
            for line in self.process.stdout:
                if not line.startswith("RUN "):
                    continue
                done, self.cpu_seconds, peak = json.loads(line[4:])
                assert not done["failed"], done
                assert not done["set_aside"], done
                self.found.runs += bool(done["slices"] or done["settlements"])
                self.found.peak_kilobytes = max(self.found.peak_kilobytes, peak)
                time.sleep(_TICK_SECONDS)
                if self.is_over:
                    break
                self._tick()

    def _tick(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("tick\n")
        self.process.stdin.flush()

    def cpu(self) -> float:
        """Seconds of processor time so far, by the system's own count."""
        with contextlib.suppress(FileNotFoundError):
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            self.cpu_seconds = max(self.cpu_seconds, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
        return self.cpu_seconds

    def stop(self) -> None:
        """As Lambda ends an environment: without a word."""
        self.is_over = True
        self.found.cpu_seconds += self.cpu()
        self.process.kill()
        self.process.wait()
        self.reader.join()


def _imported(world: World, who: Signer, environment: Mapping[str, str], found: _Measured, *, is_killed: bool) -> _Measured:
    """Put a file, and have it read to its end and booked."""
    world.clock.now = time.time()
    numbers = range(found.before, found.before + found.lines)
    content = reports.stripe_file(*(reports.stripe_row(number, payout=f"po_{number // PER_PAYOUT}") for number in numbers))
    found.size = len(content)
    begun = reports.announce(world, who, content)
    _put(begun, content)
    del content
    importer, is_noted = _Importer(environment, found), 0
    while True:
        time.sleep(_LOOK_SECONDS)
        world.clock.now = time.time()
        shown = reports.shown(world, who, begun["import_id"])
        assert shown["status"] != "failed", shown
        found.seen.append((found.cpu_seconds + importer.cpu(), shown["read"]))
        if shown["read"] // _NOTED > is_noted:
            is_noted = shown["read"] // _NOTED
            print(f"{shown['read']:,} lines, {found.seen[-1][0]:.0f} s of CPU", flush=True)
        if is_killed and found.killed_at is None and shown["read"] >= found.lines * KILLED_AT:
            importer.stop()
            found.killed_at = reports.shown(world, who, begun["import_id"])["read"]
            importer = _Importer(environment, found)
        if shown["status"] == "done" and not _waiting(world, who):
            break
    importer.stop()
    assert (shown["accepted"], shown["known"], shown["rejected"]) == (found.lines, 0, 0), shown
    return found


def _waiting(world: World, who: Signer) -> bool:
    """Whether a settlement is not booked yet."""
    target = "/v1/settlements?state=reading&limit=1"
    reply = world.call(who, "GET", target)
    assert reply.status == 200, reply.raw
    return bool(reply.body["data"] or reply.body["next_cursor"])


def _put(begun: Mapping[str, Any], content: bytes) -> None:
    link = begun["upload"]
    answer = requests.request(link["method"], link["url"], headers=link["headers"], data=content, timeout=600)
    assert answer.status_code == 200, answer.status_code


if __name__ == "__main__":
    main()
