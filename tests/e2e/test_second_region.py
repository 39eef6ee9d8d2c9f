"""The loss of a region, drilled: export, replicas of the keys, import into a stack that stands by, the fence around the old one, and live.

One emulator has both regions, because a replica of a key has the key's material; IAM, which is one for all regions, is enforced.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import deploy
from local.emulator import Emulator, start_emulator
from paycorex.ledger.proof import proof_check
from tests.e2e.conftest import PARAMETERS
from tests.e2e.deployed import Deployed
from tests.e2e.enforcement import enforceable_template
from tests.e2e.test_proof import payment_of, sealed_proof
from tests.fakes.http_servers import RecordingServer
from tests.support import payments as support
from tests.support.world import Signer

FIRST, SECOND = "ap-south-1", "ap-southeast-1"
STACK = "shop"
PATIENCE_SECONDS = 180
# Time for what must not happen to happen.
QUIET_SECONDS = 5.0
KEYS = {"SEALING_KEY_ID": "SealingKeyArn", "VAULT_KEY_ID": "VaultKeyArn", "PROOF_KEY_ID": "ProofKeyArn"}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with start_emulator({"AUTH": "true"}) as emulator:
        yield emulator


def paycorex(deployed: Deployed, *arguments: str) -> str:
    """An operator's command with the stack's outputs in the environment; its output."""
    environment = os.environ | {
        "TABLE_PREFIX": f"{deployed.stack.name}-",
        "AWS_ENDPOINT_URL": deployed.emulator.url,
        "AWS_DEFAULT_REGION": deployed.emulator.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        **{variable: deployed.stack.outputs[output] for variable, output in KEYS.items()},
    }
    command = [sys.executable, "-m", "paycorex.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    print(f"$ paycorex {' '.join(arguments)}\n{done.stdout}")
    return done.stdout


def stored(deployed: Deployed) -> dict[str, int]:
    """How many items each table has."""
    dynamo = deployed.emulator.client("dynamodb")
    names = [name for name in deployed.tables() if name.startswith(f"{STACK}-")]
    return {name: dynamo.scan(TableName=name, Select="COUNT")["Count"] for name in names}


def until(met: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not met():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} seconds: {what}"
        time.sleep(0.5)


def events_at(server: RecordingServer) -> list[str]:
    """The ids of the events that a server got, one for each request."""
    return [json.loads(request.body)["id"] for request in server.requests]


@pytest.fixture
def shop(emulator: Emulator) -> Iterator[tuple[Deployed, Signer, RecordingServer, str]]:
    """A stack in the first region; a merchant with a wallet, a card and a webhook endpoint; and the card's token."""
    first = Deployed(emulator, deploy.deploy(emulator, STACK, PARAMETERS, template=enforceable_template()))
    merchant = first.register()
    with RecordingServer([200]) as server:
        body = {"url": server.url("/hook"), "events": ["payment.success"]}
        assert first.call(merchant, "POST", "/v1/webhooks/provider", body).status == 201
        card = {"user_id": "user-1", "type": "card", "number": support.APPROVE, "expiry_month": 12, "expiry_year": 2031}
        made = first.call(merchant, "POST", "/v1/tokens/create", card)
        assert made.status == 201, made.raw
        yield first, merchant, server, made.body["token_id"]


def test_a_lost_region_is_replaced_and_nothing_is_booked_or_sent_twice(
    emulator: Emulator, shop: tuple[Deployed, Signer, RecordingServer, str], tmp_path: Path
) -> None:
    first, merchant, server, token = shop
    elsewhere = emulator.in_region(SECOND)
    elsewhere.client("s3").create_bucket(Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": SECOND})
    payment_id = payment_of(first, merchant)
    sealed_proof(first, merchant, payment_id)
    until(lambda: len(events_at(server)) == 1, "the webhook of the first payment")

    # While all is well: replicas of the keys, an export, and a stack that stands by.
    parameters = dict(line.split("=", 1) for line in paycorex(first, "keys", "replicate", "--to-region", SECOND).split())
    template = enforceable_template()
    standby = Deployed(elsewhere, deploy.deploy(elsewhere, STACK, PARAMETERS | parameters | {"Mode": "standby"}, template=template))
    paycorex(first, "export", "--to", "s3://far-away/copies")
    written = stored(first)

    # The region is lost: whatever comes back of it must not work.
    paycorex(first, "fence", "--stack", STACK, "--region", FIRST)
    refused = first.call(merchant, "POST", "/v1/payments/create", {"amount": "1", "method": "wallet", "user_id": "user-1"})
    assert refused.status >= 500, refused.raw
    time.sleep(QUIET_SECONDS)
    assert stored(first) == written

    paycorex(standby, "import", "--from", "s3://far-away/copies", "--from-prefix", f"{STACK}-")
    assert "the money adds up" in paycorex(standby, "ledger", "verify")
    second = Deployed(elsewhere, deploy.deploy(elsewhere, STACK, PARAMETERS | parameters | {"Mode": "live"}, template=template))

    # The merchant's key, wallet, card, endpoint and proofs are the same.
    shown = second.call(merchant, "GET", f"/v1/payments/{payment_id}")
    assert (shown.status, shown.body.get("status")) == (200, "success"), shown.raw
    proof = sealed_proof(second, merchant, payment_id)
    files = {name: tmp_path / name for name in ("proof.json", "key.pem")}
    files["proof.json"].write_text(json.dumps(proof))
    files["key.pem"].write_text(paycorex(second, "ledger", "public-key"))
    command = [sys.executable, "-I", proof_check.__file__, str(files["proof.json"]), "--public-key", str(files["key.pem"])]
    assert subprocess.run(command, check=False).returncode == 0
    for body in ({"method": "wallet", "user_id": "user-1"}, {"method": "tokenized", "token_id": token}):
        paid = second.call(merchant, "POST", "/v1/payments/create", {"amount": "2.00", **body})
        assert (paid.status, paid.body["status"]) == (201, "success"), paid.raw
    until(lambda: len(set(events_at(server))) == 3, "the webhooks of the new payments")
    time.sleep(QUIET_SECONDS)
    assert len(events_at(server)) == 3
    until(lambda: second.call(merchant, "GET", "/v1/dashboard/stats").body["count"]["success"] == 3, "the statistics")
    assert "the money adds up" in paycorex(second, "ledger", "verify")
    assert "free again" in paycorex(second, "fence", "--stack", STACK, "--lift")
