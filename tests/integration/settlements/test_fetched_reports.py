"""Reports that a provider's API gives, read in slices: whatever is killed, repeated or unreadable, each line is booked once."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import clock, credentials, storage
from paycorex.errors import InvalidRequest
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_import import DONE, FAILED, READING, SettlementImportItem
from paycorex.records.settlement_line import SettlementLineItem
from payments.connectors.results import Contradicts, Unavailable
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.settling import LinePage, Page, PayoutStatus, ProviderPayout
from settlements import settling
from settlements.sources import asked, pulling
from settlements.stores import imports, settlements
from tests.support import payments as support
from tests.support import reports
from tests.support.world import Signer, World

NEVER, SHORT, DEARER, TWICE, STRANGER, LATE = (f"4000000000009{end}" for end in ("300", "409", "508", "607", "706", "805"))
ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731


def fetched(who: Signer, name: str = "first", source: str = "sandbox") -> SettlementImportItem:
    """An import of everything until now."""
    return asked.import_of(who.merchant_id, source, 0, clock.now_ms(), name)


def stored_again(item: SettlementImportItem) -> SettlementImportItem:
    """As the store would give it back."""
    item.place = json.loads(json.dumps(item.place))
    return item


def read(item: SettlementImportItem, may_go_on: Callable[[], bool] = ALWAYS, slices: int = 100) -> SettlementImportItem:
    for _ in range(slices):
        if item.status != READING:
            break
        item = stored_again(pulling.read_slice(item, may_go_on))
    return item


def paid(world: World, who: Signer, *cards: str) -> None:
    """A charge of 100.00 with each card, each a minute after the other; then what was made is paid out."""
    for card in cards:
        support.charge(world, who, card, "100.00")
        world.clock.now += 60
    world.clock.now += 120


def settled() -> dict[str, tuple[str, int, int, int]]:
    return {
        item.settlement_id: (item.state, int(item.lines), int(item.gross), len(item.bookings or ()))
        for item in storage.scan_all(SettlementItem)
    }


def test_what_the_sandbox_paid_out_is_booked_and_read_again_it_is_known(world: World, merchant: Signer) -> None:
    paid(world, merchant, support.APPROVE, NEVER, SHORT, DEARER, TWICE, STRANGER, LATE)
    item = read(fetched(merchant))
    assert (item.status, int(item.read), int(item.accepted), int(item.known), int(item.rejected)) == (DONE, 8, 8, 0, 0)
    assert (item.counts, item.place, int(item.lines or 0)) == ({"payouts": 6, "not_paid": 0}, None, 8)
    once = settled()
    assert sorted((state, lines, gross) for state, lines, gross, _ in once.values()) == [
        ("booked", 1, 9_900),
        ("booked", 1, 10_000),
        ("booked", 1, 10_000),
        ("booked", 1, 10_000),
        ("booked", 2, 20_000),
        ("booked", 2, 22_300),
    ]
    assert {bookings for *_, bookings in once.values()} == {1}
    again = read(fetched(merchant, "second"))
    assert (again.status, int(again.read), int(again.accepted), int(again.known)) == (DONE, 8, 0, 8)
    assert settled() == once


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_run_that_is_stopped_anywhere_goes_on_where_it_was(world: World, merchant: Signer, steps: int) -> None:
    paid(world, merchant, support.APPROVE, TWICE, STRANGER)
    item = fetched(merchant)
    for _ in range(30):
        turns = itertools.count()
        item = read(item, lambda turns=turns: next(turns) < steps, slices=1)  # type: ignore[misc]
    assert (item.status, int(item.read), int(item.accepted), int(item.known)) == (DONE, 5, 5, 0)
    assert len(list(storage.scan_all(SettlementLineItem))) == 5
    world.clock.now += 120
    for left in settlements.due(clock.now_ms(), 10):
        # What there was no time for is due, for the next tick.
        settling.close(left)
    assert {bookings for *_, bookings in settled().values()} == {1}


def test_a_run_whose_place_was_lost_brings_nothing_twice(world: World, merchant: Signer) -> None:
    paid(world, merchant, support.APPROVE, TWICE)
    for slices in range(1, 5):
        turns = itertools.count()
        read(fetched(merchant), lambda turns=turns, most=slices: next(turns) < most, slices=1)  # type: ignore[misc]
    item = read(fetched(merchant))
    assert (item.status, int(item.read), int(item.accepted), int(item.known)) == (DONE, 3, 3, 0)
    assert sorted((lines, gross, bookings) for _, lines, gross, bookings in settled().values()) == [(1, 10_000, 1), (2, 20_000, 1)]


def test_a_payout_that_cannot_be_read_is_listed_and_stops_no_other(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    paid(world, merchant, support.APPROVE, DEARER)
    lines_of = Sandbox.payout_lines
    refused: list[str] = []

    def lines(self: Sandbox, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:
        if not refused or payout.reference in refused:
            refused.append(payout.reference)
            return Contradicts("unreadable_amount", "1 is not 2")
        answer: LinePage = lines_of(self, merchant_id, payout, cursor)
        return answer

    monkeypatch.setattr(Sandbox, "payout_lines", lines)
    item = read(fetched(merchant))
    assert (item.status, int(item.accepted), int(item.rejected)) == (DONE, 1, 1)
    assert item.errors == [[1, f"payout {refused[0]}: 1 is not 2"]]
    assert [state for state, *_ in settled().values()] == ["booked"]


def test_a_provider_that_does_not_answer_is_asked_again_and_at_last_given_up(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(world, merchant, support.APPROVE)
    asks = itertools.count()

    def silent(*_: Any) -> Unavailable:
        next(asks)
        return Unavailable("The sandbox is out of service.", is_theirs=False)

    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "payouts", silent)
        item = read(fetched(merchant), slices=3)
        assert (item.status, item.place["tries"], next(asks)) == (READING, 3, 3)
        failed = read(fetched(merchant, "other"))
    assert (failed.status, failed.problem, failed.place) == (FAILED, "The sandbox is out of service.", None)
    assert read(item).status == DONE
    assert [state for state, *_ in settled().values()] == ["booked"]


def test_a_payout_that_is_not_paid_waits_and_one_that_failed_is_shown(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    payouts = [ProviderPayout(status.value, 100, "INR", status, 1) for status in (PayoutStatus.PENDING, PayoutStatus.FAILED)]
    monkeypatch.setattr(Sandbox, "payouts", lambda *_: Page(tuple(payouts)))
    item = read(fetched(merchant))
    assert (item.status, item.counts, int(item.read)) == (DONE, {"payouts": 0, "not_paid": 2}, 0)
    (shown,) = storage.scan_all(SettlementItem)
    assert (shown.provider_reference, shown.payout_status, shown.bookings) == ("failed", "failed", None)


def test_a_payout_whose_lines_do_not_add_up_is_an_exception_and_books_nothing(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(world, merchant, support.APPROVE)
    before = support.balances(merchant)[0]
    monkeypatch.setattr(Sandbox, "payout_lines", lambda *_: Page(()))
    read(fetched(merchant))
    (shown,) = storage.scan_all(SettlementItem)
    assert (shown.state, shown.bookings) == ("exception", None)
    assert support.balances(merchant)[0] == before
    monkeypatch.undo()
    read(fetched(merchant, "second"))
    (shown,) = storage.scan_all(SettlementItem)
    assert (shown.state, len(shown.bookings or ())) == ("booked", 1)


def test_a_connector_without_reports_says_so(world: World, merchant: Signer) -> None:
    item = read(fetched(merchant, source="unknown"), slices=pulling.MAX_TRIES + 1)
    assert (item.status, item.problem) == (FAILED, "The connector is not configured.")


@pytest.mark.parametrize(
    ("source", "from_ms", "to_ms", "field"),
    [
        ("stripe", 0, 1, "source"),
        ("prism:adyen", 0, 1, "source"),
        ("bank", 0, 1, "source"),
        ("sandbox", 1, 1, "from"),
        ("sandbox", -1, 1, "from"),
        ("sandbox", 0, 10**13, "from"),
        ("sandbox", 0, 101 * asked.DAY_MS, "from"),
    ],
)
def test_what_cannot_be_fetched_is_refused(world: World, merchant: Signer, source: str, from_ms: int, to_ms: int, field: str) -> None:
    item = credentials.find_merchant(merchant.merchant_id)
    assert item is not None
    with pytest.raises(InvalidRequest) as refused:
        asked.check(item, source, from_ms, to_ms)
    assert refused.value.details["field"] == field
    asked.check(item, "sandbox", clock.now_ms() - asked.DAY_MS, clock.now_ms())


def test_an_import_is_due_at_once(world: World, merchant: Signer) -> None:
    item = fetched(merchant)
    storage.run(imports.new(item))
    assert [import_id for import_id, _due in imports.due(clock.now_ms(), 10)] == [item.import_id]


def test_a_merchant_asks_for_a_report_by_api_and_the_importer_reads_it(world: World, merchant: Signer) -> None:
    paid(world, merchant, support.APPROVE, TWICE)
    body = {"source": "sandbox", "from": clock.rfc3339(clock.now_ms() - 3 * asked.DAY_MS), "to": clock.rfc3339(clock.now_ms())}
    begun = world.call(merchant, "POST", "/v1/settlements/import", body, key="one")
    assert (begun.status, begun.body["upload_url"]) == (201, None)
    assert world.call(merchant, "POST", "/v1/settlements/import", body, key="one").body["import_id"] == begun.body["import_id"]
    reports.tick(world)
    shown = reports.shown(world, merchant, begun.body["import_id"])
    assert (shown["status"], shown["read"], shown["rejected"]) == ("done", 3, 0)
    assert {row["state"] for row in world.call(merchant, "GET", "/v1/settlements").body["data"]} == {"booked"}
    refused = world.call(merchant, "POST", "/v1/settlements/import", {**body, "source": "stripe"})
    assert (refused.status, refused.code) == (400, "invalid_request")


def test_the_importer_begins_each_days_imports_by_itself(world: World, merchant: Signer) -> None:
    paid(world, merchant, support.APPROVE)
    for _ in range(3):
        reports.tick(world, after_seconds=3600)
    assert {row["state"] for row in world.call(merchant, "GET", "/v1/settlements").body["data"]} == {"booked"}
