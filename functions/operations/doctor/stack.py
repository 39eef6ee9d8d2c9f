"""A deployed stack as CloudFormation describes it: parameters, outputs, resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws, clock
from paycorex.stack_settings import NoStack

_YOUNG_SECONDS: Final = 1_200


@dataclass(frozen=True, slots=True)
class Resource:
    """logical: its id in the template. physical: its name or ARN in AWS."""

    logical: str
    kind: str
    physical: str


@dataclass(frozen=True, slots=True)
class Stack:
    """aws_time: the moment that AWS's answer carries, None when it carries none."""

    name: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: tuple[Resource, ...]
    aws_time: datetime | None
    created_at: datetime | None = None

    def of_kind(self, kind: str) -> list[Resource]:
        """The resources of one type."""
        return [one for one in self.resources if one.kind == kind]

    def is_on(self, parameter: str) -> bool:
        """Whether a parameter is `true`."""
        return self.parameters.get(parameter) == "true"

    @property
    def is_emulated(self) -> bool:
        """Whether it is deployed on the local emulator, which has no metrics of functions and no recovery of tables."""
        return self.stage == "local"

    @property
    def stands_by(self) -> bool:
        """Whether it waits for another one's data, with everything switched off that would work on it."""
        return self.parameters.get("Mode") == "standby"

    @property
    def is_new(self) -> bool:
        """Whether it is so young that a schedule need not have run."""
        return self.created_at is not None and clock.outside_seconds() - self.created_at.timestamp() < _YOUNG_SECONDS

    @property
    def stage(self) -> str:
        """The stack's stage."""
        return self.parameters.get("Stage", "")


def read(name: str) -> Stack:
    """The stack of this name. Raises NoStack."""
    client: Any = aws.for_operators("cloudformation")
    try:
        answer = client.describe_stacks(StackName=name)
        pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
        listed = [one for page in pages for one in page["StackResourceSummaries"]]
    except (ClientError, BotoCoreError) as error:
        raise NoStack(f"The stack {name} cannot be read: {error}") from error
    found = answer["Stacks"][0]
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return Stack(
        name=name,
        status=found["StackStatus"],
        parameters={one["ParameterKey"]: one.get("ResolvedValue", one["ParameterValue"]) for one in found.get("Parameters", [])},
        outputs={one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])},
        resources=tuple(Resource(one["LogicalResourceId"], one["ResourceType"], one.get("PhysicalResourceId", "")) for one in listed),
        created_at=found.get("CreationTime"),
        aws_time=parsedate_to_datetime(date) if date else None,
    )
