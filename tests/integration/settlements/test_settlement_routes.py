"""What a merchant sees of settlements: the list, one, its lines, each as CSV too; and nothing of another merchant's."""

import csv
import io

from tests.support.expectations import assert_refused
from tests.support.settlements import stored
from tests.support.world import Signer, World


def test_settlements_are_listed_newest_first_and_filtered(world: World, merchant: Signer) -> None:
    first = stored(merchant, "setl_1")
    world.clock.sleep(1)
    second = stored(merchant, "setl_2", count=2)
    listed = world.call(merchant, "GET", "/v1/settlements?provider=razorpay&state=reading").body
    assert [row["settlement_id"] for row in listed["data"]] == [second.settlement_id, first.settlement_id]
    assert world.call(merchant, "GET", "/v1/settlements?state=booked").body["data"] == []
    shown = world.call(merchant, "GET", f"/v1/settlements/{second.settlement_id}").body
    assert [shown[name] for name in ("gross", "fee", "tax", "net", "matched", "unmatched", "lines")] == [
        *("20.00", "0.40", "0.08", "19.52", "20.00", "0.00", 2),
    ]


def test_lines_are_listed_oldest_first_page_by_page_and_as_csv(world: World, merchant: Signer) -> None:
    item = stored(merchant, "setl_1", count=5)
    target, seen, cursor = f"/v1/settlements/{item.settlement_id}/items", [], ""
    while True:
        page = world.call(merchant, "GET", f"{target}?limit=2{cursor}").body
        seen += [row["line_reference"] for row in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"line_{number}" for number in range(5)]
    rows = list(csv.DictReader(io.StringIO(world.call(merchant, "GET", f"{target}?format=csv").raw.decode())))
    assert [(row["line_reference"], row["gross"], row["net"]) for row in rows] == [(name, "10.00", "9.76") for name in seen]
    listed = list(csv.DictReader(io.StringIO(world.call(merchant, "GET", "/v1/settlements?format=csv").raw.decode())))
    assert [(row["settlement_id"], row["net"]) for row in listed] == [(item.settlement_id, "48.80")]


def test_another_merchants_settlement_is_like_none(world: World, merchant: Signer) -> None:
    other = world.register("Other")
    item = stored(other, "setl_1", count=1)
    for path in (f"/v1/settlements/{item.settlement_id}", f"/v1/settlements/{item.settlement_id}/items"):
        assert_refused(world.call(merchant, "GET", path), "not_found")
    assert world.call(merchant, "GET", "/v1/settlements").body["data"] == []
