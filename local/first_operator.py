"""The way in for the first operator of the local platform: a link that adds a passkey, made by the command that operators use in AWS.

Elsewhere nothing prints such a link by itself: who may make one holds AWS credentials.
"""

import os
import subprocess
from typing import Final

from local.emulator import CREDENTIALS, REGION, Emulator
from local.paths import tool

EMAIL: Final = "operator@localhost"
_SECONDS: Final = 60
_NO_PASSKEY: Final = " 0 passkeys"


class NoInvitation(RuntimeError):
    """The command failed; the message is its own."""


def link(base_url: str, aws: Emulator, stack: str) -> str | None:
    """Where the first operator adds a passkey, once; None when some operator has one already. Raises NoInvitation."""
    known = _command(aws, stack, "list").splitlines()
    if any(not line.endswith(_NO_PASSKEY) for line in known):
        return None
    who = ("--email", EMAIL, "--name", "Local operator", "--by", "make run")
    invited = _command(aws, stack, "invite", *who, "--url", base_url)
    return invited.splitlines()[-1]


def _command(aws: Emulator, stack: str, *arguments: str) -> str:
    done = subprocess.run(
        [tool("paycorex"), "--stack", stack, "operators", *arguments],
        env={"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": aws.url, "AWS_DEFAULT_REGION": REGION, **CREDENTIALS},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise NoInvitation(f"paycorex operators {arguments[0]}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout
