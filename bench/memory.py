"""Memory of the functions that work behind the API: what an import takes, and how much more a batch takes.

`python -m bench.memory`: each function in fresh processes. The import is the function's alone, by the size of its process. What a batch
adds is counted by Python's allocations at their peak, over AWS in memory, so it has what the pretended tables store in it.
"""

import importlib
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench.table import markdown, write_section

BATCH: Final = 100
WALLETS: Final = 1_000
ENDPOINT: Final = "http://127.0.0.1:9/hook"
# What Lambda's runtime itself takes of a Python function's memory, about.
RUNTIME_MEGABYTES: Final = 35
DOORS: Final = {
    "RollupFunction": "dashboard.rollup_door",
    "WebhookDispatcherFunction": "webhooks.dispatcher_door",
    "WebhookSenderFunction": "webhooks.sender_door",
    "WebhookDeadLettersFunction": "webhooks.dead_letters_door",
    "WebhookSweeperFunction": "webhooks.sweeper_door",
    "CheckpointFunction": "operations.checkpoint_door",
    "VerificationFunction": "operations.verification_door",
    "PaymentsJanitorFunction": "payments.janitor_door",
    "CryptoSettlementFunction": "payments.crypto_settlement_door",
    "FeesFunction": "payments.fees_door",
}
_ROOT: Final = Path(__file__).parent.parent


def imported(door: str) -> float:
    """Megabytes of a process after the import of a door."""
    return _in_fresh_process(f"import {door}\nfrom bench.memory import peak\nprint(peak())")


def batch(function: str) -> float:
    """Megabytes that the largest batch of a function adds; zero for those that have none here."""
    return _in_fresh_process(f"from bench.memory import grown\nprint(grown({function!r}))")


def grown(function: str) -> float:
    """Prepare a world, handle the batch, and say by how much the process's memory grew at its peak."""
    from tests.support.engine import Engine
    from tests.support.world import World

    world = World()
    with world.running():
        engine = Engine(world)
        with engine.online():
            handle = _prepared(function, engine)
            tracemalloc.start()
            handle()
            return tracemalloc.get_traced_memory()[1] / 1024**2


def peak() -> float:
    """The largest size of this process since it began, in megabytes. (`getrusage` would count the process that started it, too.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _prepared(function: str, engine: Any) -> Callable[[], object]:
    from tests.support.rollups import stream
    from tests.support.webhooks import add_endpoint

    world, door = engine.world, importlib.import_module(DOORS[function])
    shop = world.register()
    add_endpoint(engine, shop, ENDPOINT)
    wallets = WALLETS if function == "CheckpointFunction" else BATCH
    for number in range(wallets):
        world.wallet(shop, f"user-{number}", "1000.00")
    if function == "CheckpointFunction":
        _roll(stream(world))
        return lambda: door.handler({}, None)
    engine.settle()
    stream(world)
    for number in range(BATCH):
        assert world.pay(shop, f"user-{number}", "1.00").status == 201
    if function == "RollupFunction":
        records = stream(world)[:BATCH]
        return lambda: door.handler({"Records": records}, None)
    if function == "WebhookDispatcherFunction":
        records = world.dynamo.drain_stream(world.settings.table("payments"))[:BATCH]
        return lambda: door.handler({"Records": records}, None)
    if function == "WebhookSenderFunction":
        engine.dispatch()
        messages = engine.receive("webhooks", 10)
        return lambda: engine.handle("webhooks", messages)
    of_records = {"WebhookDeadLettersFunction", "CryptoSettlementFunction", "FeesFunction"}
    event: dict[str, Any] = {"Records": []} if function in of_records else {}
    return lambda: door.handler(event, None)


def _roll(records: list[dict[str, Any]]) -> None:
    from tests.support.rollups import roll

    for start in range(0, len(records), BATCH):
        roll(records[start : start + BATCH])


def _in_fresh_process(code: str) -> float:
    environment = os.environ | {"AWS_DEFAULT_REGION": "ap-south-1", "PYTHONPATH": os.pathsep.join(map(str, _path()))}
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])


def _path() -> tuple[Path, ...]:
    return (_ROOT / "functions", _ROOT / "layers" / "common", _ROOT)


def section() -> str:
    """The table."""
    from bench.bill import deployment

    given = deployment.read().gigabytes
    rows = []
    for function, door in DOORS.items():
        first, more = imported(door), batch(function)
        needed = first + more + RUNTIME_MEGABYTES
        rows.append((function, f"{first:.0f}", f"{more:.0f}", f"{needed:.0f}", f"{given[function] * 1024:.0f}"))
    table = markdown(("function", "MB after its import", "MB more by a batch", "MB with Lambda's runtime", "MB in the template"), rows)
    note = "`python -m bench.memory`, in the development environment, whose libraries are more than the package's."
    return f"## Memory of the workers\n\n{note}\n\n{table}"


if __name__ == "__main__":
    written = section()
    write_section("memory", written)
    print(written)
