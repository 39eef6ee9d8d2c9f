"""Disputes in the books: opened, taken, won and lost, in every order and twice; beside refunds; and what a lying provider says."""

import itertools
from typing import Any

import pytest

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem, funds
from paycorex.records.payment import PaymentItem, dispute_id
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.stripe import documents as stripe_documents
from payments.disputes import reports, store
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.integration.payments.test_external_refunds import event
from tests.support import payments as support
from tests.support.world import Signer, World

DISPUTED, TAKEN_LATER, INQUIRY = "4000000000000259", "4000000000002685", "4000000000001976"


def balances(who: Signer, connector: str, currency: str = "INR") -> tuple[int, int, int]:
    """Clearing, disputed, merchant: minor units."""
    accounts = (
        Account.clearing(who.merchant_id, connector, currency),
        Account.disputed(who.merchant_id, currency),
        Account.of_merchant(who.merchant_id, currency),
    )
    clearing, disputed, merchant = map(ledger.balance_of, accounts)
    return clearing, disputed, merchant


def only_dispute() -> DisputeItem:
    (item,) = storage.scan_all(DisputeItem)
    return item


def as_reported(*, ruling: Ruling = Ruling.NEEDS_RESPONSE, minor: int = 1000, reference: str = "dp_1", **more: Any) -> Dispute:
    currency = more.pop("currency", "INR")
    return Dispute(reference, "ch_0", Money(minor, currency), ruling.value, "fraudulent", ruling=ruling, **more)


# A life of a dispute as Stripe tells it: event, status, balance transactions, and seconds since it began.
WON = [
    ("created", "needs_response", [], 0),
    ("funds_withdrawn", "needs_response", [-1000], 1),
    ("updated", "under_review", [-1000], 100),
    ("closed", "won", [-1000], 200),
    ("funds_reinstated", "won", [-1000, 1000], 201),
]
LOST = [*WON[:3], ("closed", "lost", [-1000], 200)]


def stripes_event(count: int, intent: str, step: tuple[str, str, list[int], int], began: int) -> dict[str, Any]:
    kind, status, moved, seconds = step
    dispute = {"object": "dispute", "id": f"dp_{count}", "amount": 1000, "currency": "inr", "payment_intent": intent, "status": status}
    dispute |= {"reason": "fraudulent", "balance_transactions": [{"amount": amount} for amount in moved]}
    return {"type": f"charge.dispute.{kind}", "created": began + seconds, "data": {"object": dispute}}


@pytest.mark.parametrize(("life", "status", "books"), [(WON, "won", (-1, 0, 1)), (LOST, "lost", (0, 0, 0))])
def test_stripes_events_in_every_order_and_twice_give_the_same_books(
    world: World, who: Signer, stripe: FakeStripe, life: list[Any], status: str, books: tuple[int, ...]
) -> None:
    began, card = int(world.clock.now), support.token(world, who, support.APPROVE)
    orders = list(itertools.permutations(life))
    # A payment takes ten disputes.
    for first in range(0, len(orders), 10):
        body = {"amount": "100.00", "method": "tokenized", "token_id": card}
        payment = support.stored(world.call(who, "POST", "/v1/payments/create", body).body["payment_id"])
        before = balances(who, "stripe")
        for count, order in enumerate(orders[first : first + 10], start=1):
            for step in [*order, *order]:
                reported = stripe_documents.notice_of(stripes_event(first + count, payment.provider_reference, step, began))
                assert isinstance(reported, Dispute)
                reports.report(payment, "stripe", reported)
            item = store.find(dispute_id(who.merchant_id, "stripe", f"dp_{first + count}"))
            assert item is not None
            assert (item.status, int(item.counted)) == (status, 0 if status == "won" else 1000), order
            changed = tuple(after - was for after, was in zip(balances(who, "stripe"), before, strict=True))
            assert changed == tuple((1000 * each + shift) * count for each, shift in zip(books, (1000, 0, -1000), strict=True)), order


def test_the_five_events_of_stripe_come_by_callback(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    intent = support.stored(payment_id).provider_reference
    for step in WON:
        as_reported = stripes_event(1, intent, step, int(world.clock.now))
        stripe.event_created = as_reported["created"]
        assert event(world, who, stripe, as_reported["type"], dispute=as_reported["data"]["object"]).body["applied"] is True
    assert (only_dispute().status, balances(who, "stripe")) == ("won", (-1000, 0, 1000))
    assert only_dispute().event == "dispute.updated"


def test_an_inquiry_moves_no_money_until_it_becomes_a_chargeback(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    inquiry = {"object": "dispute", "id": "dp_1", "amount": 1000, "currency": "inr", "charge": "ch_0", "status": "warning_needs_response"}
    event(world, who, stripe, "charge.dispute.created", dispute=inquiry)
    item = only_dispute()
    assert (item.stage, item.status, item.moves, balances(who, "stripe")) == ("inquiry", "needs_response", [], (-1000, 0, 1000))
    assert support.show(world, who, payment_id)["amount_disputed"] == "0.00"
    event(world, who, stripe, "charge.dispute.updated", dispute={**inquiry, "status": "needs_response"})
    assert (only_dispute().stage, balances(who, "stripe")) == ("chargeback", (-1000, 1000, 0))


def test_razorpay_takes_the_money_when_the_dispute_is_lost(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    dispute = {"id": "disp_1", "payment_id": payment["id"], "amount": 400, "currency": "INR", "amount_deducted": 0, "phase": "chargeback"}
    dispute |= {"reason_code": "chargeback", "status": "open", "respond_by": int(world.clock.now) + 7 * 86_400}
    event(world, who, razorpay, "payment.dispute.created", dispute=dispute, payment=payment)
    assert balances(who, "razorpay") == (-1000, 400, 600)
    event(world, who, razorpay, "payment.dispute.lost", dispute=dispute | {"status": "lost", "amount_deducted": 400}, payment=payment)
    assert balances(who, "razorpay") == (-600, 0, 600)
    assert (only_dispute().status, support.show(world, who, payment_id)["amount_disputed"]) == ("lost", "4.00")


@pytest.mark.parametrize(
    ("ruling", "stage"), [(Ruling.WON, Stage.CHARGEBACK), (Ruling.CLOSED, Stage.INQUIRY), (Ruling.LOST, Stage.CHARGEBACK)]
)
def test_a_dispute_that_is_over_when_it_is_first_seen_is_booked_and_closed(
    world: World, who: Signer, stripe: FakeStripe, ruling: Ruling, stage: Stage
) -> None:
    payment = support.stored(support.charge(world, who, support.APPROVE).body["payment_id"])
    reports.report(payment, "stripe", as_reported(ruling=ruling, stage=stage))
    item = only_dispute()
    assert (item.status, item.announced, item.event, int(item.sequence) >= 2) == (ruling.value, ruling.value, "dispute.closed", True)
    assert balances(who, "stripe") == ((0, 0, 0) if ruling is Ruling.LOST else (-1000, 0, 1000))


def test_what_the_provider_keeps_of_a_closed_dispute_is_not_the_merchants(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1))
    reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1, ruling=Ruling.CLOSED))
    assert (only_dispute().status, balances(who, "stripe")) == ("closed", (0, 0, 0))
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id})
    assert (refused.status, refused.code) == (422, "payment_not_refundable")
    reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1, reinstated=1, ruling=Ruling.CLOSED))
    assert (only_dispute().status, balances(who, "stripe")) == ("closed", (-1000, 0, 1000))
    assert support.findings() == []


def test_a_refund_while_a_dispute_is_open_is_refused_with_the_disputes_id(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    reports.report(support.stored(payment_id), "stripe", as_reported(minor=700))
    before = support.stored(payment_id).serialize()
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "3.01"})
    assert (refused.status, refused.code) == (422, "payment_not_refundable")
    assert refused.body["error"]["details"] == {"dispute_id": only_dispute().dispute_id, "refundable": "3.00"}
    assert support.stored(payment_id).serialize() == before
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "3.00"}).status == 201
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id})
    assert (refused.status, refused.code, refused.body["error"]["details"]["refundable"]) == (422, "payment_not_refundable", "0.00")
    reports.report(support.stored(payment_id), "stripe", as_reported(minor=700, ruling=Ruling.WON))
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body["amount"] == "7.00"


def test_force_needs_its_scope_and_loses_twice(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1))
    wish = {"payment_id": payment_id, "amount": "4.00", "force": True}
    scopes = ["payments:read", "payments:write", "merchant:write"]
    weak = world.call(who, "POST", "/v1/merchants/apikey", {"scopes": scopes, "overlap_seconds": 3600}).body
    refused = world.call(Signer(weak["api_key"], weak["secret"], who.merchant_id), "POST", "/v1/payments/refund", wish)
    assert (refused.status, refused.code) == (403, "forbidden")
    assert world.call(who, "POST", "/v1/payments/refund", wish).status == 201
    assert balances(who, "stripe") == (400, 0, -400)
    support.tick(world, after_seconds=7 * 3600)
    item = only_dispute()
    assert (item.event, int(item.double_loss)) == ("dispute.double_loss", 400)


def test_a_dispute_after_a_refund_is_a_double_loss_once(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "6.00"})
    for _ in range(2):
        reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1, said_ms=1))
    item = only_dispute()
    assert (item.event, int(item.double_loss), funds(item)) == ("dispute.double_loss", 600, "clearing")
    assert balances(who, "stripe") == (600, 0, -600)


def test_a_refund_that_a_dispute_overtakes_is_not_made(world: World, who: Signer, stripe: FakeStripe) -> None:
    """The refund was reserved and did not reach the provider; then the bank asked. One loss, not two."""
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    stripe.trouble["/v1/refunds"] = _unreachable()
    refund = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body
    assert refund["status"] == "pending"
    reports.report(support.stored(payment_id), "stripe", as_reported(withdrawn=1))
    support.tick(world, after_seconds=120)
    shown = world.call(who, "GET", f"/v1/refunds/{refund['refund_id']}").body
    assert (shown["status"], shown["failure_code"], stripe.refunds) == ("failed", "payment_disputed", {})
    assert balances(who, "stripe") == (0, 0, 0)
    assert int(only_dispute().double_loss) == 0


def test_a_dispute_in_another_currency_is_booked_as_reported(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    reports.report(support.stored(payment_id), "stripe", as_reported(minor=20, currency="USD", withdrawn=1))
    assert (balances(who, "stripe"), balances(who, "stripe", "USD")) == ((-1000, 0, 1000), (20, 0, -20))
    shown = support.show(world, who, payment_id)
    assert (shown["amount_disputed"], shown["review"]) == ("10.00", None)


def test_a_dispute_above_the_payment_is_booked_as_reported_and_an_operator_looks(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    for _ in range(2):
        reports.report(support.stored(payment_id), "stripe", as_reported(minor=1001, withdrawn=1, said_ms=1))
    shown = support.show(world, who, payment_id)
    assert (balances(who, "stripe"), shown["amount_disputed"]) == ((1, 0, -1), "10.00")
    assert (shown["review"]["reason"], shown["review"]["detail"]) == ("dispute_exceeds", "dispute dp_1: 10.01 INR")


def test_another_amount_is_booked_anew(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = support.stored(support.charge(world, who, support.APPROVE).body["payment_id"])
    reports.report(payment, "stripe", as_reported(minor=1000, withdrawn=1, said_ms=1))
    reports.report(payment, "stripe", as_reported(minor=300, withdrawn=1, said_ms=2))
    reports.report(payment, "stripe", as_reported(minor=999, withdrawn=1, said_ms=1))
    assert (balances(who, "stripe"), int(only_dispute().amount)) == ((-700, 0, 700), 300)


def test_a_dispute_that_names_another_charge_is_not_booked_there(world: World, who: Signer, stripe: FakeStripe) -> None:
    first, second = (support.charge(world, who, support.APPROVE).body["payment_id"] for _ in range(2))
    reports.report(support.stored(first), "stripe", as_reported())
    reports.report(support.stored(second), "stripe", as_reported(withdrawn=1, said_ms=1))
    assert (only_dispute().payment_id, balances(who, "stripe")) == (first, (-2000, 1000, 1000))
    assert support.show(world, who, second)["review"]["reason"] == "another_object"


def test_a_provider_that_changes_the_amount_for_ever_is_stopped(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = support.stored(support.charge(world, who, support.APPROVE).body["payment_id"])
    for number in range(40):
        reports.report(payment, "stripe", as_reported(minor=100 + number, withdrawn=1, said_ms=number + 1))
    item = only_dispute()
    assert len(item.moves) == 24
    assert item.due_at is None
    assert support.show(world, who, payment.payment_id)["review"]["reason"] == "dispute_exceeds"


@pytest.mark.parametrize(("card", "books"), [(DISPUTED, (0, 0, 0)), (TAKEN_LATER, (-1000, 1000, 0)), (INQUIRY, (-1000, 0, 1000))])
def test_the_sandboxs_cards_are_disputed_and_found_by_the_look_up(
    world: World, who: Signer, card: str, books: tuple[int, int, int]
) -> None:
    payment_id = support.charge(world, who, card).body["payment_id"]
    assert list(storage.scan_all(DisputeItem)) == []
    support.tick(world, after_seconds=60)
    item = only_dispute()
    assert (item.payment_id, item.status, balances(who, "sandbox")) == (payment_id, "needs_response", books)
    assert support.stored(payment_id).due_at is None
    support.tick(world, after_seconds=60)
    assert only_dispute().serialize() == item.serialize()


def test_the_merchant_is_warned_twice_and_then_the_time_is_over(world: World, who: Signer) -> None:
    support.charge(world, who, TAKEN_LATER)
    support.tick(world, after_seconds=60)
    began = world.clock.now
    seen: list[tuple[str, int | None]] = []
    for hours in range(0, 7 * 24 + 6, 3):
        world.clock.now = began + hours * 3600
        support.tick(world)
        item = only_dispute()
        facts = (item.status, None if item.warned_hours is None else int(item.warned_hours))
        if not seen or seen[-1] != facts:
            seen.append(facts)
    # The sandbox's bank decides as soon as the time is over.
    assert seen == [("needs_response", None), ("needs_response", 72), ("needs_response", 24), ("lost", 24)]
    assert "expired" in [step[0] for step in only_dispute().timeline]
    assert balances(who, "sandbox") == (0, 0, 0)


def test_a_wallet_payments_item_has_nothing_of_disputes(world: World, who: Signer) -> None:
    world.wallet(who, "asha", "100.00")
    made = world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "wallet", "user_id": "asha"})
    raw = storage.get_raw(PaymentItem.physical_table(), PaymentItem.wire_key(made.body["payment_id"]))
    assert raw is not None
    assert not {"amount_disputed", "disputes"} & set(raw)


def _unreachable() -> Any:
    from tests.fakes.receiver_behaviours import Reply

    return Reply(429, b"{}")
