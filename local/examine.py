"""The doctor's look at a stack in AWS, and at the platform that runs on this machine."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from local import platform_file
from local.emulator import CREDENTIALS, REGION
from local.paths import tool


def examine_stack(name: str, region: str, *options: str) -> int:
    """The doctor's exit status for a stack in AWS, with this shell's credentials."""
    return _paycorex(["doctor", name, *options], {**os.environ, "AWS_DEFAULT_REGION": region})


def examine_platform(*options: str) -> int:
    """The same for the platform of `make run`, whose reserved merchant is made first."""
    running = platform_file.read(platform_file.PLATFORM)
    if running is None:
        raise SystemExit("No platform runs on this machine. Start it with: make run")
    environment = {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": running["emulator_url"], "AWS_DEFAULT_REGION": REGION}
    made = _paycorex(["--stack", running["stack"], "admin", "check-merchant"], environment)
    return made or _paycorex(["doctor", running["stack"], "--url", running["base_url"], *options], environment)


def _paycorex(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    return subprocess.run([tool("paycorex"), *arguments], env=environment, check=False).returncode
