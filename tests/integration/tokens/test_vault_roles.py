"""Who may open instruments, with IAM enforced: the vault's own role keeps and reveals, payments' reveals, every other is refused."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import REGION, Emulator, start_emulator
from paycorex import aws, caching, ids, settings
from paycorex.idempotency import Claim
from tests.support import roles_stack
from tokens import vault
from tokens.instruments import Card

MERCHANT = "mer_roles"
PAN = "4111111111111111"
PREFIX = f"{roles_stack.STACK}-"


@dataclass(frozen=True)
class Stack:
    """The roles' stack, with one token in its vault."""

    emulator: Emulator
    arns: dict[str, str]
    token_id: str = ""

    @contextmanager
    def acting_as(self, function: str) -> Iterator[dict[str, Any]]:
        """The code's clients are this function's; nothing is remembered from another."""
        clients = roles_stack.clients_of(self.emulator, self.arns[f"{function}Role"])
        caching.forget_everything()
        settings.use(settings.Settings(table_prefix=PREFIX, vault_key_id=self.arns["VaultKey"]))
        for service, client in clients.items():
            aws.use(service, client)
        try:
            yield clients
        finally:
            for service in clients:
                aws.use(service, None)
            settings.use(None)
            caching.forget_everything()

    def wrapped_key(self) -> bytes:
        """The merchant's data key, as it lies in the table."""
        key = {"key_scope": {"S": f"vault#{MERCHANT}"}, "version": {"N": "1"}}
        item = self.emulator.client("dynamodb").get_item(TableName=PREFIX + "vault_keys", Key=key)["Item"]
        return base64.b64decode(item["wrapped"]["S"])

    def use_key(self, clients: dict[str, Any]) -> None:
        """What a thief with this role and the tables would try."""
        context = {"purpose": "vault", "merchant_id": MERCHANT}
        clients["kms"].decrypt(CiphertextBlob=self.wrapped_key(), EncryptionContext=context, KeyId=self.arns["VaultKey"])


def keep() -> str:
    card = Card.parse(number=PAN, expiry_month=12, expiry_year=2050, holder=None)
    claim = Claim.of(MERCHANT, signature=ids.new("req"), key=None, key_is_signed=True, request_hash="-")
    return vault.tokenize(MERCHANT, "u1", card, claim=claim).token.token_id


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        with start_emulator({"AUTH": "true"}) as emulator:
            empty = Stack(emulator, roles_stack.deploy(emulator))
            with empty.acting_as("TokensFunction"):
                token_id = keep()
            yield Stack(emulator, empty.arns, token_id)


def assert_denied(error: ClientError) -> None:
    assert error.response["Error"]["Code"] in {"AccessDeniedException", "AccessDenied"}, error


@pytest.mark.parametrize("function", ["TokensFunction", "PaymentsFunction"])
def test_the_vault_and_payments_reveal(stack: Stack, function: str) -> None:
    with stack.acting_as(function):
        instrument = vault.reveal(MERCHANT, stack.token_id, purpose="charge", payment_id="pay_roles")
    assert isinstance(instrument, Card)
    assert instrument.number == PAN


def test_payments_make_no_key_and_seal_nothing(stack: Stack) -> None:
    """Tokens in which nothing is sealed they may write: the emulator knows no `dynamodb:Attributes`, so that is tested of the template
    (tests/unit/tokens/test_provider_tokens.py).
    """
    with stack.acting_as("PaymentsFunction") as clients:
        context = {"purpose": "vault", "merchant_id": MERCHANT}
        with pytest.raises(ClientError) as refused:
            clients["kms"].generate_data_key(KeyId=stack.arns["VaultKey"], NumberOfBytes=32, EncryptionContext=context)
        assert_denied(refused.value)
        row = {"key_scope": {"S": "x"}, "version": {"N": "1"}}
        with pytest.raises(ClientError) as refused:
            clients["dynamodb"].put_item(TableName=PREFIX + "vault_keys", Item=row)
        assert_denied(refused.value)


def test_every_other_functions_role_is_refused(stack: Stack) -> None:
    others = {name.removesuffix("Role") for name in stack.arns if name.endswith("FunctionRole")} - {"TokensFunction", "PaymentsFunction"}
    assert {"MerchantsFunction", "WalletFunction", "WebhooksFunction", "DashboardFunction", "AuthorizerFunction"} <= others
    for function in sorted(others):
        with stack.acting_as(function) as clients:
            with pytest.raises(ClientError) as refused:
                stack.use_key(clients)
            assert_denied(refused.value)
            with pytest.raises(ClientError) as refused:
                vault.reveal(MERCHANT, stack.token_id, purpose="theft", payment_id=None)
            assert_denied(refused.value)


def test_even_a_role_that_may_use_all_keys_is_refused_by_the_key_itself(stack: Stack) -> None:
    intruder = roles_stack.intruder(stack.emulator)
    with pytest.raises(ClientError) as refused:
        stack.use_key(intruder)
    assert_denied(refused.value)


@pytest.mark.parametrize("function", ["TokensFunction", "PaymentsFunction"])
def test_no_role_that_reveals_can_change_the_audit_trail(stack: Stack, function: str) -> None:
    with stack.acting_as(function) as clients:
        table, key = PREFIX + "vault_audit", {"merchant_id": {"S": MERCHANT}, "audited_at": {"S": "x"}}
        attempts: list[tuple[str, dict[str, Any]]] = [
            ("delete_item", {"Key": key}),
            ("update_item", {"Key": key, "UpdateExpression": "REMOVE actor"}),
            ("scan", {}),
        ]
        for operation, parameters in attempts:
            with pytest.raises(ClientError) as refused:
                getattr(clients["dynamodb"], operation)(TableName=table, **parameters)
            assert_denied(refused.value)
