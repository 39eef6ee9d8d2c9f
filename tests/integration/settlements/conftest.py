"""For tests of settlements: the bucket of reports."""

import os
from collections.abc import Iterator

import pytest

from paycorex import settings
from tests.fakes.object_store import ObjectStore
from tests.support.world import World

BUCKET = "paycorex-reports"


@pytest.fixture
def bucket(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """The bucket's service on this machine."""
    with ObjectStore() as objects:
        monkeypatch.setattr(settings, "aws_environment", lambda: {**os.environ, **objects.environment()})
        world.settings = world.settings.model_copy(update={"reports_bucket": BUCKET})
        settings.use(world.settings)
        yield objects
