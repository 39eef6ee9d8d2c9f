"""The seed's stack, small and whole: gunicorn, Django with DRF, PostgreSQL and Redis, in processes and an environment of their own.

PostgreSQL and Redis are Debian's packages `postgresql` and `redis-server`. Their data is in a folder that goes with the block.
"""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it has no stubs

from local import paths, ports

PEER: Final = Path(__file__).parent / "django"
ENVIRONMENT: Final = paths.LOCAL / "peers" / "django"
# Two for a core and one, as gunicorn's documentation advises.
WORKERS: Final = 2 * (os.cpu_count() or 1) + 1
START_SECONDS: Final = 60


class Missing(RuntimeError):
    """A program that the peer needs is not on this machine; the message names it and its Debian package."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The running stack."""

    base_url: str
    api_key: str
    secret: str
    processes: dict[str, psutil.Process]

    def cpu_seconds(self) -> dict[str, float]:
        """Of each part until now, with the processes that it started."""
        families = {name: (process, *process.children(recursive=True)) for name, process in self.processes.items()}
        return {name: sum(_used(one) for one in family) for name, family in families.items()}


def _used(process: psutil.Process) -> float:
    """Of a process, and of those that it started and that have ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


@contextmanager
def running(users: int) -> Iterator[Peer]:
    """With a merchant and so many users, each with a wallet. Raises Missing."""
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="peer-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        home, port, cache_port = Path(name), ports.free_port(), ports.free_port()
        home.chmod(0o777)
        processes = {"PostgreSQL": stack.enter_context(_postgres(home)), "Redis": stack.enter_context(_redis(home, cache_port))}
        environment = {
            "PATH": os.environ["PATH"],
            "PEER_SECRET_KEY": secrets.token_hex(16),
            "PEER_DATABASE_USER": "peer",
            "PEER_SOCKETS": name,
            "PEER_REDIS": f"redis://127.0.0.1:{cache_port}/0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        seeded = _until_ready([str(python), "seed.py", str(users)], environment)
        command = [str(python), "-m", "gunicorn", "wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
        processes["gunicorn"] = stack.enter_context(_process(command, home / "gunicorn.log", cwd=PEER, env=environment))
        _wait_for_port(port)
        yield Peer(f"http://127.0.0.1:{port}", **json.loads(seeded), processes=processes)


def _environment() -> Path:
    """The Python of the peer's own environment, made when its pins have changed."""
    pins = (PEER / "requirements.txt").read_text(encoding="utf-8")
    stamp = ENVIRONMENT / "made-from"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != pins:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([paths.uv(), "venv", "--quiet", "--python", paths.tool("python"), str(ENVIRONMENT)], check=True)
        command = [paths.uv(), "pip", "install", "--quiet", "--no-deps", "--compile-bytecode", "--python", str(ENVIRONMENT)]
        subprocess.run([*command, "-r", str(PEER / "requirements.txt")], check=True)
        stamp.write_text(pins, encoding="utf-8")
    return ENVIRONMENT / "bin" / "python"


@contextmanager
def _postgres(home: Path) -> Iterator[psutil.Process]:
    """PostgreSQL as Debian sets it up, on a socket in the folder. It refuses to run as root, so then it runs as Debian's user for it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise Missing("PostgreSQL is not there: apt-get install postgresql")
    data, user = home / "postgres", "postgres" if os.getuid() == 0 else None
    data.mkdir()
    if user is not None:
        shutil.chown(data, user)
    subprocess.run([f"{found[-1]}/initdb", "-D", str(data), "-U", "peer", "-A", "trust"], user=user, check=True, capture_output=True)
    command = [f"{found[-1]}/postgres", "-D", str(data), "-k", str(home), "-c", "listen_addresses="]
    with _process(command, home / "postgres.log", cwd=home, env={"PATH": os.environ["PATH"]}, user=user) as process:
        yield process


@contextmanager
def _redis(home: Path, port: int) -> Iterator[psutil.Process]:
    if shutil.which("redis-server") is None:
        raise Missing("Redis is not there: apt-get install redis-server")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]
    with _process(command, home / "redis.log", cwd=home, env={"PATH": os.environ["PATH"]}) as process:
        yield process


@contextmanager
def _process(command: list[str], log: Path, *, cwd: Path, env: dict[str, str], user: str | None = None) -> Iterator[psutil.Process]:
    with log.open("wb") as output, subprocess.Popen(command, cwd=cwd, env=env, user=user, stdout=output, stderr=output) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def _until_ready(command: list[str], environment: dict[str, str]) -> str:
    """The command's output, tried again while the database starts."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        done = subprocess.run(command, cwd=PEER, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
        if time.monotonic() > deadline:
            raise RuntimeError(done.stderr[-2000:])
        time.sleep(0.5)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while ports.is_free(port):
        if time.monotonic() > deadline:
            raise RuntimeError("gunicorn did not start")
        time.sleep(0.2)
