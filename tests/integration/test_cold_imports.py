"""What a cold start loads, seen from a process of its own, with the client that functions use by default."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pydantic
import pytest

from local.paths import ROOT
from tests.support import gateway
from tests.support.world import World

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "PYDANTIC_DISABLE_PLUGINS": "true",
}
# A module that waits for its first use is known to Python already, but nothing of it was run.
SCRIPT = """
import json, sys
before = set(sys.modules)
sys.path[:0] = ["functions", "layers/common"]
import {door}
if {rest}:
    from paycorex import loading
    loading.rest()
print(json.dumps(sorted(name for name, module in sys.modules.items() if name not in before and type(module).__name__ != "_LazyModule")))
"""
DOORS = ("authorizer.door", "payments.door", "wallet.door", "merchants.door", "dashboard.door", "tokens.door")

BOTH = {"botocore", "pynamodb", "cryptography", "paycorex"}
PYDANTIC = {"typing_extensions", "pydantic", "pydantic_core", "annotated_types", "typing_inspection"}
# Whatever is not Python's own, by the first part of its name. One more is a decision: docs/decisions/ says what each costs.
PACKAGES = {
    "authorizer.door": {*BOTH, "authorizer"},
    "payments.door": {*BOTH, *PYDANTIC, "payments", "wallet"},
}
# Parts of cryptography that have a name of their own.
COMPILED = {"_openssl", "_cffi_backend"}
# All of botocore and PynamoDB beside their exceptions, attributes and expressions; what takes long of Python's own.
NEVER = (
    *("requests", "boto3", "web3", "aws_lambda_powertools", "aws_xray_sdk", "awscrt", "OpenSSL"),
    *("botocore.session", "botocore.client", "pynamodb.models", "asyncio"),
    *("processors_library", "google"),
)
# Of the payments, what a payment from a wallet does not need.
LATER = (
    *("payments.callbacks", "payments.connectors.registry", "payments.connectors.capabilities", "payments.connectors.model"),
    "payments.payment.settlement",
    *("payments.refunds.refund", "payments.methods.tokenized", "payments.methods.crypto", "payments.methods.upi_intent"),
    *(
        "payments.connectors.prism.library",
        "paycorex.processors",
        "payments.crypto",
        "crypto_monitor",
        "tokens",
        "paycorex.evm.networks",
        "paycorex.safe_http",
    ),
    *("urllib3", "stdnum", "segno", "coincurve", "Crypto"),
)


@cache
def loaded_by(door: str, *, rest: bool = False) -> frozenset[str]:
    """The modules that importing a door runs; rest: with those that its first answer leaves to be run."""
    command = [sys.executable, "-c", SCRIPT.format(door=door, rest=rest)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


def packages_of(modules: frozenset[str]) -> set[str]:
    """Their packages, without Python's own."""
    return {name.partition(".")[0] for name in modules if not name.startswith("_sysconfigdata_")} - sys.stdlib_module_names - COMPILED


def among(modules: frozenset[str], names: tuple[str, ...]) -> list[str]:
    """Those modules that are one of these, or inside one."""
    return sorted(module for module in modules if any(module == name or module.startswith(f"{name}.") for name in names))


@pytest.mark.parametrize("door", DOORS)
def test_a_door_on_the_request_path_loads_no_heavy_library(door: str) -> None:
    loaded = loaded_by(door)
    assert "paycorex.aws" in loaded
    assert among(loaded, NEVER) == []


@pytest.mark.parametrize("door", sorted(PACKAGES))
def test_what_every_payment_waits_for_is_this_list_of_packages(door: str) -> None:
    assert packages_of(loaded_by(door)) == PACKAGES[door]


def test_the_payments_door_leaves_for_later_what_a_wallet_payment_does_not_need() -> None:
    assert among(loaded_by("payments.door"), LATER) == []
    rest = loaded_by("payments.door", rest=True)
    assert [name for name in LATER[:8] if name not in rest] == []


def test_the_wallets_door_loads_no_other_room() -> None:
    roots = {name.partition(".")[0] for name in loaded_by("wallet.door")}
    rooms = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
    assert "payments" in rooms
    assert roots & rooms == {"wallet"}


def test_the_authorizer_loads_no_routes_and_no_ledger() -> None:
    """It runs before every request: routing, idempotency and journals are for the doors behind it."""
    unneeded = ("paycorex.http", "paycorex.idempotency", "paycorex.ledger", "paycorex.contract")
    assert among(loaded_by("authorizer.door"), unneeded) == []


def test_no_function_makes_a_tracer() -> None:
    sources = [path for root in ("functions", "layers") for path in (ROOT / root).rglob("*.py")]
    assert [path.name for path in sources if "Tracer" in path.read_text(encoding="utf-8")] == []


# Every route of a door, asked for as the first request of a process: a child for each, so that none finds what another has loaded.
FIRST_REQUESTS = """
import json, os, sys
sys.path[:0] = ["functions", "layers/common"]
from payments.door import app
missed = []
for method, path, function in json.loads(sys.argv[1]):
    child = os.fork()
    if child == 0:
        found = app._find(method, path)
        os._exit(0 if found is not None and found[0].function.__qualname__ == function else 1)
    if os.waitpid(child, 0)[1] != 0:
        missed.append([method, path])
print(json.dumps(missed))
"""


def test_the_first_request_of_an_environment_finds_its_route_whichever_it_is() -> None:
    with World().running():
        app = next(app for app in gateway.apps() if app.service == "payments")
    routes = [(route.method, route.path.replace("{", "").replace("}", ""), route.function.__qualname__) for route in app.routes]
    assert len(routes) > 60
    command = [sys.executable, "-c", FIRST_REQUESTS, json.dumps(routes)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_a_payment_waits_for_no_routes_but_its_own() -> None:
    loaded = {name for name in loaded_by("payments.door") if name.startswith("payments.routes.")}
    assert not loaded & {f"payments.routes.{name}" for name in ("checkout", "links", "payers", "disputes", "customers", "risk", "routing")}
    assert "payments.routes.links" in loaded_by("payments.door", rest=True)


VALIDATES = """
import sys
sys.path[:0] = ["functions", "layers/common"]
before = set(sys.modules)
import payments.door
from payments.routes.requests import CreatePayment
body = CreatePayment.model_validate({"amount": "1.00", "method": "wallet", "user_id": "asha"})
assert body.amount == "1.00", body
print(sorted({"importlib.metadata", "zipfile", "shutil"} & (set(sys.modules) - before)))
"""


def test_a_first_body_is_validated_without_what_looks_for_plugins() -> None:
    done = subprocess.run([sys.executable, "-c", VALIDATES], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_pydantic_asks_its_loader_of_plugins_for_nothing_else() -> None:
    asked = {
        name.name
        for path in Path(pydantic.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "_loader"
        for name in node.names
    }
    assert asked == {"get_plugins"}
