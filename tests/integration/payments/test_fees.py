"""Fees of providers: estimated by the price list, booked when they are known and the merchant bears them, the same books in any order."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from paycorex.errors import InvalidState, NotFound
from paycorex.money import Money
from paycorex.records.fee_rate import Cost
from payments.connectors.notices import Dispute, Ruling
from payments.connectors.razorpay import documents as razorpay_documents
from payments.connectors.results import Approved, Kept, Unknown
from payments.connectors.results import NotFound as NotKnown
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.settling import ProviderFee
from payments.connectors.stripe import documents as stripe_documents
from payments.disputes import reports
from payments.payment import commit, fee_books
from payments.payment.fees import KnownFee
from tests.support import payments as support
from tests.support import published
from tests.support.fees import balances, settle
from tests.support.world import Signer, World

RATES = [{"connector": "sandbox", "percent": "2", "tax_percent": "18", "from": "2020-01-01T00:00:00Z"}]
REPORTED = KnownFee("report", 2_900, 0, "INR")


def paid(world: World, who: Signer, amount: str = "1000.00", **more: Any) -> str:
    made = support.charge(world, who, support.APPROVE, amount, **more)
    assert made.status == 201, made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def test_the_estimate_is_answered_before_and_stands_on_the_payment_after(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=RATES)
    body = {"amount": "1000.00", "method": "tokenized", "token_id": support.token(world, who, support.APPROVE)}
    answer = world.call(who, "POST", "/v1/payments/create", {**body, "dry_run": True})
    made = world.call(who, "POST", "/v1/payments/create", body)
    estimate = {"amount": "20.00", "tax": "3.60"}
    wanted = {**estimate, "net": "976.40", "currency": "INR", "source": "estimate", "bearer": "platform", "estimate": estimate}
    assert answer.body["payment"]["fee"] == made.body["fee"] == wanted
    assert support.show(world, who, made.body["payment_id"])["fee"] == wanted
    assert support.findings() == []


def test_a_wallet_payment_has_no_provider_and_no_fee(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=RATES, fee_bearer="merchant")
    world.wallet(who, "asha", "50.00")
    assert world.pay(who, "asha", "10.00").body["fee"] is None


def test_settings_are_shown_as_they_act_and_go_back_to_their_default(world: World, who: Signer) -> None:
    shown = world.call(who, "PATCH", "/v1/merchants/me", {"fee_bearer": "merchant", "fee_schedules": RATES}).body
    assert (shown["fee_bearer"], shown["fee_schedules"][0]["percent"]) == ("merchant", "2")
    assert shown["fee_schedules"][0]["from"] == "2020-01-01T00:00:00.000Z"
    shown = world.call(who, "PATCH", "/v1/merchants/me", {"fee_bearer": None, "fee_schedules": None}).body
    assert (shown["fee_bearer"], shown["fee_schedules"]) == ("platform", [])


def test_a_price_list_of_no_connector_is_refused(world: World, who: Signer) -> None:
    before = world.dump()
    refused = world.call(who, "PATCH", "/v1/merchants/me", {"fee_schedules": [{"connector": "stripes", "percent": "2"}]})
    assert (refused.status, refused.body["error"]["details"]["field"]) == (400, "fee_schedules.0.connector")
    assert world.dump() == before


def test_a_known_fee_is_booked_once_where_the_merchant_bears_it(world: World, who: Signer) -> None:
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who)
    before = balances(who)
    answer = fee_books.book(payment_id, KnownFee("provider", 2_458, 442, "INR"))
    assert (answer.before, answer.is_new) == (None, True)
    again = fee_books.book(payment_id, KnownFee("provider", 2_458, 442, "INR"))
    assert (again.before, again.is_new) == (Cost(2_458, 442), False)
    after = balances(who)
    assert {name: after[name] - before[name] for name in after} == {
        "merchant": -2_900,
        "fees": 2_458,
        "tax": 442,
        "platform_fees": 0,
        "clearing": 0,
    }
    shown = support.show(world, who, payment_id)["fee"]
    assert (shown["amount"], shown["tax"], shown["net"], shown["source"]) == ("24.58", "4.42", "971.00", "provider")
    assert support.findings() == []


def test_razorpays_documented_recon_lines_come_out_to_the_paisa(world: World, who: Signer) -> None:
    """Of its reconciliation report: a payment of 100,000 with a fee of 2,900; a transfer with 296, of which 46 are tax."""
    support.settings(world, who, fee_bearer="merchant")
    before = balances(who)
    fee_books.book(paid(world, who), REPORTED)
    fee_books.book(paid(world, who), KnownFee("report", 296 - 46, 46, "INR"))
    after = balances(who)
    moved = {name: after[name] - before[name] for name in after}
    assert moved == {"merchant": 200_000 - 2_900 - 296, "fees": 2_900 + 250, "tax": 46, "platform_fees": 0, "clearing": -200_000}


def test_where_the_platform_bears_it_nothing_is_booked_and_it_is_shown(world: World, who: Signer) -> None:
    payment_id = paid(world, who)
    before = balances(who)
    fee_books.book(payment_id, REPORTED)
    assert balances(who) == before
    shown = support.show(world, who, payment_id)["fee"]
    assert (shown["amount"], shown["source"], shown["bearer"]) == ("29.00", "report", "platform")


def test_who_bears_it_is_decided_when_the_payment_is_captured(world: World, who: Signer) -> None:
    early = paid(world, who)
    support.settings(world, who, fee_bearer="merchant")
    late = paid(world, who)
    support.settings(world, who, fee_bearer="platform")
    before = balances(who)
    for payment_id in (early, late):
        fee_books.book(payment_id, REPORTED)
    assert balances(who)["fees"] - before["fees"] == 2_900


def book_all(payment_id: str, facts: list[KnownFee]) -> None:
    for known in facts:
        fee_books.book(payment_id, known)


FACTS = [
    KnownFee("provider", 2_500, 450, "INR"),
    KnownFee("report", 2_458, 442, "INR"),
    KnownFee("report", -100, -18, "INR", "refund:rfnd_1"),
    KnownFee("report", 1_500, 270, "INR", "dispute:disp_1"),
    KnownFee("report", 300, 0, "USD", "line:fx"),
]


def test_whatever_order_fees_come_in_and_however_often_the_books_are_the_same(world: World, who: Signer) -> None:
    support.settings(world, who, fee_bearer="merchant", fee_schedules=RATES)
    ends = set()
    for order in list(itertools.permutations(FACTS))[::13]:
        before, dollars = balances(who), balances(who, "USD")
        payment_id = paid(world, who)
        for known in (*order, order[0], order[2]):
            fee_books.book(payment_id, known)
        after, rest = balances(who), balances(who, "USD")
        moved = [tuple(later[name] - earlier[name] for name in later) for earlier, later in ((before, after), (dollars, rest))]
        assert sum(moved[0]) == sum(moved[1]) == 0
        ends.add((*moved, str(support.show(world, who, payment_id)["fee"])))
    assert len(ends) == 1
    assert next(iter(ends))[:2] == ((100_000 - 4_552, 3_858, 694, 0, -100_000), (-300, 300, 0, 0, 0))
    assert support.findings() == []


@pytest.mark.parametrize("die_at", range(1, 7))
def test_a_kill_at_any_step_leaves_books_that_the_next_one_completes(
    world: World, who: Signer, die_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each write and after each, over a fee and its correction in two currencies."""
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who)
    facts = [FACTS[0], FACTS[1], FACTS[4]]
    real, calls = commit.write_once, itertools.count()

    class Killed(BaseException):
        pass

    def write(*arguments: Any, **more: Any) -> None:
        turn = next(calls)
        if turn * 2 == die_at - 1:
            raise Killed
        real(*arguments, **more)
        if turn * 2 + 1 == die_at - 1:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(commit, "write_once", write)
        with pytest.raises(Killed):
            book_all(payment_id, facts)
    assert support.findings() == []
    book_all(payment_id, facts)
    assert balances(who)["fees"] == 2_458
    assert balances(who)["tax"] == 442
    assert balances(who, "USD")["fees"] == 300
    assert support.findings() == []


def test_captures_are_estimated_together(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=RATES)
    payment_id = paid(world, who, capture_method="manual")
    assert support.show(world, who, payment_id)["fee"] is None
    for amount, fee in (("400.00", "8.00"), ("600.00", "20.00")):
        done = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": amount, "final": False})
        assert done.status == 201, done.raw
        assert support.show(world, who, payment_id)["fee"]["amount"] == fee


def test_a_fee_of_no_payment_and_too_many_of_one_are_refused(world: World, who: Signer) -> None:
    with pytest.raises(NotFound):
        fee_books.book("pay_" + "a" * 26, REPORTED)
    payment_id = paid(world, who)
    for number in range(40):
        fee_books.book(payment_id, KnownFee("report", 1, 0, "INR", f"line:{number}"))
    before = world.dump()
    with pytest.raises(InvalidState):
        fee_books.book(payment_id, KnownFee("report", 1, 0, "INR", "line:40"))
    assert world.dump() == before


def test_a_provider_is_asked_for_a_fee_that_the_merchant_bears(world: World, who: Signer) -> None:
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who)
    before = balances(who)
    assert support.tick(world).looked == 0
    assert support.tick(world, after_seconds=601).looked == 1
    shown = support.show(world, who, payment_id)["fee"]
    assert (shown["amount"], shown["tax"], shown["source"]) == ("20.00", "3.60", "provider")
    assert balances(who)["merchant"] - before["merchant"] == -2_360
    assert support.stored(payment_id).due_at is None
    assert support.tick(world, after_seconds=86_400).looked == 0


def test_a_provider_is_not_asked_where_the_platform_bears_it_or_the_fee_is_known(world: World, who: Signer) -> None:
    paid(world, who)
    support.settings(world, who, fee_bearer="merchant")
    world.wallet(who, "asha", "50.00")
    world.pay(who, "asha", "10.00")
    known = paid(world, who)
    fee_books.book(known, REPORTED)
    assert support.tick(world, after_seconds=601).looked == 1, "it is due still, and not asked for"
    assert support.show(world, who, known)["fee"]["amount"] == "29.00"
    assert support.tick(world, after_seconds=86_400).looked == 0


@pytest.mark.parametrize("answer", [NotKnown(), Unknown("no answer"), ProviderFee("sbx_another", 1, 1, "INR")])
def test_a_provider_that_names_no_fee_is_asked_six_times_and_no_more(
    world: World, who: Signer, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who)
    asked: list[str] = []

    def fee_of(_sandbox: Sandbox, _merchant_id: str, charge_reference: str) -> Any:
        asked.append(charge_reference)
        return answer

    monkeypatch.setattr(Sandbox, "fee_of", fee_of)
    for _tick in range(40):
        support.tick(world, after_seconds=3_600)
    assert len(asked) == 6
    assert support.stored(payment_id).due_at is None
    assert support.show(world, who, payment_id)["fee"] is None
    assert support.findings() == []


def test_the_last_capture_lets_the_provider_be_asked(world: World, who: Signer) -> None:
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who, capture_method="manual")
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "500.00"}).status == 201
    support.tick(world, after_seconds=700)
    support.tick(world, after_seconds=700)
    shown = support.show(world, who, payment_id)["fee"]
    assert (shown["amount"], shown["tax"], shown["net"]) == ("10.00", "1.80", "488.20")


def test_a_fee_that_an_answer_names_is_noted_with_the_payment_and_booked_after_it(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    support.settings(world, who, fee_bearer="merchant")
    charge = Sandbox.charge

    def charged(sandbox: Sandbox, attempt: Any, instrument: Any) -> Any:
        result = charge(sandbox, attempt, instrument)
        return replace(result, kept=Kept(2_458, 442, "INR")) if isinstance(result, Approved) else result

    monkeypatch.setattr(Sandbox, "charge", charged)
    made = support.charge(world, who, support.APPROVE, "1000.00").body
    assert (made["fee"]["amount"], made["fee"]["source"], made["fee"]["net"]) == ("24.58", "provider", "971.00")
    assert balances(who)["fees"] == 0, "no payment waits for it"
    settle(world)
    assert (balances(who)["fees"], balances(who)["tax"]) == (2_458, 442)
    assert support.stored(made["payment_id"]).due_at is None
    assert support.findings() == []


def test_a_fee_of_razorpays_that_cannot_be_read_does_not_stop_its_payment() -> None:
    payment = {"id": "pay_1", "status": "captured", "captured": True, "amount": 100_000, "currency": "INR", "tax": 442}
    paid_with = [razorpay_documents.payment_of({**payment, "fee": fee}) for fee in (2_900, "2900", None, 10**30)]
    approved = Approved("pay_1", Money(100_000, "INR"))
    assert paid_with == [replace(approved, kept=Kept(2_458, 442, "INR")), approved, approved, approved]


def test_what_a_provider_keeps_for_a_dispute_is_a_fee_of_its_payment(world: World, who: Signer) -> None:
    support.settings(world, who, fee_bearer="merchant")
    payment_id = paid(world, who)
    payment = support.stored(payment_id)
    fee_books.book(payment_id, REPORTED)
    dispute = Dispute("dp_1", payment.provider_reference or "", Money(100_000, "INR"), "lost", ruling=Ruling.LOST, withdrawn=1)
    shown = []
    for kept, said_ms in ((Kept(1_500, 270, "INR"), 5), (Kept(0, 0, "INR"), 9), (Kept(1_500, 270, "INR"), 5)):
        assert reports.report(payment, "sandbox", replace(dispute, kept=kept, said_ms=said_ms)) is not None
        shown.append(support.show(world, who, payment_id)["fee"]["amount"])
    assert shown == ["44.00", "29.00", "29.00"]
    assert balances(who)["fees"] == 2_900, "what was given back stays given back"
    assert support.findings() == []


def test_stripes_fee_of_a_dispute_is_read_of_all_that_moved_for_it() -> None:
    dispute = published.stripe_object("dispute")
    moved = [{"amount": -1_000, "fee": 1_500, "net": -2_500, "currency": "usd", "fee_details": []}]
    assert stripe_documents.dispute_of({**dispute, "balance_transactions": moved}).kept == Kept(1_500, 0, "USD")
    won = [*moved, {"amount": 1_000, "fee": -1_500, "net": 2_500, "currency": "usd", "fee_details": []}]
    assert stripe_documents.dispute_of({**dispute, "balance_transactions": won}).kept == Kept(0, 0, "USD")
    for unreadable in ([], [{"amount": -1_000}], [{**moved[0], "net": 1}], [*moved, {**moved[0], "currency": "eur"}]):
        assert stripe_documents.dispute_of({**dispute, "balance_transactions": unreadable}).kept is None
