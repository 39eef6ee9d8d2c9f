"""The tests' own execution environments: processes that share a world's DynamoDB, and no connection."""

from functools import partial

import pytest

from paycorex import aws
from tests.support import world as worlds
from tests.support.environments import run_at_once
from tests.support.world import World


@pytest.mark.parametrize("client", ["lean", "botocore"])
def test_each_environment_asks_over_connections_of_its_own(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that two processes had open would give each the other's answers, or none."""
    monkeypatch.setattr(worlds, "OVER_SOCKETS", client)
    with World().running() as world:

        def made(purpose: str) -> tuple[bytes, bytes]:
            context = {"purpose": purpose}
            answer = aws.kms().generate_data_key(KeyId=world.settings.sealing_key_id, KeySpec="AES_256", EncryptionContext=context)
            return answer["CiphertextBlob"], answer["Plaintext"]

        assert made("before")
        assert world.kms.connections == 1
        purposes = ["first", "second", "third"]
        keys = run_at_once(world, [partial(made, purpose) for purpose in purposes])
        assert world.kms.connections == 1 + len(purposes)
        for purpose, (blob, key) in zip(purposes, keys, strict=True):
            assert aws.kms().decrypt(CiphertextBlob=blob, EncryptionContext={"purpose": purpose})["Plaintext"] == key
