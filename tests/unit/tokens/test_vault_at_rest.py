"""What a thief of the tables has: nothing readable, nothing that can be moved, nothing that can be tried."""

import base64
import copy
import hashlib
import hmac
import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from paycorex.errors import NotFound, TemporarilyUnavailable
from tests.fakes.faults import Fault, FaultyClient, Script
from tests.support.world import Signer, World
from tests.unit.tokens import vault_calls
from tests.unit.tokens.vault_calls import CARD, PAN, UPI, create, kept, overwrite, reveal, row, rows
from tokens import keys
from tokens.failures import TokenUnusable


def sealed_of(item: dict[str, Any]) -> str:
    value: str = item["sealed"]["S"]
    return value


def wrapped_key(world: World, merchant_id: str) -> bytes:
    found = next(item for item in rows(world, "vault_keys") if item["key_scope"]["S"] == f"vault#{merchant_id}" and "wrapped" in item)
    return base64.b64decode(found["wrapped"]["S"])


def test_a_stored_card_shows_its_last_four_and_opens_in_its_own_context_only(world: World, merchant: Signer) -> None:
    """Acceptance 19: no PAN or part of it beyond last4; ciphertext opens only with that merchant's KMS context."""
    token_id = kept(world, merchant, CARD)
    text = json.dumps(row(world, token_id))
    assert not any(PAN[start : start + 5] in text for start in range(len(PAN) - 4))
    assert "4111" not in text
    assert row(world, token_id)["last4"]["S"] == "1111"
    blob = wrapped_key(world, merchant.merchant_id)
    right = {"purpose": "vault", "merchant_id": merchant.merchant_id}
    assert len(world.kms.decrypt(CiphertextBlob=blob, EncryptionContext=right)["Plaintext"]) == 32
    for wrong in ({}, {**right, "merchant_id": "mer_other"}, {**right, "purpose": "fingerprint"}):
        with pytest.raises(ClientError) as refused:
            world.kms.decrypt(CiphertextBlob=blob, EncryptionContext=wrong)
        assert refused.value.response["Error"]["Code"] == "InvalidCiphertextException"


def test_a_ciphertext_that_was_moved_is_refused_and_raises_the_alarm(world: World, merchant: Signer, logs: io.StringIO) -> None:
    """Acceptance 20 (the vault's part): swapped within a merchant, then between merchants: token_integrity, one alarm line each."""
    other = world.register("Other")
    mine, second = kept(world, merchant, CARD), kept(world, merchant, CARD, number="5555555555554444")
    theirs = kept(world, other, CARD, number="378282246310005")
    for target, source in ((mine, second), (second, mine), (mine, theirs), (theirs, mine)):
        untouched = row(world, target)
        swapped = copy.deepcopy(untouched)
        swapped["sealed"] = row(world, source)["sealed"]
        overwrite(world, swapped)
        logs.truncate(logs.seek(0))
        with pytest.raises(TokenUnusable) as refused:
            reveal(untouched["merchant_id"]["S"], target)
        assert refused.value.details == {"reason": "token_integrity"}
        lines = [json.loads(line) for line in logs.getvalue().splitlines()]
        assert [line["message"] for line in lines if line["level"] == "ERROR"] == ["token_integrity"]
        overwrite(world, untouched)
    assert reveal(merchant.merchant_id, mine).number == PAN


@pytest.mark.parametrize("damage", ["1.", "9.x", "x", "", "1.gAAAAA", "²."])
def test_a_damaged_value_is_refused_and_saving_the_instrument_again_heals_it(world: World, merchant: Signer, damage: str) -> None:
    token_id = kept(world, merchant, UPI)
    item = row(world, token_id)
    item["sealed"] = {"S": damage}
    overwrite(world, item)
    with pytest.raises(TokenUnusable):
        reveal(merchant.merchant_id, token_id)
    assert create(world, merchant, UPI).status == 200
    assert sealed_of(row(world, token_id)).startswith("1.g")


def test_the_tables_cannot_be_searched_for_a_card_number(world: World, merchant: Signer) -> None:
    """Acceptance 21: with BIN and last four known, 10^6 numbers remain; none is found by SHA-256 or by HMAC under a guessed key.

    Every text in the dump is compared, so a hash of a whole request (as idempotency keeps it) counts too. The bodies that a thief would
    try are the request's own, with the number in the one field that is missing.
    """
    fingerprint = create(world, merchant, CARD).body["fingerprint"]
    dump = json.dumps(world.dump())
    stored = set(_texts(world.dump()))
    cursor_key = next(item for item in rows(world, "merchants"))["cursor_key"]["S"].encode()
    known, middle = PAN[:6], int(PAN[6:12])
    for number in (f"{known}{guess:06d}{PAN[-4:]}".encode() for guess in range(middle - 500, middle + 500)):
        body = json.dumps(
            ["POST", "/v1/tokens/create", None, {**CARD, "holder": None, "number": number.decode()}], sort_keys=True, separators=(",", ":")
        )
        for form in (number, b"card|" + number, b"card\0" + number, body.encode(), body.replace("null,{", "{").encode()):
            for digest in (hashlib.sha256(form), hmac.new(b"", form, hashlib.sha256), hmac.new(cursor_key, form, hashlib.sha256)):
                assert digest.hexdigest() not in dump
                assert digest.hexdigest()[:32] not in stored
                assert base64.b32encode(digest.digest()[:16]).decode()[:26].lower() != fingerprint


def test_two_merchants_have_different_fingerprints_of_one_card(world: World, merchant: Signer) -> None:
    """Acceptance 21: the same PAN for two merchants has different hashes; other spacing names the same token."""
    other = world.register("Other")
    mine = create(world, merchant, CARD).body
    assert create(world, other, CARD).body["fingerprint"] != mine["fingerprint"]
    assert create(world, merchant, CARD, number="4111-1111 1111-1111").body["token_id"] == mine["token_id"]


def test_without_kms_the_vault_works_for_five_minutes_and_then_refuses(world: World, merchant: Signer) -> None:
    """Acceptance 24: within and after the data key's cache life; nothing is ever stored in the clear."""
    token_id = kept(world, merchant, CARD)
    world.install(world.dynamo, FaultyClient(world.kms, lambda _call: Fault.NO_ENDPOINT, service="kms"), world.sqs)
    world.clock.now += 200
    assert reveal(merchant.merchant_id, token_id).number == PAN
    assert create(world, merchant, CARD, number="5555555555554444").status == 201
    world.clock.now += 301
    before = rows(world, "tokens")
    with pytest.raises(TemporarilyUnavailable):
        reveal(merchant.merchant_id, token_id)
    with pytest.raises(TemporarilyUnavailable):
        vault_calls.keep_directly(merchant.merchant_id, "378282246310005")
    assert rows(world, "tokens") == before


def test_a_warm_create_and_a_warm_reveal_ask_kms_nothing(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    before = dict(world.kms.calls)
    kept(world, merchant, UPI)
    assert reveal(merchant.merchant_id, token_id).number == PAN
    assert dict(world.kms.calls) == before


def test_every_reveal_is_audited_and_an_unrecorded_one_does_not_happen(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    reveal(merchant.merchant_id, token_id)
    [event] = rows(world, "vault_audit")
    assert {name: event[name]["S"] for name in ("merchant_id", "token_id", "purpose", "payment_id", "actor", "outcome")} == {
        "merchant_id": merchant.merchant_id,
        "token_id": token_id,
        "purpose": "charge",
        "payment_id": "pay_test",
        "actor": "local",
        "outcome": "revealed",
    }
    broken = FaultyClient(world.dynamo, Script([Fault.THROTTLED], operation="PutItem"))
    world.install(broken, world.kms, world.sqs)
    with pytest.raises(Exception, match="Throttling"):
        reveal(merchant.merchant_id, token_id)
    assert len(rows(world, "vault_audit")) == 1


def test_a_deleted_or_foreign_token_is_not_revealed(world: World, merchant: Signer) -> None:
    """Acceptance 26: charging a deleted token is a 404; its ciphertext went with the deletion itself."""
    token_id, other = kept(world, merchant, CARD), world.register("Other")
    with pytest.raises(NotFound):
        reveal(other.merchant_id, token_id)
    vault_calls.delete(world, merchant, token_id)
    with pytest.raises(NotFound):
        reveal(merchant.merchant_id, token_id)
    assert "sealed" not in row(world, token_id)
    assert rows(world, "vault_audit") == []


def test_keys_do_not_print_themselves(world: World, merchant: Signer) -> None:
    kept(world, merchant, CARD)
    key = keys.current(merchant.merchant_id)
    assert key.fernet_key.decode() not in repr(key)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []
