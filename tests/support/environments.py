"""Many execution environments at once: processes of their own over one DynamoDB, as Lambdas share a table and nothing else.

Doors are made for one request at a time, as Lambda runs them, so threads in one process would show races that cannot happen and hide
those that can.
"""

import os
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from botocore.exceptions import ClientError

from paycorex import aws, clock
from tests.fakes.aws_errors import client_exceptions, operation_names
from tests.support.world import World


class EnvironmentFailed(AssertionError):
    """A task raised; the message is its traceback."""


class _SharedDynamo:
    """The low-level client of a child, whose calls the parent carries out."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def __getattr__(self, name: str) -> Any:
        operation = operation_names("dynamodb")[name]
        return lambda **request: self._make_api_call(operation, request)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        self._line.send(("call", operation, request))
        is_answer, content = self._line.recv()
        if is_answer:
            return content
        error = client_exceptions("dynamodb").from_code(content["Error"]["Code"])
        raise error(content, operation)


def run_at_once[T](world: World, tasks: Sequence[Callable[[], T]], *, environments: int = 8) -> list[T]:
    """Results of the tasks in their order, run by so many environments that all start together. Results must be picklable.

    Each environment runs its share one after another and waits in real time. Raises EnvironmentFailed.
    """
    count = min(environments, len(tasks))
    lines: list[Connection] = []
    process_ids: list[int] = []
    for index in range(count):
        ours, theirs = Pipe()
        with warnings.catch_warnings():
            # The forked child uses nothing that another thread could hold a lock of.
            warnings.simplefilter("ignore", DeprecationWarning)
            process_id = os.fork()
        if process_id == 0:
            _be_an_environment(world, theirs, tasks[index::count])
        theirs.close()
        lines.append(ours)
        process_ids.append(process_id)
    results: list[Any] = [None] * count
    servers = [threading.Thread(target=_serve, args=(world, line, results, index)) for index, line in enumerate(lines)]
    for line in lines:
        line.send("go")
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    for process_id in process_ids:
        os.waitpid(process_id, 0)
    for result in results:
        if isinstance(result, str):
            raise EnvironmentFailed(result)
    return [results[index % count][index // count] for index in range(len(tasks))]


def _be_an_environment(world: World, line: Connection, tasks: Sequence[Callable[[], Any]]) -> None:
    """Never returns: what the parent set up is the parent's to take down."""
    try:
        # Two processes that ask over one connection wait for ever for the answers that the other one read.
        world.hang_up()
        aws.use("dynamodb", _SharedDynamo(line))
        clock.use_sleeper(time.sleep)
        line.recv()
        line.send(("done", [task() for task in tasks]))
    except BaseException:  # noqa: BLE001 - reported to the parent, whatever it is
        line.send(("done", traceback.format_exc()))
    finally:
        os._exit(0)


def _serve(world: World, line: Connection, results: list[Any], index: int) -> None:
    """Carry out one environment's calls until it is done."""
    while True:
        try:
            message = line.recv()
        except EOFError:
            results[index] = "the environment ended without a result"
            return
        if message[0] == "done":
            results[index] = message[1]
            return
        try:
            line.send((True, world.dynamo._make_api_call(message[1], message[2])))
        except ClientError as error:
            line.send((False, error.response))
