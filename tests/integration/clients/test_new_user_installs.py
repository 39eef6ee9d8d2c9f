"""The clients' READMEs as a new user follows them: installed from the folder into an empty environment, then every block as printed."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.clients.contract import CLIENTS
from tests.integration.clients.conftest import Platform
from tests.support import tools

ADDRESS, RECEIVER = "http://127.0.0.1:8080", "http://127.0.0.1:3000/webhooks"
INSTALL_SECONDS, RUN_SECONDS = 300, 120
# What a person's shell has, and a test's must not hand on.
OURS = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}


def readme(language: str) -> str:
    return (CLIENTS / language / "README.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def run(command: list[str], folder: Path, environment: Mapping[str, str], seconds: int = RUN_SECONDS) -> str:
    """What it prints. Fails with all of its output."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=seconds)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What of a clone the READMEs use: the clients, without what a clone has not."""
    shutil.copytree(CLIENTS, tmp_path / "clients", ignore=shutil.ignore_patterns("node_modules", "dist", "*.egg-info", "__pycache__"))
    return tmp_path


@pytest.fixture
def received() -> Iterator[tuple[str, list[str]]]:
    """A shop's server: its address, and the names of the events that it got."""
    events: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            events.append(self.headers["X-Webhook-Event"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/webhooks", events
    server.shutdown()
    server.server_close()


@pytest.fixture
def shell(clone: Path) -> Mapping[str, str]:
    """An empty virtual environment into which the README's line has installed the client with its command line, as a shell has it."""
    others = {name: value for name, value in os.environ.items() if name not in OURS}
    run([sys.executable, "-m", "venv", str(clone / "venv")], clone, others, INSTALL_SECONDS)
    environment = others | {"PATH": f"{clone / 'venv' / 'bin'}{os.pathsep}{others['PATH']}", "PCX_CONFIG": str(clone / "config")}
    (line,) = re.findall(r"in a clone of PayCoreX: (pip install \./clients/python)$", readme("python"), re.MULTILINE)
    assert "'paycorex-client[cli]'" in readme("python")
    run(["bash", "-ec", f"{line}[cli] --quiet"], clone, environment, INSTALL_SECONDS)
    return environment


@pytest.mark.timeout(900)
def test_the_python_readme_from_an_empty_environment(
    platform: Platform, clone: Path, shell: Mapping[str, str], received: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.events.log.SETTLING_MS", 50)
    text = readme("python")
    (clone / "shop.py").write_text("\n".join(blocks(text, "python")).replace(ADDRESS, platform.url), encoding="utf-8")
    printed = run(["python", "shop.py"], clone, shell).splitlines()
    shown = re.findall(r"print\(.*\)  # (.*)$", text, re.MULTILINE)
    assert len(shown) == 3
    assert [line for line in shown if line not in printed] == []
    assert run(["python", "-c", "import paycorex_client; print(paycorex_client.__file__)"], clone, shell).startswith(str(clone / "venv"))
    url, events = received
    (step,) = re.findall(r"makes the calls of a JSON file: `(.*)`", text)
    (clone / "steps.json").write_text(step, encoding="utf-8")
    (commands,) = blocks(text, "sh")
    listener: subprocess.Popen[bytes] | None = None
    try:
        for line in commands.splitlines():
            command = shlex.split(line.replace(ADDRESS, platform.url).replace(RECEIVER, url))
            if command[:2] == ["pcx", "listen"]:
                # A person leaves it running in a second shell.
                listener = subprocess.Popen(command, cwd=clone, env=shell, stdout=subprocess.DEVNULL)
                time.sleep(2)
                continue
            run(command, clone, shell)
        deadline = time.monotonic() + RUN_SECONDS
        while "payment.success" not in events and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        if listener is not None:
            listener.kill()
            listener.wait()
    assert "payment.success" in events


@pytest.mark.timeout(900)
def test_the_typescript_readme_from_an_empty_folder(platform: Platform, clone: Path) -> None:
    if shutil.which("npm") is None:
        tools.missing("npm is missing: apt-get install -y npm")
    text = readme("typescript")
    (first, second) = re.findall(r"in a clone of PayCoreX: \((.*)\) and (npm install \./clients/typescript)$", text, re.MULTILINE)[0]
    npm = {
        "npm_config_prefer_offline": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | npm
    (clone / "package.json").write_text(json.dumps({"name": "shop", "private": True, "type": "module"}), encoding="utf-8")
    run(["bash", "-ec", f"({first})\n{second}"], clone, environment, INSTALL_SECONDS)
    (clone / "shop.mts").write_text("\n".join(blocks(text, "ts")).replace(ADDRESS, platform.url), encoding="utf-8")
    compiler = clone / "clients" / "typescript" / "node_modules" / ".bin" / "tsc"
    options = ["--strict", "--target", "ES2022", "--module", "NodeNext", "--lib", "ES2022,DOM,DOM.Iterable", "--skipLibCheck"]
    run([str(compiler), *options, "shop.mts"], clone, environment)
    printed = run(["node", "shop.mjs"], clone, environment).splitlines()
    shown = re.findall(r"console\.log\(.*\); // (.*)$", text, re.MULTILINE)
    assert len(shown) == 4
    assert [line for line in shown if line not in printed] == []
