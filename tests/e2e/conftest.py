"""Fixtures of the end-to-end tests: one emulator, one test chain and one deployment of the real template for each worker's."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from local import build, chain, crypto_demo, deploy, ports, secret_parameters
from local.chain import Chain, NoAnvil
from local.emulator import Emulator, start_emulator
from local.locks import exclusive
from local.paths import LOCAL
from local.proxy import Proxy
from tests.e2e.deployed import Deployed
from tests.support import chromium, tools

FETCH_SECONDS = 300
PARAMETERS = {
    "Stage": "local",
    "RegistrationMode": "open",
    "RegistrationsPerMinute": "10000",
    "RequestsPerSecond": "10000",
    "WebhookBackoffUnitSeconds": "1",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what waits the longest: two minutes for keys to be forgotten and found again.

    It also stands first in its file: a worker is handed its next file when it has two tests left. Last what moves its platform's clock.
    """
    items.sort(key=lambda item: ("test_triggers" in item.nodeid, "test_permissions" not in item.nodeid))


@pytest.fixture(scope="session")
def node() -> Iterator[Chain | NoAnvil]:
    """An Ethereum of our own with a block a second; why there is none, where anvil cannot be had."""
    try:
        with chain.running(1, options=crypto_demo.OPTIONS) as running:
            crypto_demo.endow(running)
            yield running
    except NoAnvil as reason:
        yield reason


@pytest.fixture
def test_chain(node: Chain | NoAnvil) -> Chain:
    """The Ethereum of our own, for a test that does nothing without it."""
    if isinstance(node, NoAnvil):
        tools.missing(f"no anvil: {node}")
    return node


@pytest.fixture(scope="session")
def deployed(node: Chain | NoAnvil) -> Iterator[Deployed]:
    """The real template, built and deployed as it goes to AWS, on an emulator of its own."""
    build.build()
    with start_emulator() as emulator:
        running, watching = watched(emulator, "e2e", node)
        public = {"PublicBaseUrl": f"http://{ports.HOST}:{ports.claim(None, 'PORT')}"}
        yield Deployed(emulator, deploy.deploy(emulator, "e2e", PARAMETERS | watching | public), running, public["PublicBaseUrl"])


def watched(emulator: Emulator, stack: str, node: Chain | NoAnvil) -> tuple[Chain | None, dict[str, str]]:
    """The chain, where there is one, and the parameters that have it watched: under two names, so that credit waits for two that agree."""
    if isinstance(node, NoAnvil):
        return None, {}
    secret_parameters.write_nodes(emulator, stack, "ethereum", f"{node.url} {node.url}/")
    return node, {"WatchEthereum": "true"}


@pytest.fixture(scope="session")
def platform_url(deployed: Deployed) -> Iterator[str]:
    """The same stack at the address that its links lead to, as `make run` has one."""
    port = urlsplit(deployed.public_url).port or 0
    proxy = Proxy(port, deployed.stack.url, own=lambda _path, _headers, _body: 404, passed=lambda _passed: None)
    yield proxy.url
    proxy.stop()


@pytest.fixture(scope="session")
def tools_folder() -> Path:
    """The commands of npm's packages that merchants use, as the lock file pins them."""
    folder, pinned = LOCAL / "npm" / "merchants-tools", Path(__file__).parent / "npm" / "package-lock.json"
    with exclusive(folder.with_suffix(".lock")):
        installed = folder / "package-lock.json"
        if not (folder / "node_modules").exists() or installed.read_bytes() != pinned.read_bytes():
            if shutil.which("npm") is None:
                tools.missing("npm is missing: apt-get install -y npm")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(pinned.with_name(name), folder / name)
            subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=folder, check=True, timeout=FETCH_SECONDS)
    return folder / "node_modules" / ".bin"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.running() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An Indian reader's tab."""
    context = browser.new_context(locale="en-IN", timezone_id="Asia/Kolkata")
    yield context.new_page()
    context.close()
