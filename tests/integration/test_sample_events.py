"""The sample events: one for every route and every other handler of the template, and each is handled as it is."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paycorex import aws
from paycorex.errors import STATUS_BY_CODE
from tests.support import gateway, template
from tests.support.operators import Watch
from tests.support.sample_events import EVENTS, LOCAL_PREFIX
from tests.support.world import PREFIX, World

FILES = sorted(EVENTS.rglob("*.json"))
# Which file is for which handler that is no HTTP door.
WORKERS = {
    "authorizer/request": "authorizer.door",
    "webhooks/dispatcher": "webhooks.dispatcher_door",
    "webhooks/sender": "webhooks.sender_door",
    "webhooks/dead_letters": "webhooks.dead_letters_door",
    "webhooks/sweeper": "webhooks.sweeper_door",
    "payments/janitor": "payments.janitor_door",
    "payments/crypto_settlement": "payments.crypto_settlement_door",
    "payments/fees": "payments.fees_door",
    "crypto_monitor/scanner": "crypto_monitor.scanner_door",
    "settlements/importer": "settlements.importer_door",
    "operations/ledger_watch": "operations.ledger_tamper_door",
    "dashboard/rollup": "dashboard.rollup_door",
    "dashboard/request_log": "dashboard.request_log_door",
    "operations/checkpoint": "operations.checkpoint_door",
    "settlements/reconciliation": "settlements.reconciliation_door",
    "operations/verification": "operations.verification_door",
    "operations/lost_records": "operations.lost_records_door",
    "operations/export": "operations.export_door",
    "operations/release_check": "operations.release_check_door",
}

UNSIGNED = {"payments/receive_callback", "people/sign_in", "people/operator_sign_in", "people/operator_step_up"}


class Context:
    """What handlers use of Lambda's context."""

    aws_request_id = "sample"

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


class CodeDeploy:
    """Takes what the check of a release says."""

    def put_lifecycle_event_hook_execution_status(self, **said: str) -> None:
        # Nothing is published here that could be tried.
        assert said["status"] == "Failed"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        aws.use("codedeploy", CodeDeploy())
        aws.use("cloudwatch", Watch())
        yield running
        aws.use("codedeploy", None)
        aws.use("cloudwatch", None)


def load(path: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8").replace(f"table/{LOCAL_PREFIX}", f"table/{PREFIX}"))
    return event


def name_of(path: Path) -> str:
    return str(path.relative_to(EVENTS).with_suffix(""))


def test_every_route_and_every_handler_of_the_template_has_a_sample(world: World) -> None:
    have = {name_of(path) for path in FILES}
    routes = {f"{route.function.__module__.partition('.')[0]}/{route.operation_id}" for app in gateway.apps() for route in app.routes}
    assert routes <= have
    doors = {f"{app_module}.door.handler" for app_module in gateway.ROOMS} | {f"{gateway.ADMIN_DOOR}.handler"}
    workers = {f"{WORKERS[name]}.handler" for name in have if name in WORKERS}
    handlers = {str(function["Handler"]) for function in template.properties("AWS::Serverless::Function").values()}
    assert handlers <= doors | workers


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path) not in WORKERS], ids=name_of)
def test_a_sample_request_is_answered_with_a_documented_status(path: Path, world: World) -> None:
    event = load(path)
    found = gateway.match(event["httpMethod"], event["path"])
    assert found is not None
    answer = found[0].handler(event, Context())
    status = answer["statusCode"]
    # A sample holds no provider's secret and no passkey, so what needs one is refused as unsigned.
    allowed = (
        {401}
        if name_of(path) in {"payments/receive_callback", "people/sign_in", "people/operator_sign_in", "people/operator_step_up"}
        else set()
    )
    assert status not in {400, 401, 500} - allowed, answer["body"]
    if status >= 300 and found[1].refused is None:
        assert STATUS_BY_CODE[json.loads(answer["body"])["error"]["code"]] == status


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path) in WORKERS], ids=name_of)
def test_a_sample_of_a_worker_is_worked_on(path: Path, world: World) -> None:
    handler = importlib.import_module(WORKERS[name_of(path)]).handler
    answer = handler(load(path), Context())
    if "Records" in load(path):
        assert answer["batchItemFailures"] == []
