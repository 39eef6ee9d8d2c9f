"""The dashboard under attack: rows of others, forged cursors, filters that would be expressions; in lists, CSV and statistics."""

from urllib.parse import quote

import pytest

from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

PAYMENTS, LEDGERS, STATS = "/v1/dashboard/payments", "/v1/dashboard/ledgers", "/v1/dashboard/stats"
EXPORTS = (f"{PAYMENTS}?format=csv", f"{LEDGERS}?format=csv")
ODD = ("begins_with(a)", "#", ":v", "asha' OR '1'='1", "a#b", "*", "../x")
FILTERS = {
    PAYMENTS: ("status", "method", "currency", "min_amount", "from", "limit", "format"),
    LEDGERS: ("entity", "currency", "from", "to", "limit", "format"),
    STATS: ("from", "to", "currency", "timezone"),
}
WHOLE = ("merchant_id=x", "x=1", "from=&to=", "currency=inr", "currency=INR&currency=USD")
INJECTIONS = [
    *((path, f"{name}={quote(value)}") for path, names in FILTERS.items() for name in names for value in ODD),
    *((path, query) for path in FILTERS for query in WHOLE),
]


@pytest.fixture
def other(world: World) -> Signer:
    """Another merchant with payments of its own."""
    signer = world.register("Other")
    world.wallet(signer, "ravi", "1000.00")
    for _ in range(5):
        assert world.pay(signer, "ravi", "77.77").status == 201
    return signer


@pytest.fixture
def mine(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    for _ in range(5):
        assert world.pay(merchant, "asha", "10.00").status == 201
    return merchant


@pytest.mark.parametrize(("path", "query"), INJECTIONS)
def test_a_filter_is_a_value_and_never_an_expression(world: World, mine: Signer, path: str, query: str) -> None:
    """Acceptance 71."""
    with nothing_written(world):
        assert_refused(world.call(mine, "GET", f"{path}?{query}"), "invalid_amount" if "amount" in query else "invalid_request")


@pytest.mark.parametrize("target", EXPORTS)
def test_an_export_holds_the_merchants_own_rows_only(world: World, mine: Signer, other: Signer, target: str) -> None:
    """Acceptance 55: all that the list holds, and not a word of anybody else."""
    text = world.call(mine, "GET", target).raw.decode()
    assert len(text.splitlines()) == 6
    assert other.merchant_id not in text
    assert "77.77" not in text


@pytest.mark.parametrize("target", EXPORTS)
def test_an_exports_cursor_serves_its_merchant_alone_and_cannot_be_altered(world: World, mine: Signer, other: Signer, target: str) -> None:
    """Acceptance 71."""
    first = world.call(mine, "GET", f"{target}&limit=2")
    cursor = first.headers["x-next-cursor"]
    for place in range(0, len(cursor), 5):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert_refused(world.call(mine, "GET", f"{target}&limit=2&cursor={quote(altered)}"), "invalid_cursor")
    assert_refused(world.call(other, "GET", f"{target}&limit=2&cursor={quote(cursor)}"), "invalid_cursor")
    elsewhere = next(export for export in EXPORTS if export != target)
    assert_refused(world.call(mine, "GET", f"{elsewhere}&limit=2&cursor={quote(cursor)}"), "invalid_cursor")
    rest = world.call(mine, "GET", f"{target}&limit=2&cursor={quote(cursor)}").raw.decode().splitlines()[1:]
    assert set(rest).isdisjoint(first.raw.decode().splitlines()[1:])


@pytest.mark.parametrize("target", EXPORTS)
@pytest.mark.parametrize("limit", ["0", "-1", "1000000000", "x"])
def test_an_exports_limit_is_bounded_too(world: World, mine: Signer, target: str, limit: str) -> None:
    """Acceptance 71."""
    assert_refused(world.call(mine, "GET", f"{target}&limit={limit}"), "invalid_request")


def test_the_export_of_another_merchants_account_cannot_be_named(world: World, mine: Signer, other: Signer) -> None:
    """Acceptance 55."""
    wallet = world.call(other, "GET", "/v1/wallet?user_id=ravi").body["data"][0]["wallet_id"]
    for entity, entity_id in (("merchant", other.merchant_id), ("wallet", wallet)):
        assert_refused(world.call(mine, "GET", f"{LEDGERS}?format=csv&entity={entity}&entity_id={entity_id}"), "not_found")


def test_statistics_hold_the_merchants_own_money_only(world: World, mine: Signer, other: Signer) -> None:
    """Acceptance 55."""
    assert world.call(mine, "GET", "/v1/dashboard/stats").body["volume"] == "50.00"
    assert world.call(other, "GET", "/v1/dashboard/stats").body["volume"] == "388.85"


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=1000000000", "after=x", "after=mer_%23", "x=1", "limit=1&limit=2"])
def test_an_operators_list_is_bounded_too(world: World, mine: Signer, query: str) -> None:
    """Acceptance 71: refused for the query or for the missing identity, without any merchant's data."""
    reply = world.send("GET", f"/admin/merchants?{query}", [])
    assert reply.status in {400, 401}
    assert mine.merchant_id not in reply.raw.decode()
