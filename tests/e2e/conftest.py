"""Fixtures of the end-to-end tests: one emulator and one deployment of the real template for all of them."""

from collections.abc import Iterator

import pytest

from local import build, deploy
from local.emulator import start_emulator
from tests.e2e.deployed import Deployed

PARAMETERS = {
    "Stage": "local",
    "RegistrationMode": "open",
    "RegistrationsPerMinute": "10000",
    "WebhookBackoffUnitSeconds": "1",
}


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """The real template, built and deployed as it goes to AWS, on an emulator of its own."""
    build.build()
    with start_emulator() as emulator:
        yield Deployed(emulator, deploy.deploy(emulator, "e2e", PARAMETERS))
