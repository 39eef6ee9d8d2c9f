"""`paycorex doctor` on the deployed template: nothing wrong with a healthy stack, and what is broken in AWS is found."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from local.emulator import CREDENTIALS, REGION
from local.paths import tool
from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer

# Schedules come every minute and the streams at once.
PROOF_SECONDS = "240"


def paycorex(deployed: Deployed, *words: str) -> subprocess.CompletedProcess[str]:
    """The operator's command, as from a shell."""
    environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": deployed.emulator.url, "AWS_DEFAULT_REGION": REGION, **CREDENTIALS}
    return subprocess.run([tool("paycorex"), *words], env=environment, capture_output=True, text=True, check=False, timeout=400)


def findings(deployed: Deployed, *words: str) -> list[dict[str, str]]:
    """What the doctor says."""
    done = paycorex(deployed, "doctor", deployed.stack.name, "--url", deployed.stack.url, "--json", *words)
    assert done.returncode in {0, 1}, done.stderr
    said = json.loads(done.stdout)
    found: list[dict[str, str]] = said["findings"]
    assert (done.returncode == 1) is any(one["status"] == "wrong" for one in found)
    return found


def wrong(found: list[dict[str, str]]) -> dict[str, str]:
    """What is wrong, by its check."""
    return {one["check"]: one["what"] for one in found if one["status"] == "wrong"}


# The deployment is made for the first test, and a checkpoint comes with a minute's tick.
@pytest.mark.timeout(600)
def test_a_healthy_stack_pays_and_proves_and_has_nothing_wrong_with_it(deployed: Deployed) -> None:
    made = paycorex(deployed, "--stack", deployed.stack.name, "admin", "check-merchant")
    assert made.returncode == 0, made.stderr
    with closing(RecordingServer()) as receiver:
        target = f"http://127.0.0.1:{receiver.port}/hook"
        found = findings(deployed, "--wait-for-proof", PROOF_SECONDS, "--webhook-url", target)
    # Other tests of this worker may have left dead letters or items set aside; a provider of theirs may be cut off.
    mine = {check: what for check, what in wrong(found).items() if not check.startswith(("queue ", "set aside", "connector "))}
    assert mine == {}
    assert {"payment", "proof", "webhook"} <= {one["check"] for one in found if one["status"] == "ok"}


@contextmanager
def key_disabled(deployed: Deployed) -> Iterator[str]:
    client, key = deployed.emulator.client("kms"), deployed.stack.outputs["VaultKeyArn"]
    client.disable_key(KeyId=key)
    yield "key VaultKey"
    client.enable_key(KeyId=key)


@contextmanager
def stream_off(deployed: Deployed) -> Iterator[str]:
    client = deployed.emulator.client("lambda")
    arn = deployed.arn_of("LedgerWatchFunction")
    (mapping,) = client.list_event_source_mappings(FunctionName=arn)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    yield "source LedgerWatchFunctionLedgers"
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@contextmanager
def schedule_off(deployed: Deployed) -> Iterator[str]:
    client: Any = deployed.emulator.client("scheduler")
    listed = [one for one in client.list_schedules(MaxResults=100)["Schedules"] if "Verification" in one["Target"]["Arn"]]
    known = client.get_schedule(Name=listed[0]["Name"], GroupName=listed[0]["GroupName"])
    names = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    kept = {name: known[name] for name in names}
    client.update_schedule(**kept, State="DISABLED")
    yield "schedule VerificationFunctionTick"
    client.update_schedule(**kept, State="ENABLED")


@contextmanager
def record_lost(deployed: Deployed) -> Iterator[str]:
    client, url = deployed.emulator.client("sqs"), deployed.stack.outputs["LostRecordsQueueUrl"]
    client.send_message(QueueUrl=url, MessageBody="{}")
    yield "queue LostRecordsQueue"
    client.purge_queue(QueueUrl=url)


@pytest.mark.parametrize("plant", [key_disabled, stream_off, schedule_off, record_lost])
def test_what_was_broken_in_aws_is_found_and_gone_when_it_is_mended(deployed: Deployed, plant: Callable[[Deployed], Any]) -> None:
    with plant(deployed) as check:
        assert check in wrong(findings(deployed, "--no-payment"))
    assert check not in wrong(findings(deployed, "--no-payment"))
