"""The fence around a stack that must not work any more: none of its functions may read, write, sign or send anything in its region.

IAM is one for all regions, so a region that cannot be reached can be fenced, before it comes back. The fence is an inline policy of each
role of the stack; lines of the log are still written.
"""

import json
import re
from typing import Any, Final

from paycorex import aws

POLICY_NAME: Final = "paycorex-fence"
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


class CannotFence(Exception):
    """Nothing was fenced, or the text says what was."""


def close(stack: str, region: str) -> list[str]:
    """Forbid every role of the stack everything in a region. Returns the roles' names. Raises CannotFence, ClientError."""
    document = json.dumps(policy(region))
    iam, names = aws.for_operators("iam"), _roles(stack)
    for name in names:
        iam.put_role_policy(RoleName=name, PolicyName=POLICY_NAME, PolicyDocument=document)
    return names


def lift(stack: str) -> list[str]:
    """Take the fence away again. Returns the names of the roles that had one. Raises CannotFence, ClientError."""
    iam, lifted = aws.for_operators("iam"), []
    for name in _roles(stack):
        if POLICY_NAME in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=POLICY_NAME)
            lifted.append(name)
    return lifted


def policy(region: str) -> dict[str, Any]:
    """The policy document. Raises CannotFence for what is no region."""
    if not _REGION.fullmatch(region):
        raise CannotFence(f"{region!r} is not a region")
    statement = {"Sid": "Fence", "Effect": "Deny", "NotAction": "logs:*", "Resource": f"arn:*:*:{region}:*:*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _roles(stack: str) -> list[str]:
    """The roles of the stack's functions: those of its own path. Its schedules' roles may only call functions."""
    pages = aws.for_operators("iam").get_paginator("list_roles").paginate(PathPrefix=f"/{stack}/")
    found = sorted(role["RoleName"] for page in pages for role in page["Roles"])
    if not found:
        raise CannotFence(f"there are no roles of a stack {stack}")
    return found
