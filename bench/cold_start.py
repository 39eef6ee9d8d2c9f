"""Cold import of each door in the built package, beside a bare boto3 client: CPU, peak memory, instructions, and modules.

`python -m bench.cold_start` measures CPU and memory in fresh processes, interleaved in one run. `--instructions` counts instructions with
valgrind's callgrind, which any load of the machine leaves as they are, and so does `--modules`, which counts modules only.
"""

import argparse
import json
import re
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import built_package, table
from bench.built_package import Package
from local.paths import ROOT

ROUNDS: Final = 11
BOTO3: Final = "a bare boto3 client"
PAYMENTS, AUTHORIZER = "payments.door", "authorizer.door"
DOORS: Final = (
    AUTHORIZER,
    PAYMENTS,
    "wallet.door",
    "merchants.door",
    "tokens.door",
    "webhooks.door",
    "crypto_monitor.door",
    "dashboard.door",
)
GOALS: Final = {AUTHORIZER: "0.85 (stretch 0.40)", PAYMENTS: "1.00 (stretch 0.70)"}
MOST_MEGABYTES: Final = 45
NOTE: Final = (
    "`python -m bench.cold_start`: the built package (compiled, without the development environment's packages) in fresh processes,\n"
    "interleaved in one run. CPU until the door or the client is ready, with the start of Python; ratios are the medians of the rounds'.\n"
    "Goals are for the client `lean`; the peak's is 45 MB."
)
INSTRUCTIONS_NOTE: Final = "`python -m bench.cold_start --instructions`: counted by valgrind's callgrind, the start of Python included."
MODULES_NOTE: Final = "`python -m bench.cold_start --modules`. A module that waits for its first use counts as not loaded."
HEADERS: Final = ("what", "AWS client", "CPU, milliseconds (median)", "times a bare boto3 client", "goal", "peak memory, MB")
INSTRUCTION_HEADERS: Final = ("what", "million instructions", "times a bare boto3 client", "goal")
MODULE_HEADERS: Final = ("door", "modules loaded", "of other rooms")
_REPORT: Final = """
import json, resource
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([used.ru_utime + used.ru_stime, peak / 1000]))
"""
_MODULES: Final = """
import json
print(json.dumps([name for name, module in sys.modules.items() if type(module).__name__ != "_LazyModule"]))
"""
_REST: Final = "\nfrom paycorex import loading\nloading.rest()\n"
_CLIENT: Final = "create_client('dynamodb', region_name='ap-south-1')"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fresh process does. client: the kind of AWS client; empty where there is no choice."""

    name: str
    code: str
    client: str = ""

    def command(self, package: Package, report: str = "") -> list[str]:
        """The process that does it and then reports."""
        return built_package.command(package.ours if self.client else package.boto3, self.code + report)


def subjects() -> list[Subject]:
    """The bare clients, and every door."""
    doors = [Subject(door, f"import {door}", "lean") for door in DOORS]
    return [
        Subject("bare Python", "pass"),
        Subject("a bare botocore client", f"import botocore.session; botocore.session.get_session().{_CLIENT}"),
        Subject(BOTO3, "import boto3; boto3.client('dynamodb', region_name='ap-south-1')"),
        *doors,
        Subject(f"{PAYMENTS}, all that waits for its first use loaded too", f"import {PAYMENTS}{_REST}", "lean"),
        Subject(AUTHORIZER, f"import {AUTHORIZER}", "botocore"),
        Subject(PAYMENTS, f"import {PAYMENTS}", "botocore"),
    ]


def measure(package: Package) -> list[tuple[str, ...]]:
    """One row a subject: the first round of each is not counted, so that its files are in the system's cache."""
    every = subjects()
    found: list[list[tuple[float, float]]] = [[] for _ in every]
    for _ in range(ROUNDS + 1):
        for subject, measured in zip(every, found, strict=True):
            cpu, peak = json.loads(built_package.output_of(subject.command(package, _REPORT), client=subject.client or "lean"))
            measured.append((cpu, peak))
    bare = [cpu for cpu, _ in found[[subject.name for subject in every].index(BOTO3)][1:]]
    return [_row(subject, measured[1:], bare) for subject, measured in zip(every, found, strict=True)]


def _row(subject: Subject, measured: list[tuple[float, float]], bare: list[float]) -> tuple[str, ...]:
    ratio = statistics.median(cpu / reference for (cpu, _), reference in zip(measured, bare, strict=True))
    peak = max(peak for _, peak in measured)
    is_goal = subject.client == "lean" and subject.name in GOALS
    megabytes = f"{peak:.1f}" + (", not reached" if is_goal and peak > MOST_MEGABYTES else "")
    milliseconds = f"{statistics.median(cpu for cpu, _ in measured) * 1000:.0f}"
    return subject.name, subject.client, milliseconds, f"{ratio:.2f}", _goal(subject, ratio) if is_goal else "", megabytes


def _goal(subject: Subject, ratio: float) -> str:
    goal = GOALS[subject.name]
    most, stretch = (float(number) for number in re.findall(r"[\d.]+\d", goal))
    verdict = "stretch reached" if ratio <= stretch else "reached" if ratio <= most else "not reached"
    return f"≤ {goal}: {verdict}"


def count_instructions(package: Package) -> list[tuple[str, ...]]:
    """Instructions of the bare boto3 client, the authorizer and the payments' door."""
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not installed")
    wanted = [subject for subject in subjects() if subject.name in {BOTO3, *GOALS} and subject.client != "botocore"]
    counted = {subject: _instructions(subject, package) for subject in wanted}
    bare = next(count for subject, count in counted.items() if subject.name == BOTO3)
    return [
        (subject.name, f"{count / 1e6:.0f}", f"{count / bare:.2f}", _goal(subject, count / bare) if subject.client else "")
        for subject, count in counted.items()
    ]


def _instructions(subject: Subject, package: Package) -> int:
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"]
    text = built_package.output_of([*valgrind, *subject.command(package)])
    found = re.search(r"Collected : (\d+)", text)
    assert found, text
    return int(found[1])


def count_modules(package: Package) -> list[tuple[str, ...]]:
    """How many modules each door loads, and how many of them are other rooms'."""
    rooms = {path.parent.name for path in package.ours[0].glob("*/door.py")}
    rows: list[tuple[str, ...]] = []
    for door in DOORS:
        loaded: list[str] = json.loads(built_package.output_of(Subject(door, f"import {door}", "lean").command(package, _MODULES)))
        others = [name for name in loaded if name.partition(".")[0] in rooms - {door.partition(".")[0]}]
        rows.append((door, str(len(loaded)), str(len(others))))
    return rows


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--modules", action="store_true", help="count modules only")
    options.add_argument("--instructions", action="store_true", help="count instructions only, by callgrind")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(dir=_same_filesystem()) as directory:
        package = built_package.build(Path(directory))
        if wanted.instructions:
            _write("cold_instructions", "Instructions of a cold start", INSTRUCTIONS_NOTE, INSTRUCTION_HEADERS, count_instructions(package))
            return
        if not wanted.modules:
            _write("cold_start", "Cold start", NOTE, HEADERS, measure(package))
        _write("door_modules", "Modules of a cold start", MODULES_NOTE, MODULE_HEADERS, count_modules(package))


def _same_filesystem() -> Path:
    # The build links files from its cache.
    folder = ROOT / ".local"
    folder.mkdir(exist_ok=True)
    return folder


def _write(section: str, title: str, note: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    shown = table.markdown(headers, rows)
    table.write_section(section, f"## {title}\n\n{note}\n\n{shown}")
    print(shown)


if __name__ == "__main__":
    main()
