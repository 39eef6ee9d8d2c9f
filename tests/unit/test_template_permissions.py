"""What each function's role may do, read from template.yaml."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from operations import release_check
from paycorex.ledger.lane_counts import LanesItem
from paycorex.ledger.proof import sealing_work
from tests.support import template

FUNCTION = "AWS::Serverless::Function"
LEDGERS = "LedgersTable"
PURPOSE = "kms:EncryptionContext:purpose"
# On the ledger nothing but reading and, inside a transaction, appending.
LEDGER_READS = frozenset(
    {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem", "dynamodb:GetShardIterator", "dynamodb:GetRecords"}
)
# AWS knows no narrower resource for these.
WITHOUT_RESOURCE = frozenset({"dynamodb:ListExports", "codedeploy:PutLifecycleEventHookExecutionStatus", "lambda:ListEventSourceMappings"})
# DynamoDB itself writes a table's export; its starter sees no item.
EXPORTS = frozenset({"dynamodb:DescribeTable", "dynamodb:ListExports", "dynamodb:ExportTableToPointInTime"})
MONEY_TABLES = frozenset({"LedgersTable", "PaymentsTable", "RefundsTable", "WalletsTable", "TransfersTable"})

Statement = dict[str, Any]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(function: str) -> Iterator[Statement]:
    """The statements of a function's role: its own, and those of the policies that it shares with others."""
    for policy in template.properties(FUNCTION)[function].get("Policies", []):
        if "Ref" in policy:
            yield from template.properties("AWS::IAM::ManagedPolicy")[policy["Ref"]]["PolicyDocument"]["Statement"]
        else:
            yield from policy["Statement"]


def all_statements() -> list[tuple[str, Statement]]:
    return [(name, statement) for name in template.properties(FUNCTION) for statement in statements(name)]


def target(resource: Any) -> str:
    """The logical id that a resource of a statement names; of a secret parameter, its name; of the exports' bucket, its parameter."""
    if "Fn::If" in resource:
        # A key: the stack's own, or the one that it was given.
        condition, own, given = resource["Fn::If"]
        assert (condition, given["Fn::Sub"].partition(":key/")[2]) == (f"Makes{target(own)}", f"${{Existing{target(own)}Id}}")
        return target(own)
    if isinstance(resource, str) or "Ref" in resource:
        # Everything, or a published version of a function.
        return resource if isinstance(resource, str) else str(resource["Ref"]).removesuffix(".Version")
    if "${ExportBucket}" in resource.get("Fn::Sub", ""):
        return "ExportBucket"
    if "Fn::GetAtt" in resource:
        logical_id: str = resource["Fn::GetAtt"][0]
        return logical_id
    # A parameter of the stack's own, merchants' buses, senders of e-mail, which have their names; or all alarms, which AWS lists together.
    parameter = re.search(r":(?:parameter/paycorex/\$\{AWS::StackName\}/|event-bus/|identity/|alarm:)(.+)", resource.get("Fn::Sub", ""))
    if parameter:
        return parameter[1]
    found = re.match(r"\$\{(\w+)\.Arn\}", resource.get("Fn::Sub", ""))
    assert found, resource
    return found[1]


def role_path(function: str) -> str:
    """The path of a function's role."""
    path: str = template.translated()["Resources"][f"{function}Role"]["Properties"]["Path"]["Fn::Sub"]
    return path


def test_no_role_names_everything() -> None:
    for name, statement in all_statements():
        if set(listed(statement["Action"])) <= WITHOUT_RESOURCE:
            continue
        assert "*" not in listed(statement["Resource"]), name
        if statement["Effect"] == "Allow":
            assert not any("*" in action for action in listed(statement["Action"])), name
        for resource in listed(statement["Resource"]):
            target(resource)


def test_no_role_can_change_the_ledger() -> None:
    for name, statement in all_statements():
        on_ledger = LEDGERS in {target(resource) for resource in listed(statement["Resource"])}
        if statement["Effect"] != "Allow" or not on_ledger:
            continue
        beyond_reading = set(listed(statement["Action"])) - LEDGER_READS - EXPORTS
        if beyond_reading:
            assert beyond_reading == {"dynamodb:PutItem"}, name
            assert statement["Condition"] == {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}, name


def test_a_role_that_posts_to_the_ledger_is_also_denied_to_change_it() -> None:
    denied = {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQL*"}
    for name in template.properties(FUNCTION):
        on_ledger = [one for one in statements(name) if LEDGERS in map(target, listed(one["Resource"]))]
        if any("dynamodb:PutItem" in listed(one["Action"]) for one in on_ledger if one["Effect"] == "Allow"):
            assert any(one["Effect"] == "Deny" and set(listed(one["Action"])) >= denied for one in on_ledger), name


def test_a_role_that_posts_to_the_ledger_may_change_nothing_of_a_merchant_but_its_lanes() -> None:
    posting = template.properties("AWS::IAM::ManagedPolicy")["LedgerPostingPolicy"]["PolicyDocument"]["Statement"]
    on_merchants = [one for one in posting if "MerchantsTable" in map(target, listed(one["Resource"]))]
    written = {attribute.attr_name for attribute in (LanesItem.merchant_id, LanesItem.open, LanesItem.grown_at)}
    assert [one["Action"] for one in on_merchants] == [["dynamodb:UpdateItem"]]
    assert set(on_merchants[0]["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]) == written
    others = {
        name
        for name, one in all_statements()
        if "dynamodb:UpdateItem" in listed(one["Action"])
        and "Condition" not in one
        and "MerchantsTable" in map(target, listed(one["Resource"]))
    }
    assert others == {"MerchantsFunction", "AdminFunction"}


def index_of(resource: Any) -> str | None:
    """The index that a resource of a statement names; None for a table itself."""
    return resource.get("Fn::Sub", "").partition("/index/")[2] or None


def projection(table: str, index: str) -> str:
    """What an index has of its table's items."""
    indexes = template.properties("AWS::DynamoDB::Table")[table]["GlobalSecondaryIndexes"]
    (found,) = [each["Projection"]["ProjectionType"] for each in indexes if each["IndexName"] == index]
    return str(found)


def test_money_tables_are_never_scanned_deleted_from_or_written_in_bulk() -> None:
    forbidden = {"dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLUpdate"}
    scanned = set()
    for name, statement in all_statements():
        for resource in listed(statement["Resource"]) if statement["Effect"] == "Allow" else ():
            if target(resource) not in MONEY_TABLES:
                continue
            granted = forbidden & set(listed(statement["Action"]))
            if granted == {"dynamodb:Scan"} and index_of(resource) == "by_due":
                # Whether anything is due is one read of an index that has the keys of open items, and nothing of their content.
                assert projection(target(resource), "by_due") == "KEYS_ONLY"
                scanned.add((name, target(resource)))
                continue
            assert not granted, name
    assert scanned == {
        ("PaymentsJanitorFunction", "PaymentsTable"),
        ("PaymentsJanitorFunction", "RefundsTable"),
        ("AdminFunction", "PaymentsTable"),
    }


def test_the_audit_trail_of_the_vault_can_only_grow() -> None:
    for name, statement in all_statements():
        if "VaultAuditTable" in map(target, listed(statement["Resource"])):
            assert set(listed(statement["Action"])) - EXPORTS <= {"dynamodb:PutItem"}, name


def test_only_the_schedule_of_exports_starts_them() -> None:
    starters = {name for name, statement in all_statements() if EXPORTS & set(listed(statement["Action"]))}
    assert starters == {"ExportFunction"}
    for statement in statements("ExportFunction"):
        assert set(listed(statement["Action"])) <= EXPORTS | {"s3:PutObject", "s3:AbortMultipartUpload"}


def test_only_the_release_check_and_the_lost_records_invoke_functions_and_only_their_own() -> None:
    invokers = {name: statement for name, statement in all_statements() if "lambda:InvokeFunction" in listed(statement["Action"])}
    assert set(invokers) == {"ReleaseCheckFunction", "LostRecordsFunction"}
    tried = {f"{name.capitalize()}Function" for name in [release_check.AUTHORIZER, *release_check.ROUTES.values()]}
    assert set(map(target, listed(invokers["ReleaseCheckFunction"]["Resource"]))) == tried
    assert set(map(target, listed(invokers["LostRecordsFunction"]["Resource"]))) == set(on_streams())


def on_streams() -> dict[str, set[str]]:
    """The functions that streams call, and the tables whose streams they are."""
    found = {
        name: {
            source["Properties"]["Stream"]["Fn::GetAtt"][0]
            for source in function.get("Events", {}).values()
            if source["Type"] == "DynamoDB"
        }
        for name, function in template.properties(FUNCTION).items()
    }
    return {name: tables for name, tables in found.items() if tables}


def test_lost_records_may_be_read_from_every_stream_that_a_function_is_on() -> None:
    """And by no door, nor anything else that a stranger reaches."""
    readers = {name: one for name, one in all_statements() if "dynamodb:GetRecords" in listed(one["Action"])}
    assert set(readers) == {"LostRecordsFunction"}
    assert set(map(target, listed(readers["LostRecordsFunction"]["Resource"]))) == set().union(*on_streams().values())


def test_checkpoints_can_only_be_added() -> None:
    for name, statement in all_statements():
        if "LedgerCheckpointsTable" in map(target, listed(statement["Resource"])):
            beyond_reading = set(listed(statement["Action"])) - {"dynamodb:GetItem", "dynamodb:Query"} - EXPORTS
            assert beyond_reading <= ({"dynamodb:PutItem"} if name == "CheckpointFunction" else set()), name


def test_the_dashboard_may_ask_for_a_seal_and_write_nothing_else_of_the_sealings_work() -> None:
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    (allowed,) = (
        statement
        for statement in statements("DashboardFunction")
        if "LedgerWorkTable" in map(target, statement["Resource"]) and not writes.isdisjoint(statement["Action"])
    )
    assert allowed["Action"] == ["dynamodb:PutItem"]
    assert allowed["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [sealing_work.ASKED]}}


def test_only_the_sealing_function_signs_with_the_proof_key() -> None:
    signers = {name for name, statement in all_statements() if "kms:Sign" in listed(statement["Action"])}
    assert signers == {"CheckpointFunction"}
    assert [name for name in template.properties(FUNCTION) if "/ledger/seal/" in role_path(name)] == ["CheckpointFunction"]
    policy = template.properties("AWS::KMS::Key")["ProofKey"]["KeyPolicy"]["Statement"]
    uses = {one["Sid"]: one for one in policy if one["Sid"] != "Administration"}
    assert set(uses) == {"SealTheLedger", "CheckSeals"}
    assert listed(uses["SealTheLedger"]["Action"]) == ["kms:Sign", "kms:GetPublicKey"]
    assert uses["SealTheLedger"]["Condition"]["ArnLike"]["aws:PrincipalArn"]["Fn::Sub"].endswith(":role/${AWS::StackName}/ledger/seal/*")
    assert listed(uses["CheckSeals"]["Action"]) == ["kms:GetPublicKey"]


def test_every_key_use_names_its_purpose() -> None:
    for name, statement in all_statements():
        if any(action in {"kms:Decrypt", "kms:GenerateDataKey"} for action in listed(statement["Action"])):
            purposes = listed(statement["Condition"]["StringEquals"][PURPOSE])
            assert set(purposes) <= {"credentials", "webhook", "connector", "customer", "vault", "fingerprint"}, name


def test_only_the_vault_and_payments_open_instruments() -> None:
    openers = {
        name
        for name, statement in all_statements()
        if any(action.startswith("kms:") for action in listed(statement["Action"]))
        and "VaultKey" in map(target, listed(statement["Resource"]))
    }
    assert openers <= {"TokensFunction", "PaymentsFunction"}
    # The key looks at the role's path: /vault/keep/ may seal, open and fingerprint, /vault/reveal/ may open.
    paths = {name: role_path(name) for name in template.properties(FUNCTION)}
    assert {name: path for name, path in paths.items() if "/vault/" in path} == {
        "TokensFunction": "/${AWS::StackName}/vault/keep/",
        "PaymentsFunction": "/${AWS::StackName}/vault/reveal/",
    }


@pytest.mark.parametrize(
    ("function", "actions", "purposes"),
    [
        ("TokensFunction", {"kms:Decrypt", "kms:GenerateDataKey"}, {"vault", "fingerprint"}),
        ("PaymentsFunction", {"kms:Decrypt"}, {"vault"}),
    ],
)
def test_a_role_uses_the_vaults_key_for_its_own_purposes_only(function: str, actions: set[str], purposes: set[str]) -> None:
    uses = [one for one in statements(function) if "VaultKey" in map(target, listed(one["Resource"]))]
    assert {action for one in uses for action in listed(one["Action"])} <= actions
    assert {purpose for one in uses for purpose in listed(one["Condition"]["StringEquals"][PURPOSE])} <= purposes


USES = {"kms:Decrypt", "kms:GenerateDataKey", "kms:Sign"}


@pytest.mark.parametrize(
    ("key", "sid", "purposes", "roles"),
    [
        ("SealingKey", "FunctionsOfThisStack", {"credentials", "webhook", "connector", "customer"}, ":role/${AWS::StackName}/*"),
        ("VaultKey", "KeepInstruments", {"vault", "fingerprint"}, ":role/${AWS::StackName}/vault/keep/*"),
        ("VaultKey", "RevealInstruments", {"vault"}, ":role/${AWS::StackName}/vault/reveal/*"),
    ],
)
def test_a_key_itself_refuses_other_purposes_and_other_roles(key: str, sid: str, purposes: set[str], roles: str) -> None:
    policy = template.properties("AWS::KMS::Key")[key]["KeyPolicy"]["Statement"]
    use = next(one for one in policy if one["Sid"] == sid)
    assert set(listed(use["Condition"]["StringEquals"][PURPOSE])) == purposes
    assert listed(use["Condition"]["ArnLike"]["aws:PrincipalArn"])[0]["Fn::Sub"].endswith(roles)


def test_a_key_policy_alone_lets_no_role_use_a_key() -> None:
    """A statement for every principal is a grant by itself, whatever the role's own policy says; one that names the account is not."""
    for key in ("SealingKey", "VaultKey", "ProofKey"):
        uses = [one for one in template.properties("AWS::KMS::Key")[key]["KeyPolicy"]["Statement"] if USES & set(listed(one["Action"]))]
        assert uses
        assert all(one["Principal"]["AWS"]["Fn::Sub"].endswith(":root") for one in uses)


def test_an_administrator_of_a_key_does_not_use_it() -> None:
    for name, key in template.properties("AWS::KMS::Key").items():
        administration = next(one for one in key["KeyPolicy"]["Statement"] if one["Sid"] == "Administration")
        for use in ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateMac", "kms:Sign", "kms:*"):
            assert use not in administration["Action"], name
