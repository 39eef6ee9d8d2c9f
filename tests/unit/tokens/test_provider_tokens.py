"""Cards that a provider keeps: one token a card, nothing sealed in it, and gone whole when it is deleted."""

from typing import Any

import pytest

from paycorex import storage
from paycorex.records.token import TokenItem
from tests.support import template
from tests.support.world import Signer, World
from tokens import provider_tokens, store, vault
from tokens.failures import TokenUnusable
from tokens.instruments import ProviderToken

CARD = ProviderToken("stripe", "pm_1", "cus_1", "visa", "4242", 8, 2030)


def keep(merchant: Signer, card: ProviderToken = CARD) -> TokenItem:
    return provider_tokens.keep(merchant.merchant_id, "asha", card)


def test_the_same_card_of_the_same_user_is_one_token(world: World, merchant: Signer) -> None:
    first, again = keep(merchant), keep(merchant)
    assert first.token_id == again.token_id
    other = keep(merchant, ProviderToken("stripe", "pm_2", "cus_1", "visa", "4242", 8, 2030))
    assert other.token_id != first.token_id
    assert vault.reveal(merchant.merchant_id, first.token_id, purpose="charge", payment_id=None) == CARD
    assert world


def test_a_deleted_one_keeps_nothing_of_the_card_and_a_new_one_has_another_id(world: World, merchant: Signer) -> None:
    item = keep(merchant)
    storage.transact(store.delete(item, 1))
    gone = vault.find(merchant.merchant_id, item.token_id)
    assert (gone.is_active, gone.provider) == (False, None)
    with pytest.raises(TokenUnusable):
        provider_tokens.card_of(gone)
    assert keep(merchant).token_id != item.token_id


def test_its_text_form_hides_the_providers_name_of_it() -> None:
    assert "pm_1" not in repr(CARD)


def test_the_payments_may_write_these_tokens_and_seal_none(world: World, merchant: Signer) -> None:
    keep(merchant)
    (row,) = world.dynamo.dump()["test-tokens"]
    for allowed in _written_attributes():
        assert set(row) <= set(allowed)
        assert "sealed" not in allowed


def _written_attributes() -> list[list[str]]:
    """What the roles of the payments may put into the table of tokens."""
    found: list[list[str]] = []
    for name in ("PaymentsFunction", "PaymentsJanitorFunction"):
        policies: list[Any] = template.properties("AWS::Serverless::Function")[name]["Policies"]
        statements = [one for policy in policies if "Statement" in policy for one in policy["Statement"]]
        puts = [one for one in statements if "dynamodb:PutItem" in one["Action"] and "TokensTable" in str(one["Resource"])]
        found += [one["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"] for one in puts]
    assert len(found) == 2
    return found
