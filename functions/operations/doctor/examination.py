"""All checks in their order. A check that AWS does not let the operator make is a finding of its own, and stops no other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from operations.doctor import kept, outside, paying, running, waiting
from operations.doctor.findings import Finding, ok, wrong
from operations.doctor.stack import Stack
from paycorex import parameters, storage

type Check = Callable[[], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """base_url: where the API is called. webhook_url: a receiver to send a webhook to. pays: whether to make the trial payment."""

    base_url: str
    wait_for_proof_seconds: float = 240
    webhook_url: str | None = None
    pays: bool = True


def checks(stack: Stack, wanted: Wanted) -> dict[str, Check]:
    """Every check by its name, in the order in which they are made."""
    url = wanted.base_url.rstrip("/")
    by_name: dict[str, Check] = {
        "stack": lambda: _whole(stack),
        "clock": lambda: outside.machine_clock(stack),
        "functions": lambda: running.functions(stack),
        "keys": lambda: kept.keys(stack),
        "tables": lambda: kept.tables(stack),
        "secrets": lambda: kept.secrets(stack),
        "sources": lambda: running.sources(stack),
        "schedules": lambda: running.schedules(stack),
        "domain": lambda: outside.domain(stack),
        "firewall": lambda: outside.firewall(stack),
        "nodes": lambda: outside.nodes(stack),
        "queues": lambda: waiting.queues(stack),
        "set aside": lambda: waiting.set_aside(stack),
        "connectors": lambda: waiting.connectors(stack),
        "cards": lambda: waiting.cards(stack),
        "alarms": lambda: waiting.alarms(stack),
        "api": lambda: outside.api(stack, url),
    }
    if wanted.pays:
        by_name |= {
            "payment": lambda: paying.payment(stack, url, wait_for_proof_seconds=wanted.wait_for_proof_seconds),
            "providers": lambda: paying.providers(stack, url),
            "processors": lambda: paying.processors(stack, url),
            "webhook": lambda: paying.webhook(stack, url, wanted.webhook_url),
        }
    return by_name


def examine(stack: Stack, wanted: Wanted, *, only: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Every finding, one after another. only: names of checks; by default all."""
    for name, check in checks(stack, wanted).items():
        if not only or name in only:
            yield from _guarded(name, check)


def _guarded(name: str, check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except ClientError as error:
        code, operation = error.response["Error"]["Code"], error.operation_name
        yield wrong(
            name, f"AWS answered {operation} with {code}", f"give the doctor's role the right to {operation}, or mend what it names"
        )
    except (BotoCoreError, storage.Unavailable, storage.OutcomeUnknown, parameters.ParameterUnavailable) as error:
        yield wrong(name, f"AWS did not answer: {error}", "try again; see AWS's health page")
    except ValueError as error:
        yield wrong(name, str(error), "paycorex admin check-merchant --renew")


def _whole(stack: Stack) -> Iterator[Finding]:
    if stack.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}:
        yield ok("stack", f"{stack.name} is {stack.status}, {len(stack.resources)} resources")
    else:
        yield wrong("stack", f"its status is {stack.status}", "see its events in CloudFormation, then deploy again")
