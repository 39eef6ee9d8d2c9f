"""`paycorex secrets`: write the stack's secret parameters into SSM Parameter Store. A new value acts within minutes."""

import argparse
import getpass
import sys
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws, parameters

# What a standard parameter, which costs nothing, can hold.
MAX_LENGTH: Final = 4_096


# The other ones are written by the commands that make what is in them.
WRITABLE: Final = [name for name in sorted(parameters.KNOWN) if name.startswith("rpc-urls/")]


class NotWritten(Exception):
    """The value is no value of this parameter, or AWS refused it. The message does not quote it."""


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `secrets`."""
    commands = subparsers.add_parser("secrets", help="parameters with keys in them").add_subparsers(required=True, metavar="command")
    write = commands.add_parser("set", help="write one; the value is read from standard input, or asked for")
    write.add_argument("name", choices=WRITABLE)
    write.set_defaults(run=_set)
    shown = commands.add_parser("list", help="every name with its version and age, without values")
    shown.set_defaults(run=_list)
    for command in (write, shown):
        command.add_argument("--stack", help="the stack's name (default: PARAMETER_PREFIX of the environment says where)")


def write(name: str, value: str, *, prefix: str) -> int:
    """Write one of parameters.KNOWN, encrypted with Parameter Store's own key. Returns its version. Raises NotWritten."""
    addresses = value.split()
    if not addresses or len(value) > MAX_LENGTH:
        raise NotWritten(f"The value must have 1 to {MAX_LENGTH} characters.")
    if not all(urlsplit(address).scheme in {"http", "https"} and urlsplit(address).hostname for address in addresses):
        raise NotWritten("The value must be addresses that begin with https://, separated by blanks.")
    try:
        answer = _ssm().put_parameter(
            Name=prefix + name, Value=" ".join(addresses), Type="SecureString", Overwrite=True, Description=parameters.KNOWN[name]
        )
    except (ClientError, BotoCoreError) as error:
        raise NotWritten(f"AWS refused it: {error}") from error
    return int(answer["Version"])


def _ssm() -> Any:
    return aws.for_operators("ssm")


def _prefix(arguments: argparse.Namespace) -> str:
    return f"/paycorex/{arguments.stack}/" if arguments.stack else parameters.path("")


def _set(arguments: argparse.Namespace) -> int:
    typed = sys.stdin.read() if not sys.stdin.isatty() else getpass.getpass(f"{parameters.KNOWN[arguments.name]}: ")
    try:
        version = write(arguments.name, typed.strip(), prefix=_prefix(arguments))
    except NotWritten as reason:
        print(f"not written: {reason}", file=sys.stderr)
        return 1
    print(f"{_prefix(arguments)}{arguments.name}: version {version}. Functions use it within {parameters.CACHE_SECONDS // 60} minutes.")
    if arguments.name.startswith("rpc-urls/") and len(set(typed.split())) < 2:
        print("One node is its own witness: name two, from different providers.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    prefix = _prefix(arguments)
    filters = [{"Key": "Name", "Option": "Equals", "Values": [prefix + name for name in sorted(parameters.KNOWN)]}]
    found = {one["Name"]: one for one in _ssm().describe_parameters(ParameterFilters=filters)["Parameters"]}
    for name in sorted(parameters.KNOWN):
        known = found.get(prefix + name)
        print(f"{prefix}{name}: {f'version {known["Version"]}, {known["Type"]}, {known["LastModifiedDate"]}' if known else 'missing'}")
    return 0
