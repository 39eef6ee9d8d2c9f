"""The way of a payment's money, as its merchant asks for it."""

from paycorex import storage
from paycorex.records.bank_line import BankLineItem
from paycorex.records.settlement import settlement_id
from paycorex.records.settlement_line import SettlementLineItem, order_of, subject_of
from settlements.stores import bank_lines, lines, settlements
from tests.support import payments as support
from tests.support.expectations import assert_refused
from tests.support.settlements import stored
from tests.support.world import Signer, World


def received(merchant: Signer, settlement: str) -> str:
    """A line of the bank that brings a settlement; its id."""
    line = BankLineItem(
        bank_line_id="bnk_" + "a" * 26, merchant_id=merchant.merchant_id, account="1", currency="INR", amount=976, booked_on="2026-11-28",
        valued_on="2026-11-27", state="matched", version=1, created_at=1, updated_at=1, order_key="1",
    )  # fmt: skip
    storage.run(bank_lines.new(line))
    before = settlements.find(settlement)
    assert before is not None
    after = storage.copy_of(before)
    after.bank_line_id, after.version = line.bank_line_id, int(before.version) + 1
    storage.run(settlements.change(before, after))
    return line.bank_line_id


def test_a_payment_says_where_its_money_is(world: World, merchant: Signer) -> None:
    paid = support.charge(world, merchant, support.APPROVE, "10.00").body
    target = f"/v1/payments/{paid['payment_id']}/money"
    before = world.call(merchant, "GET", target).body
    assert [(step["step"], step["status"], step["amount"]) for step in before["steps"]] == [
        ("captured", "done", "10.00"),
        ("with_provider", "done", "10.00"),
        ("paid_out", "waiting", None),
        ("in_bank", "waiting", None),
    ]
    assert before["steps"][0]["at"] == paid["timeline"][-1]["at"]
    assert before["steps"][2]["due_at"] is not None
    world.clock.now += 8 * 86_400
    overdue = world.call(merchant, "GET", target).body["steps"][2]
    assert (overdue["status"], overdue["due_at"]) == ("overdue", before["steps"][2]["due_at"])
    stored(merchant, "sbxp_1")
    of = settlement_id(merchant.merchant_id, "razorpay", "sbxp_1", "INR")
    subject, name = subject_of(merchant.merchant_id, "sandbox", paid["provider_reference"]), "payment#line_1"
    line = SettlementLineItem(
        subject=subject, line=name, merchant_id=merchant.merchant_id, connector="sandbox", line_reference="line_1", kind="payment",
        kind_name="charge", charge_reference=paid["provider_reference"], gross=1000, fee=20, tax=4, currency="INR", placed="clearing",
        settlement_id=of, order_key=order_of(subject, name, 1), created_at=1,
    )  # fmt: skip
    storage.run(lines.new(line))
    after = world.call(merchant, "GET", target).body["steps"]
    assert [(step["step"], step["status"], step["amount"], step["settlement_id"]) for step in after[2:]] == [
        ("paid_out", "done", "9.76", of),
        ("in_bank", "waiting", "9.76", of),
    ]
    assert after[3]["day"] is None
    arrived = received(merchant, of)
    last = world.call(merchant, "GET", target).body["steps"][3]
    assert (last["status"], last["reference"], last["day"]) == ("done", arrived, "2026-11-27")


def line_of(who: Signer, reference: str, kind: str, connector: str, settlement: str) -> None:
    subject, name = subject_of(who.merchant_id, connector, reference), f"{kind}#line_{reference}"
    row = SettlementLineItem(
        subject=subject, line=name, merchant_id=who.merchant_id, connector=connector, line_reference=f"line_{reference}", kind=kind,
        kind_name=kind, charge_reference=reference, gross=1000, fee=20, tax=4, currency="INR", placed="clearing",
        settlement_id=settlement, order_key=order_of(subject, name, 1), created_at=1,
    )  # fmt: skip
    storage.run(lines.new(row))


def test_a_payment_whose_payout_failed_is_with_its_provider_until_another_payout_brings_it(world: World, merchant: Signer) -> None:
    paid = support.charge(world, merchant, support.APPROVE, "10.00").body
    target = f"/v1/payments/{paid['payment_id']}/money"
    failed, second = stored(merchant, "sbxp_1"), stored(merchant, "sbxp_2")
    line_of(merchant, paid["provider_reference"], "payment", "sandbox", failed.settlement_id)
    after = storage.copy_of(failed)
    after.payout_status, after.version = "failed", int(failed.version) + 1
    storage.run(settlements.change(failed, after))

    def shown() -> list[tuple[str, str]]:
        return [(step["step"], step["status"]) for step in world.call(merchant, "GET", target).body["steps"][2:]]

    assert shown() == [("paid_out", "failed"), ("paid_out", "waiting"), ("in_bank", "waiting")]
    line_of(merchant, "sbxp_1", "payout_return", "razorpay", second.settlement_id)
    assert shown() == [("paid_out", "failed"), ("paid_out", "done"), ("in_bank", "waiting")]


def test_another_merchants_payment_is_like_none(world: World, merchant: Signer) -> None:
    paid = support.charge(world, world.register("Other"), support.APPROVE, "10.00").body
    assert_refused(world.call(merchant, "GET", f"/v1/payments/{paid['payment_id']}/money"), "not_found")
