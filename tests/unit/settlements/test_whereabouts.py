"""Where the money of a payment is, from what is stored of it."""

from typing import Any

import pytest

from paycorex.records.payment import PaymentItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem
from settlements.whereabouts import Step, steps


def payment(**more: Any) -> PaymentItem:
    stored = {"payment_id": "pay_1", "merchant_id": "mer_1", "amount": 1000, "currency": "INR", "method": "tokenized", "status": "success"}
    timeline = [["processing", 10], ["success", 20]]
    return PaymentItem(**{**stored, "provider": "stripe", "provider_reference": "pi_1", "timeline": timeline, **more})


def line(gross: int = 1000, settlement_id: str = "set_1") -> SettlementLineItem:
    return SettlementLineItem(kind="payment", gross=gross, fee=20, tax=4, currency="INR", settlement_id=settlement_id)


def payout(**more: Any) -> SettlementItem:
    return SettlementItem(**{"settlement_id": "set_1", "provider_reference": "po_1", "arrival_at": 90, "created_at": 80, **more})


def test_money_that_is_not_paid_out_yet_is_with_its_provider() -> None:
    assert steps(payment(), [], []) == [
        Step("captured", "done", 1000, 20),
        Step("with_provider", "done", 1000, 20, reference="pi_1"),
        Step("paid_out", "waiting"),
        Step("in_bank", "waiting"),
    ]


def test_money_in_a_payout_is_what_the_fee_leaves_and_in_the_bank_once_a_bank_line_shows_it() -> None:
    sent = Step("paid_out", "done", 976, 90, "set_1", "po_1")
    assert steps(payment(), [line()], [payout()])[2:] == [sent, Step("in_bank", "waiting", 976, None, "set_1", None)]
    assert steps(payment(), [line()], [payout(bank_reference="UTR1")])[3].reference == "UTR1"
    received = steps(payment(), [line()], [payout(bank_line_id="bnk_1", bank_reference="UTR1")])
    assert received[2:] == [sent, Step("in_bank", "done", 976, None, "set_1", "bnk_1")]


def test_a_part_that_is_paid_out_leaves_the_rest_waiting() -> None:
    found = steps(payment(), [line(400)], [payout()])
    assert [(step.step, step.status) for step in found[2:]] == [
        ("paid_out", "done"),
        ("in_bank", "waiting"),
        ("paid_out", "waiting"),
        ("in_bank", "waiting"),
    ]


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_payout_that_failed_brought_nothing_and_its_money_waits_with_the_provider(status: str) -> None:
    found = steps(payment(), [line()], [payout(payout_status=status)])
    assert found[1:] == [
        Step("with_provider", "done", 1000, 20, reference="pi_1"),
        Step("paid_out", "failed", 976, 90, "set_1", "po_1"),
        Step("paid_out", "waiting"),
        Step("in_bank", "waiting"),
    ]


def test_a_payout_that_follows_a_failed_one_brings_its_money() -> None:
    second = payout(settlement_id="set_2", provider_reference="po_2", arrival_at=120, payout_status="paid", bank_line_id="bnk_1")
    found = steps(payment(), [line()], [payout(payout_status="failed")], {"set_1": [second]})
    assert [(step.step, step.status, step.settlement_id) for step in found[2:]] == [
        ("paid_out", "failed", "set_1"),
        ("paid_out", "done", "set_2"),
        ("in_bank", "done", "set_2"),
    ]
    again = steps(payment(), [line()], [payout(payout_status="failed")], {"set_1": [payout(settlement_id="set_2", payout_status="failed")]})
    assert [(step.step, step.status) for step in again[2:]] == [
        ("paid_out", "failed"),
        ("paid_out", "failed"),
        ("paid_out", "waiting"),
        ("in_bank", "waiting"),
    ]


def test_a_hold_is_authorized_first() -> None:
    held = {"capture_method": "manual", "hold": {"parts": [1000]}}
    waiting = payment(**held, status="authorized", timeline=[["authorized", 15]], amount_captured=0)
    assert steps(waiting, [], []) == [Step("authorized", "done", 1000, 15), Step("captured", "waiting")]
    captured = payment(**held, amount_captured=800, timeline=[["authorized", 15], ["success", 20]])
    assert [(step.step, step.amount) for step in steps(captured, [], [])[:3]] == [
        ("authorized", 1000),
        ("captured", 800),
        ("with_provider", 800),
    ]


@pytest.mark.parametrize("method", ["wallet", "crypto"])
def test_what_no_provider_owes_ends_where_it_is_captured(method: str) -> None:
    assert steps(payment(method=method), [], []) == [Step("captured", "done", 1000, 20)]


def test_nothing_has_moved_of_a_payment_that_failed() -> None:
    assert steps(payment(status="failed", timeline=[["failed", 20]]), [], []) == []
