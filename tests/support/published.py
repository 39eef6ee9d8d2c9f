"""What payment providers publish about their objects: specifications that are kept beside the repository."""

import json
from pathlib import Path
from typing import Any, Final

from tests.support import tools

ROOT: Final = Path(__file__).parents[2]


def folder() -> Path:
    """The folder above the repository, or the test is skipped (fails where tools are required)."""
    above = (parent / "shared" / "specs" for parent in ROOT.parents)
    found = next((place for place in above if place.is_dir()), None)
    if found is None:
        tools.missing("shared/specs, what providers publish about their objects")
    return found


def stripe_object(kind: str) -> dict[str, Any]:
    """A genuine object of Stripe's OpenAPI fixtures."""
    every = json.loads((folder() / "stripe" / "fixtures3.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = every["resources"][kind]
    return found


def razorpay_answer(name: str) -> dict[str, Any]:
    """An answer that Razorpay's official client has recorded."""
    found: dict[str, Any] = json.loads((folder() / "razorpay" / f"{name}.json").read_text(encoding="utf-8"))
    return found
