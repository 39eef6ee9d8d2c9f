"""What the parts that are our own cost beside a library for a similar task: `python -m bench.own_parts`.

Imports are measured in fresh processes, interleaved; operations in this process, in turns. Ratios matter, numbers depend on the machine.
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import boto3
from moto import mock_aws

from bench import fresh_process, table
from paycorex import strict_json
from tests.fakes.memory_dynamo import MemoryDynamo

HOUSE: Final = Path(__file__).parent.parent
LAYER: Final = HOUSE / "layers" / "common" / "paycorex"
ROUNDS: Final = 7
HEADERS: Final = ("part of our own", "lines", "what is measured", "ours", "library", "library's")
BODY: Final = json.dumps({"amount": "1000.00", "method": "wallet", "user_id": "user-123", "metadata": {"order": "A-17"}}).encode()
TABLE: Final[dict[str, Any]] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
RESOLVER: Final = "from aws_lambda_powertools.event_handler import APIGatewayRestResolver; APIGatewayRestResolver"
IMPORTS: Final = (
    ("validation of the HTTP app", LAYER / "http", f"{RESOLVER}()", "Powertools' validation", f"{RESOLVER}(enable_validation=True)"),
    ("safe_http", LAYER / "safe_http", "import paycorex.safe_http", "requests", "import requests"),
    ("BIP-32", LAYER / "evm" / "extended_key.py", "import paycorex.evm.extended_key", "eth-account", "import eth_account"),
)


def main() -> None:
    """Measure and write."""
    rows = [*imports(), parsing(), storing()]
    shown = table.markdown(HEADERS, rows)
    note = "`python -m bench.own_parts`: imports in fresh processes, without the start of Python; operations in turns in one process."
    table.write_section("own_parts", f"## Parts of our own\n\n{note}\n\n{shown}")
    print(shown)


def imports() -> list[tuple[str, ...]]:
    """Milliseconds that a fresh process spends on loading each part."""
    codes = ["pass", *(code for _, _, ours, _, library in IMPORTS for code in (ours, library))]
    times: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(ROUNDS + 1):
        for code in codes:
            times[code].append(fresh_process.seconds_of(code))
    took = {code: (statistics.median(found[1:]) - statistics.median(times["pass"][1:])) * 1000 for code, found in times.items()}
    return [
        (part, str(lines(path)), "load", f"{took[ours]:.0f} ms", name, f"{took[library]:.0f} ms")
        for part, path, ours, name, library in IMPORTS
    ]


def parsing() -> tuple[str, ...]:
    """Microseconds of reading the body of a payment."""
    ours, library = in_turns(lambda: strict_json.loads(BODY), lambda: json.loads(BODY), 5_000)
    return ("strict JSON", str(lines(LAYER / "strict_json.py")), "a payment's body", f"{ours:.1f} µs", "json", f"{library:.1f} µs")


def storing() -> tuple[str, ...]:
    """Microseconds of a conditional put into the tests' DynamoDB and into moto."""
    memory = MemoryDynamo()
    memory.create_table_from_properties(TABLE, name="bench")
    with mock_aws():
        moto: Any = boto3.client("dynamodb", region_name="ap-south-1", aws_access_key_id="test", aws_secret_access_key="test")
        moto.create_table(TableName="bench", **TABLE)
        ours, library = in_turns(lambda: _put(memory), lambda: _put(moto), 200)
    size = str(lines(HOUSE / "tests" / "fakes" / "memory_dynamo"))
    return ("DynamoDB in memory (tests)", size, "a conditional put", f"{ours:.0f} µs", "moto", f"{library:.0f} µs")


def _put(client: Any) -> None:
    item = {"id": {"S": str(time.perf_counter_ns())}, "amount": {"N": "100000"}}
    client.put_item(TableName="bench", Item=item, ConditionExpression="attribute_not_exists(id)")


def in_turns(ours: Callable[[], object], library: Callable[[], object], count: int) -> tuple[float, float]:
    """Microseconds of one call of each: the median of the rounds."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, times in zip((ours, library), found, strict=True):
            started = time.process_time()
            for _ in range(count):
                call()
            times.append((time.process_time() - started) / count * 1_000_000)
    return statistics.median(found[0]), statistics.median(found[1])


def lines(path: Path) -> int:
    """Of a file, or of all files in a folder."""
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


if __name__ == "__main__":
    main()
