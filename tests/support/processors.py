"""The processors' library for tests: what the layer holds, on this process's path."""

import sys
from pathlib import Path

import pytest

from local import artifacts
from local.processors_library import LAYER
from payments.connectors.prism import library
from tests.support.tools import missing


def layer_of(architecture: str) -> Path:
    """The layer's `python` folder; skips the test where the package index does not give it."""
    try:
        return artifacts.libraries(LAYER, architecture)
    except artifacts.InstallFailed as failed:
        missing(str(failed))


@pytest.fixture(scope="session")
def processors_library() -> library.Library:
    """The library, loaded once for this process and found by the code under test."""
    sys.path.append(str(layer_of(artifacts.machine_architecture())))
    library._loaded = None
    loaded = library.load()
    assert isinstance(loaded, library.Library), loaded
    return loaded
