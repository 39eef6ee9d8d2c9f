"""What functions may do: the statements of their roles, in the words in which calls are noted, and IAM's ruling on a call."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests.support import template

_SUBSTITUTED = re.compile(r"\$\{(\w+)\.Arn\}(.*)")
_PARAMETER = re.compile(r":parameter/paycorex/\$\{AWS::StackName\}/(.*)$")
_ALARMS = re.compile(r":alarm:(\*)$")
_BUS = re.compile(r":(event-bus/.+)$")
_WORKER = "AWS::Lambda::Function"
_SOURCES = ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig")


@dataclass(frozen=True, slots=True)
class Right:
    """A statement: effect, actions (maybe with wildcards), resources as calls name them, conditions as in IAM, the policy it stands in."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, Any]]
    source: str

    def applies(self, action: str, resource: str, context: Mapping[str, str]) -> bool:
        """Whether the statement speaks of this call."""
        return (
            any(fnmatchcase(action, pattern) for pattern in self.actions)
            and any(fnmatchcase(resource, pattern) for pattern in self.resources)
            and all(_holds(operator, keys, context) for operator, keys in self.conditions.items())
        )


@cache
def functions() -> dict[str, str]:
    """The handler of each function, by logical id: its module, and its network (`module:network`) where its schedule names one."""
    found = {name: one["Properties"]["Handler"].rpartition(".")[0] for name, one in template.translated_resources(_WORKER).items()}
    for schedule in template.translated_resources("AWS::Scheduler::Schedule").values():
        target = schedule["Properties"]["Target"]
        network = json.loads(target.get("Input", "{}")).get("network")
        if network is not None:
            found[target["Arn"]["Fn::GetAtt"][0]] += f":{network}"
    return found


@cache
def of(function: str) -> tuple[Right, ...]:
    """The rights of a function's role: its own policies, and those that it shares with others."""
    resources = template.translated()["Resources"]
    role = resources[function]["Properties"]["Role"]["Fn::GetAtt"][0]
    properties = resources[role]["Properties"]
    documents = [(function, policy["PolicyDocument"]) for policy in properties.get("Policies", [])]
    # Those of AWS are named by ARN: what a Lambda needs to write its log and its traces.
    shared = [policy["Ref"] for policy in properties.get("ManagedPolicyArns", []) if isinstance(policy, dict) and "Ref" in policy]
    documents += [(name, resources[name]["Properties"]["PolicyDocument"]) for name in shared]
    return tuple(_right(source, statement) for source, document in documents for statement in document["Statement"])


def allows(function: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """IAM's ruling: some statement allows the call, and none denies it."""
    effects = {right.effect for right in of(function) if right.applies(action, resource, context)}
    return effects == {"Allow"}


@cache
def used_by_lambda(function: str) -> frozenset[tuple[str, str]]:
    """What Lambda itself does with a function's role: it sends what failed to the destination that the template names."""
    sources = [one["Properties"] for one in template.translated()["Resources"].values() if one["Type"] in _SOURCES]
    ours = [one for one in sources if one["FunctionName"].get("Ref") in {function, f"{function}Aliaslive"}]
    failed = [one["DestinationConfig"]["OnFailure"]["Destination"] for one in ours if "DestinationConfig" in one]
    return frozenset(("sqs:SendMessage", _resource(destination)) for destination in failed)


def refused(module: str, action: str, resource: str, context: Mapping[str, str]) -> list[str]:
    """The functions with this handler whose roles do not allow the call."""
    return [name for name, handler in functions().items() if handler == module and not allows(name, action, resource, context)]


def uses(right: Right) -> Iterator[tuple[str, str]]:
    """Every action on every resource that a statement allows."""
    for action in right.actions:
        for resource in right.resources:
            yield action, resource


def _right(source: str, statement: Mapping[str, Any]) -> Right:
    actions, resources = (value if isinstance(value, list) else [value] for value in (statement["Action"], statement["Resource"]))
    return Right(statement["Effect"], tuple(actions), tuple(_resource(one) for one in resources), statement.get("Condition", {}), source)


def _resource(value: Any) -> str:
    """A statement's resource as calls name it. Raises ValueError for a form that has no such name."""
    if isinstance(value, dict) and "Fn::If" in value:
        # A key is the stack's own or one of before; the right is the same.
        return _resource(value["Fn::If"][1])
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        return _name(value["Fn::GetAtt"][0])
    if isinstance(value, dict) and "Ref" in value:
        # A function's published version.
        return re.sub(r"Version[0-9a-f]{10}$", "", str(value["Ref"]))
    text = value.get("Fn::Sub", "") if isinstance(value, dict) else value
    if found := _SUBSTITUTED.fullmatch(text):
        return _name(found[1]) + found[2]
    if found := _PARAMETER.search(text) or _BUS.search(text) or _ALARMS.search(text):
        return f"parameter/PREFIX/{found[1]}" if found.re is _PARAMETER else str(found[1])
    if text:
        # No call of a handler names it, so the right is one of those that are listed with their reasons.
        return str(text)
    raise ValueError(f"a resource that calls are not compared with: {value}")


def _name(logical_id: str) -> str:
    resource = template.template()["Resources"].get(logical_id, {})
    return template.noun_of(resource["Properties"]) if resource.get("Type") == "AWS::DynamoDB::Table" else logical_id


def _holds(operator: str, keys: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """A condition's ruling. Raises ValueError for an operator that is not known here: it must not be taken as met."""
    for key, wanted in keys.items():
        allowed = {str(one["Ref"] if isinstance(one, dict) else one) for one in (wanted if isinstance(wanted, list) else [wanted])}
        given = set(context[key].split(",")) if key in context else set()
        match operator:
            case "StringEquals" | "ForAnyValue:StringEquals":
                met = bool(given & allowed)
            case "ForAllValues:StringEquals":
                met = given <= allowed
            case _:
                raise ValueError(f"a condition that calls are not compared with: {operator}")
        if not met:
            return False
    return True
