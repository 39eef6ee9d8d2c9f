"""The tokens door, over the whole of authorizer, door and vault."""

from typing import Any

import pytest

from paycorex import storage
from paycorex.records.token import TokenItem
from tests.support.world import PREFIX, Signer, World
from tests.unit.tokens.vault_calls import ACCOUNT, BANK, CARD, IBAN, INDIAN, PAN, UPI, VPA, create, delete, kept, listed, row, rows, stored

CONTRACT = {
    "token_id",
    "merchant_id",
    "mode",
    "user_id",
    "type",
    "last4",
    "brand",
    "brands",
    "connector",
    "expiry_month",
    "expiry_year",
    "holder_initials",
    "fingerprint",
    "is_active",
    "created_at",
}


def events(world: World) -> list[tuple[str, int]]:
    """What the table's stream says happened, as (event, sequence)."""
    records = world.dynamo.drain_stream(PREFIX + "tokens")
    images = [TokenItem.load(record["dynamodb"]["NewImage"]) for record in records if "NewImage" in record["dynamodb"]]
    return [(str(image.event), int(image.sequence)) for image in images]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            {**CARD, "holder": "Asha Rao"},
            {"last4": "1111", "brand": "visa", "brands": ["visa"], "expiry_month": 12, "expiry_year": 2030, "holder_initials": "AR"},
        ),
        (UPI, {"last4": "ma77", "brand": "okicici", "expiry_month": None}),
        (BANK, {"last4": "3000", "brand": "DE", "brands": [], "expiry_year": None}),
        (INDIAN, {"last4": "5678", "brand": "HDFC", "holder_initials": None}),
    ],
)
def test_an_instrument_is_kept_and_only_display_data_is_answered(
    world: World, merchant: Signer, body: dict[str, Any], shown: dict[str, Any]
) -> None:
    reply = create(world, merchant, body)
    assert reply.status == 201
    assert reply.body.keys() == CONTRACT
    assert shown.items() <= reply.body.items()
    assert reply.body["is_active"] is True
    for value in (PAN, VPA, IBAN, ACCOUNT):
        assert value not in reply.raw.decode()
    again = world.call(merchant, "GET", f"/v1/tokens/{reply.body['token_id']}")
    assert (again.status, again.body) == (200, reply.body)
    assert events(world) == [("token.created", 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (CARD, {**CARD, "number": "4111 1111-1111 1111"}),
        (UPI, {**UPI, "vpa": VPA.upper()}),
        (BANK, {**BANK, "iban": "de89 3704 0044 0532 0130 00"}),
        (INDIAN, {**INDIAN, "account_number": "5010 0012 3456 78"}),
    ],
)
def test_the_same_instrument_again_is_the_existing_token(
    world: World, merchant: Signer, first: dict[str, Any], second: dict[str, Any]
) -> None:
    token_id = kept(world, merchant, first)
    reply = create(world, merchant, second)
    assert (reply.status, reply.body["token_id"]) == (200, token_id)
    assert len(rows(world, "tokens")) == 1
    assert events(world) == [("token.created", 1)]


def test_a_renewed_card_keeps_its_token_and_gets_its_new_date(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, {**CARD, "holder": "Asha Rao"})
    reply = create(world, merchant, CARD, expiry_month=3, expiry_year=2035)
    assert (reply.status, reply.body["token_id"]) == (200, token_id)
    assert (reply.body["expiry_month"], reply.body["expiry_year"], reply.body["holder_initials"]) == (3, 2035, "AR")


def test_a_card_of_several_brands_shows_all_and_an_old_token_gets_them_when_it_is_saved_again(world: World, merchant: Signer) -> None:
    card = {**CARD, "number": "6011111111111117"}
    made = create(world, merchant, card).body
    assert (made["brand"], made["brands"]) == ("discover", ["discover", "rupay"])
    storage.run(storage.update(TokenItem, TokenItem.wire_key(made["token_id"]), [TokenItem.brands.remove()], None))
    before = world.call(merchant, "GET", f"/v1/tokens/{made['token_id']}").body
    assert (before["brand"], before["brands"]) == ("discover", ["discover"])
    assert create(world, merchant, card).body == made


def test_two_users_of_one_card_have_a_token_each_and_one_fingerprint(world: World, merchant: Signer) -> None:
    """A token belongs to the user who saved it: one user deleting theirs does not take the other's away."""
    mine, theirs = create(world, merchant, CARD).body, create(world, merchant, CARD, user_id="u2").body
    assert mine["token_id"] != theirs["token_id"]
    assert mine["fingerprint"] == theirs["fingerprint"]
    delete(world, merchant, mine["token_id"])
    assert (listed(world, merchant), listed(world, merchant, "u2")) == ([], [theirs["token_id"]])


def test_a_retry_is_answered_as_the_first_time_and_the_key_is_bound_to_the_number(world: World, merchant: Signer) -> None:
    first = world.call(merchant, "POST", "/v1/tokens/create", CARD, key="k")
    again = world.call(merchant, "POST", "/v1/tokens/create", CARD, key="k")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    other = world.call(merchant, "POST", "/v1/tokens/create", {**CARD, "number": "5555555555554444"}, key="k")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    assert len(rows(world, "tokens")) == 1


@pytest.mark.parametrize("name", ["cvv", "cvc", "CVV2", "security_code", "securityCode", "card_security_code", "cid"])
def test_a_security_code_is_refused_with_the_reason_and_stored_nowhere(world: World, merchant: Signer, name: str) -> None:
    before = stored(world)
    reply = create(world, merchant, {**CARD, name: "737"})
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert "never stored" in reply.body["error"]["message"]
    assert reply.body["error"]["details"]["field"] == name
    assert "737" not in reply.raw.decode().replace(reply.body["error"]["request_id"], "")
    assert stored(world) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "4111111111111112"}, "number"),
        ({"number": "411111111111"}, "number"),
        ({"number": "41111111111111111111"}, "number"),
        ({"number": "4111-x111-1111-1111"}, "number"),
        ({"number": 4111111111111111}, "number"),
        ({"expiry_year": 2020}, "expiry_year"),
        ({"expiry_month": "12"}, "expiry_month"),
        ({"holder": 5}, "holder"),
        ({"user_id": ""}, "user_id"),
        ({"vpa": VPA}, "vpa"),
        ({"type": "4111111111111111"}, "type"),
        ({"type": "bank_account", "iban": "DE89370400440532013001"}, "number"),
    ],
)
def test_an_invalid_instrument_is_refused_by_field_and_never_repeated(
    world: World, merchant: Signer, change: dict[str, Any], field: str
) -> None:
    """Acceptance 27: 400 with the field's name, the value is not echoed."""
    before = stored(world)
    reply = create(world, merchant, {**CARD, **change})
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert reply.body["error"]["details"]["field"] == field
    text = reply.raw.decode()
    assert not any(value in text for value in map(str, change.values()) if len(value) > 5 and value != "bank_account")
    assert stored(world) == before


def test_a_card_number_as_the_name_of_a_field_is_not_repeated_either(world: World, merchant: Signer) -> None:
    for body in ({**CARD, PAN: 1}, ('{"%s":1,"%s":2}' % (PAN, PAN)).encode()):  # noqa: UP031 - braces are JSON's here
        reply = world.call(merchant, "POST", "/v1/tokens/create", body)
        assert reply.status == 400
        assert PAN not in reply.raw.decode()


def test_deleting_shreds_and_hides_the_token(world: World, merchant: Signer) -> None:
    token_id = kept(world, merchant, CARD)
    reply = delete(world, merchant, token_id)
    assert (reply.status, reply.body["is_active"]) == (200, False)
    assert "sealed" not in row(world, token_id)
    assert listed(world, merchant) == []
    assert events(world) == [("token.created", 1), ("token.deleted", 2)]
    assert world.call(merchant, "GET", f"/v1/tokens/{token_id}").body["is_active"] is False
    assert delete(world, merchant, token_id).status == 200
    assert events(world) == []


def test_after_deleting_the_same_instrument_gets_a_new_token_each_time(world: World, merchant: Signer) -> None:
    seen = []
    for _ in range(4):
        seen.append(kept(world, merchant, CARD))
        assert create(world, merchant, CARD).body["token_id"] == seen[-1]
        assert listed(world, merchant) == [seen[-1]]
        assert delete(world, merchant, seen[-1]).status == 200
    assert len(set(seen)) == 4
    assert all(not row(world, token_id)["is_active"]["BOOL"] for token_id in seen)


def test_a_users_tokens_are_listed_newest_first_in_pages(world: World, merchant: Signer) -> None:
    made = [kept(world, merchant, body) for body in (CARD, UPI, BANK, INDIAN)]
    kept(world, merchant, CARD, user_id="u2")
    seen, cursor = [], ""
    while True:
        page = world.call(merchant, "GET", f"/v1/tokens?user_id=u1&limit=3{cursor}").body
        seen += [token["token_id"] for token in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == made[::-1]
    assert world.call(merchant, "GET", "/v1/tokens").code == "invalid_request"
    assert world.call(merchant, "GET", f"/v1/tokens?user_id=u2{cursor}").code == "invalid_cursor"


def test_another_merchants_token_is_nobodys(world: World, merchant: Signer) -> None:
    token_id, other = kept(world, merchant, CARD), world.register("Other")
    unknown = world.call(other, "GET", "/v1/tokens/tok_" + "a" * 26).without_request_id()
    for method in ("GET", "DELETE"):
        reply = world.call(other, method, f"/v1/tokens/{token_id}")
        assert (reply.status, reply.without_request_id()) == (404, unknown)
    assert listed(world, other) == []
    assert listed(world, merchant) == [token_id]
