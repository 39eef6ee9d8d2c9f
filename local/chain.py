"""The test chain: anvil, a real EVM node in one binary, from the npm registry (pinned in local/npm).

Optional: without npm everything runs but what needs a chain.
"""

import contextlib
import json
import platform
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = ROOT / "local" / "npm"
CACHE: Final = ROOT / ".local" / "npm" / "anvil"
INSTALL_SECONDS: Final = 180
START_SECONDS: Final = 20
END_SECONDS: Final = 5
_CPU: Final = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class NoAnvil(Exception):
    """Anvil is not here and cannot be fetched; the message says why."""


def anvil_binary() -> Path:
    """The anvil binary, installed from the npm registry when it is missing. Raises NoAnvil."""
    system, cpu = platform.system().lower(), _CPU.get(platform.machine(), platform.machine())
    suffix = ".exe" if system == "windows" else ""
    system = "win32" if system == "windows" else system
    binary = CACHE / "node_modules" / "@foundry-rs" / f"anvil-{system}-{cpu}" / "bin" / f"anvil{suffix}"
    if not binary.exists():
        _install()
    if not binary.exists():
        raise NoAnvil(f"the npm package has no binary for {system} on {cpu}")
    return binary


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoAnvil("npm is not installed")
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    # Several test processes may install at once: each into a folder of its own, and one of those becomes the cache, whole.
    with tempfile.TemporaryDirectory(prefix="anvil-", dir=CACHE.parent) as folder:
        _fetch(npm, Path(folder) / "anvil")
        with contextlib.suppress(OSError):  # another process was faster
            (Path(folder) / "anvil").rename(CACHE)


def _fetch(npm: str, folder: Path) -> None:
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK / name, folder / name)
    # Not `npm ci`: it wants the binaries of every other platform in the lock file too.
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoAnvil("the npm registry did not answer in time") from error
    if done.returncode != 0:
        raise NoAnvil(f"npm install failed: {done.stderr.strip()[-200:]}")


@dataclass(frozen=True, slots=True)
class Chain:
    """A running anvil."""

    url: str
    chain_id: int
    process: subprocess.Popen[bytes]

    def rpc(self, method: str, *params: Any) -> Any:
        """The result of a JSON-RPC call. Raises RuntimeError for its error."""
        return ask(self.url, method, *params)


def ask(url: str, method: str, *params: Any) -> Any:
    """The result of a JSON-RPC call to a node of ours. Raises RuntimeError for its error."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own node on loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        answer = json.load(response)
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error']}")
    return answer["result"]


def free_port() -> int:
    """A free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def running(chain_id: int, *, port: int | None = None, options: Sequence[str] = ()) -> Iterator[Chain]:
    """An anvil of this chain id for the time of the block. Raises NoAnvil."""
    port = port or free_port()
    command = [str(anvil_binary()), "--port", str(port), "--chain-id", str(chain_id), "--silent", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        chain = Chain(f"http://127.0.0.1:{port}", chain_id, process)
        try:
            _wait(chain)
            yield chain
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asked first, so that it can write its state down."""
    process.terminate()
    try:
        process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait(chain: Chain) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            chain.rpc("eth_chainId")
        except OSError as error:
            if time.monotonic() > deadline or chain.process.poll() is not None:
                raise NoAnvil("anvil does not start") from error
            time.sleep(0.02)
        else:
            return
