"""The stack's keys for another stack: replicas in another region, and the right of a stack of another name to use them.

Without them nothing sealed can be read again: API secrets, webhook secrets, connectors' credentials, instruments in the vault.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws

_POLICY: Final = "default"


class CannotShareKeys(Exception):
    """Nothing was changed, or the text says what was."""


def replicate(key_arns: Mapping[str, str], region: str) -> dict[str, str]:
    """Have a replica of each key in another region, with the same policy. Returns the replicas' ARNs by the keys' names.

    A replica that is there already is kept. Raises CannotShareKeys for a key that is not multi-Region, ClientError.
    """
    made = {}
    for name, arn in key_arns.items():
        described = aws.for_operators("kms").describe_key(KeyId=arn)["KeyMetadata"]
        if not described.get("MultiRegion"):
            raise CannotShareKeys(f"{name} {arn} is not a multi-Region key: its ciphertexts open in its own region only")
        members = described.get("MultiRegionConfiguration", {})
        replicas = {one["Region"]: one["Arn"] for one in [members.get("PrimaryKey", {}), *members.get("ReplicaKeys", [])] if one}
        if region not in replicas:
            policy = aws.for_operators("kms").get_key_policy(KeyId=arn, PolicyName=_POLICY)["Policy"]
            answer = aws.for_operators("kms").replicate_key(KeyId=described["KeyId"], ReplicaRegion=region, Policy=policy)
            replicas[region] = answer["ReplicaKeyMetadata"]["Arn"]
        made[name] = replicas[region]
    return made


def admit(key_arns: Mapping[str, str], stack: str, another: str) -> list[str]:
    """Let the functions of another stack of this account use the keys as the stack's own do. Returns the names of the keys that changed.

    Raises CannotShareKeys for a key whose policy does not name the stack, ClientError.
    """
    changed = []
    for name, arn in key_arns.items():
        before = json.loads(aws.for_operators("kms").get_key_policy(KeyId=arn, PolicyName=_POLICY)["Policy"])
        after = admitted(before, stack, another)
        if not _names(before, stack):
            raise CannotShareKeys(f"the policy of {name} {arn} names no role of {stack}")
        if after != before:
            aws.for_operators("kms").put_key_policy(KeyId=arn, PolicyName=_POLICY, Policy=json.dumps(after))
            changed.append(name)
    return changed


def admitted(policy: Any, stack: str, another: str) -> Any:
    """The policy with the other stack's roles wherever the stack's are named."""
    if isinstance(policy, dict):
        return {name: admitted(part, stack, another) for name, part in policy.items()}
    if isinstance(policy, list):
        parts = [part if isinstance(part, str) else admitted(part, stack, another) for part in policy]
        return _with_twins(parts, stack, another)
    return _with_twins([policy], stack, another) if _is_role(policy, stack) else policy


def _with_twins(parts: list[Any], stack: str, another: str) -> list[Any]:
    twins = [part.replace(f":role/{stack}/", f":role/{another}/") for part in parts if _is_role(part, stack)]
    return parts + [twin for twin in twins if twin not in parts]


def _is_role(text: Any, stack: str) -> bool:
    return isinstance(text, str) and f":role/{stack}/" in text


def _names(policy: Any, stack: str) -> bool:
    parts = policy.values() if isinstance(policy, dict) else policy if isinstance(policy, list) else []
    return _is_role(policy, stack) or any(_names(part, stack) for part in parts)
