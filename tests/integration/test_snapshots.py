"""A snapshot of an initialised door, restored twice (SnapStart): nothing of the one environment is in the other.

A process loads a door as Lambda's init does, and is copied twice by `fork`: the copies have the same memory, as two environments that
begin from one snapshot have.
"""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.support import template

DOORS = sorted(
    function["Handler"].rpartition(".")[0]
    for function in template.properties("AWS::Serverless::Function").values()
    if function.get("AutoPublishAlias")
)
# Marks of the credentials that the environment has while it is initialised.
MARKS = {
    "AWS_ACCESS_KEY_ID": "AKIAMARKEDFORTHETEST",
    "AWS_SECRET_ACCESS_KEY": "secret/marked/for/the/test",
    "AWS_SESSION_TOKEN": "token/marked",
}
CODE = """
import gc, importlib, json, os, random, socket, sys
connections, readings = [], []
connect = socket.socket.connect
socket.socket.connect = lambda self, address: (connections.append(str(address)), connect(self, address))
from paycorex import clock
clock.use(lambda: readings.append(1) or 1_800_000_000.0)
importlib.import_module(sys.argv[1])
read_by_init = len(readings)
clock.use(None)
from paycorex import aws, backoff, ids, snapshots
from paycorex.ledger import lanes

snapshots.about_to_be_taken()
del importlib, connect
gc.collect()
marks = [os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
# The environment's own variables are no copy: with SnapStart Lambda has no credentials in them.
ours = {id(marks), id(os.environ._data)}

def text(value):
    return value if isinstance(value, str) else value.decode("latin1") if isinstance(value, bytes) else ""

held = [
    repr(type(holder))
    for holder in gc.get_objects()
    if id(holder) not in ours
    for value in gc.get_referents(holder)
    if any(mark in text(value) for mark in marks)
]

def drawn():
    return {
        "id": ids.new("pay"),
        "jitter": backoff.jitter(1),
        "lanes": [lanes.choose(f"mer_{number}", 64) for number in range(8)],
        "library": random.random(),
    }

def copy(restore):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if restore:
            snapshots.restored()
        os.write(writing, json.dumps(drawn()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    return json.loads(os.read(reading, 65536))

print(json.dumps({
    "restored": [copy(True), copy(True)], "copied": [copy(False), copy(False)],
    "clients": [str(kind) for kind in aws._made], "held": held, "connections": connections, "read_by_init": read_by_init,
}))
"""


@cache
def frozen_and_restored(door: str) -> dict[str, Any]:
    folders = os.pathsep.join(str(template.ROOT / folder) for folder in ("functions", "layers/common"))
    environment = {**MARKS, "PATH": os.environ["PATH"], "PYTHONPATH": folders, "AWS_DEFAULT_REGION": "eu-west-1"}
    command = [sys.executable, "-W", "ignore", "-c", CODE, door]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("door", DOORS)
def test_a_door_that_is_restored_twice_draws_everything_anew(door: str) -> None:
    found = frozen_and_restored(door)
    one, other = found["restored"]
    assert not [name for name in one if one[name] == other[name]]
    # The test sees what it looks for: without the hook, what was random before the snapshot is the same in both.
    one, other = found["copied"]
    assert (one["jitter"], one["lanes"]) == (other["jitter"], other["lanes"])


@pytest.mark.parametrize("door", DOORS)
def test_a_snapshot_of_a_door_has_no_credential_no_connection_and_no_time_of_day(door: str) -> None:
    found = frozen_and_restored(door)
    assert (found["clients"], found["held"], found["connections"], found["read_by_init"]) == ([], [], [], 0)


def test_lambdas_runtime_is_given_both_hooks(tmp_path: Any) -> None:
    """Its module `snapshot_restore_py` is a part of the runtime and of no package: this one only notes what it is given."""
    hooks = ("register_before_snapshot", "register_after_restore")
    runtime = ["given = {}"] + [f"def {name}(action): given['{name}'] = action" for name in hooks]
    (tmp_path / "snapshot_restore_py.py").write_text("\n".join(runtime))
    code = """
import snapshot_restore_py as runtime
from paycorex import aws, snapshots
aws._made["kms", "lean"] = object()
runtime.given["register_before_snapshot"]()
assert not aws._made
assert runtime.given["register_after_restore"] is snapshots.restored
"""
    folders = os.pathsep.join([str(tmp_path), str(template.ROOT / "layers/common")])
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": folders}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
