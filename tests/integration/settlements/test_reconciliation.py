"""Reconciliation over the real ledger: items, decisions, the proof, whatever the order, and wherever a run dies."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import permutations

import pytest

from paycorex import cli, ids, storage
from paycorex.records import reconciliation_item as record
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.connectors.settling import LineKind
from settlements.matching import working
from settlements.matching.states import State
from settlements.settling import closing
from settlements.stores import reconciliation as store
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.integration.settlements.books import Books, line, unsound
from tests.support.rollups import stream
from tests.support.world import Signer, World


@pytest.fixture
def books(merchant: Signer) -> Books:
    return Books(merchant.merchant_id)


def test_a_payment_is_expected_then_matched_and_the_account_is_explained(world: World, merchant: Signer, books: Books) -> None:
    books.pay("a", 1000)
    books.reconcile()
    assert (books.ours("a").state, record.open_minor(books.ours("a"))) == (State.EXPECTED, 1000)
    books.report(line("a", 1000))
    assert books.reconcile().is_proved
    assert (books.ours("a").state, books.ours("a").open_key is None) == (State.MATCHED, True)
    shown = world.call(merchant, "GET", "/v1/reconciliation").body
    assert shown["proved"] is True
    assert [(each["source"], each["balance"], each["unexplained"]) for each in shown["accounts"]] == [("stripe", "0.00", "0.00")]


def test_what_is_overdue_is_missing_and_matched_when_it_comes(world: World, books: Books) -> None:
    books.pay("a")
    books.reconcile()
    world.clock.now += 7 * 86_400
    books.reconcile()
    item = books.ours("a")
    assert (item.state, item.responsible, item.event) == (State.MISSING, "provider", "reconciliation.exception")
    books.report(line("a"))
    books.reconcile()
    assert books.ours("a").state == State.MATCHED


def test_a_connectors_days_are_a_setting(world: World, merchant: Signer, books: Books) -> None:
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"settlement_days": {"stripe": 20}}).body["settlement_days"] == {"stripe": 20}
    world.restart()
    books.pay("a")
    world.clock.now += 7 * 86_400
    books.reconcile()
    assert books.ours("a").state == State.EXPECTED
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"settlement_days": {"unknown": 1}}).status == 400


def test_two_ticks_at_once_count_every_entry_once(books: Books) -> None:
    from settlements import reconciliation_door

    for number in range(30):
        books.pay(str(number), 100 + number)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _tick: reconciliation_door.handler({}, None), range(2)))
    assert [int(books.ours(str(number)).booked) for number in range(30)] == [100 + number for number in range(30)]
    assert books.reconcile().is_proved


@pytest.mark.parametrize(
    ("action", "merchant_has", "cost"),
    [("correct", 90, 0), ("write_off", 100, -10)],
)
def test_a_decision_books_what_is_open_once_with_who_and_why(
    world: World, merchant: Signer, books: Books, action: str, merchant_has: int, cost: int
) -> None:
    books.pay("a")
    books.report(line("a", 90))
    world.clock.now += 7 * 86_400
    books.reconcile()
    item = books.ours("a")
    assert (item.state, record.open_minor(item)) == (State.AMOUNT_DIFFERS, 10)
    target = f"/v1/reconciliation/items/{item.item_id}/resolve"
    body = {"action": action, "reason": "the provider is right"}
    first = world.call(merchant, "POST", target, body, key="k")
    again = world.call(merchant, "POST", target, body, key="k")
    assert (first.status, first.body["state"], again.body["decisions"]) == (200, "matched", first.body["decisions"])
    (decision,) = first.body["decisions"]
    assert (decision["action"], decision["reason"], decision["who"]) == (action, "the provider is right", merchant.key_id)
    assert books.balances() == {"clearing": 0, "suspense": 0, "merchant": merchant_has, "fees": cost}
    assert world.call(merchant, "POST", target, body, key="other").status == 409
    assert (books.reconcile().is_proved, unsound()) == (True, [])


def test_a_claim_is_noted_and_the_item_stays_open(world: World, merchant: Signer, books: Books) -> None:
    books.pay("a")
    world.clock.now += 7 * 86_400
    books.reconcile()
    target = f"/v1/reconciliation/items/{books.ours('a').item_id}/resolve"
    claimed = world.call(merchant, "POST", target, {"action": "claim", "reason": "ticket 7"}).body
    assert (claimed["state"], claimed["open"], claimed["decisions"][0]["journal_id"]) == ("missing", "1.00", None)
    refused = world.call(merchant, "POST", target, {"action": "accept", "reason": "fine"})
    assert (refused.status, refused.body["error"]["code"]) == (409, "invalid_state")
    listed = world.call(merchant, "GET", "/v1/reconciliation/items?state=missing&source=stripe&currency=INR").body["data"]
    assert [each["item_id"] for each in listed] == [books.ours("a").item_id]


def test_another_merchants_item_is_not_found(world: World, books: Books) -> None:
    books.pay("a")
    books.reconcile()
    other = world.register("Other")
    item_id = books.ours("a").item_id
    assert world.call(other, "GET", f"/v1/reconciliation/items/{item_id}").status == 404
    assert world.call(other, "POST", f"/v1/reconciliation/items/{item_id}/resolve", {"action": "claim", "reason": "x"}).status == 404


def test_money_for_nothing_of_ours_is_unexpected_until_we_know_it(books: Books) -> None:
    stranger = line("late")
    books.report(stranger)
    books.reconcile()
    assert (books.theirs(stranger).state, books.balances()["suspense"]) == (State.UNEXPECTED, 100)
    books.pay("late")
    assert books.reconcile().is_proved
    assert (books.theirs(stranger).state, books.ours("late").state) == (State.MATCHED, State.MATCHED)
    assert (books.balances()["suspense"], books.balances()["clearing"], unsound()) == (0, 0, [])


def test_a_dispute_that_only_the_provider_knows_has_the_payment_looked_up(world: World, books: Books) -> None:
    payment_id = books.pay("a")
    odd = line("a", -100, kind=LineKind.DISPUTE, reference="txn_dispute", object_reference="dp_1")
    books.report(line("a"), odd)
    books.reconcile()
    assert books.theirs(odd).state == State.UNEXPECTED
    payment = world.dynamo.get_item(TableName=world.settings.table("payments"), Key={"payment_id": {"S": payment_id}})["Item"]
    assert "due_at" in payment, "the payments' own service asks the provider at its next run"


def steps(books: Books) -> list:  # type: ignore[type-arg] # of functions without arguments
    twice = line("a", reference="txn_a_again")
    return [
        lambda: books.pay("a"),
        lambda: books.report(line("a"), name="po_1"),
        lambda: books.report(twice, line("b", 60), name="po_2"),
        lambda: books.pay("b", 70),
        lambda: books.report(line("stranger"), line("b", 10, reference="txn_b_rest"), name="po_3"),
    ]


def test_in_whatever_order_things_come_and_however_often_it_runs_the_books_are_the_same(world: World) -> None:
    ends = set()
    for number, order in enumerate(permutations(range(5))):
        if number % 4:
            continue
        books = Books(world.register(f"M{number}").merchant_id)
        made = steps(books)
        for index in order:
            made[index]()
            for _again in range(1 + number % 2):
                books.reconcile()
        assert books.reconcile().is_proved, order
        ends.add(tuple(books.balances().items()))
    # a is paid once and held once in suspense, with the stranger; b is whole.
    assert ends == {(("clearing", 0), ("suspense", 200), ("merchant", 170), ("fees", 0))}
    assert unsound() == []


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER])
def test_a_kill_at_every_call_ends_in_the_same_books(fault: Fault) -> None:
    with World().running() as first:
        books = Books(first.register().merchant_id)
        books.report(line("late"))
        books.reconcile()
        books.pay("late")
        books.pay("a")
        books.report(line("a"), line("a", reference="txn_a_again"), line("stranger"))
        ready = first.saved()
    for index in range(1, 200):
        with World.again(ready).running() as world:
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed):
                books.reconcile()
            calls = client.count()
            client.decider = healthy
            world.restart()
            done = books.reconcile()
            assert done.is_proved, (index, [(each.source, each.unexplained) for each in done.accounts])
            assert books.balances() == {"clearing": 0, "suspense": 200, "merchant": 200, "fees": 0}, index
            assert unsound() == [], index
            if calls < index:
                return
    pytest.fail("more calls than it may make")


def test_prove_names_each_amount_that_nothing_explains(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    books.pay("a")
    books.pay("b", 250)
    assert cli.main(["reconcile", "prove"]) == 0
    assert "EXPLAINED" in capsys.readouterr().out
    item = books.ours("b")
    storage.run(storage.update(ReconciliationItem, ReconciliationItem.wire_key(item.item_id), [ReconciliationItem.booked.set(245)], None))
    assert cli.main(["reconcile", "prove", "--merchant", books.merchant_id, "--items"]) == 1
    printed = capsys.readouterr().out
    assert f"UNEXPLAINED 0.05 INR: payment:{books.payment('b')}: its entries say 250, its item 245" in printed


def test_a_payout_is_reconciled_when_the_bank_shows_it_and_every_item_of_it_is_closed(world: World, merchant: Signer, books: Books) -> None:
    books.pay("a")
    books.pay("b")
    books.report(line("a"), line("b", 90), name="po_1")
    world.clock.now += 7 * 86_400
    books.reconcile()
    settlement = books.settlement("po_1")
    storage.run(closing.with_bank_line(settlement, "bnk_1", is_open=False))
    closing.reconsider(settlement.settlement_id)
    assert (books.settlement("po_1").state, books.settlement("po_1").open_items) == ("booked", 1)
    target = f"/v1/reconciliation/items/{books.ours('b').item_id}/resolve"
    assert world.call(merchant, "POST", target, {"action": "write_off", "reason": "lost"}).status == 200
    books.reconcile()
    closing.reconsider(settlement.settlement_id)
    assert (books.settlement("po_1").state, books.settlement("po_1").event) == ("reconciled", "settlement.reconciled")


def test_a_settlement_that_is_not_taken_in_yet_is_named(books: Books) -> None:
    books.pay("a")
    books.report(line("a"))
    stopped = working.run(books.merchant_id, may_go_on=lambda: False)
    assert not stopped.is_proved
    assert books.reconcile().is_proved


def test_a_line_with_our_refunds_id_is_about_that_refund(books: Books) -> None:
    """The report comes before the refund's own outcome: what it names is looked up all the same, and is not invented."""
    own = ids.derive("ref", books.merchant_id, "1")
    odd = line("none", -40, kind=LineKind.REFUND, reference="txn_refund", charge_reference=None, object_reference="re_1", our_reference=own)
    books.report(odd)
    books.reconcile()
    assert (books.theirs(odd).state, books.balances()["suspense"]) == (State.UNEXPECTED, -40)


def test_late_money_in_rows_is_found_by_its_charge(world: World, books: Books) -> None:
    """A payment with so much late money that some of it has rows: a dispute of its charge is still held against all of it."""
    payment_id = books.pay("a")
    key, many = PaymentItem.wire_key(payment_id), [PaymentItem.late_money_count.set(60)]
    storage.run(storage.update(PaymentItem, key, many, None))
    odd = line("a", -100, kind=LineKind.DISPUTE, reference="txn_dispute", object_reference="dp_1")
    books.report(odd)
    books.reconcile()
    assert books.theirs(odd).state == State.UNEXPECTED


def test_the_ledgers_stream_notes_which_clearing_accounts_there_are(world: World, merchant: Signer) -> None:
    from dashboard import rollup_door

    world.wallet(merchant, "asha", "10.00")
    assert rollup_door.handler({"Records": stream(world)}, None) == {"batchItemFailures": []}
    assert [item.account for item in store.positions(merchant.merchant_id)] == ["topup#INR"]
    assert working.run(merchant.merchant_id).is_proved
