"""The files that tell others about the running platform: scripts, tests, `sam local`, and the next start. All private to this user."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from local.paths import LOCAL

PLATFORM: Final = LOCAL / "platform.json"
RUNNING: Final = LOCAL / "running.json"
DEMO: Final = LOCAL / "demo.json"
SAM_ENVIRONMENT: Final = LOCAL / "env.json"
# A signed request by hand.
TRY: Final = LOCAL / "try.sh"
# Where to ask and as whom, for a shell to read in.
ACCESS: Final = LOCAL / "merchant.sh"


@dataclass(frozen=True, slots=True)
class Running:
    """The processes of the platform. `ready`: its start-up messages are complete."""

    process_id: int
    emulator_process_id: int
    ready: bool


def write_private(path: Path, content: Any) -> None:
    """Write JSON that only this user may read, in one go."""
    write_private_text(path, json.dumps(content, indent=2) + "\n")


def write_private_text(path: Path, text: str) -> None:
    """Write a text that only this user may read, in one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)


def read(path: Path) -> Any:
    """What a file says; None when there is none, or nothing that can be read."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def note_running(running: Running) -> None:
    """Remember the processes, so that `make stop` finds them."""
    write_private(RUNNING, asdict(running))


def find_running() -> Running | None:
    """The processes that were noted last, whether they still run or not."""
    content = read(RUNNING)
    return Running(**content) if content else None


def write_platform(*, base_url: str, emulator_url: str, chain_url: str | None, stack: str, demo: Mapping[str, str]) -> None:
    """Tell where the platform is. chain_url: None where there is no test chain."""
    shown = {name: demo[name] for name in ("merchant_id", "api_key", "secret")}
    content = {
        "base_url": base_url,
        "web_url": f"{base_url}/",
        "emulator_url": emulator_url,
        "chain_url": chain_url,
        "stack": stack,
        "demo": shown,
    }
    write_private(PLATFORM, content)


def shell_access(base_url: str, api_key: str, secret: str) -> str:
    """The variables that the examples of the documentation use."""
    return f"export PAYCOREX_URL={base_url}\nexport PAYCOREX_API_KEY={api_key}\nexport PAYCOREX_SECRET={secret}\n"


def forget() -> None:
    """The platform is gone."""
    PLATFORM.unlink(missing_ok=True)
    RUNNING.unlink(missing_ok=True)
