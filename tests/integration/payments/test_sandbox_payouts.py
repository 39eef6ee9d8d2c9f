"""What the sandbox pays out: what it took less what it gave back, by minute on a laptop and by day elsewhere, odd cases included."""

from collections.abc import Callable

import pytest

from paycorex import clock, settings, storage
from paycorex.money import Money
from payments.connectors.registry import connect_for
from payments.connectors.requests import Attempt, CaptureRequest, RefundRequest
from payments.connectors.results import Approved, Authorized, NotFound
from payments.connectors.sandbox import payouts
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.settling import LineKind, Page, PayoutStatus, ProviderFee, ProviderPayout, ReportLine, Settling
from tests.support import payments as support
from tests.support.world import Signer, World
from tokens.instruments import Card

NEVER, SHORT, DEARER, TWICE, STRANGER, LATE = (f"4000000000009{end}" for end in ("300", "409", "508", "607", "706", "805"))
DISPUTED = "4000000000000259"
MINUTE_MS, DAY_MS = 60_000, 86_400_000


@pytest.fixture
def sandbox(world: World, who: Signer) -> Sandbox:
    connector = connect_for(who.merchant_id, "sandbox")
    assert isinstance(connector, Sandbox)
    return connector


def attempt(who: Signer, number: int = 0, minor: int = 10_000, currency: str = "INR", *, manual: bool = False) -> Attempt:
    made = f"{number:026d}"
    return Attempt(f"att_{made}", f"pay_{made}", who.merchant_id, "tokenized", Money(minor, currency), is_manual=manual)


def pay(sandbox: Sandbox, wanted: Attempt, card: str = support.APPROVE) -> str:
    result = sandbox.charge(wanted, Card(number=card, expiry_month=12, expiry_year=2031, holder=None))
    assert isinstance(result, Approved | Authorized)
    return result.provider_reference


def paid_out(sandbox: Sandbox, who: Signer, since_ms: int = 0, until_ms: int = 10**13 - 1) -> list[ProviderPayout]:
    found: list[ProviderPayout] = []
    cursor = None
    while True:
        page = sandbox.payouts(who.merchant_id, since_ms, until_ms, cursor)
        assert isinstance(page, Page)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return found


def lines_of(sandbox: Sandbox, who: Signer, payout: ProviderPayout) -> list[ReportLine]:
    found: list[ReportLine] = []
    cursor = None
    while True:
        page = sandbox.payout_lines(who.merchant_id, payout, cursor)
        assert isinstance(page, Page)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return found


def later(world: World, minutes: float) -> None:
    world.clock.now += minutes * 60


def test_what_was_taken_is_paid_out_less_fees_and_what_went_back(sandbox: Sandbox, who: Signer, world: World) -> None:
    assert isinstance(sandbox, Settling)
    charged = pay(sandbox, attempt(who))
    sandbox.refund(RefundRequest("ref_1", attempt(who).payment_id, who.merchant_id, Money(2_500, "INR"), charged))
    assert paid_out(sandbox, who) == []
    later(world, 2)
    (payout,) = paid_out(sandbox, who)
    assert (payout.amount, payout.currency, payout.status) == (10_000 - 200 - 36 - 2_500, "INR", PayoutStatus.PAID)
    assert payout.created_at <= clock.now_ms() < payout.created_at + MINUTE_MS
    took, back = sorted(lines_of(sandbox, who, payout), key=lambda line: line.kind)
    assert (took.kind, took.gross, took.fee, took.tax) == (LineKind.PAYMENT, 10_000, 200, 36)
    assert (took.charge_reference, took.our_reference, took.settlement_reference) == (charged, attempt(who).payment_id, payout.reference)
    assert (back.kind, back.gross, back.fee, back.charge_reference, back.our_reference) == (LineKind.REFUND, -2_500, 0, charged, "ref_1")
    assert took.bank_reference == payout.bank_reference is not None
    assert sandbox.fee_of(who.merchant_id, charged) == ProviderFee(charged, 200, 36, "INR")
    assert paid_out(sandbox, who, since_ms=payout.created_at + 1) == paid_out(sandbox, who, until_ms=payout.created_at) == []


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (NEVER, []),
        (SHORT, [(9_900, 200, 36)]),
        (DEARER, [(10_000, 400, 72)]),
        (TWICE, [(10_000, 200, 36), (10_000, 200, 36)]),
        (STRANGER, [(10_000, 200, 36), (payouts.STRANGER_MINOR, 0, 0)]),
    ],
)
def test_a_documented_card_is_reported_as_documented(
    sandbox: Sandbox, who: Signer, world: World, card: str, expected: list[tuple[int, int, int]]
) -> None:
    charged = pay(sandbox, attempt(who), card)
    later(world, 2)
    payouts_made = paid_out(sandbox, who)
    lines = [line for payout in payouts_made for line in lines_of(sandbox, who, payout)]
    assert sorted((line.gross, line.fee, line.tax) for line in lines) == sorted(expected)
    assert sum(payout.amount for payout in payouts_made) == sum(line.net for line in lines)
    assert len({line.line_reference for line in lines}) == len(lines)
    assert [line.charge_reference == charged for line in lines].count(True) == len(expected) - (card == STRANGER)
    assert sandbox.fee_of(who.merchant_id, charged) == ProviderFee(charged, 200, 36, "INR")


def test_a_late_one_is_paid_out_a_period_after_the_others(sandbox: Sandbox, who: Signer, world: World) -> None:
    pay(sandbox, attempt(who, 1))
    late = pay(sandbox, attempt(who, 2), LATE)
    later(world, 2)
    (first,) = paid_out(sandbox, who)
    assert [line.charge_reference == late for line in lines_of(sandbox, who, first)] == [False]
    later(world, 1)
    second = paid_out(sandbox, who)[-1]
    assert [line.charge_reference for line in lines_of(sandbox, who, second)] == [late]
    assert second.created_at == first.created_at + MINUTE_MS


def test_currencies_accounts_and_merchants_are_paid_out_apart(sandbox: Sandbox, who: Signer, world: World) -> None:
    pay(sandbox, attempt(who, 1))
    pay(sandbox, attempt(who, 2, currency="USD"))
    backup = connect_for(who.merchant_id, "sandbox_backup")
    assert isinstance(backup, Sandbox)
    pay(backup, attempt(who, 3))
    later(world, 2)
    assert sorted(payout.currency for payout in paid_out(sandbox, who)) == ["INR", "USD"]
    assert [len(lines_of(sandbox, who, payout)) for payout in paid_out(sandbox, who)] == [1, 1]
    assert [payout.currency for payout in paid_out(backup, who)] == ["INR"]
    assert sandbox.payouts("mer_other", 0, 10**13 - 1, None) == Page(())


def test_elsewhere_than_on_a_laptop_a_day_is_paid_out_two_days_later(sandbox: Sandbox, who: Signer, world: World) -> None:
    settings.use(world.settings.model_copy(update={"stage": "dev"}))
    pay(sandbox, attempt(who))
    made = clock.now_ms()
    world.clock.now += 3 * 86_400
    (payout,) = paid_out(sandbox, who)
    assert payout.created_at == (made // DAY_MS + 2) * DAY_MS


def test_a_hold_is_paid_out_by_its_captures(sandbox: Sandbox, who: Signer, world: World) -> None:
    wanted = attempt(who, manual=True)
    hold = pay(sandbox, wanted)
    assert sandbox.fee_of(who.merchant_id, hold) == NotFound()
    taken = CaptureRequest("cap_1", wanted.payment_id, who.merchant_id, Money(4_000, "INR"), hold, 0, is_final=True)
    sandbox.capture(taken)
    later(world, 2)
    (payout,) = paid_out(sandbox, who)
    (line,) = lines_of(sandbox, who, payout)
    assert (line.gross, line.charge_reference, line.our_reference) == (4_000, hold, "cap_1")
    assert sandbox.fee_of(who.merchant_id, hold) == ProviderFee(hold, 80, 14, "INR")


def test_a_declined_or_waiting_charge_is_paid_out_when_it_is_paid(sandbox: Sandbox, who: Signer, world: World) -> None:
    sandbox.charge(attempt(who, 1), Card(number="4000000000000002", expiry_month=12, expiry_year=2031, holder=None))
    sandbox.charge(attempt(who, 2), Card(number="4000000000007007", expiry_month=12, expiry_year=2031, holder=None))
    later(world, 3)
    assert paid_out(sandbox, who) == []
    assert isinstance(sandbox.lookup(attempt(who, 2)), Approved)
    later(world, 2)
    assert [payout.amount for payout in paid_out(sandbox, who)] == [10_000 - 236]


def test_a_dispute_takes_money_out_and_a_won_one_brings_it_back(sandbox: Sandbox, who: Signer, world: World) -> None:
    charged = pay(sandbox, attempt(who), DISPUTED)
    disputes = sandbox.disputes_of(charged, who.merchant_id)
    assert isinstance(disputes, tuple)
    (dispute,) = disputes
    later(world, 2)
    (payout,) = paid_out(sandbox, who)
    assert payout.amount == -236
    world.clock.now += 8 * 86_400
    sandbox.disputes_of(charged, who.merchant_id)
    assert paid_out(sandbox, who) == [payout]
    assert {line.object_reference for line in lines_of(sandbox, who, payout)} == {charged, dispute.reference}


def test_long_lists_come_in_pages(sandbox: Sandbox, who: Signer, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payouts, "ROWS", 2)
    monkeypatch.setattr(payouts, "PAYOUTS", 2)
    for number in range(5):
        pay(sandbox, attempt(who, number))
    for number in range(5, 8):
        later(world, 1)
        pay(sandbox, attempt(who, number))
    later(world, 2)
    found = paid_out(sandbox, who)
    assert [payout.amount for payout in found] == [5 * 9_764, 9_764, 9_764, 9_764]
    lines = [line.charge_reference for payout in found for line in lines_of(sandbox, who, payout)]
    assert len(lines) == len(set(lines)) == 8


@pytest.mark.parametrize("ask", [lambda it: it.payouts("mer_x", 0, 1, None), lambda it: it.fee_of("mer_x", "sbx_1")])
def test_books_in_trouble_are_a_result(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Sandbox], object]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise storage.Unavailable("busy")

    monkeypatch.setattr(storage, "query", fail)
    monkeypatch.setattr(storage, "get", fail)
    assert type(ask(sandbox)).__name__ == "Unavailable"
