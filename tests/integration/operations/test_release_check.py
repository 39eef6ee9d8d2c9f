"""The check before a release gets traffic: it pays through the published versions, and refuses a version that is broken in any way."""

import importlib
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from operations import release_check, release_check_door
from paycorex import aws, cli, clock, settings
from paycorex.http.authentication import VERIFIED
from tests.support import logs, template
from tests.support.rollups import roll, stream
from tests.support.world import World

DEPLOYMENT = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "hook-1"}
VERSIONS = {name: f"arn:aws:lambda:ap-south-1:1:function:{name}:7" for name in ("authorizer", "payments", "wallet", "dashboard")}

type Change = Callable[[str, dict[str, Any], dict[str, Any]], dict[str, Any]]


def unchanged(_name: str, _event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    return answer


class Functions:
    """Lambda with the doors' handlers of this process; `change` spoils what a version answers, or raises as it would."""

    def __init__(self) -> None:
        self.change: Change = unchanged
        self.invoked: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        name = next(name for name, arn in VERSIONS.items() if arn == FunctionName)
        self.invoked.append(name)
        event = json.loads(Payload)
        try:
            answer = self.change(name, event, importlib.import_module(f"{name}.door").handler(event, None))
        except ZeroDivisionError as error:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps({"errorMessage": str(error)}).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class CodeDeploy:
    """What CodeDeploy gets to know."""

    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []

    def put_lifecycle_event_hook_execution_status(self, **said: str) -> None:
        self.got.append(said)


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def world(functions: Functions) -> Iterator[World]:
    """Versions, the reserved merchant, and a schedule that seals whenever the check waits."""
    with World().running() as world:
        settings.use(world.settings.model_copy(update={f"version_{name}": arn for name, arn in VERSIONS.items()}))
        assert cli.main(["admin", "check-merchant"]) == 0

        def sleep(seconds: float) -> None:
            world.clock.sleep(seconds)
            roll(stream(world))
            importlib.import_module("operations.checkpoint_door").handler({}, None)

        clock.use_sleeper(sleep)
        aws.use("lambda", functions)
        yield world
        aws.use("lambda", None)
        aws.use("codedeploy", None)


def checked() -> tuple[str, str]:
    """What CodeDeploy gets to know, and the reason in the log."""
    deploy = CodeDeploy()
    aws.use("codedeploy", deploy)
    with logs.captured() as log:
        answered = release_check_door.handler(DEPLOYMENT, None)
    (got,) = deploy.got
    assert got == {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "hook-1", "status": answered["status"]}
    reasons = [line["reason"] for line in log.lines if line["message"] == "release refused"]
    return got["status"], reasons[0] if reasons else ""


@pytest.mark.usefixtures("world")
def test_a_sound_version_gets_traffic(functions: Functions) -> None:
    assert checked() == ("Succeeded", "")
    assert set(functions.invoked) == set(VERSIONS)
    assert checked() == ("Succeeded", "")


def dies(name: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if name == "wallet":
        raise ZeroDivisionError("a module is missing")
    return answer


class LetsEveryoneIn:
    """An authorizer that allows what it should deny, with the context of the request before."""

    def __init__(self) -> None:
        self.context: dict[str, Any] = {}

    def __call__(self, name: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if name != "authorizer":
            return answer
        if answer["context"].get("signature_state") == VERIFIED:
            self.context = answer["context"]
        statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
        context = {**self.context, "body_sha256": event["headers"]["X-Content-SHA256"]}
        return {"principalId": "anyone", "policyDocument": {"Statement": [statement]}, "context": context}


def answers_an_error(name: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "statusCode": 500} if event.get("path") == "/v1/payments/create" and name == "payments" else answer


class PaysTwice:
    """A door that does not know a request again."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, name: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if name != "payments" or event["path"] != "/v1/payments/create":
            return answer
        self.count += 1
        return {**answer, "body": json.dumps({**json.loads(answer["body"]), "payment_id": f"pay_{self.count}"})}


def proves_another_amount(name: str, event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if not event.get("path", "").endswith("/proof") or name != "dashboard":
        return answer
    return {**answer, "body": re.sub(r'"debit_minor":\s*100\b', '"debit_minor":101', answer["body"])}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dies, "502"),
        (LetsEveryoneIn(), "forged"),
        (answers_an_error, "was answered 500"),
        (PaysTwice(), "the same Idempotency-Key made another payment"),
        (proves_another_amount, "a proof"),
    ],
)
def test_a_broken_version_gets_none(functions: Functions, change: Change, words: str) -> None:
    functions.change = change
    status, reason = checked()
    assert status == "Failed"
    assert words in reason


def test_without_a_seal_there_is_no_release(world: World) -> None:
    clock.use_sleeper(world.clock.sleep)
    status, reason = checked()
    assert (status, "was not sealed within 240 seconds" in reason) == ("Failed", True)


def test_without_the_reserved_merchant_there_is_no_release() -> None:
    with World().running():
        status, reason = checked()
        aws.use("codedeploy", None)
    assert (status, "check-merchant" in reason) == ("Failed", True)


def test_the_trials_routes_are_the_templates() -> None:
    owners = {(route.method, route.path): route.function for route in template.routes()}
    for route, door in release_check.ROUTES.items():
        assert owners[route] == f"{door.capitalize()}Function"
    with pytest.raises(release_check.NoSuchRoute):
        release_check.Versions(VERSIONS).send("GET", "/v1/merchants/me", {}, b"")
