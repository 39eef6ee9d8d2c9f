"""`paycorex admin check-merchant`: the merchant that release checks and the doctor pay with. Its credentials are a secret parameter."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from merchants import accounts
from merchants.requests import Register
from paycorex import aws, ids, parameters, storage
from paycorex.idempotency import Claim

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

NAME: Final = "Release check"
PARAMETER: Final = "check-merchant"


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to those of `paycorex admin`."""
    make = subparsers.add_parser("check-merchant", help="make the merchant that release checks and the doctor pay with, unless it is there")
    make.add_argument("--renew", action="store_true", help="make another one; the parameter names it from then on")
    make.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    path = parameters.path(PARAMETER)
    try:
        parameters.read(PARAMETER)
    except parameters.ParameterMissing:
        # There is no such merchant yet: it is made below.
        pass
    except parameters.ParameterUnavailable as reason:
        print(reason, file=sys.stderr)
        return 1
    else:
        if not arguments.renew:
            print(f"{path} is there")
            return 0
    try:
        merchant_id = _make(path)
    except (ClientError, BotoCoreError, storage.Unavailable, storage.OutcomeUnknown) as reason:
        print(f"not made: {reason}", file=sys.stderr)
        return 1
    print(f"merchant {merchant_id}; its credentials are in {path}")
    return 0


def _make(path: str) -> str:
    """Registered whether registration is open or not: who may write the tables is an operator."""
    claim = Claim.of("operators", signature=ids.new("req"), key=None, key_is_signed=True, request_hash="-")
    request = Register(name=NAME, email="release-check@example.com")
    made = accounts.register(request, claim=claim, open_to_all=True)
    issued = made.issued
    if issued is None:
        raise AssertionError("a claim that no one else has registers a new merchant")
    content = {"merchant_id": made.merchant.merchant_id, "api_key": issued.api_key, "secret": issued.secret}
    client: Any = aws.for_operators("ssm")
    client.put_parameter(Name=path, Value=json.dumps(content), Type="SecureString", Overwrite=True, Description=parameters.KNOWN[PARAMETER])
    parameters.forget()
    return made.merchant.merchant_id
