"""A real emulator (ministack) as a subprocess, for what must go over HTTP: started on a free port, ended with its children.

Tests take the `emulator_url` fixture; a conftest imports it from here.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil  # type: ignore[import-untyped]  # the house has no stubs for it
import pytest
from botocore.config import Config

REGION = "ap-south-1"
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_ATTEMPTS = 3


class EmulatorFailed(RuntimeError):
    """The emulator did not come up; the message ends with its log."""


@dataclass(frozen=True, slots=True)
class Emulator:
    url: str
    process_id: int
    log: Path

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator that neither retries nor waits long."""
        return emulator_client(self.url, service)


def emulator_client(url: str, service: str) -> Any:
    """A boto3 client of the emulator at `url`, one attempt per call."""
    config = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name=REGION, endpoint_url=url, config=config, **keys)  # type: ignore[call-overload]  # the stubs know services only as literals


@contextmanager
def start_emulator(environment: Mapping[str, str] | None = None) -> Iterator[Emulator]:
    """An emulator of its own, with `environment` on top ({"AUTH": "true"} enforces IAM); nothing persists.

    Raises EmulatorFailed when it is not healthy within a minute.
    """
    with tempfile.TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True) as directory:
        emulator, process = _started(Path(directory), environment or {})
        try:
            yield emulator
        finally:
            _end_with_children(process)


@pytest.fixture(scope="session")
def emulator_url() -> Iterator[str]:
    """The endpoint URL of an emulator that all tests of the session share: use names of your own in it."""
    with start_emulator() as emulator:
        yield emulator.url


def _started(directory: Path, extra: Mapping[str, str]) -> tuple[Emulator, subprocess.Popen[bytes]]:
    for attempt in range(_ATTEMPTS):
        port = _free_port()
        log = directory / f"emulator-{attempt}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                env={**os.environ, **_environment(directory, port), **extra},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        emulator = Emulator(f"http://127.0.0.1:{port}", process.pid, log)
        if _is_healthy_in_time(emulator, process):
            return emulator, process
        _end_with_children(process)
        # A process that ended by itself most likely lost the port to someone else; one that hangs will hang again.
        if process.returncode is None or attempt == _ATTEMPTS - 1:
            break
    raise EmulatorFailed(f"the emulator is not healthy:\n{log.read_text(errors='replace')[-2000:]}")


def _environment(directory: Path, port: int) -> dict[str, str]:
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "0",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(directory),
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "s3"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_healthy_in_time(emulator: Emulator, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{emulator.url}/_ministack/health", timeout=2) as response:
                if response.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _end_with_children(process: subprocess.Popen[bytes]) -> None:
    """Ask the emulator and everything it started to end, then make it."""
    try:
        root = psutil.Process(process.pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        _signal(member, kill=False)
    _, alive = psutil.wait_procs(family, timeout=_STOP_SECONDS)
    for member in alive:
        _signal(member, kill=True)
    psutil.wait_procs(alive, timeout=_STOP_SECONDS)
    process.wait(timeout=_STOP_SECONDS)


def _signal(member: psutil.Process, *, kill: bool) -> None:
    try:
        member.kill() if kill else member.terminate()
    except psutil.NoSuchProcess:
        return
