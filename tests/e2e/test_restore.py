"""The restore drill, by the operator's commands: all tables to one second under another prefix, and the copies' books add up."""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.e2e.deployed import Deployed

PREFIX = "restored-"


def paycorex(deployed: Deployed, *arguments: str, prefix: str | None = None) -> subprocess.CompletedProcess[str]:
    """A command, as an operator runs it."""
    environment = os.environ | {
        "TABLE_PREFIX": prefix or f"{deployed.stack.name}-",
        "AWS_ENDPOINT_URL": deployed.emulator.url,
        "AWS_DEFAULT_REGION": "ap-south-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    command = [sys.executable, "-m", "paycorex.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)


def newest_entries(dynamo: Any, table: str) -> dict[str, dict[str, Any]]:
    """What every account is: its newest entry."""
    newest: dict[str, dict[str, Any]] = {}
    for page in dynamo.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for entry in page["Items"]:
            account = entry["account"]["S"]
            if account not in newest or int(newest[account]["seq"]["N"]) < int(entry["seq"]["N"]):
                newest[account] = entry
    return newest


@pytest.fixture
def recoverable(deployed: Deployed) -> Deployed:
    """With point-in-time recovery as the template has it (a test of the template says so): the emulator's CloudFormation leaves it out."""
    dynamo = deployed.emulator.client("dynamodb")
    for table in own_tables(deployed):
        dynamo.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    return deployed


def own_tables(deployed: Deployed) -> list[str]:
    return [name for name in deployed.tables() if name.startswith(f"{deployed.stack.name}-")]


def test_without_recovery_nothing_is_started(deployed: Deployed) -> None:
    refused = paycorex(deployed, "restore", "--to-prefix", "later-")
    assert (refused.returncode, "has no point-in-time recovery" in refused.stderr) == (1, True), refused.stderr
    assert not [name for name in deployed.tables() if name.startswith("later-")]


def test_74_restored_tables_hold_the_same_accounts_and_add_up(recoverable: Deployed) -> None:
    deployed = recoverable
    merchant = deployed.register()
    wallet = deployed.wallet(merchant, "user-1", "500")
    for amount in ("10", "20", "30"):
        assert deployed.call(merchant, "POST", "/v1/wallet/pay", {"wallet_id": wallet, "amount": amount}).status == 201

    restored = paycorex(deployed, "restore", "--to-prefix", PREFIX)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "recovery point" in restored.stdout
    print(restored.stdout)

    dynamo = deployed.emulator.client("dynamodb")
    live = newest_entries(dynamo, f"{deployed.stack.name}-ledgers")
    assert {account for account in live if merchant.merchant_id in account}
    assert newest_entries(dynamo, f"{PREFIX}ledgers") == live
    verified = paycorex(deployed, "ledger", "verify", prefix=PREFIX)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "the money adds up" in verified.stdout


def test_a_restore_that_cannot_be_is_refused_and_starts_nothing(recoverable: Deployed) -> None:
    deployed = recoverable
    tables = deployed.tables()
    own = f"{deployed.stack.name}-"
    for arguments, reason in (
        (["--to-prefix", own], "another one than the stack's"),
        (["--to-prefix", "a b"], "letters"),
        (["--to-prefix", "later-", "--at", "2199-01-01T00:00:00Z"], "the newest second"),
        (["--to-prefix", "later-", "--at", "yesterday"], "looks like"),
    ):
        refused = paycorex(deployed, "restore", *arguments)
        assert refused.returncode in {1, 2}
        assert reason in refused.stderr
    assert deployed.tables() == tables
