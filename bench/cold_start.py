"""Cold import of each door: its time beside bare Python and beside bare clients, and how many modules it loads.

`python -m bench.cold_start` measures both, in fresh processes, the times interleaved in one run; `--modules` counts modules only, which any
load of the machine leaves as they are.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench import table

ROUNDS = 9
NOTE = "Fresh processes, interleaved in one run; ratios matter, milliseconds depend on the machine."
MODULES_NOTE = (
    "`python -m bench.cold_start --modules`. Before paying from a wallet and refunding to one were routes of the payments, `wallet.door` "
    "loaded 787 modules, 77 of them of other rooms."
)
HEADERS = ("what", "milliseconds (median)", "times bare Python", "times a bare boto3 client")
MODULE_HEADERS = ("door", "modules loaded", "of other rooms")
_ROOT = Path(__file__).parent.parent
_CLIENT = "create_client('dynamodb', region_name='ap-south-1')"
DOORS = (
    "authorizer.door",
    "payments.door",
    "wallet.door",
    "merchants.door",
    "tokens.door",
    "webhooks.door",
    "crypto_monitor.door",
    "dashboard.door",
)


def measure() -> list[tuple[str, ...]]:
    """One row a subject. Every subject is run once before counting, so that its byte code is there, as in the deployed package."""
    subjects = {
        "bare Python": "pass",
        "a bare botocore client": f"import botocore.session; botocore.session.get_session().{_CLIENT}",
        "a bare boto3 client": "import boto3; boto3.client('dynamodb', region_name='ap-south-1')",
        **{door: f"import {door}" for door in DOORS if (_ROOT / "functions" / door.replace(".", "/")).with_suffix(".py").exists()},
    }
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(ROUNDS + 1):
        for name, code in subjects.items():
            times[name].append(run(code))
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    bare, boto3 = medians["bare Python"], medians["a bare boto3 client"]
    return [(name, f"{found * 1000:.0f}", f"{found / bare:.1f}", f"{found / boto3:.2f}") for name, found in medians.items()]


def count_modules() -> list[tuple[str, ...]]:
    """How many modules each door loads, and how many of them are other rooms'."""
    rooms = {path.parent.name for path in (_ROOT / "functions").glob("*/__init__.py")}
    rows: list[tuple[str, ...]] = []
    for door in DOORS:
        loaded = modules_of(f"import {door}")
        others = [name for name in loaded if name.partition(".")[0] in rooms - {door.partition(".")[0]}]
        rows.append((door, str(len(loaded)), str(len(others))))
    return rows


def modules_of(code: str) -> list[str]:
    """What a fresh process has loaded that ran this."""
    loaded: list[str] = json.loads(output_of(f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"))
    return loaded


def run(code: str) -> float:
    """Seconds of a fresh process that runs this."""
    started = time.perf_counter()
    output_of(code)
    return time.perf_counter() - started


def output_of(code: str) -> str:
    """What a fresh process prints that runs this, with the functions and the shared layer on its path."""
    paths = os.pathsep.join(str(_ROOT / part) for part in ("functions", "layers/common"))
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": paths,
        "AWS_DEFAULT_REGION": "ap-south-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
    }
    return subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd="/", stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--modules", action="store_true", help="count modules only")
    if not options.parse_args().modules:
        shown = table.markdown(HEADERS, measure())
        table.write_section("cold_start", f"## Cold start\n\n{NOTE}\n\n{shown}")
        print(shown)
    counted = table.markdown(MODULE_HEADERS, count_modules())
    table.write_section("door_modules", f"## Modules of a cold start\n\n{MODULES_NOTE}\n\n{counted}")
    print(counted)


if __name__ == "__main__":
    main()
