"""Acceptance 67: Schemathesis drives every operation of the OpenAPI document, with signed requests, over HTTP.

A short run here; `CONTRACT_SECONDS=1800` makes it the long one. What a schema cannot say (that a wallet is empty, that a currency does not
exist) is no failure of the contract, so `positive_data_acceptance` is not among the checks.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crypto_monitor.chain import transaction_lookup
from paycorex import clock
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.template import ROOT
from tests.support.world import World

SECONDS = os.environ.get("CONTRACT_SECONDS")
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("response_headers_conformance", "negative_data_rejection", "ignored_auth", "use_after_free"),
)
# These would take the very key away that the run signs with.
LEFT_OUT = ("rotate_key", "revoke_key", "admin_suspend")
# A person who was erased is gone, and the customer stays, empty, with the time of it: payments name it.
STAYS_WHEN_DELETED = """[[operations]]
include-operation-id = ["show_customer", "change_customer", "list_customers"]
checks.use_after_free.enabled = false
"""


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that knows no transaction, and where links to buckets are signed."""
    monkeypatch.setattr(transaction_lookup, "transaction", lambda _network, _tx_hash: (None, None, 100))
    for name, value in (("AWS_REGION", "ap-south-1"), ("AWS_ACCESS_KEY_ID", "contract"), ("AWS_SECRET_ACCESS_KEY", "contract")):
        monkeypatch.setenv(name, value)


@pytest.mark.timeout(300 + int(SECONDS or 0))
@pytest.mark.usefixtures("outside")
def test_67_every_operation_keeps_its_contract(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(STAYS_WHEN_DELETED, encoding="utf-8")
    world = World()
    world.settings = world.settings.model_copy(update={"reports_bucket": "reports", "evidence_bucket": "evidence"})
    with world.running():
        clock.use(time.time)
        world.clock.now = time.time()
        engine = Engine(world)
        with engine.online():
            shop = world.register("Chai Point", webhook_url="https://hooks.example.com/paycorex")
            world.wallet(shop, "asha", "5000.00")
            with HttpWorld(world, engine).serving() as served:
                arguments = [
                    "--phases",
                    "coverage,fuzzing,stateful",
                    "--checks",
                    ",".join(CHECKS),
                    "--continue-on-failure",
                    "--warnings",
                    "off",
                ]
                arguments += ["--max-time", SECONDS] if SECONDS else ["--max-examples", "2"]
                for operation in LEFT_OUT:
                    arguments += ["--exclude-operation-id", operation]
                done = subprocess.run(
                    [Path(sys.executable).parent / "schemathesis", "run", f"{served.url}/openapi.json", *arguments],
                    cwd=tmp_path,
                    env=os.environ
                    | {
                        "SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks",
                        "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in (".", "functions", "layers/common")),
                        "CONTRACT_API_KEY": shop.api_key,
                        "CONTRACT_SECRET": shop.secret,
                    },
                    capture_output=True,
                    text=True,
                    check=False,
                )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "Seed:" in done.stdout
