"""What a cold start loads, seen from a process of its own."""

import json
import subprocess
import sys

import pytest

from local.paths import ROOT

# Powertools loads its tracing module with whatever part of it one asks for; what costs half a second is the X-Ray library behind Tracer.
FORBIDDEN = ("requests", "boto3", "web3", "aws_xray_sdk")
SCRIPT = """
import json, sys
sys.path[:0] = ["functions", "layers/common"]
from paycorex import aws
for service in ("dynamodb", "kms", "sqs", "ssm"):
    aws.use(service, object())
import {door}
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(door: str) -> set[str]:
    command = [sys.executable, "-c", SCRIPT.format(door=door)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("door", ["payments.door", "wallet.door", "merchants.door", "authorizer.door", "dashboard.door", "tokens.door"])
def test_a_door_on_the_request_path_loads_no_heavy_library(door: str) -> None:
    loaded = loaded_by(door)
    assert "paycorex.aws" in loaded
    assert [name for name in FORBIDDEN if name in loaded] == []


def test_the_wallets_door_loads_no_other_room() -> None:
    roots = {name.partition(".")[0] for name in loaded_by("wallet.door")}
    rooms = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
    assert "payments" in rooms
    assert roots & rooms == {"wallet"}


def test_the_authorizer_loads_no_routes_and_no_ledger() -> None:
    """It runs before every request: routing, idempotency and journals are for the doors behind it."""
    unneeded = ("aws_lambda_powertools.event_handler", "paycorex.http", "paycorex.idempotency", "paycorex.ledger")
    assert [name for name in loaded_by("authorizer.door") if name.startswith(unneeded)] == []


def test_no_function_makes_a_tracer() -> None:
    sources = [path for root in ("functions", "layers") for path in (ROOT / root).rglob("*.py")]
    assert [path.name for path in sources if "Tracer" in path.read_text(encoding="utf-8")] == []
