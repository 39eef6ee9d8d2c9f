"""Tools that pip cannot bring: a test that needs one says what is missing and how it is had."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test with `what` as the reason; fail it where TEST_TOOLS=required, as in continuous integration."""
    if os.environ.get("TEST_TOOLS") == "required":
        pytest.fail(what)
    pytest.skip(what)
