"""The ledger only grows, with IAM enforced: no function's role changes or removes an entry, by any of DynamoDB's doors (acceptance 52).

Not shown here: that a role may put an entry inside a transaction only. The emulator does not know `dynamodb:EnclosingOperation`, so it
refuses these roles every put; that the template demands it is tested with the template.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import REGION, Emulator, start_emulator
from tests.support import roles_stack

LEDGERS = f"{roles_stack.STACK}-ledgers"
KEY = {"account": {"S": "mer_a#merchant#mer_a#INR#0"}, "seq": {"N": "1"}}
ENTRY = {**KEY, "credit": {"N": "1000"}, "balance": {"N": "1000"}}
FORGED = {**KEY, "credit": {"N": "999999"}, "balance": {"N": "999999"}}
POSTING = {"PaymentsFunction", "WalletFunction"}
_CHANGE = {"UpdateExpression": "SET balance = :b", "ExpressionAttributeValues": {":b": {"N": "999999"}}}
_WHERE = f"WHERE account = '{KEY['account']['S']}' AND seq = 1"
ATTEMPTS: dict[str, tuple[str, dict[str, Any]]] = {
    "update": ("update_item", {"TableName": LEDGERS, "Key": KEY, **_CHANGE}),
    "delete": ("delete_item", {"TableName": LEDGERS, "Key": KEY}),
    "PartiQL update": ("execute_statement", {"Statement": f'UPDATE "{LEDGERS}" SET balance = 999999 {_WHERE}'}),
    "PartiQL delete": ("execute_statement", {"Statement": f'DELETE FROM "{LEDGERS}" {_WHERE}'}),
    "batch delete": ("batch_write_item", {"RequestItems": {LEDGERS: [{"DeleteRequest": {"Key": KEY}}]}}),
    "batch put": ("batch_write_item", {"RequestItems": {LEDGERS: [{"PutRequest": {"Item": FORGED}}]}}),
    "update in a transaction": ("transact_write_items", {"TransactItems": [{"Update": {"TableName": LEDGERS, "Key": KEY, **_CHANGE}}]}),
    "delete in a transaction": ("transact_write_items", {"TransactItems": [{"Delete": {"TableName": LEDGERS, "Key": KEY}}]}),
}


@dataclass(frozen=True)
class Stack:
    """The roles' stack, with one entry in its ledger."""

    emulator: Emulator
    arns: dict[str, str]

    def acting_as(self, function: str) -> Any:
        return roles_stack.clients_of(self.emulator, self.arns[f"{function}Role"])["dynamodb"]

    def ledger(self) -> list[Any]:
        found: list[Any] = self.emulator.client("dynamodb").scan(TableName=LEDGERS)["Items"]
        return found


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        with start_emulator({"AUTH": "true"}) as emulator:
            stack = Stack(emulator, roles_stack.deploy(emulator))
            emulator.client("dynamodb").put_item(TableName=LEDGERS, Item=ENTRY)
            yield stack


def assert_denied(error: ClientError) -> None:
    assert error.response["Error"]["Code"] in {"AccessDeniedException", "AccessDenied"}, error


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_role_changes_or_removes_an_entry(stack: Stack, name: str) -> None:
    operation, parameters = ATTEMPTS[name]
    functions = sorted(arn.removesuffix("Role") for arn in stack.arns if arn.endswith("FunctionRole"))
    assert {*POSTING, "MerchantsFunction", "TokensFunction", "WebhooksFunction", "AuthorizerFunction"} <= set(functions)
    for function in functions:
        with pytest.raises(ClientError) as refused:
            getattr(stack.acting_as(function), operation)(**parameters)
        assert_denied(refused.value)
    assert stack.ledger() == [ENTRY]


@pytest.mark.parametrize("function", sorted(POSTING))
def test_a_posting_role_reads_the_ledger(stack: Stack, function: str) -> None:
    """So the refusals above are not those of a role that may do nothing."""
    found = stack.acting_as(function).query(
        TableName=LEDGERS,
        KeyConditionExpression="account = :account AND seq = :seq",
        ExpressionAttributeValues={":account": KEY["account"], ":seq": KEY["seq"]},
    )
    assert found["Items"] == [ENTRY]


@pytest.mark.parametrize("function", sorted(POSTING))
def test_a_wider_policy_given_by_mistake_opens_nothing(stack: Stack, function: str) -> None:
    """The denial is explicit: it holds against a policy that allows everything, which without it changes the entry."""
    iam, role = stack.emulator.client("iam"), stack.arns[f"{function}Role"].rpartition("/")[2]
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=role, PolicyName="by-mistake", PolicyDocument=json.dumps(everything))
    try:
        # AWS asks for dynamodb:PartiQLUpdate and PartiQLDelete, which the denial names; the emulator asks for dynamodb:ExecuteStatement.
        known_to_both = [attempt for name, attempt in ATTEMPTS.items() if "PartiQL" not in name]
        for operation, parameters in known_to_both:
            with pytest.raises(ClientError) as refused:
                getattr(stack.acting_as(function), operation)(**parameters)
            assert_denied(refused.value)
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="by-mistake")
    assert stack.ledger() == [ENTRY]


def test_a_role_without_the_denial_shows_that_the_attempts_would_work(stack: Stack) -> None:
    iam = stack.emulator.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
    role = iam.create_role(RoleName=f"{roles_stack.STACK}-ledger-control", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="everything", PolicyDocument=json.dumps(everything))
    client = roles_stack.clients_of(stack.emulator, role["Arn"])["dynamodb"]
    for name, (operation, parameters) in ATTEMPTS.items():
        getattr(client, operation)(**parameters)
        assert stack.ledger() != [ENTRY], name
        stack.emulator.client("dynamodb").put_item(TableName=LEDGERS, Item=ENTRY)
