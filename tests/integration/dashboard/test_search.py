"""The search field finds a record of every kind by what people know it by, for those whose scopes show it, by a bounded number of reads."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.search import migrations
from operations import migration_runs
from tests.integration.test_tenants_and_lists import belongings
from tests.support.expectations import assert_refused, nothing_written
from tests.support.metering import MeteredDynamo
from tests.support.payments import APPROVE, charge, collect
from tests.support.rollups import roll, stream
from tests.support.world import Signer, World

LONG_AGO_MS = 3600 * 1000


@pytest.fixture
def find(world: World, merchant: Signer) -> Callable[..., list[dict[str, Any]]]:
    """What a text finds, once the stream was folded and the payments are no longer the newest."""

    def search(text: str, who: Signer = merchant, **query: Any) -> list[dict[str, Any]]:
        roll(stream(world))
        world.clock.now += LONG_AGO_MS / 1000
        more = "".join(f"&{name}={value}" for name, value in query.items())
        reply = world.call(who, "GET", f"/v1/search?q={quote(text, safe='')}{more}")
        assert reply.status == 200, reply.raw
        data: list[dict[str, Any]] = reply.body["data"]
        return data

    return search


def key_with(world: World, who: Signer, *scopes: str) -> Signer:
    made = world.call(who, "POST", "/v1/merchants/apikey", {"scopes": list(scopes)})
    assert made.status == 201, made.raw
    world.clock.now += 90
    return Signer(made.body["api_key"], made.body["secret"], who.merchant_id, made.body["key_id"])


NOT_SEARCHED = {"experiment_id", "key_id", "import_id", "person_id", "delivery_id"}


def test_an_id_of_any_kind_is_found_and_no_other_merchants(world: World, find: Callable[..., list[dict[str, Any]]]) -> None:
    theirs = world.register("Other", webhook_url="https://example.com/hook")
    world.wallet(theirs, "asha", "1000.00")
    stranger = world.register("Stranger")
    for name, identifier in belongings(world, theirs).items():
        if name not in NOT_SEARCHED:
            (hit,) = find(identifier, theirs)
            assert (hit["id"], hit["found_by"]) == (identifier, "id"), name
            assert find(identifier, stranger) == [], name


def test_a_payment_is_found_by_amount_user_card_order_number_and_what_the_provider_and_upi_call_it(
    world: World, merchant: Signer, find: Callable[..., list[dict[str, Any]]]
) -> None:
    card = charge(world, merchant, APPROVE, "1250.75", metadata={"order": "Order-17", "lines": 3, "gift": True}).body
    upi = collect(world, merchant, "99.00").body
    tr = upi["next_action"]["upi_url"].partition("tr=")[2].partition("&")[0]
    for text, found_by, wanted in (
        ("1250.75", "amount", card), ("₹1,250.75", "amount", card), ("INR 1250.75", "amount", card), (APPROVE[-4:], "last4", card),
        ("order-17", "metadata", card), (card["user_id"], "user", card), (card["provider_reference"], "provider_reference", card),
        (tr, "provider_reference", upi), ("99", "amount", upi),
    ):  # fmt: skip
        hits = [hit for hit in find(text) if hit["kind"] == "payment"]
        assert [(hit["id"], hit["found_by"], hit["amount"]) for hit in hits] == [(wanted["payment_id"], found_by, wanted["amount"])], text
    assert find("USD 1250.75") == []
    assert find("true") == []


def test_what_a_user_paid_from_a_wallet_is_found_without_a_row_of_its_own(
    world: World, merchant: Signer, find: Callable[..., list[dict[str, Any]]]
) -> None:
    world.wallet(merchant, "asha", "1000.00")
    paid = [world.pay(merchant, "asha", f"{rupees}.00").body["payment_id"] for rupees in (11, 12, 13)]
    hits = find("asha")
    assert [hit["kind"] for hit in hits] == ["wallet", "payment", "payment", "payment"]
    assert {hit["id"] for hit in hits[1:]} == set(paid)
    rows = [row["term"]["S"] for row in world.dump()["test-search_terms"]]
    assert len(rows) == 3
    assert all("#amount#" in row for row in rows)


def test_equal_amounts_of_a_batch_are_one_row_and_a_batch_that_comes_again_finds_each_once(
    world: World, merchant: Signer, find: Callable[..., list[dict[str, Any]]]
) -> None:
    world.wallet(merchant, "asha", "9000.00")
    paid = {world.pay(merchant, "asha", "49.00").body["payment_id"] for _ in range(6)}
    batch = stream(world)
    roll(batch)
    assert len(world.dump()["test-search_terms"]) == 1
    roll(batch)
    roll(batch[: len(batch) - 1])
    assert {hit["id"] for hit in find("49")} == paid
    assert len(find("49")) == 6
    assert len(find("49", limit=2)) == 2


def test_a_payment_of_a_moment_ago_is_found_before_the_stream_brought_it(world: World, merchant: Signer) -> None:
    paid = charge(world, merchant, APPROVE, "77.70", metadata={"order": "A-1"}).body
    for text in ("77.70", "a-1", paid["user_id"]):
        (hit,) = world.call(merchant, "GET", f"/v1/search?q={text}").body["data"]
        assert hit["id"] == paid["payment_id"]


def test_a_customer_is_found_by_address_and_so_are_the_payments(
    world: World, merchant: Signer, find: Callable[..., list[dict[str, Any]]]
) -> None:
    assert find("asha@example.com") == []
    made = world.call(merchant, "POST", "/v1/customers", {"reference": "asha", "email": "Asha@example.com"}).body
    paid = charge(world, merchant, APPROVE, "12.00", user_id="asha").body
    hits = find("asha@EXAMPLE.com")
    assert [(hit["kind"], hit["id"]) for hit in hits] == [("customer", made["customer_id"]), ("payment", paid["payment_id"])]
    world.call(merchant, "DELETE", f"/v1/customers/{made['customer_id']}")
    assert find("asha@example.com") == []
    stranger = world.register("Stranger")
    assert find("asha@example.com", stranger) == []


def test_each_kind_takes_the_scope_that_shows_it(world: World, find: Callable[..., list[dict[str, Any]]]) -> None:
    shop = world.register("Shop", webhook_url="https://example.com/hook")
    world.wallet(shop, "asha", "1000.00")
    theirs = belongings(world, shop)
    narrow = key_with(world, shop, "dashboard:read", "payments:read")
    shown = {name for name, identifier in theirs.items() if name not in NOT_SEARCHED and find(identifier, narrow)}
    assert shown == {"payment_id", "refund_id"}
    assert [hit["kind"] for hit in find("asha", narrow) if hit["kind"] != "payment"] == []
    figures = key_with(world, shop, "dashboard:read")
    assert find("asha", figures) == []
    assert_refused(world.call(key_with(world, world.register("New"), "payments:read"), "GET", "/v1/search?q=asha"), "forbidden")


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=a&limit=0", "q=a&limit=51", f"q={'a' * 255}", "q=a%00", "q=a&kind=payment"])
def test_what_cannot_be_searched_is_refused(world: World, merchant: Signer, query: str) -> None:
    with nothing_written(world):
        assert_refused(world.call(merchant, "GET", f"/v1/search?{query}"), "invalid_request")


def test_a_search_reads_as_much_with_many_payments_as_with_few(world: World, merchant: Signer) -> None:
    def reads() -> tuple[int, float]:
        roll(stream(world))
        world.clock.now += LONG_AGO_MS / 1000
        metered = MeteredDynamo(world.dynamo)
        world.install(metered, world.kms, world.sqs)
        assert world.call(merchant, "GET", "/v1/search?q=10.00&limit=5").status == 200
        world.install(world.dynamo, world.kms, world.sqs)
        return metered.calls.total(), metered.read_units

    world.wallet(merchant, "asha", "90000.00")
    for _ in range(8):
        world.pay(merchant, "asha", "10.00")
    few = reads()
    for _ in range(60):
        world.pay(merchant, "asha", "10.00")
    calls, units = reads()
    assert calls <= few[0]
    assert units <= few[1] + 4


def test_a_capture_and_a_transfer_are_found_by_their_ids(world: World, merchant: Signer, find: Callable[..., list[dict[str, Any]]]) -> None:
    world.call(merchant, "POST", "/v1/wallet/create", {"user_id": "asha"})
    moved = world.call(merchant, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "50.00"}).body["transfer"]
    held = charge(world, merchant, APPROVE, "80.00", capture_method="manual").body["payment_id"]
    taken = world.call(merchant, "POST", f"/v1/payments/{held}/capture", {}).body
    for name, record in (("transfer_id", moved), ("capture_id", taken)):
        (hit,) = find(record[name])
        assert (hit["kind"], hit["found_by"], hit["amount"]) == (name.removesuffix("_id"), "id", record["amount"])


def test_older_payments_are_found_after_the_migration(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_runs, "PAGE_ITEMS", 3)
    made = [charge(world, merchant, APPROVE, "77.31", metadata={"order": f"older-{number}"}).body["payment_id"] for number in range(5)]
    stream(world)  # the release before folded no terms of them
    world.clock.now += LONG_AGO_MS / 1000
    migration = {each.name: each for each in migrations.declared()}["search-terms"]

    def found(text: str) -> list[str]:
        reply = world.call(merchant, "GET", f"/v1/search?q={text}&limit=20")
        return sorted(each["id"] for each in reply.body["data"] if each["kind"] == "payment")

    assert found("older-3") == []
    done = migration_runs.run(migration, lambda _progress: None)
    assert (done.seen, done.changed) == (5, 5)
    assert found("older-3") == [made[3]]
    assert found("77.31") == sorted(made)
    migration_runs.run(migration, lambda _progress: None, again=True)
    assert found("77.31") == sorted(made)
