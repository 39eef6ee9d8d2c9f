"""Sealing, proving and verifying with IAM enforced: each by its function's own role; no other role signs or rewrites a checkpoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import REGION, Emulator, start_emulator
from paycorex import aws, caching, settings
from paycorex.ledger import Account, Entry, Journal, Reference, ReferenceType, store
from paycorex.ledger.proof import checkpoint_store, checkpoints, proof_key, sealing_work, verification_runs
from paycorex.ledger.proof.proofs import prove
from paycorex.money import Money
from tests.support import roles_stack

PREFIX = f"{roles_stack.STACK}-"
MERCHANT = Account.of_merchant("mer_roles", "INR")


@dataclass(frozen=True)
class Stack:
    """The roles' stack, with one payment in its ledger."""

    emulator: Emulator
    arns: dict[str, str]

    @contextmanager
    def acting_as(self, function: str) -> Iterator[dict[str, Any]]:
        """The code's clients are this function's; nothing is remembered from another."""
        clients = roles_stack.clients_of(self.emulator, self.arns[f"{function}Role"])
        caching.forget_everything()
        settings.use(settings.Settings(table_prefix=PREFIX, proof_key_id=self.arns["ProofKey"]))
        for service, client in clients.items():
            aws.use(service, client)
        try:
            yield clients
        finally:
            for service in clients:
                aws.use(service, None)
            settings.use(None)
            caching.forget_everything()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        with start_emulator({"AUTH": "true"}) as emulator:
            made = Stack(emulator, roles_stack.deploy(emulator))
            source = Account.clearing("mer_roles", "sandbox", "INR")
            reference = Reference(ReferenceType.PAYMENT, "pay_roles")
            journal = Journal.transfer(source=source, target=MERCHANT, amount=Money(100, "INR"), reference=reference)
            for posting in journal.postings:
                item = store.to_wire(Entry.after(None, posting, journal, 1_800_000_000_000))
                emulator.client("dynamodb").put_item(TableName=f"{PREFIX}ledgers", Item=item)
            yield made


def assert_denied(error: ClientError) -> None:
    assert error.response["Error"]["Code"] in {"AccessDeniedException", "AccessDenied"}, error


def no_audit_log(audit_log: str, after: int) -> tuple[int, list[str], bool]:
    raise AssertionError((audit_log, after))


def test_each_part_works_with_its_own_role(stack: Stack) -> None:
    """The stream's reader notes, the sealing seals, the dashboard proves and asks for a seal, a verification is started and carried out."""
    with stack.acting_as("RollupFunction"):
        sealing_work.note("1", [MERCHANT.key, "mer_roles#clearing#sandbox#INR#0"])
    with stack.acting_as("CheckpointFunction"):
        assert checkpoints.seal(lambda: True).entries == 2
    with stack.acting_as("DashboardFunction"):
        assert prove(MERCHANT, 1).seal is not None
        sealing_work.ask([MERCHANT.key])
    with stack.acting_as("AdminFunction"):
        assert verification_runs.start()[1]
        assert [one.number for one in checkpoint_store.page(limit=5)] == [1]
    with stack.acting_as("VerificationFunction"):
        done = verification_runs.work(proof_key.public_key, lambda: True, no_audit_log)
        assert done is not None
        assert (done.status, int(done.entries)) == (verification_runs.SOUND, 2)


def test_only_the_sealing_function_signs(stack: Stack) -> None:
    others = {name.removesuffix("Role") for name in stack.arns if name.endswith("FunctionRole")} - {"CheckpointFunction"}
    assert {"DashboardFunction", "VerificationFunction", "PaymentsFunction", "AdminFunction"} <= others
    for function in sorted(others):
        with stack.acting_as(function) as clients:
            with pytest.raises(ClientError) as refused:
                clients["kms"].sign(
                    KeyId=stack.arns["ProofKey"], Message=b"a checkpoint", MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
                )
            assert_denied(refused.value)


def test_a_role_that_may_use_all_keys_is_refused_by_the_proof_key_itself(stack: Stack) -> None:
    intruder = roles_stack.intruder(stack.emulator)
    with pytest.raises(ClientError) as refused:
        intruder["kms"].sign(KeyId=stack.arns["ProofKey"], Message=b"x", MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
    assert_denied(refused.value)


@pytest.mark.parametrize("function", ["CheckpointFunction", "VerificationFunction", "DashboardFunction", "AdminFunction"])
def test_no_role_takes_a_checkpoint_back(stack: Stack, function: str) -> None:
    key = {"scope": {"S": "checkpoint"}, "position": {"S": "000000000001"}}
    table = f"{PREFIX}ledger_checkpoints"
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("delete_item", {"TableName": table, "Key": key}),
        ("update_item", {"TableName": table, "Key": key, "UpdateExpression": "REMOVE signature"}),
        ("batch_write_item", {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}),
    ]
    with stack.acting_as(function) as clients:
        for operation, parameters in attempts:
            with pytest.raises(ClientError) as refused:
                getattr(clients["dynamodb"], operation)(**parameters)
            assert_denied(refused.value)
