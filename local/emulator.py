"""AWS on this machine: ministack as a process of its own. All of its settings are here.

Tests start one per session with `start_emulator`; `make run` starts one whose state survives in `.local/`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import boto3
from botocore.config import Config

from local import ports, processes, saved_state

REGION: Final = "ap-south-1"
ACCOUNT: Final = "000000000000"
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# The emulator with our plug-in, and without.
PLUGGED: Final = "local.emulator_plugin"
PLAIN: Final = "ministack"
_START_SECONDS: Final = 60.0
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a directory of our own in it, for this user only
_ROOM_BYTES: Final = 4 * 1024**3
# It saves its state while it shuts down: half a minute for some thousand payments on a busy machine. Killed meanwhile, it has lost them.
STOP_SECONDS: Final = 300.0


class EmulatorFailed(RuntimeError):
    """The emulator did not come up; the message ends with its log."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator."""

    url: str
    process_id: int
    log: Path
    # The parent process has to wait for it, or it stays behind as a zombie; None when another process started it.
    process: "subprocess.Popen[bytes] | None" = None
    # Where function processes unpack their code; goes with them.
    scratch: Path | None = None
    # Each region of it has its own stacks, tables and queues; IAM is one for all.
    region: str = REGION

    def client(self, service: str) -> Any:
        """A boto3 client of it that neither retries nor waits long."""
        return emulator_client(self.url, service, self.region)

    def in_region(self, region: str) -> Self:
        """The same emulator, another region."""
        return replace(self, region=region)

    def stop(self) -> None:
        """Shut it down, with the function processes it started; state is saved if it persists."""
        processes.end_gently(self.process_id, patience_seconds=STOP_SECONDS)
        if self.process is not None:
            self.process.wait(timeout=STOP_SECONDS)
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)


def emulator_client(url: str, service: str, region: str = REGION) -> Any:
    """A boto3 client of the emulator at `url`, one attempt per call."""
    config = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1})
    keys = {name.lower(): value for name, value in CREDENTIALS.items()}
    return boto3.client(service, region_name=region, endpoint_url=url, config=config, **keys)  # type: ignore[call-overload]  # the stubs know services only as literals


def _fresh_scratch(home: Path) -> Path:
    """An empty directory for what function processes unpack: each of them thousands of files, so in memory where there is plenty.

    Always the same for the same home, so that what a killed emulator left there is found.
    """
    roomy = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free >= _ROOM_BYTES
    name = f"paycorex-{os.getuid()}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    scratch = _IN_MEMORY / name if roomy else home / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    return scratch


def environment(home: Path, scratch: Path, port: int, *, persist: bool) -> dict[str, str]:
    """The emulator's whole environment. Functions inherit it, so nothing of this shell's gets in."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": str(scratch),
        "PYTHONUNBUFFERED": "1",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": ports.HOST,
        "MINISTACK_HOST": ports.HOST,
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        # Listeners that nothing here uses and whose fixed ports another emulator may hold.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{home}/no-docker.sock",
        "PERSIST_STATE": "1" if persist else "0",
        "STATE_DIR": str(home / "state"),
        "S3_PERSIST": "1" if persist else "0",
        "S3_DATA_DIR": str(home / "s3"),
        "LOG_LEVEL": "WARNING",
    }


def launch(home: Path, *, port: int, persist: bool, extra: Mapping[str, str] | None = None, plain: bool = False) -> Emulator:
    """Start an emulator that keeps its files under `home`; `plain` leaves the plug-in out.

    Raises EmulatorFailed when it is not healthy within a minute.
    """
    home.mkdir(parents=True, exist_ok=True)
    scratch = _fresh_scratch(home)
    if persist:
        saved_state.prepare(home / "state", port)
    log = home / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", PLAIN if plain else PLUGGED],
            cwd=home,
            env={**environment(home, scratch, port, persist=persist), **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Its own session: Ctrl-C in the terminal goes to us, and we let it save its state.
            start_new_session=True,
        )
    emulator = Emulator(f"http://{ports.HOST}:{port}", process.pid, log, process, scratch)
    try:
        healthy = _is_healthy_in_time(emulator, process)
    except BaseException:
        # Ctrl-C while it starts: it has a session of its own, so nothing else would end it.
        emulator.stop()
        raise
    if not healthy:
        emulator.stop()
        raise EmulatorFailed(f"The emulator is not healthy:\n{log.read_text(errors='replace')[-2000:]}")
    return emulator


@contextmanager
def start_emulator(extra: Mapping[str, str] | None = None, *, plain: bool = False) -> Iterator[Emulator]:
    """An emulator on a free port, for tests: nothing persists. `extra` goes on top of its environment ({"AUTH": "true"} enforces IAM).
    `plain` leaves the plug-in out.

    Raises EmulatorFailed when it is not healthy within a minute.
    """
    with tempfile.TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True) as directory:
        emulator = launch(Path(directory), port=ports.free_port(), persist=False, extra=extra, plain=plain)
        try:
            yield emulator
        finally:
            emulator.stop()


def _is_healthy_in_time(emulator: Emulator, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{emulator.url}/_ministack/health", timeout=2) as response:  # noqa: S310 - our own loopback address
                if response.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
