"""What a stack keeps: its keys, its tables, its secret parameters."""

from collections.abc import Iterator
from typing import Any, Final

from operations.doctor.findings import Finding, ok, skipped, wrong
from operations.doctor.stack import Stack
from paycorex import aws, parameters
from paycorex.evm.networks import NETWORKS

_NAMED_KEYS: Final = ("SealingKey", "VaultKey", "ProofKey")


def keys(stack: Stack) -> Iterator[Finding]:
    """Every key is enabled, and rotates where AWS can rotate it."""
    client: Any = aws.for_operators("kms")
    # A stack may use keys that were there before it: its outputs name those that it uses.
    own = {one.logical: one.physical for one in stack.of_kind("AWS::KMS::Key")}
    for name, key in sorted({**own, **{name: stack.outputs[f"{name}Arn"] for name in _NAMED_KEYS}}.items()):
        found = client.describe_key(KeyId=key)["KeyMetadata"]
        state, check = found["KeyState"], f"key {name}"
        if state == "PendingDeletion":
            yield wrong(check, f"it is deleted on {found.get('DeletionDate')}", f"aws kms cancel-key-deletion --key-id {key}")
        elif state != "Enabled":
            yield wrong(check, f"its state is {state}", f"aws kms enable-key --key-id {key}")
        elif found.get("KeySpec") == "SYMMETRIC_DEFAULT" and not client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]:
            yield wrong(check, "it does not rotate", f"aws kms enable-key-rotation --key-id {key}")
        else:
            yield ok(check, "enabled")


def tables(stack: Stack) -> Iterator[Finding]:
    """Every table is active and can be restored to any second."""
    client: Any = aws.for_operators("dynamodb")
    found = stack.of_kind("AWS::DynamoDB::Table")
    problems = 0
    for table in found:
        check = f"table {table.logical}"
        described = client.describe_table(TableName=table.physical)["Table"]
        backups = client.describe_continuous_backups(TableName=table.physical)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus", "DISABLED")
        if described["TableStatus"] not in {"ACTIVE", "UPDATING"}:
            problems += 1
            yield wrong(check, f"its status is {described['TableStatus']}", "wait, then look at it in DynamoDB's console")
        if recovery != "ENABLED" and not stack.is_emulated:
            problems += 1
            yield wrong(check, "it cannot be restored: point-in-time recovery is off", "deploy again; the template switches it on")
        if stack.stage == "prod" and not described.get("DeletionProtectionEnabled"):
            problems += 1
            yield wrong(check, "anyone with the right can delete it", "make deploy with ProtectTables=true")
    if found and not problems:
        yield ok("tables", f"{len(found)} are active and can be restored")


def secrets(stack: Stack) -> Iterator[Finding]:
    """Every secret parameter that this stack's settings ask for is there."""
    client: Any = aws.for_operators("ssm")
    prefix = stack.outputs["ParameterPrefix"]
    for name in parameters.KNOWN:
        network = name.removeprefix("rpc-urls/")
        if network in NETWORKS and not stack.is_on(f"Watch{network.capitalize()}"):
            continue
        try:
            client.get_parameter(Name=prefix + name)
        except client.exceptions.ParameterNotFound:
            yield _missing(stack, name)
        else:
            yield ok(f"parameter {name}", "it is there")


def _missing(stack: Stack, name: str) -> Finding:
    if name == "check-merchant":
        todo = f"paycorex --stack {stack.name} admin check-merchant (with the role of OperatorRoleArn)"
        return skipped(f"parameter {name}", "there is no merchant to pay with, so no payment can be tried", todo)
    return wrong(f"parameter {name}", "it is missing", f"paycorex secrets set {name} --stack {stack.name}")
