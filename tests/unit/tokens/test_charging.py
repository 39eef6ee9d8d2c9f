"""Tokens as payments use them: moved values, deleted tokens, and no trace of the instrument around a charge."""

import io
import json
from collections.abc import Callable

import pytest

from tests.support.gateway import Reply
from tests.support.world import Signer, World
from tests.unit.tokens.vault_calls import CANARIES, CARD, HOLDER, INDIAN, UPI, Answers, delete, found_in, kept, overwrite, row, rows


def charge(world: World, who: Signer, token_id: str) -> Reply:
    return world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized", "token_id": token_id})


def test_a_charge_reveals_once_and_leaves_no_trace(world: World, merchant: Signer, everywhere: Callable[[Answers], str]) -> None:
    """Acceptance 16 and 25: a card, a UPI address and an account are charged; only the audit trail remembers that they were opened."""
    tokens = [kept(world, merchant, {**body, **more}) for body, more in ((CARD, {"holder": HOLDER}), (UPI, {}), (INDIAN, {}))]
    answers = [charge(world, merchant, token_id) for token_id in tokens]
    assert answers[0].status == 201
    revealed = [(event["token_id"]["S"], event["payment_id"]["S"], event["outcome"]["S"]) for event in rows(world, "vault_audit")]
    assert {token_id for token_id, _, _ in revealed} == set(tokens)
    assert len(revealed) == len(tokens)
    assert answers[0].body["payment_id"] in {payment_id for _, payment_id, _ in revealed}
    assert found_in(everywhere(answers), CANARIES) == []


def test_a_moved_value_is_not_charged_and_no_money_moves(world: World, merchant: Signer, logs: io.StringIO) -> None:
    """Acceptance 20: swapped ciphertexts, of one merchant and of two: refused, one alarm line each, no ledger change."""
    other = world.register("Other")
    mine, second = kept(world, merchant, CARD), kept(world, merchant, CARD, number="5555555555554444")
    theirs = kept(world, other, CARD, number="378282246310005")
    for target, source in ((mine, second), (mine, theirs)):
        untouched, books = row(world, target), rows(world, "ledgers")
        overwrite(world, {**untouched, "sealed": row(world, source)["sealed"]})
        logs.truncate(logs.seek(0))
        reply = charge(world, merchant, target)
        assert reply.status == 402
        assert rows(world, "ledgers") == books
        lines = [json.loads(line) for line in logs.getvalue().splitlines()]
        assert [line["message"] for line in lines].count("token_integrity") == 1
        overwrite(world, untouched)


@pytest.mark.parametrize("owner", ["mine", "theirs"])
def test_a_deleted_or_foreign_token_is_not_charged(world: World, merchant: Signer, owner: str) -> None:
    """Acceptance 26: delete, charge: 404, nothing revealed, nothing booked."""
    other = world.register("Other")
    token_id = kept(world, merchant if owner == "mine" else other, CARD)
    if owner == "mine":
        assert charge(world, merchant, token_id).status == 201
        delete(world, merchant, token_id)
    audit, books = rows(world, "vault_audit"), rows(world, "ledgers")
    reply = charge(world, merchant, token_id)
    assert (reply.status, reply.code) == (404, "not_found")
    assert (rows(world, "vault_audit"), rows(world, "ledgers")) == (audit, books)
