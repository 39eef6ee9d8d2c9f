"""The doctor: silent about a healthy stack, and for every planted fault a finding that names it and says what to do."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest

from operations.doctor import examination, outside, stack
from operations.doctor.findings import Finding
from paycorex import aws, cli, clock, processors, safe_http, stack_settings
from paycorex.safe_http import Answer, ConnectFailed
from payments.connectors.prism import library
from tests.fakes.aws_errors import client_error, client_exceptions
from tests.support import template
from tests.support.rollups import stream
from tests.support.world import World

API = "https://api.example"
NODES = ("https://one.example/v2/verysecret", "https://two.example/")
# Their checks call the world's doors, which need the world's tables.
OVER_HTTP = {"api", "payment", "processors", "providers", "webhook"}
KINDS = {"AWS::Serverless::Function": "AWS::Lambda::Function"}
SERVICES = ("cloudformation", "lambda", "iam", "scheduler", "cloudwatch", "wafv2", "sqs", "dynamodb")


class Client:
    """A client of AWS that answers each operation with what was set for it: an answer, an exception, or a function of the request."""

    def __init__(self, service: str, answers: Mapping[str, Any]) -> None:
        self.meta = SimpleNamespace(region_name="ap-south-1", partition="aws")
        self.exceptions = client_exceptions(service)
        self.answers = dict(answers)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        answer = self.answers[operation]

        def call(**request: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer(request) if callable(answer) else answer

        return call

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda **request: [getattr(self, operation)(**request)])


@dataclass
class Patient:
    """A healthy stack with every resource of the template, in a world whose doors answer at API. Tests make it ill."""

    world: World
    patch: pytest.MonkeyPatch
    parameters: dict[str, str] = field(default_factory=lambda: {"Stage": "staging", "WatchEthereum": "true"})
    chain_id: int = 1
    block_age: float = 12.0
    clients: dict[str, Client] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    processors_missing: str | None = None

    def __post_init__(self) -> None:
        for service, answers in self._healthy().items():
            self.clients[service] = Client(service, answers)
            if service not in {"dynamodb", "sqs"}:
                aws.use(service, self.clients[service])
        self.patch.setattr(safe_http, "send", self._send)
        self.patch.setattr(library, "absence", lambda: self.processors_missing)
        self.world.ssm.put_parameter(Name="/paycorex/test/rpc-urls/ethereum", Value=" ".join(NODES), Type="SecureString", Overwrite=True)
        assert cli.main(["admin", "check-merchant"]) == 0
        clock.use_sleeper(self._sleep)

    def examine(self, *names: str) -> list[Finding]:
        """The findings of these checks, or of all."""
        seen = stack.read("test")
        doors = {service: self.clients[service] for service in ("dynamodb", "sqs")}
        if not OVER_HTTP & set(names):
            for service, client in doors.items():
                aws.use(service, client)
        try:
            return list(examination.examine(seen, examination.Wanted(API, 60), only=frozenset(names)))
        finally:
            self.world.install(self.world.dynamo, self.world.kms, self.world.sqs)

    def says(self, service: str, operation: str, answer: Any) -> None:
        """AWS answers so from now on."""
        self.clients[service].answers[operation] = answer

    def _sleep(self, seconds: float) -> None:
        from dashboard import rollup_door
        from operations import checkpoint_door

        self.world.clock.sleep(seconds)
        rollup_door.handler({"Records": stream(self.world)}, None)
        checkpoint_door.handler({}, None)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes, **_limits: Any) -> Answer:
        if any(url.startswith(name) for name in self.down):
            raise ConnectFailed("refused")
        if url.startswith(API):
            reply = self.world.send(method, url.removeprefix(API), list(headers.items()), body)
            return Answer(reply.status, reply.headers, reply.raw, truncated=False, duration_ms=5, address="192.0.2.7")
        moment = hex(int(clock.now_seconds() - self.block_age))
        results = {"eth_chainId": hex(self.chain_id), "eth_getBlockByNumber": {"timestamp": moment}}
        said = {"jsonrpc": "2.0", "id": 1, "result": results[json.loads(body)["method"]]}
        return Answer(200, {}, json.dumps(said).encode(), truncated=False, duration_ms=5, address="192.0.2.8")

    def _resources(self) -> list[dict[str, str]]:
        keys = {"SealingKey": self.world.settings.sealing_key_id, "ProofKey": self.world.settings.proof_key_id}
        listed = [
            (name, KINDS.get(one["Type"], one["Type"])) for name, one in template.template()["Resources"].items() if "Condition" not in one
        ]
        listed += [("Mapping", "AWS::Lambda::EventSourceMapping"), ("JanitorTick", "AWS::Scheduler::Schedule")]
        known = {name for name, kind in listed if kind == "AWS::KMS::Key"} - set(keys)
        return [
            {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": keys.get(name, name)}
            for name, kind in listed
            if name not in known
        ]

    def _healthy(self) -> dict[str, dict[str, Any]]:
        role = "arn:aws:iam::111122223333:role/test/x"
        outputs = dict.fromkeys(stack_settings.OUTPUTS, "x") | {
            "Stage": "staging",
            "ParameterPrefix": "/paycorex/test/",
            "SealingKeyArn": self.world.settings.sealing_key_id,
            "VaultKeyArn": self.world.settings.vault_key_id,
            "ProofKeyArn": self.world.settings.proof_key_id,
            "ApiId": "api1",
            "ApiUrl": API,
        }

        def described(_request: object) -> dict[str, Any]:
            found = {
                "StackStatus": "UPDATE_COMPLETE",
                "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()],
                "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()],
            }
            return {"Stacks": [found], "ResponseMetadata": {"HTTPHeaders": {"date": formatdate(clock.now_seconds(), usegmt=True)}}}

        return {
            "cloudformation": {"describe_stacks": described, "list_stack_resources": {"StackResourceSummaries": self._resources()}},
            "lambda": {
                "get_function_configuration": {"State": "Active", "LastUpdateStatus": "Successful", "Role": role},
                "invoke": {"StatusCode": 204},
                "get_event_source_mapping": {"State": "Enabled", "LastProcessingResult": "OK"},
            },
            "iam": {"simulate_principal_policy": {"EvaluationResults": [{"EvalDecision": "allowed"}]}},
            "scheduler": {"get_schedule": {"State": "ENABLED", "Target": {"Arn": "arn:aws:lambda:r:1:function:janitor"}}},
            "cloudwatch": {"get_metric_statistics": {"Datapoints": [{"Sum": 1.0}]}, "describe_alarms": {"MetricAlarms": []}},
            "wafv2": {"get_web_acl_for_resource": {"WebACL": {"ARN": "arn:acl", "Name": "acl"}}},
            "sqs": {"get_queue_attributes": {"Attributes": {"ApproximateNumberOfMessages": "0"}}},
            "dynamodb": {
                "describe_table": {"Table": {"TableStatus": "ACTIVE", "TableArn": "arn:x", "DeletionProtectionEnabled": True}},
                "describe_continuous_backups": {
                    "ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
                },
                "scan": {"Items": []},
            },
        }


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    with World().running() as world:
        monkeypatch.setattr(world.kms, "get_key_rotation_status", lambda **_request: {"KeyRotationEnabled": True}, raising=False)
        try:
            yield Patient(world, monkeypatch)
        finally:
            for service in SERVICES:
                aws.use(service, None)


SKIPPED = {"domain", "firewall", "webhook"}


def test_a_healthy_stack_has_nothing_wrong_with_it_and_pays_with_a_proof(patient: Patient) -> None:
    names = examination.checks(stack.read("test"), examination.Wanted(API))
    found = [one for name in names if name != "payment" for one in patient.examine(name)] + patient.examine("payment")
    assert [one for one in found if one.status == "wrong"] == []
    assert {one.check for one in found if one.status == "skipped"} == SKIPPED
    assert {"payment", "proof"} <= {one.check for one in found if one.status == "ok"}


def _old_certificate(patient: Patient) -> None:
    patient.patch.setattr(ssl, "cert_time_to_seconds", lambda _text: clock.now_seconds() + 3 * 86_400)
    _domain(patient)


def _domain(patient: Patient) -> None:
    patient.parameters["DomainName"] = "pay.example"
    patient.patch.setattr(outside, "_certificate", lambda _name: {"notAfter": "x"})


def _no_address(patient: Patient) -> None:
    patient.parameters["DomainName"] = "pay.example"

    def refuse(_where: Any, _seconds: float) -> None:
        raise socket.gaierror

    patient.patch.setattr(socket, "create_connection", refuse)


def _clock_drifts(patient: Patient) -> None:
    before = patient.clients["cloudformation"].answers["describe_stacks"]
    answer = before({})
    patient.says("cloudformation", "describe_stacks", answer)
    patient.world.clock.now += 120


def _queue(name: str, count: int) -> Callable[[Patient], None]:
    def fault(patient: Patient) -> None:
        def depth(request: dict[str, Any]) -> dict[str, Any]:
            return {"Attributes": {"ApproximateNumberOfMessages": str(count if request["QueueUrl"] == name else 0)}}

        patient.says("sqs", "get_queue_attributes", depth)

    return fault


def _delete_parameter(name: str) -> Callable[[Patient], None]:
    return lambda patient: patient.world.ssm.delete_parameter(Name=f"/paycorex/test/{name}") and None


def _open_breaker(patient: Patient) -> None:
    row = {"breaker_id": {"S": "mer_x#stripe"}, "open_until": {"N": str(clock.now_ms() + 60_000)}}
    patient.says("dynamodb", "scan", lambda request: {"Items": [row] if request["TableName"] == "CircuitBreakersTable" else []})


def _aside(patient: Patient) -> None:
    row = {"loop": {"S": "payments.janitor"}}
    patient.says("dynamodb", "scan", lambda request: {"Items": [row] if request["TableName"] == "SetAsideTable" else []})


def _says(service: str, operation: str, answer: Any) -> Callable[[Patient], None]:
    return lambda patient: patient.says(service, operation, answer)


def _set(**fields: Any) -> Callable[[Patient], None]:
    def fault(patient: Patient) -> None:
        for name, value in fields.items():
            setattr(patient, name, value)

    return fault


def _prod_without_topic(patient: Patient) -> None:
    patient.parameters["Stage"] = "prod"


def _disable_key(patient: Patient) -> None:
    patient.world.kms.disable_key(KeyId=patient.world.settings.sealing_key_id)


def _acl_is_gone(patient: Patient) -> None:
    patient.parameters["WebAclArn"] = "arn:acl"
    patient.says("wafv2", "get_web_acl_for_resource", {})


def _one_node(patient: Patient) -> None:
    patient.world.ssm.put_parameter(Name="/paycorex/test/rpc-urls/ethereum", Value=NODES[0], Type="SecureString", Overwrite=True)


STOPPED = {"State": "DISABLED", "Target": {"Arn": "arn:aws:lambda:r:1:function:janitor"}}
NOT_RECOVERABLE = {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}}
FAILED = {"State": "Failed", "StateReason": "no image", "LastUpdateStatus": "Failed", "Role": "arn:aws:iam::1:role/x"}
DENIED = {"EvaluationResults": [{"EvalDecision": "implicitDeny"}]}

# Check, the fault, and what the finding's text must name.
FAULTS: dict[str, tuple[str, Callable[[Patient], None], str]] = {
    "clock": ("clock", _clock_drifts, "120 seconds"),
    "function failed": ("functions", _says("lambda", "get_function_configuration", FAILED), "no image"),
    "role lost its right": ("functions", _says("iam", "simulate_principal_policy", DENIED), "implicitDeny"),
    "calls not allowed": ("functions", _says("lambda", "invoke", client_error("lambda", "Invoke", "AccessDeniedException", "")), "Invoke"),
    "key disabled": ("keys", _disable_key, "Disabled"),
    "table not recoverable": ("tables", _says("dynamodb", "describe_continuous_backups", NOT_RECOVERABLE), "point-in-time"),
    "parameter missing": ("secrets", _delete_parameter("rpc-urls/ethereum"), "missing"),
    "stream off": ("sources", _says("lambda", "get_event_source_mapping", {"State": "Disabled"}), "Disabled"),
    "stream fails": (
        "sources",
        _says("lambda", "get_event_source_mapping", {"State": "Enabled", "LastProcessingResult": "PROBLEM: Function call failed"}),
        "PROBLEM",
    ),
    "schedule off": ("schedules", _says("scheduler", "get_schedule", STOPPED), "DISABLED"),
    "schedule does not run": ("schedules", _says("cloudwatch", "get_metric_statistics", {"Datapoints": []}), "did not run"),
    "domain without address": ("domain", _no_address, "no address"),
    "certificate ends": ("domain", _old_certificate, "ends in 3 days"),
    "firewall gone": ("firewall", _acl_is_gone, "no web ACL"),
    "one node": ("nodes", _one_node, "its own witness"),
    "node of another chain": ("nodes", _set(chain_id=137), "chain 137"),
    "node stands": ("nodes", _set(block_age=3_600.0), "seconds old"),
    "node down": ("nodes", _set(down={NODES[1]}), "ConnectFailed"),
    "lost records": ("queues", _queue("LostRecordsQueue", 1), "1 records"),
    "dead letters": ("queues", _queue("WebhookDeadLetterQueue", 3), "3 deliveries"),
    "webhooks wait": ("queues", _queue("WebhookQueue", 1_001), "1001 deliveries"),
    "set aside": ("set aside", _aside, "1 items"),
    "provider cut off": ("connectors", _open_breaker, "held back"),
    "alarm rings": (
        "alarms",
        _says("cloudwatch", "describe_alarms", {"MetricAlarms": [{"AlarmName": "x", "StateReason": "Threshold Crossed"}]}),
        "Threshold Crossed",
    ),
    "no one is called": ("alarms", _prod_without_topic, "no one is called"),
    "api down": ("api", _set(down={API}), "no answer"),
    "payments fail": ("payment", _set(down={f"{API}/v1/payments/create"}), "no answer"),
}


def test_every_check_has_a_planted_fault() -> None:
    """Those beside: the stack's own status, and what goes out with the reserved merchant (tested below)."""
    with World().running() as world, pytest.MonkeyPatch.context() as patch:
        Patient(world, patch)
        names = set(examination.checks(stack.read("test"), examination.Wanted(API)))
        for service in SERVICES:
            aws.use(service, None)
    assert names - {check for check, _fault, _text in FAULTS.values()} == {"stack", "cards", "processors", "providers", "webhook"}


def test_who_keeps_card_numbers_is_named(patient: Patient) -> None:
    assert [one.what for one in patient.examine("cards")] == ["no merchant chose to keep card numbers here"]
    profiles = {"mer_a": '{"card_storage": "vault"}', "mer_b": '{"card_storage": "provider_only"}', "mer_c": "{}"}
    rows = [{"merchant_id": {"S": name}, "profile": {"S": profile}} for name, profile in profiles.items()]
    patient.says("dynamodb", "scan", {"Items": rows})
    (found,) = patient.examine("cards")
    assert (found.status, found.what.partition(": ")[2]) == ("ok", "mer_a")


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found_and_what_to_do_is_said(patient: Patient, fault: str) -> None:
    check, plant, text = FAULTS[fault]
    assert not [one for one in patient.examine(check) if one.status == "wrong"]
    from paycorex import parameters

    parameters.forget()
    plant(patient)
    found = [one for one in patient.examine(check) if one.status == "wrong"]
    assert any(text in one.what for one in found), found
    assert all(one.todo or one.check.startswith("alarm ") for one in found)
    assert "verysecret" not in str(found)


def test_cloudwatch_is_asked_by_the_worlds_time_where_the_platforms_clock_was_moved(patient: Patient) -> None:
    asked: list[datetime] = []

    def counted(request: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(request["EndTime"])
        return {"Datapoints": [{"Sum": 1.0}]}

    patient.says("cloudwatch", "get_metric_statistics", counted)
    clock.move(35 * 86_400)
    try:
        patient.examine("schedules")
    finally:
        clock.move(0)
    assert asked
    assert {abs(moment.timestamp() - clock.outside_seconds()) < 3600 for moment in asked} == {True}


def test_a_proof_that_never_comes_is_found(patient: Patient) -> None:
    clock.use_sleeper(patient.world.clock.sleep)
    found = {one.check: one.status for one in patient.examine("payment")}
    assert found == {"payment": "ok", "proof": "wrong"}


def test_a_provider_that_refuses_the_reserved_merchants_credentials_is_found(patient: Patient) -> None:
    from operations.trial_payment import Credentials
    from paycorex import parameters
    from tests.support.world import Signer

    reserved = Credentials.parse(parameters.read("check-merchant"))
    who = Signer(reserved.api_key, reserved.secret)
    changed = patient.world.call(who, "PATCH", "/v1/merchants/me", {"connectors": {"sandbox": {"webhook_secret": "s" * 20}}})
    assert changed.status == 200, changed.raw
    assert [(one.check, one.status) for one in patient.examine("payment", "providers")][-1] == ("provider sandbox", "ok")


def test_processors_that_cannot_be_used_are_said_with_the_reason_and_nothing_is_wrong(patient: Patient) -> None:
    (usable,) = patient.examine("processors")
    assert (usable.status, usable.what) == ("ok", f"{len(processors.every())} can be used")
    patient.processors_missing = "The library is made for another processor."
    (lost,) = patient.examine("processors")
    of_the_library = sum(one.name.startswith("prism:") for one in processors.every())
    assert lost.status == "skipped"
    assert lost.what == f"{of_the_library} of {len(processors.every())} cannot be used: The library is made for another processor."
    assert lost.todo
    patient.down.add(f"{API}/v1/processors?limit=100")
    assert [one.status for one in patient.examine("processors")] == ["wrong"]


def test_the_command_says_all_of_it_and_its_exit_status_says_whether_something_is_wrong(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    patient.says("scheduler", "get_schedule", STOPPED)
    for service in ("dynamodb", "sqs"):
        aws.use(service, patient.clients[service])
    assert cli.main(["doctor", "test", "--no-payment", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["wrong"] == sum(one["status"] == "wrong" for one in said["findings"]) > 0
    assert cli.main(["doctor", "test", "--no-payment"]) == 1
    assert "WRONG   schedule JanitorTick: its state is DISABLED" in capsys.readouterr().out


def test_a_stack_that_is_not_there_is_said(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.says("cloudformation", "describe_stacks", client_error("cloudformation", "DescribeStacks", "ValidationError", "does not exist"))
    assert cli.main(["doctor", "gone"]) == 2
    assert "does not exist" in capsys.readouterr().err
