"""Proofs on the deployed template: the stream notes, the function seals, the API proves, and the script believes the KMS key only."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from paycorex.ledger.proof import proof_check, proof_key
from tests.e2e.deployed import Deployed
from tests.e2e.test_ledger_verify import verify
from tests.support.world import Signer

PATIENCE_SECONDS = 180


def payment_of(deployed: Deployed, who: Signer) -> str:
    """A wallet payment."""
    wallet = deployed.wallet(who, "user-1", "500")
    body = {"amount": "10", "method": "wallet", "wallet_id": wallet}
    paid = deployed.call(who, "POST", "/v1/payments/create", body)
    assert paid.status == 201, paid.raw
    payment_id: str = paid.body["payment_id"]
    return payment_id


def sealed_proof(deployed: Deployed, who: Signer, payment_id: str) -> dict[str, Any]:
    """The payment's proof once it is sealed. The stream takes as long as it takes; the schedule's minute is not waited for."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        deployed.invoke("CheckpointFunction")
        reply = deployed.call(who, "GET", f"/v1/payments/{payment_id}/proof")
        assert reply.status == 200, reply.raw
        found: dict[str, Any] = reply.body
        if found["sealed"]:
            return found
        time.sleep(0.5)
    raise AssertionError("not sealed")


def test_a_payments_proof_is_checked_by_the_script_and_the_stacks_key(deployed: Deployed, tmp_path: Path) -> None:
    merchant = deployed.register()
    proof = sealed_proof(deployed, merchant, payment_of(deployed, merchant))
    key = deployed.emulator.client("kms").get_public_key(KeyId=proof["entries"][0]["checkpoint"]["key_id"])["PublicKey"]
    files = {name: tmp_path / name for name in ("proof.json", "key.pem")}
    files["key.pem"].write_text(proof_key.pem(key))
    for altered, status in ((0, 0), (1, 1)):
        proof["entries"][0]["entry"]["debit_minor"] += altered
        files["proof.json"].write_text(json.dumps(proof))
        command = [sys.executable, "-I", proof_check.__file__, str(files["proof.json"]), "--public-key", str(files["key.pem"])]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == status, ran.stdout + ran.stderr


def test_the_last_payment_deleted_with_its_record_is_found_by_the_checkpoint(deployed: Deployed) -> None:
    """Acceptance 53's hardest: nothing that is left refers to it."""
    merchant = deployed.register()
    paid = payment_of(deployed, merchant)
    proof = sealed_proof(deployed, merchant, paid)
    dynamo = deployed.emulator.client("dynamodb")
    ledgers, payments = (f"{deployed.stack.name}-{noun}" for noun in ("ledgers", "payments"))
    keys = [{"account": {"S": one["entry"]["account"]}, "seq": {"N": str(one["entry"]["seq"])}} for one in proof["entries"]]
    kept = [dynamo.get_item(TableName=ledgers, Key=key)["Item"] for key in keys]
    payment = dynamo.get_item(TableName=payments, Key={"payment_id": {"S": paid}})["Item"]
    try:
        for key in keys:
            dynamo.delete_item(TableName=ledgers, Key=key)
        dynamo.delete_item(TableName=payments, Key={"payment_id": {"S": paid}})
        found = verify(deployed)
        assert found.returncode == 1, found.stdout + found.stderr
        for key in keys:
            assert f"{key['account']['S']} seq {key['seq']['N']}: missing, though checkpoint" in found.stdout
    finally:
        for item in kept:
            dynamo.put_item(TableName=ledgers, Item=item)
        dynamo.put_item(TableName=payments, Item=payment)
    assert verify(deployed).returncode == 0
