"""Every policy against AWS's list of actions: each action exists, applies to its resources, and knows the conditions on it.

The list is policy_sentry's copy of the Service Authorization Reference. IAM accepts a policy that breaks these rules and then denies, or
does not look at the condition; so a deployment does not show it.
"""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from policy_sentry.querying.actions import get_action_data, get_actions_for_service

from local.review.findings import Finding
from local.review.readings import Stack

TOOL: Final = "policies"
_PLACEHOLDER: Final = re.compile(r"\\\$\\\{\w+\\\}")
_KEY_PLACEHOLDER: Final = re.compile(r"\$\{\w+\}")
# What a function must never be given: it could give itself the rest.
_GIVES_RIGHTS: Final = "Permissions management"


def findings(stack: Stack) -> Iterator[Finding]:
    """What is wrong with any statement of any role, managed policy or key."""
    for name, document in documents(stack):
        for statement in stack.samples.resolved(document)["Statement"]:
            yield from (Finding(TOOL, rule, name, text) for rule, text in _statement(statement, of_a_key="Principal" in statement))


def documents(stack: Stack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Logical id and document of every policy."""
    for name, role in stack.of("AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            yield name, policy["PolicyDocument"]
    for name, managed in stack.of("AWS::IAM::ManagedPolicy"):
        yield name, managed["PolicyDocument"]
    for name, key in stack.of("AWS::KMS::Key"):
        yield name, key["KeyPolicy"]


def _statement(statement: Mapping[str, Any], *, of_a_key: bool) -> Iterator[tuple[str, str]]:
    """Rule and text of each fault. of_a_key: a key's policy may let the account administer it, and `*` there is the key itself."""
    for pattern in listed(statement["Action"]):
        actions = matching(pattern)
        if not actions:
            yield "unknown-action", f"AWS has no action {pattern}"
        for action in actions:
            yield from _action(action, statement, of_a_key=of_a_key)
    if statement["Effect"] == "Allow" and not of_a_key and "*" in listed(statement["Resource"]):
        yield "any-resource", f"{statement['Action']} on every resource"


def _action(action: str, statement: Mapping[str, Any], *, of_a_key: bool) -> Iterator[tuple[str, str]]:
    entries = reference(action)
    if not of_a_key:
        if entries[0]["access_level"] == _GIVES_RIGHTS and statement["Effect"] == "Allow":
            yield "gives-rights", f"{action} changes who may do what"
        formats = [entry["resource_arn_format"] for entry in entries]
        for resource in listed(statement["Resource"]):
            if not any(fits(resource, one) for one in formats):
                yield "wrong-resource", f"{action} does not apply to {resource}"
    known = [key for entry in entries for key in entry["condition_keys"]]
    for keys in statement.get("Condition", {}).values():
        for key in keys:
            if not key.startswith("aws:") and not any(_is_key(key, one) for one in known):
                yield "unknown-condition", f"{action} knows no condition {key}"


def listed(value: Any) -> list[str]:
    """A statement's value as a list: IAM takes one alone, too."""
    return value if isinstance(value, list) else [value]


@cache
def matching(pattern: str) -> tuple[str, ...]:
    """AWS's actions that a pattern such as `kms:Describe*` names."""
    service = pattern.partition(":")[0]
    return tuple(one for one in get_actions_for_service(service) if fnmatchcase(one.lower(), pattern.lower()))


@cache
def reference(action: str) -> list[dict[str, Any]]:
    """The reference's entries for an action: one for each type of resource that it applies to."""
    service, _, name = action.partition(":")
    entries: list[dict[str, Any]] = get_action_data(service, name)[service]
    return entries


def fits(resource: str, arn_format: str) -> bool:
    """Whether a statement's resource is of the type that a format of ARNs describes."""
    if resource == "*" or arn_format == "*":
        return resource == arn_format
    # A table's name has no slash, so that an index is not taken for a table; names of roles, log groups and parameters may have some.
    escaped = re.escape(arn_format.replace("${TableName}", "TABLE")).replace("TABLE", "[^/]+")
    pattern = _PLACEHOLDER.sub(".+", escaped)
    return re.fullmatch(pattern, resource) is not None


def _is_key(key: str, known: str) -> bool:
    return re.fullmatch(_KEY_PLACEHOLDER.sub(".+", known), key, re.IGNORECASE) is not None
