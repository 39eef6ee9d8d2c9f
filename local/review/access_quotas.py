"""Quotas of IAM and KMS: how large policies may be, and how long a role's name.

Sources: "IAM and AWS STS quotas" of the IAM user guide and "Quotas" of the KMS developer guide, read 2026-11.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.review.readings import ALL, Reading, Stack, greatest
from local.review.samples import physical_name

INLINE_CHARACTERS: Final = 10_240
MANAGED_CHARACTERS: Final = 6_144
TRUST_CHARACTERS: Final = 2_048
MANAGED_POLICIES: Final = 10
KEY_POLICY_BYTES: Final = 32 * 1024
ROLE_NAME: Final = 64


def readings(stack: Stack) -> Iterator[Reading]:
    """One reading for each quota of roles, policies and keys."""
    roles = list(stack.of("AWS::IAM::Role"))
    yield greatest("IAM: policies inside a role, characters", INLINE_CHARACTERS, ((name, _inline(stack, role)) for name, role in roles))
    managed = ((name, characters(stack, policy["PolicyDocument"])) for name, policy in stack.of("AWS::IAM::ManagedPolicy"))
    yield greatest("IAM: a managed policy, characters", MANAGED_CHARACTERS, managed)
    trust = ((name, characters(stack, role["AssumeRolePolicyDocument"])) for name, role in roles)
    yield greatest("IAM: trust policy of a role, characters", TRUST_CHARACTERS, trust)
    attached = ((name, len(role.get("ManagedPolicyArns", []))) for name, role in roles)
    yield greatest("IAM: managed policies of a role", MANAGED_POLICIES, attached, ALL)
    names = ((name, len(_role_name(stack, name, role))) for name, role in roles if "RoleName" in role or _is_of_a_function(role))
    yield greatest("IAM: name of a role, characters", ROLE_NAME, names, ALL)
    keys = ((name, len(_compact(stack, key["KeyPolicy"]).encode())) for name, key in stack.of("AWS::KMS::Key"))
    yield greatest("KMS: policy of a key, bytes", KEY_POLICY_BYTES, keys)


def characters(stack: Stack, document: Mapping[str, Any]) -> int:
    """A policy's length as IAM counts it: without white space."""
    return len("".join(_compact(stack, document).split()))


def _compact(stack: Stack, document: Mapping[str, Any]) -> str:
    return json.dumps(stack.samples.resolved(document), separators=(",", ":"))


def _inline(stack: Stack, role: Mapping[str, Any]) -> int:
    """All of a role's own policies count together."""
    return sum(characters(stack, policy["PolicyDocument"]) for policy in role.get("Policies", []))


def _is_of_a_function(role: Mapping[str, Any]) -> bool:
    """Key policies know these roles by name. CloudFormation cuts a longer name of its own making, and they would not know it."""
    return "lambda.amazonaws.com" in str(role["AssumeRolePolicyDocument"])


def _role_name(stack: Stack, name: str, role: Mapping[str, Any]) -> str:
    return stack.samples.text(role["RoleName"]) if "RoleName" in role else physical_name(name)
