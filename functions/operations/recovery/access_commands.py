"""`paycorex fence` and `keys`: which stack may work, and which keys it may use, when a stack or a region is lost."""

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

from operations.recovery import fence, keys
from operations.recovery.fence import CannotFence
from operations.recovery.keys import CannotShareKeys
from paycorex import settings


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("fence", help="forbid all functions of a stack everything in its region, reachable or not")
    command.add_argument("--stack", required=True)
    command.add_argument("--region", help="where the stack must not work any more (not needed with --lift)")
    command.add_argument("--lift", action="store_true", help="take the fence away again")
    command.set_defaults(run=_fence)
    commands = subparsers.add_parser("keys", help="the stack's keys for another stack").add_subparsers(required=True, metavar="command")
    command = commands.add_parser("replicate", help="have replicas in another region; prints the parameters of a stack that uses them")
    command.add_argument("--to-region", required=True)
    command.set_defaults(run=_replicate)
    command = commands.add_parser("admit", help="let a stack of another name use the keys; prints its parameters")
    command.add_argument("--stack", required=True, help="the stack whose keys they are")
    command.add_argument("--another", required=True, help="the stack that may use them too")
    command.set_defaults(run=_admit)


def _fence(arguments: argparse.Namespace) -> int:
    if not arguments.lift and not arguments.region:
        print("not done: say where: --region", file=sys.stderr)
        return 2
    try:
        roles = fence.lift(arguments.stack) if arguments.lift else fence.close(arguments.stack, arguments.region)
    except (CannotFence, ClientError, BotoCoreError) as reason:
        print(f"not done: {reason}", file=sys.stderr)
        return 1
    done = "free again" if arguments.lift else f"fenced in {arguments.region}"
    print(f"{len(roles)} roles of {arguments.stack} {done}: {', '.join(roles)}")
    print("IAM needs up to a few minutes until this acts everywhere")
    return 0


def _replicate(arguments: argparse.Namespace) -> int:
    try:
        made = keys.replicate(_key_arns(), arguments.to_region)
    except (CannotShareKeys, ClientError, BotoCoreError) as reason:
        print(f"not done: {reason}", file=sys.stderr)
        return 1
    _print_parameters(made)
    return 0


def _admit(arguments: argparse.Namespace) -> int:
    try:
        arns = _key_arns()
        changed = keys.admit(arns, arguments.stack, arguments.another)
    except (CannotShareKeys, ClientError, BotoCoreError) as reason:
        print(f"not done: {reason}", file=sys.stderr)
        return 1
    print(f"{len(changed)} key policies changed", file=sys.stderr)
    _print_parameters(arns)
    return 0


def _key_arns() -> dict[str, str]:
    """The stack's keys by their names in the template. Raises CannotShareKeys when the environment does not name them all."""
    current = settings.current()
    arns = {"SealingKey": current.sealing_key_id, "VaultKey": current.vault_key_id, "ProofKey": current.proof_key_id}
    if missing := [name for name, arn in arns.items() if not arn]:
        raise CannotShareKeys(f"set the environment to the stack's outputs: {', '.join(_VARIABLES[name] for name in missing)}")
    return arns


_VARIABLES = {"SealingKey": "SEALING_KEY_ID", "VaultKey": "VAULT_KEY_ID", "ProofKey": "PROOF_KEY_ID"}


def _print_parameters(arns: dict[str, str]) -> None:
    for name, arn in arns.items():
        print(f"Existing{name}Id={arn.rpartition('/')[2]}")
