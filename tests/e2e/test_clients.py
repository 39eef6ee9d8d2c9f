"""The client libraries against the running platform, by the table of cases that they share: Python, Node, and a Workers runtime."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import ports
from local.clients.typescript import FOLDER
from tests.e2e.deployed import Deployed
from tests.integration.clients.test_python_cases import run_table, run_table_async
from tests.support import typescript_client
from tests.support.cases import CASES
from tests.support.typescript_client import run
from tests.support.world import Signer

START_SECONDS, TABLE_SECONDS = 30, 120
CONFIG = """using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .table),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);
const table :Workerd.Worker = (
  compatibilityDate = "2026-07-01",
  # For the table's assertions; the client takes nothing of Node.
  compatibilityFlags = ["nodejs_compat"],
  modules = [{modules}],
);
"""
WORKER = """import { runTable } from "./test/table.mjs";

export default {
  async fetch(request) {
    const { cases, access } = await request.json();
    try {
      return Response.json({ ran: await runTable(cases, access), runtime: navigator.userAgent });
    } catch (error) {
      return Response.json({ failed: `${error.stack}` });
    }
  },
};
"""


@pytest.fixture
def who(deployed: Deployed) -> Signer:
    return deployed.register()


@pytest.fixture
def built() -> None:
    typescript_client.build()


def test_the_sync_client_does_what_the_table_says(platform_url: str, who: Signer) -> None:
    run_table(platform_url, who)


def test_the_async_client_does_what_the_table_says(platform_url: str, who: Signer) -> None:
    run_table_async(platform_url, who)


def test_the_typescript_client_does_what_the_table_says(platform_url: str, who: Signer, built: None) -> None:
    assert run("node", "test/cases.mjs", platform_url, who.api_key, who.secret) == f"{len(CASES)} cases\n"


def worker(folder: Path, port: int) -> Path:
    """The table's runner with the built client beside it, as modules of a Worker. Returns the runtime's configuration."""
    files = {f"dist/{path.name}": path for path in (FOLDER / "dist").glob("*.js")}
    files |= {"test/table.mjs": FOLDER / "test" / "table.mjs"}
    # A bare name is looked for beside the module that imports it.
    files |= {"dist/openapi-fetch": FOLDER / "node_modules" / "openapi-fetch" / "dist" / "index.mjs"}
    for name, path in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(path, folder / name)
    (folder / "worker.js").write_text(WORKER, encoding="utf-8")
    modules = ", ".join(f'(name = "{name}", esModule = embed "{name}")' for name in ("worker.js", *files))
    config = folder / "config.capnp"
    config.write_text(CONFIG.replace("{port}", str(port)).replace("{modules}", modules), encoding="utf-8")
    return config


@contextmanager
def workerd(binary: Path, config: Path, port: int) -> Iterator[str]:
    """The runtime for the time of the block. Yields its address."""
    log = config.with_name("workerd.log")
    with log.open("wb") as output:
        # The command is a script that starts the runtime: both are ended together.
        process = subprocess.Popen([binary, "serve", config], stdout=output, stderr=output, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def answers(port: int) -> bool:
    try:
        socket.create_connection((ports.HOST, port), timeout=START_SECONDS).close()
    except ConnectionRefusedError:
        return False
    return True


def test_the_typescript_client_does_it_in_a_workers_runtime(
    platform_url: str, who: Signer, built: None, tools_folder: Path, tmp_path: Path
) -> None:
    port = ports.free_port()
    access = {"baseUrl": platform_url, "apiKey": who.api_key, "secret": who.secret}
    with workerd(tools_folder / "workerd", worker(tmp_path, port), port) as address:
        asked = urllib.request.Request(address, json.dumps({"cases": CASES, "access": access}).encode())
        with urllib.request.urlopen(asked, timeout=TABLE_SECONDS) as answer:
            assert json.load(answer) == {"ran": len(CASES), "runtime": "Cloudflare-Workers"}
