"""The restore drill, by the operator's commands: all tables to one second under another prefix, and the copies' books add up."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
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


def entries(dynamo: Any, table: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every entry of every account, by its key."""
    pages = dynamo.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return {(entry["account"]["S"], entry["seq"]["N"]): entry for page in pages for entry in page["Items"]}


@pytest.fixture
def recoverable(deployed: Deployed) -> Deployed:
    """With point-in-time recovery as the template has it (a test of the template says so): the emulator's CloudFormation leaves it out."""
    dynamo = deployed.emulator.client("dynamodb")
    for table in own_tables(deployed):
        dynamo.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    return deployed


@contextlib.contextmanager
def no_schedules(deployed: Deployed) -> Iterator[None]:
    """
    Nothing of this stack is invoked by the clock, and what was has ended: the emulator copies tables one after another, not to one second.

    Payments that other tests left open would settle between two copies.
    """
    scheduler = deployed.emulator.client("scheduler")
    found = scheduler.get_paginator("list_schedules").paginate().build_full_result()["Schedules"]
    schedules = [scheduler.get_schedule(Name=one["Name"], GroupName=one["GroupName"]) for one in found]
    kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")

    def all_are(state: str) -> None:
        for schedule in schedules:
            scheduler.update_schedule(**{name: schedule[name] for name in kept}, State=state)

    assert schedules
    all_are("DISABLED")
    try:
        wait_for_quiet(deployed)
        yield
    finally:
        all_are("ENABLED")


def wait_for_quiet(deployed: Deployed) -> None:
    """Until the ledger has been the same for five seconds."""
    dynamo = deployed.emulator.client("dynamodb")
    ledger = f"{deployed.stack.name}-ledgers"
    seen, since = entries(dynamo, ledger), time.monotonic()
    deadline = since + 60
    while time.monotonic() < since + 5:
        assert time.monotonic() < deadline, "the ledger did not come to rest"
        time.sleep(0.5)
        if (now := entries(dynamo, ledger)) != seen:
            seen, since = now, time.monotonic()


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

    with no_schedules(deployed):
        restored = paycorex(deployed, "restore", "--to-prefix", PREFIX)
        dynamo = deployed.emulator.client("dynamodb")
        live = entries(dynamo, f"{deployed.stack.name}-ledgers")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "recovery point" in restored.stdout
    print(restored.stdout)

    assert {account for account, _ in live if merchant.merchant_id in account}
    assert entries(dynamo, f"{PREFIX}ledgers") == live
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
