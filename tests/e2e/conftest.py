"""Fixtures of the end-to-end tests: one emulator, one test chain and one deployment of the real template for each worker's."""

from collections.abc import Iterator

import pytest

from local import build, chain, crypto_demo, deploy, secret_parameters
from local.chain import Chain, NoAnvil
from local.emulator import Emulator, start_emulator
from tests.e2e.deployed import Deployed

PARAMETERS = {
    "Stage": "local",
    "RegistrationMode": "open",
    "RegistrationsPerMinute": "10000",
    "RequestsPerSecond": "10000",
    "WebhookBackoffUnitSeconds": "1",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what waits the longest: two minutes for keys to be forgotten and found again.

    It also stands first in its file: a worker is handed its next file when it has two tests left.
    """
    items.sort(key=lambda item: "test_permissions" not in item.nodeid)


@pytest.fixture(scope="session")
def node() -> Iterator[Chain | NoAnvil]:
    """An Ethereum of our own with a block a second; why there is none, where anvil cannot be had."""
    try:
        with chain.running(1, options=crypto_demo.OPTIONS) as running:
            crypto_demo.endow(running)
            yield running
    except NoAnvil as reason:
        yield reason


@pytest.fixture(scope="session")
def deployed(node: Chain | NoAnvil) -> Iterator[Deployed]:
    """The real template, built and deployed as it goes to AWS, on an emulator of its own."""
    build.build()
    with start_emulator() as emulator:
        running, watching = watched(emulator, "e2e", node)
        yield Deployed(emulator, deploy.deploy(emulator, "e2e", PARAMETERS | watching), running)


def watched(emulator: Emulator, stack: str, node: Chain | NoAnvil) -> tuple[Chain | None, dict[str, str]]:
    """The chain, where there is one, and the parameters that have it watched: under two names, so that credit waits for two that agree."""
    if isinstance(node, NoAnvil):
        return None, {}
    secret_parameters.write_nodes(emulator, stack, "ethereum", f"{node.url} {node.url}/")
    return node, {"WatchEthereum": "true"}
