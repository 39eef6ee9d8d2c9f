"""`paycorex ledger verify` on a deployed stack's tables: sound books pass, and each way of tampering is named."""

import os
import subprocess
import sys
from typing import Any

from tests.e2e.deployed import Deployed


def verify(deployed: Deployed) -> subprocess.CompletedProcess[str]:
    """The command, as an operator runs it."""
    environment = {
        **os.environ,
        "TABLE_PREFIX": f"{deployed.stack.name}-",
        "AWS_ENDPOINT_URL": deployed.emulator.url,
        "AWS_DEFAULT_REGION": "ap-south-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    command = [sys.executable, "-m", "paycorex.cli", "ledger", "verify"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_sound_books_pass_and_a_changed_entry_is_named(deployed: Deployed) -> None:
    """Acceptance 53, over the operator's command: exit status 1 and the account and place of what was changed."""
    merchant = deployed.register()
    wallet = deployed.wallet(merchant, "user-1", "500")
    for amount in ("10", "20", "30"):
        assert deployed.call(merchant, "POST", "/v1/wallet/pay", {"wallet_id": wallet, "amount": amount}).status == 201
    sound = verify(deployed)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "the money adds up" in sound.stdout

    dynamo = deployed.emulator.client("dynamodb")
    table = f"{deployed.stack.name}-ledgers"
    key = {"account": {"S": f"{merchant.merchant_id}#wallet#{wallet}#INR#0"}, "seq": {"N": "2"}}
    entry: dict[str, Any] = dynamo.get_item(TableName=table, Key=key)["Item"]
    try:
        dynamo.put_item(TableName=table, Item={**entry, "debit": {"N": "1"}})
        changed = verify(deployed)
        assert changed.returncode == 1
        assert f"{key['account']['S']} seq 2" in changed.stdout
    finally:
        dynamo.put_item(TableName=table, Item=entry)
    assert verify(deployed).returncode == 0
