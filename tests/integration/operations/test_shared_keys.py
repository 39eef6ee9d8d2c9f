"""The stack's keys for another stack: replicas, and the right to use them."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from operations.recovery import keys
from operations.recovery.keys import CannotShareKeys
from paycorex import aws, cli, settings
from paycorex.settings import Settings

ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
ROLE = "arn:aws:iam::123456789012:role/"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": ROOT,
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Functions",
            "Effect": "Allow",
            "Principal": ROOT,
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": [f"{ROLE}one/*", f"{ROLE}one/vault/keep/*", f"{ROLE}one-two/*"]}},
        },
        {
            "Sid": "Single",
            "Effect": "Allow",
            "Principal": ROOT,
            "Action": "kms:Sign",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": f"{ROLE}one/ledger/seal/*"}},
        },
    ],
}


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("kms", "ap-south-1")
        aws.use("kms", client)
        made = [client.create_key(MultiRegion=True, Policy=json.dumps(POLICY))["KeyMetadata"]["Arn"] for _ in range(3)]
        settings.use(Settings(sealing_key_id=made[0], vault_key_id=made[1], proof_key_id=made[2]))
        yield client
        settings.use(None)
        aws.use("kms", None)


def id_of(arn: str) -> str:
    return arn.rpartition("/")[2]


def roles(kms: Any, arn: str, statement: int) -> Any:
    policy = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
    return policy["Statement"][statement]["Condition"]["ArnLike"]["aws:PrincipalArn"]


def test_another_stack_is_admitted_wherever_the_first_one_is(kms: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["keys", "admit", "--stack", "one", "--another", "second"]) == 0
    current = settings.current()
    assert capsys.readouterr().out.split() == [
        f"ExistingSealingKeyId={id_of(current.sealing_key_id)}",
        f"ExistingVaultKeyId={id_of(current.vault_key_id)}",
        f"ExistingProofKeyId={id_of(current.proof_key_id)}",
    ]
    for arn in (current.sealing_key_id, current.vault_key_id, current.proof_key_id):
        own = [f"{ROLE}one/*", f"{ROLE}one/vault/keep/*", f"{ROLE}one-two/*"]
        # A stack whose name begins alike is another one.
        assert roles(kms, arn, 1) == [*own, f"{ROLE}second/*", f"{ROLE}second/vault/keep/*"]
        assert roles(kms, arn, 2) == [f"{ROLE}one/ledger/seal/*", f"{ROLE}second/ledger/seal/*"]
    assert keys.admit({"VaultKey": current.vault_key_id}, "one", "second") == []


def test_a_key_of_another_stack_is_left_alone(kms: Any) -> None:
    arn = settings.current().vault_key_id
    with pytest.raises(CannotShareKeys, match="names no role of other"):
        keys.admit({"VaultKey": arn}, "other", "second")
    assert json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]) == POLICY


def test_replicas_are_made_once(kms: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert cli.main(["keys", "replicate", "--to-region", "ap-southeast-1"]) == 0
        shown = dict(line.split("=") for line in capsys.readouterr().out.split())
    arn = settings.current().vault_key_id
    assert shown["ExistingVaultKeyId"] == id_of(arn)
    other = boto3.client("kms", "ap-southeast-1")
    assert json.loads(other.get_key_policy(KeyId=shown["ExistingVaultKeyId"], PolicyName="default")["Policy"]) == POLICY


def test_a_key_of_one_region_cannot_be_replicated(kms: Any, capsys: pytest.CaptureFixture[str]) -> None:
    single = kms.create_key()["KeyMetadata"]["Arn"]
    settings.use(settings.current().model_copy(update={"proof_key_id": single}))
    assert cli.main(["keys", "replicate", "--to-region", "ap-southeast-1"]) == 1
    assert "not a multi-Region key" in capsys.readouterr().err
    settings.use(settings.current().model_copy(update={"vault_key_id": ""}))
    assert cli.main(["keys", "admit", "--stack", "one", "--another", "second"]) == 1
    assert "VAULT_KEY_ID" in capsys.readouterr().err
