"""Closed months: a trial balance that comes to zero and that the ledger is held against, and invoices whose numbers have no gaps."""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

from pypdf import PdfReader

from paycorex import ledger
from paycorex.ledger import Account, Journal, Posting, Reference, ReferenceType
from tests.support.expectations import assert_refused
from tests.support.exports import settle_down
from tests.support.world import Signer, World

MONTH_SECONDS = 31 * 24 * 3600
CHARGED = {"currency": "INR", "count": 1, "fee": "1.00", "tax": "0.18", "taxes": [{"name": "Tax", "amount": "0.18"}], "total": "1.18"}


def charge(who: Signer, number: int, fee: int, tax: int) -> None:
    """What the operator takes of a payment."""
    merchant_id = who.merchant_id
    postings = (
        Posting(Account.of_merchant(merchant_id, "INR"), 0, fee + tax),
        Posting(Account.platform_fees(merchant_id, "INR"), fee, 0),
        Posting(Account.tax(merchant_id, "INR"), tax, 0),
    )
    ledger.post(Journal(Reference(ReferenceType.PLATFORM_FEE, f"pay_{number}.1"), postings), lambda _entries: [])


def month_with(world: World, *merchants: Signer) -> str:
    """A month of payments and fees, which is over."""
    month = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    for number, who in enumerate(merchants):
        world.wallet(who, f"user-{world.clock.now}", "500.00")
        charge(who, int(world.clock.now) * 10 + number, 100, 18)
    settle_down(world)
    world.clock.now += MONTH_SECONDS
    settle_down(world)
    return month


def close(world: World, who: Signer, month: str, key: str | None = None) -> dict[str, object]:
    reply = world.call(who, "POST", f"/v1/periods/{month}/close", key=key)
    assert reply.status == 200, reply.raw
    body: dict[str, object] = reply.body
    return body


def test_a_closed_month_has_a_trial_balance_that_comes_to_zero(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    closed = close(world, merchant, month, key="close")
    sums: Counter[str] = Counter()
    for row in world.call(merchant, "GET", f"/v1/periods/{month}").body["balances"]:
        sums[row["currency"]] += int(Decimal(row["closing"]) * 100)
    assert sums == {"INR": 0}
    assert {row["entity"]: row["closing"] for row in closed["balances"]} == {  # type: ignore[attr-defined]  # JSON
        "clearing": "-500.00",
        "wallet": "500.00",
        "merchant": "-1.18",
        "platform_fees": "1.00",
        "tax": "0.18",
    }
    assert close(world, merchant, month, key="close") == closed
    assert close(world, merchant, month) == closed
    listed = world.call(merchant, "GET", "/v1/periods").body["data"]
    assert [each["month"] for each in listed] == [month]


def test_what_is_booked_later_changes_no_closed_month_and_a_changed_ledger_is_seen(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    close(world, merchant, month)
    world.wallet(merchant, "asha", "500.00")
    world.pay(merchant, "asha", "10.00")
    settle_down(world)
    assert world.call(merchant, "GET", f"/v1/periods/{month}").body["unchanged"] is True
    entry = next(item for item in world.dump()["test-ledgers"] if "#tax#" in item["account"]["S"])
    world.dynamo.put_item(TableName="test-ledgers", Item=entry | {"hash": {"B": bytes(32)}})
    assert world.call(merchant, "GET", f"/v1/periods/{month}").body["unchanged"] is False


def test_a_month_that_is_not_over_is_not_closed(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "asha", "500.00")
    settle_down(world)
    month = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    before = world.dump()["test-periods"]
    assert_refused(world.call(merchant, "POST", f"/v1/periods/{month}/close"), "invalid_state")
    assert_refused(world.call(merchant, "POST", "/v1/periods/2026-13/close"), "invalid_request")
    assert_refused(world.call(merchant, "GET", f"/v1/periods/{month}"), "not_found")
    assert world.dump()["test-periods"] == before


def test_invoices_of_all_merchants_are_numbered_without_gaps(world: World, merchant: Signer) -> None:
    others = [merchant, *(world.register(f"Shop {number}") for number in range(5))]
    months = [month_with(world, *others) for _ in range(2)]
    quiet = world.register("Nothing charged")
    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda pair: close(world, pair[0], pair[1]), [(who, month) for month in months for who in others]))
    assert close(world, quiet, months[0])["invoice"] is None
    numbers = []
    for who in others:
        page = world.call(who, "GET", "/v1/invoices").body["data"]
        assert sorted(each["month"] for each in page) == months
        numbers += [each["number"] for each in page]
        for each in page:
            assert each["lines"] == [CHARGED]
    year = datetime.fromtimestamp(world.clock.now, UTC).year
    assert sorted(numbers) == [f"INV-{year}-{number:06d}" for number in range(1, len(others) * 2 + 1)]


def test_an_invoice_is_its_merchants_own_and_can_be_printed(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    number = close(world, merchant, month)["invoice"]
    assert world.call(merchant, "GET", f"/v1/invoices/{number}").body["number"] == number
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(world.call(merchant, "GET", f"/v1/invoices/{number}?format=pdf").raw)).pages
    )
    for said in (str(number), "Chai Point", "1.00", "0.18", "1.18", month):
        assert said in text
    assert_refused(world.call(world.register("Other"), "GET", f"/v1/invoices/{number}"), "not_found")
