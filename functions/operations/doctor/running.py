"""What runs: functions and their roles, streams and queues that call them, schedules."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from operations.doctor.findings import Finding, ok, skipped, wrong
from operations.doctor.stack import Resource, Stack
from paycorex import aws, clock

_LATE: Final = timedelta(minutes=15)
# What a role must be allowed, by function: enough to see that its policies are there. The whole is held to the code by tests.
_MUST: Final = {
    "AuthorizerFunction": ("dynamodb:GetItem", "ApiKeysTable"),
    "PaymentsFunction": ("dynamodb:PutItem", "PaymentsTable"),
    "WalletFunction": ("dynamodb:PutItem", "WalletsTable"),
    "TokensFunction": ("dynamodb:PutItem", "TokensTable"),
    "MerchantsFunction": ("dynamodb:PutItem", "MerchantsTable"),
    "WebhookDispatcherFunction": ("dynamodb:PutItem", "EventsTable"),
    "CheckpointFunction": ("dynamodb:PutItem", "LedgerCheckpointsTable"),
}


def functions(stack: Stack) -> Iterator[Finding]:
    """Every function is ready and may be called (a dry call: nothing runs), and the most important right of its role is there."""
    client: Any = aws.for_operators("lambda")
    found = stack.of_kind("AWS::Lambda::Function")
    problems = 0
    for function in found:
        check = f"function {function.logical}"
        configuration = client.get_function_configuration(FunctionName=function.physical)
        state, update = configuration.get("State", "Active"), configuration.get("LastUpdateStatus", "Successful")
        if state not in {"Active", "Inactive"} or update == "Failed":
            problems += 1
            reason = configuration.get("LastUpdateStatusReason") or configuration.get("StateReason", "no reason given")
            yield wrong(check, f"state {state}, last update {update}: {reason}", "deploy again")
            continue
        client.invoke(FunctionName=function.physical, InvocationType="DryRun", Payload=b"{}")
        refused = _refused_right(stack, function, configuration["Role"])
        if refused:
            problems += 1
            yield wrong(check, f"its role may not {refused}", "deploy again: its policies were changed by hand")
    if found and not problems:
        yield ok("functions", f"{len(found)} are ready, and roles have their rights")


def _refused_right(stack: Stack, function: Resource, role: str) -> str | None:
    """What the role must be allowed and is not."""
    must = _MUST.get(function.logical)
    if must is None:
        return None
    action, logical = must
    table = next(one.physical for one in stack.of_kind("AWS::DynamoDB::Table") if one.logical == logical)
    arn = aws.for_operators("dynamodb").describe_table(TableName=table)["Table"]["TableArn"]
    # The emulator finds a role by its name without its path.
    source = role if not stack.is_emulated else role.partition(":role/")[0] + ":role/" + role.rpartition("/")[2]
    answer = aws.for_operators("iam").simulate_principal_policy(PolicySourceArn=source, ActionNames=[action], ResourceArns=[arn])
    decision = answer["EvaluationResults"][0]["EvalDecision"]
    return None if decision == "allowed" else f"{action} on {table} ({decision})"


def sources(stack: Stack) -> Iterator[Finding]:
    """Every stream and queue that calls a function is switched on and does not fail."""
    if stack.stands_by:
        yield skipped("streams and queues", "the stack stands by: it calls no functions")
        return
    client: Any = aws.for_operators("lambda")
    mappings = stack.of_kind("AWS::Lambda::EventSourceMapping")
    problems = 0
    for mapping in mappings:
        found = client.get_event_source_mapping(UUID=mapping.physical)
        check = f"source {mapping.logical}"
        result = found.get("LastProcessingResult", "")
        if found["State"] not in {"Enabled", "Enabling", "Updating", "Creating"}:
            problems += 1
            todo = f"aws lambda update-event-source-mapping --uuid {mapping.physical} --enabled"
            yield wrong(check, f"its state is {found['State']}: {found.get('StateTransitionReason', '')}", todo)
        elif result.startswith("PROBLEM"):
            problems += 1
            yield wrong(check, result, "look at the errors of its function, and at its role's right to read the stream")
    if mappings and not problems:
        yield ok("streams and queues", f"{len(mappings)} call their functions")


def schedules(stack: Stack) -> Iterator[Finding]:
    """Every schedule is switched on, unless its network is not followed, and its function ran in the last minutes."""
    if stack.stands_by:
        yield skipped("schedules", "the stack stands by: they are off")
        return
    scheduler: Any = aws.for_operators("scheduler")
    groups = stack.of_kind("AWS::Scheduler::ScheduleGroup")
    group = {"GroupName": groups[0].physical} if groups else {}
    for schedule in stack.of_kind("AWS::Scheduler::Schedule"):
        found = scheduler.get_schedule(Name=schedule.physical.rpartition("|")[2].rpartition("/")[2], **group)
        check = f"schedule {schedule.logical}"
        network = json.loads(found["Target"].get("Input") or "{}").get("network", "")
        is_wanted = not network or stack.is_on(f"Watch{network.capitalize()}")
        if not is_wanted:
            yield skipped(check, f"{network} is not followed")
        elif found["State"] != "ENABLED":
            yield wrong(check, f"its state is {found['State']}", "deploy again, or enable it in EventBridge Scheduler's console")
        elif stack.is_emulated or stack.is_new:
            yield ok(check, "enabled")
        else:
            yield _ran(check, found["Target"]["Arn"])


def _ran(check: str, function_arn: str) -> Finding:
    name = function_arn.rpartition(":function:")[2].split(":")[0]
    # CloudWatch's times are the world's, also where this platform's clock was moved.
    now = datetime.fromtimestamp(clock.outside_seconds(), UTC)
    counted = aws.for_operators("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - _LATE,
        EndTime=now,
        Period=60,
        Statistics=["Sum"],
    )
    if sum(point["Sum"] for point in counted["Datapoints"]) > 0:
        return ok(check, "its function ran in the last quarter of an hour")
    todo = "look at the schedule's role and at the function's throttles"
    return wrong(check, "its function did not run in the last quarter of an hour", todo)
