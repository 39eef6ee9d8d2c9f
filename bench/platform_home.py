"""A platform of the bench's own: this working tree copied to an empty folder, started there with `make run` as a user does."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]  # it has no stubs

from local import ports
from local.platform import STACK

HOUSE: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Started:
    """How long a start took, and the CPU that the platform's processes used for it; making the environment is not in the latter."""

    seconds: float
    cpu_seconds: float


class Home:
    """A copy of the working tree. Nothing of `.venv`, `.local` and `.aws-sam` is in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ports = {"PORT": str(ports.free_port()), "EMULATOR_PORT": str(ports.free_port())}

    def start(self) -> "Started":
        """`make run` in the background, until it is ready. Raises RuntimeError with its output."""
        seconds = self._make("run", DETACH="1")
        platform = psutil.Process(self._running()["process_id"])
        family = [platform, *platform.children(recursive=True)]
        return Started(seconds, sum(_used(process, with_ended_children=True) for process in family))

    def stop(self) -> float:
        """`make stop`; its seconds."""
        return self._make("stop")

    @property
    def base_url(self) -> str:
        """Where the API is."""
        url: str = json.loads((self.directory / ".local" / "platform.json").read_text(encoding="utf-8"))["base_url"]
        return url

    def cpu_seconds(self) -> dict[str, float]:
        """Until now: of the emulator, of the proxy beside it, and of each function's processes, by its name in the template."""
        running = self._running()
        emulator = psutil.Process(running["emulator_process_id"])
        used = defaultdict[str, float](float, emulator=_used(emulator), proxy=_used(psutil.Process(running["process_id"])))
        for process in emulator.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                _, found, name = process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "").partition(f"{STACK}-")
                if found:
                    used[name.rpartition("-")[0]] += _used(process)
        return used

    def _running(self) -> Any:
        return json.loads((self.directory / ".local" / "running.json").read_text(encoding="utf-8"))

    def _make(self, target: str, **variables: str) -> float:
        began = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name not in {"UV", "VIRTUAL_ENV", "MAKEFLAGS"}}
        command = ["make", "--no-print-directory", target]
        done = subprocess.run(
            command, cwd=self.directory, env=environment | self._ports | variables, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"make {target} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return time.monotonic() - began


def _used(process: psutil.Process, *, with_ended_children: bool = False) -> float:
    times = process.cpu_times()
    ended = times.children_user + times.children_system if with_ended_children else 0.0
    return float(times.user + times.system + ended)


@contextmanager
def new_home() -> Iterator[Home]:
    """A copy for the time of the block; its platform is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="platform-bench-", ignore_cleanup_errors=True) as name:
        home = Home(Path(name))
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=HOUSE, capture_output=True, check=True, text=True
        )
        for file in filter(None, listed.stdout.split("\0")):
            if (HOUSE / file).is_file():
                (home.directory / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(HOUSE / file, home.directory / file)
        try:
            yield home
        finally:
            home.stop()
