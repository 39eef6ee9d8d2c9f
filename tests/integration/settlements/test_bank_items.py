"""Payouts and bank lines as items of the reconciliation: their words, ages and turns, decisions, the proof; returned and failed payouts."""

from collections.abc import Callable
from contextlib import suppress
from itertools import permutations

import pytest

from paycorex import clock, reconciliation_accounts, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, verification
from paycorex.ledger.money_records import every_source
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.connectors.settling import LineKind, PayoutStatus, ProviderPayout, ReportLine
from settlements import lines, settling
from settlements.bank import looking
from settlements.matching import working
from settlements.matching.states import State
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support.bank import Payout, always, books, imported, report, state_of
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")
TWO = Payout("po_2NabcDEF", 2_500, "UTR0000000002")
IN_TRANSIT = "bank_in_transit:stripe"
DAY = 86_400


def statement(who: Signer, *movements: Movement, name: str = "imp_" + "a" * 26) -> None:
    imported(who, "camt053", files.mock_bank(movements, 1_000_000, "camt053"), name=name)


def reconciled(who: Signer) -> working.Run:
    """What the schedule runs, and each account is explained to the last unit."""
    for account in (Account.clearing, Account.bank_in_transit):
        reconciliation_accounts.note([account(who.merchant_id, "stripe", "EUR").key])
    done = working.run(who.merchant_id)
    assert done.is_proved, [(each.source, each.balance, each.explained) for each in done.accounts]
    return done


def verify() -> None:
    """Chains and journals against settlements, bank lines, items and stated days."""
    done = verification.Verifier().run(every_source())
    assert done.findings == [], done.findings


def items(who: Signer) -> list[tuple[str, str, int, str | None]]:
    """Kind, state, what is open and whose turn it is, of payouts and bank lines."""
    mine = [each for each in storage.scan_all(ReconciliationItem) if each.merchant_id == who.merchant_id]
    return sorted(
        (each.record.partition(":")[0], each.state, record.open_minor(each), each.responsible)
        for each in mine
        if each.source in {IN_TRANSIT, "bank"}
    )


def item_of(who: Signer, kind: str, state: str) -> ReconciliationItem:
    mine = (each for each in storage.scan_all(ReconciliationItem) if each.merchant_id == who.merchant_id)
    return next(each for each in mine if each.record.startswith(kind) and each.state == state)


def failed(who: Signer, payout: Payout, status: PayoutStatus = PayoutStatus.FAILED) -> None:
    """The provider says how the payout stands; then the importer looks at it."""
    now = clock.now_ms()
    said = ProviderPayout(payout.reference, payout.net, "EUR", status, now, now, payout.bank_reference)
    settling.announce(who.merchant_id, payout.connector, said)
    settling.close(payout.id_of(who), always, is_whole=True)
    looking.at_settlement(payout.id_of(who), always)


def test_a_payout_is_expected_at_the_bank_then_missing_and_matched_when_its_line_comes(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    reconciled(merchant)
    assert items(merchant) == [("payout", State.EXPECTED, 10_000, "bank")]
    accounts = {each["source"]: each for each in world.call(merchant, "GET", "/v1/reconciliation").body["accounts"]}
    assert (accounts[IN_TRANSIT]["balance"], accounts[IN_TRANSIT]["proved"]) == ("100.00", True)
    world.clock.now += 4 * DAY
    reconciled(merchant)
    assert items(merchant) == [("payout", State.MISSING, 10_000, "bank")]
    late = item_of(merchant, "payout", State.MISSING)
    assert (late.event, late.settlement_id) == ("reconciliation.exception", ONE.id_of(merchant))
    statement(merchant, Movement(10_000, "UTR0000000001"))
    reconciled(merchant)
    assert items(merchant) == [("bank_line", State.MATCHED, 0, None), ("payout", State.MATCHED, 0, None)]
    verify()


def test_a_payout_that_arrives_later_is_due_later(world: World, merchant: Signer) -> None:
    now = clock.now_ms()
    said = ProviderPayout(ONE.reference, ONE.net, "EUR", PayoutStatus.PAID, now, now + 5 * DAY * 1000, ONE.bank_reference)
    report(merchant, ONE)
    settling.announce(merchant.merchant_id, "stripe", said)
    reconciled(merchant)
    world.clock.now += 6 * DAY
    reconciled(merchant)
    assert items(merchant) == [("payout", State.EXPECTED, 10_000, "bank")]
    world.clock.now += 3 * DAY
    reconciled(merchant)
    assert items(merchant) == [("payout", State.MISSING, 10_000, "bank")]


@pytest.mark.parametrize(
    ("movements", "found"),
    [
        ([Movement(9_900, "UTR0000000001")], ("bank_line", State.AMOUNT_DIFFERS, 100, "bank")),
        ([Movement(10_000, "UTR0000000001", "a"), Movement(10_000, "UTR0000000001", "b")], ("bank_line", State.DUPLICATE, -10_000, "bank")),
        ([Movement(10_000, "UTR0000000001"), Movement(77, "STRANGER0001")], ("bank_line", State.UNEXPECTED, -77, "us")),
    ],
)
def test_what_the_bank_has_short_twice_or_alone_is_an_item_with_an_event(
    world: World, merchant: Signer, movements: list[Movement], found: tuple[str, str, int, str]
) -> None:
    report(merchant, ONE)
    statement(merchant, *movements)
    reconciled(merchant)
    assert found in items(merchant)
    item = item_of(merchant, "bank_line", found[1])
    assert item.event == "reconciliation.exception"
    shown = world.call(merchant, "GET", f"/v1/reconciliation/items?state={found[1]}").body["data"]
    of_bank = [(each["item_id"], each["reference_type"]) for each in shown if each["side"] == "bank"]
    assert of_bank == [(item.item_id, "bank_line")]


def test_items_are_listed_as_csv(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    statement(merchant, Movement(9_900, "UTR0000000001"), Movement(77, "STRANGER0001"))
    reconciled(merchant)
    listed = world.call(merchant, "GET", "/v1/reconciliation/items?format=csv")
    head, *rows = listed.raw.decode().splitlines()
    assert (listed.status, head.split(",")[:4]) == (200, ["item_id", "merchant_id", "side", "source"])
    assert sorted(row.split(",")[2:4] for row in rows) == [["bank", "bank"], ["bank", IN_TRANSIT], ["provider", "stripe"]]


def test_lines_before_the_report_are_unexpected_and_become_its_own(world: World, merchant: Signer) -> None:
    statement(merchant, Movement(10_000, "UTR0000000001"))
    reconciled(merchant)
    assert items(merchant) == [("bank_line", State.UNEXPECTED, -10_000, "us")]
    report(merchant, ONE)
    reconciled(merchant)
    assert items(merchant) == [("bank_line", State.MATCHED, 0, None), ("payout", State.MATCHED, 0, None)]


@pytest.mark.parametrize(("action", "fees", "suspense"), [("write_off", -110, 10_010), ("correct", -10, 9_910)])
def test_a_lines_difference_is_decided_at_its_item_once(world: World, merchant: Signer, action: str, fees: int, suspense: int) -> None:
    report(merchant, ONE)
    statement(merchant, Movement(9_900, "UTR0000000001"))
    reconciled(merchant)
    path = f"/v1/reconciliation/items/{item_of(merchant, 'bank_line', State.AMOUNT_DIFFERS).item_id}/resolve"
    body = {"action": action, "reason": "the bank's fee"}
    first, again = (world.call(merchant, "POST", path, body, key="once") for _time in range(2))
    assert (first.status, first.body["state"], again.body["decisions"]) == (200, "matched", first.body["decisions"])
    (decision,) = first.body["decisions"]
    assert (decision["action"], decision["who"], decision["journal_id"][:4]) == (action, merchant.key_id, "jrn_")
    assert_refused(world.call(merchant, "POST", path, body, key="other"), "invalid_state")
    assert (books(merchant)["fees"], books(merchant)["suspense"], books(merchant)["in transit stripe"]) == (fees, suspense, 0)
    reconciled(merchant)
    verify()


def test_a_line_of_no_provider_is_set_aside_and_one_without_a_reference_is_accepted(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    statement(merchant, Movement(-500, "RENT0001"), Movement(10_000, "NOREF"))
    reconciled(merchant)
    rent, paid = sorted((each for each in storage.scan_all(ReconciliationItem) if each.side == "bank"), key=lambda each: int(each.reported))
    path = "/v1/reconciliation/items/{}/resolve"
    assert_refused(world.call(merchant, "POST", path.format(rent.item_id), {"action": "accept", "reason": "it is"}), "invalid_state")
    assert world.call(merchant, "POST", path.format(rent.item_id), {"action": "claim", "reason": "asked"}).body["state"] == "unexpected"
    aside = world.call(merchant, "POST", path.format(rent.item_id), {"action": "write_off", "reason": "rent"}).body
    assert (aside["state"], [each["action"] for each in aside["decisions"]]) == ("matched", ["claim", "write_off"])
    accepted = world.call(
        merchant, "POST", path.format(paid.item_id), {"action": "accept", "reason": "I looked", "settlement_id": ONE.id_of(merchant)}
    ).body
    assert (accepted["state"], accepted["settlement_id"]) == ("matched", ONE.id_of(merchant))
    reconciled(merchant)
    assert {state for _kind, state, _open, _whose in items(merchant)} == {State.MATCHED}


def test_a_missing_payout_is_written_off_and_found_again_when_it_comes_after_all(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    reconciled(merchant)
    world.clock.now += 4 * DAY
    reconciled(merchant)
    missing = item_of(merchant, "payout", State.MISSING)
    path = f"/v1/reconciliation/items/{missing.item_id}/resolve"
    named = {"action": "write_off", "reason": "lost", "settlement_id": ONE.id_of(merchant)}
    assert_refused(world.call(merchant, "POST", path, named), "invalid_request")
    done = world.call(merchant, "POST", path, {"action": "write_off", "reason": "lost"})
    assert (done.status, done.body["state"], books(merchant)["in transit stripe"], books(merchant)["fees"]) == (200, "matched", 0, -10_010)
    reconciled(merchant)
    statement(merchant, Movement(10_000, "UTR0000000001"))
    reconciled(merchant)
    assert ("payout", State.AMOUNT_DIFFERS, -10_000, "bank") in items(merchant)
    again = world.call(merchant, "POST", path, {"action": "write_off", "reason": "found"})
    assert (again.body["state"], books(merchant)["fees"], books(merchant)["in transit stripe"]) == ("matched", -10, 0)
    reconciled(merchant)
    verify()


def test_another_merchants_bank_item_is_not_found(world: World, merchant: Signer) -> None:
    statement(merchant, Movement(77, "STRANGER0001"))
    reconciled(merchant)
    path = f"/v1/reconciliation/items/{item_of(merchant, 'bank_line', State.UNEXPECTED).item_id}/resolve"
    assert_refused(world.call(world.register("Other"), "POST", path, {"action": "claim", "reason": "mine"}), "not_found")


def test_a_payout_that_the_bank_sent_back_is_open_again(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    statement(merchant, Movement(10_000, "UTR0000000001", "in"))
    reconciled(merchant)
    statement(merchant, Movement(10_000, "UTR0000000001", "in"), Movement(-10_000, "UTR0000000001", "back"), name="imp_" + "b" * 26)
    world.clock.now += 4 * DAY
    reconciled(merchant)
    assert items(merchant) == [
        ("bank_line", State.MATCHED, 0, None),
        ("bank_line", State.MATCHED, 0, None),
        ("payout", State.MISSING, 10_000, "bank"),
    ]


def test_a_payout_that_failed_after_it_was_booked_is_reversed_by_a_journal_and_owed_again(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    reconciled(merchant)
    failed(merchant, ONE)
    settlement = state_of(merchant, ONE)
    assert (settlement.state, settlement.problem, len(settlement.bookings or ())) == (
        "exception",
        "The provider says that the payout is failed.",
        2,
    )
    assert books(merchant) == {"bank": 0, "fees": -10, "suspense": 10_010, "in transit stripe": 0}
    reconciled(merchant)
    assert items(merchant) == [("payout", State.MATCHED, 0, None)]
    owed = item_of(merchant, "payout", State.EXPECTED)
    assert (owed.source, record.open_minor(owed), owed.provider_reference) == ("stripe", 10_000, ONE.reference)
    again = ReportLine(
        "txn_back", LineKind.PAYOUT_RETURN, "payout_reversal", 10_000, 0, 0, "EUR",
        object_reference=ONE.reference, settlement_reference=TWO.reference,
    )  # fmt: skip
    lines.accept(merchant.merchant_id, "stripe", [again])
    settling.close(TWO.id_of(merchant), always, is_whole=True)
    reconciled(merchant)
    assert item_of(merchant, "payout:" + ONE.id_of(merchant), State.MATCHED)
    assert record.open_minor(record_item(owed.item_id)) == 0
    verify()


def record_item(item_id: str) -> ReconciliationItem:
    found = storage.get(ReconciliationItem, item_id)
    assert found is not None
    return found


def test_a_payout_that_failed_and_was_then_paid_is_on_its_way_again(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    failed(merchant, ONE)
    reconciled(merchant)
    failed(merchant, ONE, PayoutStatus.PAID)
    assert books(merchant)["in transit stripe"] == -10_000
    reconciled(merchant)
    assert items(merchant) == [("payout", State.EXPECTED, 10_000, "bank")]
    statement(merchant, Movement(10_000, "UTR0000000001"))
    reconciled(merchant)
    assert (state_of(merchant, ONE).bank_line_id is not None, books(merchant)["in transit stripe"]) == (True, 0)
    verify()


def happenings(who: Signer) -> list[Callable[[], object]]:
    whole = [Movement(10_000, "UTR0000000001", "in"), Movement(2_400, "UTR0000000002"), Movement(77, "STRANGER0001")]
    return [
        lambda: report(who, ONE),
        lambda: report(who, TWO),
        lambda: statement(who, *whole, name="imp_" + "b" * 26),
        lambda: statement(who, *whole, Movement(-10_000, "UTR0000000001", "back"), name="imp_" + "c" * 26),
        lambda: failed(who, ONE),
    ]


def test_in_any_order_and_doubled_the_bank_and_failed_payouts_end_in_the_same_books_and_items(world: World) -> None:
    ends = set()
    for number, order in enumerate(permutations(range(5))):
        if order.index(0) > order.index(4):
            # A report of a payout that failed says so itself: what is announced last is what the provider says.
            continue
        who = world.register(f"M{number}")
        made = happenings(who)
        for index in [*order, *(each for each in order if each != 0)]:
            made[index]()
            if number % 3 == 0:
                reconciled(who)
        reconciled(who)
        ends.add((tuple(books(who).items()), tuple(items(who))))
    assert len(ends) == 1, ends
    ((balances, found),) = ends
    assert dict(balances) == {"bank": -2_400, "fees": -20, "suspense": 12_520, "in transit stripe": -100}
    assert [each for each in found if each[1] != State.MATCHED] == [
        ("bank_line", State.AMOUNT_DIFFERS, 100, "bank"),
        ("bank_line", State.UNEXPECTED, -77, "us"),
    ]
    verify()


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_kill_at_every_call_ends_in_the_same_items(fault: Fault) -> None:
    with World().running() as first:
        who = first.register()
        for each in happenings(who):
            each()
        ready = first.saved()
    for index in range(1, 300):
        with World.again(ready).running() as world:
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
                reconciled(who)
            calls = client.count()
            client.decider = healthy
            world.restart()
            reconciled(who)
            assert [each for each in items(who) if each[1] != State.MATCHED] == [
                ("bank_line", State.AMOUNT_DIFFERS, 100, "bank"),
                ("bank_line", State.UNEXPECTED, -77, "us"),
            ], index
            if calls < index:
                return
    pytest.fail("more calls than it may make")


@pytest.mark.parametrize("action", ["write_off", "correct"])
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_decision_at_a_bank_item_that_is_killed_anywhere_is_made_once_by_its_repetition(fault: Fault, action: str) -> None:
    with World().running() as first:
        who = first.register()
        report(who, ONE)
        statement(who, Movement(9_900, "UTR0000000001"))
        reconciled(who)
        ready = first.saved()
    for index in range(1, 200):
        with World.again(ready).running() as world:
            path = f"/v1/reconciliation/items/{item_of(who, 'bank_line', State.AMOUNT_DIFFERS).item_id}/resolve"
            body = {"action": action, "reason": "the bank's fee"}
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed):
                world.call(who, "POST", path, body, key="once")
            calls = client.count()
            client.decider = healthy
            world.restart()
            world.clock.now += 120
            again = world.call(who, "POST", path, body, key="once")
            assert (again.status, again.body["state"], len(again.body["decisions"])) == (200, "matched", 1), (index, again.raw)
            fees, suspense = (-110, 10_010) if action == "write_off" else (-10, 9_910)
            assert books(who) == {"bank": -9_900, "fees": fees, "suspense": suspense, "in transit stripe": 0}, index
            reconciled(who)
            assert items(who) == [("bank_line", State.MATCHED, 0, None), ("payout", State.MATCHED, 0, None)], index
            verify()
            if calls < index:
                return
    pytest.fail("more calls than it may make")
