"""Functions on the emulator with the plug-in: how many processes they get, what those see, and how they end."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psutil  # type: ignore[import-untyped]  # it has no stubs
import pytest

from local.emulator import Emulator, start_emulator

BURST: Final = 20
ANSWERED_SECONDS: Final = 5.0
LIMIT: Final = 4
ROLE: Final = "arn:aws:iam::000000000000:role/any"
CODE: Final = """
import os, sys, time
from importlib.util import find_spec
START = time.time()
calls = 0

def handler(event, context):
    global calls
    calls += 1
    print("printed", event.get("name"))
    if event.get("busy"):
        until = time.process_time() + event["busy"]
        while time.process_time() < until:
            pass
    time.sleep(event.get("sleep", 0))
    if event.get("raise"):
        raise ValueError("refused")
    if event.get("exit"):
        os._exit(3)
    if event.get("loud"):
        print("x" * 300_000)
    return {
        "process": os.getpid(),
        "calls": calls,
        "libraries": [name for name in ("boto3", "pytest", "paycorex", "local") if find_spec(name)],
        "library": find_spec("shared") and find_spec("shared").origin,
        "variables": dict(os.environ),
        "remaining": context.get_remaining_time_in_millis(),
        "stream": context.log_stream_name,
        "request": context.aws_request_id,
        "arn": context.invoked_function_arn,
        "text": "₹ " * event.get("big", 0),
    }
"""


def archive(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return content.getvalue()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with start_emulator({"LAMBDA_PROCESSES_PER_FUNCTION": str(LIMIT)}) as running:
        yield running


@pytest.fixture(scope="module")
def make(emulator: Emulator) -> Callable[..., str]:
    """Makes a function, with a layer; returns its name."""
    client = emulator.client("lambda")
    layer = client.publish_layer_version(LayerName="shared", Content={"ZipFile": archive({"python/shared.py": "VALUE = 1"})})

    def made(name: str, *, code: str = CODE, timeout: int = 10) -> str:
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="door.handler",
            Role=ROLE,
            Code={"ZipFile": archive({"door.py": code})},
            Layers=[layer["LayerVersionArn"]],
            Timeout=timeout,
            Environment={"Variables": {"COLOUR": "blue", "AWS_REGION": "elsewhere"}},
        )
        return name

    return made


def invoke(emulator: Emulator, name: str, event: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = emulator.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event or {}))
    body: dict[str, Any] = json.loads(answer["Payload"].read())
    return body


def processes(emulator: Emulator, name: str) -> list[psutil.Process]:
    family = psutil.Process(emulator.process_id).children(recursive=True)
    return [one for one in family if one.status() != psutil.STATUS_ZOMBIE and one.environ().get("AWS_LAMBDA_FUNCTION_NAME") == name]


def test_a_burst_on_a_function_that_has_no_process_is_answered_soon_by_few(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("burst")
    began = time.monotonic()
    with ThreadPoolExecutor(BURST) as clients:
        answers = list(clients.map(lambda number: invoke(emulator, name, {"name": number, "busy": 0.02}), range(BURST)))
    assert time.monotonic() - began < ANSWERED_SECONDS
    assert {answer["calls"] > 0 for answer in answers} == {True}
    assert len({answer["process"] for answer in answers}) <= LIMIT
    assert len(processes(emulator, name)) <= LIMIT


def test_requests_that_wait_for_others_get_processes_up_to_the_limit(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("waiting")
    with ThreadPoolExecutor(BURST) as clients:
        answers = list(clients.map(lambda _: invoke(emulator, name, {"sleep": 0.5}), range(BURST)))
    assert 2 <= len({answer["process"] for answer in answers}) <= LIMIT


def test_a_function_sees_its_package_and_layer_and_nothing_of_this_environment(emulator: Emulator, make: Callable[..., str]) -> None:
    answer = invoke(emulator, make("alone"))
    assert answer["libraries"] == []
    assert answer["library"].endswith("python/shared.py")
    variables = answer["variables"]
    assert (variables["COLOUR"], variables["AWS_REGION"], variables["AWS_ENDPOINT_URL"]) == ("blue", "ap-south-1", emulator.url)
    assert not variables.keys() & {"STATE_DIR", "PERSIST_STATE", "VIRTUAL_ENV", "HOME"}
    assert 0 < answer["remaining"] <= 10_000
    assert answer["arn"].endswith(":function:alone")


def test_the_package_is_unpacked_once_for_all_processes(emulator: Emulator, make: Callable[..., str]) -> None:
    first, second = (invoke(emulator, make(f"unpacked-{number}"))["library"] for number in range(2))
    assert first == second


def test_a_processs_log_is_one_stream_with_every_line_of_each_invocation(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("logged")
    answers = [invoke(emulator, name, {"name": number}) for number in range(3)]
    logs = emulator.client("logs")
    streams = logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
    assert [stream["logStreamName"].partition("]")[2] for stream in streams] == [answers[0]["stream"]]
    lines = [event["message"] for event in logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]]
    assert [line for line in lines if line.startswith("printed")] == ["printed 0", "printed 1", "printed 2"]
    assert [line.split()[2] for line in lines if line.startswith("START")] == [answer["request"] for answer in answers]


def test_answers_and_logs_of_any_size_come_whole(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("large")
    assert invoke(emulator, name, {"loud": True, "big": 200_000})["text"] == "₹ " * 200_000
    lines = [event["message"] for event in emulator.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]]
    assert "x" * 300_000 in lines


def test_an_error_is_answered_with_its_trace_in_the_log_and_the_process_goes_on(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("failing")
    before = invoke(emulator, name)
    assert invoke(emulator, name, {"raise": True})["errorMessage"] == "refused"
    after = invoke(emulator, name)
    assert (after["process"], after["calls"]) == (before["process"], 3)
    lines = [event["message"] for event in emulator.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]]
    assert "ValueError: refused" in lines


@pytest.mark.parametrize("event", [{"exit": True}, {"sleep": 5}], ids=["it ends itself", "it takes too long"])
def test_a_process_that_has_ended_is_followed_by_another(emulator: Emulator, make: Callable[..., str], event: dict[str, Any]) -> None:
    name = make(f"ending-{'-'.join(event)}", timeout=2)
    before = invoke(emulator, name)
    refused = invoke(emulator, name, event)
    assert refused["errorMessage"] in {"Worker process died", "Task timed out after 2.00 seconds"}
    after = invoke(emulator, name)
    assert after["process"] != before["process"]
    assert [one.pid for one in processes(emulator, name)] == [after["process"]]


def test_a_process_that_is_killed_while_it_answers_is_an_error_at_once(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("killed")
    victim = invoke(emulator, name)["process"]
    with ThreadPoolExecutor(1) as client:
        running = client.submit(invoke, emulator, name, {"sleep": 8})
        time.sleep(0.5)
        psutil.Process(victim).kill()
        assert running.result(4)["errorMessage"] == "Worker process died"
    assert invoke(emulator, name)["process"] != victim


def test_a_process_that_is_killed_while_it_is_idle_is_replaced(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("killed-idle")
    victim = psutil.Process(invoke(emulator, name)["process"])
    victim.kill()
    deadline = time.monotonic() + 10
    while victim.is_running() and victim.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert invoke(emulator, name)["process"] != victim.pid


def test_code_that_does_not_load_is_an_error_that_says_why(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("broken", code="import nothing_like_this")
    assert "nothing_like_this" in invoke(emulator, name)["errorMessage"]


def test_a_changed_function_runs_its_new_code(emulator: Emulator, make: Callable[..., str]) -> None:
    name = make("changed")
    assert "process" in invoke(emulator, name)
    changed = archive({"door.py": "def handler(event, context):\n    return {'new': True}"})
    emulator.client("lambda").update_function_code(FunctionName=name, ZipFile=changed)
    assert invoke(emulator, name) == {"new": True}


def test_a_function_with_provisioned_concurrency_has_a_process_before_it_is_asked(emulator: Emulator, make: Callable[..., str]) -> None:
    name, client = make("provisioned"), emulator.client("lambda")
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    client.put_provisioned_concurrency_config(FunctionName=name, Qualifier="live", ProvisionedConcurrentExecutions=1)
    deadline = time.monotonic() + 10
    while not processes(emulator, name):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (started,) = processes(emulator, name)
    answer = json.loads(client.invoke(FunctionName=name, Qualifier="live", Payload="{}")["Payload"].read())
    assert (answer["process"], answer["calls"]) == (started.pid, 1)


RUNTIME_OF_SNAPSHOTS: Final = """
before, after = [], []
def get_before_snapshot(): return before
def get_after_restore(): return after
"""
SNAPPED: Final = """
import snapshot_restore_py as runtime
order = []
for name in ("one", "two"):
    runtime.before.append((order.append, (f"before {name}",), {}))
    runtime.after.append((order.append, (f"after {name}",), {}))
def handler(event, context):
    return {"order": order}
"""


def test_a_function_with_snapshots_passes_one_before_it_is_asked(emulator: Emulator) -> None:
    client = emulator.client("lambda")
    client.create_function(
        FunctionName="snapped",
        Runtime="python3.13",
        Handler="door.handler",
        Role=ROLE,
        Code={"ZipFile": archive({"door.py": SNAPPED, "snapshot_restore_py.py": RUNTIME_OF_SNAPSHOTS})},
        SnapStart={"ApplyOn": "PublishedVersions"},
    )
    version = client.publish_version(FunctionName="snapped")["Version"]
    deadline = time.monotonic() + 20
    while client.get_function_configuration(FunctionName="snapped", Qualifier=version)["State"] == "Pending":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(processes(emulator, "snapped")) == 1
    answer = json.loads(client.invoke(FunctionName="snapped", Qualifier=version, Payload="{}")["Payload"].read())
    assert answer["order"] == ["before two", "before one", "after one", "after two"]


def test_no_process_outlives_the_emulator(make: Callable[..., str]) -> None:
    with start_emulator() as other:
        client = other.client("lambda")
        client.create_function(
            FunctionName="left", Runtime="python3.13", Handler="door.handler", Role=ROLE, Code={"ZipFile": archive({"door.py": CODE})}
        )
        left = invoke(other, "left")["process"]
    # An orphan that has ended may wait to be collected.
    assert not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE
