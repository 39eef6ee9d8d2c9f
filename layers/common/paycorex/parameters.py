"""Parameters with a secret in them, such as an address with a provider's key: read from SSM Parameter Store, never from the environment.

A value is read when it is first needed and kept for five minutes, so that a new one acts without a deployment. While Parameter Store does
not answer, the last value serves for an hour. Operators write parameters with `paycorex secrets`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws, caching, clock, redaction, settings
from paycorex.evm.networks import NETWORKS

CACHE_SECONDS: Final = 300
# For how long an old value serves when Parameter Store does not answer, and how soon it is asked again. It answers 40 reads a second.
STALE_SECONDS: Final = 3_600
RETRY_SECONDS: Final = 10
_MISSING: Final = "ParameterNotFound"

# Every parameter that functions read, by its name below the stack's prefix, and what its value is.
KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {f"rpc-urls/{network}": f"JSON-RPC nodes of {network}, separated by blanks: two, from different providers" for network in NETWORKS}
    | {"check-merchant": "credentials of the merchant that release checks and the doctor pay with"}
)

logger: Final = redaction.logger("parameters")


class ParameterMissing(Exception):
    """The stack has no such parameter. The message names it and the command that writes it."""


class ParameterUnavailable(Exception):
    """Parameter Store gave no value, and none is known from before. The message names the service's code."""


@dataclass(frozen=True, slots=True, repr=False)
class _Kept:
    """A value (None: there is no such parameter), when it was read, and from when on it is asked for again, in seconds."""

    value: str | None
    read_at: float
    ask_at: float


_kept: dict[str, _Kept] = {}


def forget() -> None:
    """Clear what this execution environment has read, as in a new one."""
    _kept.clear()


caching.on_forget(forget)


def path(name: str) -> str:
    """The whole name of a parameter in Parameter Store."""
    return settings.current().parameter_prefix + name


def read(name: str) -> str:
    """The value of one of KNOWN, at most CACHE_SECONDS old, or STALE_SECONDS where Parameter Store does not answer.

    Raises ParameterMissing and ParameterUnavailable.
    """
    full = path(name)
    kept = _kept.get(full)
    if kept is None or clock.now_seconds() >= kept.ask_at:
        kept = _kept[full] = _ask(full, kept)
    if kept.value is None:
        raise ParameterMissing(f"There is no parameter {full}. Write it with: paycorex {_command(name)}")
    return kept.value


def _command(name: str) -> str:
    return "admin check-merchant" if name == "check-merchant" else f"secrets set {name}"


def _ask(full: str, before: _Kept | None) -> _Kept:
    now = clock.now_seconds()
    try:
        answer: Any = aws.ssm().get_parameter(Name=full, WithDecryption=True)
    except (ClientError, BotoCoreError) as error:
        code = str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__
        if code == _MISSING:
            return _Kept(None, now, now + RETRY_SECONDS)
        if before is None or now - before.read_at >= STALE_SECONDS:
            raise ParameterUnavailable(f"The parameter {full} cannot be read: {code}") from error
        # An old address of a node is better than none.
        logger.warning("an old value serves", extra={"parameter": full, "code": code})
        return replace(before, ask_at=now + RETRY_SECONDS)
    return _Kept(str(answer["Parameter"]["Value"]), now, now + CACHE_SECONDS)
