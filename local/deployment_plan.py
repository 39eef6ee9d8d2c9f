"""What `make deploy` will do to a stack, decided before anything is done: which parameters it passes, and what speaks against it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# Lambda lets reservations leave no less than this unreserved; an account whose quota is smaller can reserve nothing.
UNRESERVED_MIN: Final = 100
_RESERVED: Final = "ReservedConcurrentExecutions"
PROTECTION: Final = "ProtectTables"


class Refused(Exception):
    """The deployment would fail or do harm; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """Lambda's quota of the account and region, and how much of it nothing has reserved."""

    quota: int
    unreserved: int


@dataclass(frozen=True, slots=True)
class Uses:
    """What a template does with concurrency: how many functions reserve by each parameter, and how many may run for queues without one."""

    reserving: Mapping[str, int]
    of_queues: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters to pass, the changes to show, and whether a second pass protects the tables of a new stack."""

    parameters: Mapping[str, str]
    changes: tuple[str, ...]
    protects_after: bool


def uses_of(template: Mapping[str, Any]) -> Uses:
    """What a template, as it is built, does with concurrency."""
    functions = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    reserved = [function[_RESERVED]["Fn::If"][1]["Ref"] for function in functions if _RESERVED in function]
    events = [event["Properties"] for function in functions for event in function.get("Events", {}).values() if event["Type"] == "SQS"]
    bounds = [event["ScalingConfig"]["MaximumConcurrency"] for event in events]
    return Uses(Counter(reserved), sum(bound for bound in bounds if isinstance(bound, int)))


def plan(
    asked: Mapping[str, str], *, existing: Mapping[str, str] | None, defaults: Mapping[str, str], concurrency: Concurrency, uses: Uses
) -> Plan:
    """Decide. asked: parameters by name; existing: those of the stack, None for a new one; defaults: the built template's.

    A stack keeps what is not asked for, whatever the defaults have become; parameters that it does not have yet are shown. Raises Refused.
    """
    whole = {**defaults, **(existing or {}), **asked}
    _refuse_another_stage(asked, existing)
    _refuse_too_much(whole, existing or {}, concurrency, uses)
    if existing is not None:
        return Plan(dict(asked), tuple(_changes(whole, existing)), protects_after=False)
    protects = asked.get(PROTECTION) == "true"
    return Plan({**asked, PROTECTION: "false"}, (), protects_after=protects)


def _refuse_another_stage(asked: Mapping[str, str], existing: Mapping[str, str] | None) -> None:
    stage = asked.get("Stage")
    if stage is None:
        raise Refused("Stage is not given: it belongs into samconfig.toml's parameter_overrides of this environment.")
    if existing is not None and existing.get("Stage", stage) != stage:
        raise Refused(f"The stack is of stage {existing['Stage']}, and this is a deployment of stage {stage}. Check STAGE and stack_name.")


def _refuse_too_much(whole: Mapping[str, str], existing: Mapping[str, str], concurrency: Concurrency, uses: Uses) -> None:
    wanted, had = _reserved(whole, uses), _reserved(existing, uses)
    left = concurrency.unreserved + had - wanted
    least = min(UNRESERVED_MIN, concurrency.quota)
    if wanted and left < least:
        raise Refused(
            f"ReservedConcurrency and DoorConcurrency reserve {wanted} concurrent executions. The account's quota is {concurrency.quota}, "
            f"and {left} would be left unreserved; Lambda demands {least}. Set both to 0, or have the quota raised (Service Quotas, "
            "AWS Lambda, concurrent executions)."
        )
    ready, each = _number(whole, "ProvisionedConcurrency"), _number(whole, "DoorConcurrency")
    if each and ready > each:
        raise Refused(f"ProvisionedConcurrency ({ready}) is more than DoorConcurrency ({each}) allows each of the same functions.")
    webhooks = _number(whole, "WebhookConcurrency") + _number(whole, "SlowWebhookConcurrency") + uses.of_queues
    if webhooks >= left:
        raise Refused(
            f"Webhooks may run {webhooks} functions at a time, which is all of the {left} concurrent executions that are not reserved: "
            "payments would wait for them. Set WebhookConcurrency lower, or have the quota raised."
        )


def _reserved(parameters: Mapping[str, str], uses: Uses) -> int:
    return sum(functions * _number(parameters, name) for name, functions in uses.reserving.items())


def _number(parameters: Mapping[str, str], name: str) -> int:
    return int(parameters.get(name, "0") or 0)


def _changes(whole: Mapping[str, str], existing: Mapping[str, str]) -> list[str]:
    """A line for each parameter that the stack gets otherwise than it has it, or for the first time."""
    hidden = "****"
    changed = [
        f"{name}: {existing[name]} -> {value}"
        for name, value in sorted(whole.items())
        if name in existing and existing[name] not in {value, hidden}
    ]
    return changed + [f"{name}: new, {value!r}" for name, value in sorted(whole.items()) if name not in existing]
