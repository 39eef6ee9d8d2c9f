"""Every cell of the state table, through the real store and ledger: status, event, journal and late money of each."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from paycorex.errors import InvalidState
from paycorex.money import Money
from paycorex.records.hold import Hold
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities
from payments.connectors.requests import Captures
from payments.connectors.sandbox import codes as sandbox_codes
from payments.connectors.sandbox import payers
from payments.connectors.sandbox.instruments import CARDS, VPAS
from payments.payment import due, outcomes, states
from payments.payment import settlement as settle
from payments.payment.attempts import APPROVED, AUTHORIZED, Note
from payments.payment.states import Outcome, Status
from payments.payment.versions import Change
from tests.support import payments as support
from tests.support.world import Signer, World

INSTRUMENTS = Path(__file__).parents[3] / "docs" / "guides" / "test-instruments.md"

OWN, OTHER = "ref-own", "ref-other"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as world:
        yield world


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


def change(outcome: Outcome) -> Change:
    """What a connector or a merchant would say."""
    note = Note(0, "sandbox", APPROVED, provider_reference=OWN)
    match outcome:
        case Outcome.PAID:
            return Change(outcome, notes=(note,), connector="sandbox", provider_reference=OWN)
        case Outcome.PAID_OTHERWISE:
            paid_less = Money(999, "INR")
            return Change(Outcome.PAID, connector="sandbox", provider_reference=OTHER, amount=paid_less)
        case Outcome.CONTRADICTED:
            return Change(outcome, reason="unreadable_amount", failure_message="0 INR", connector="sandbox")
        case Outcome.ACCEPTED:
            return Change(outcome, reason="late", connector="sandbox", provider_reference=OWN)
        case Outcome.AUTHORIZED:
            authorized = Note(0, "sandbox", AUTHORIZED, provider_reference=OWN)
            return Change(outcome, notes=(authorized,), connector="sandbox", provider_reference=OWN, hold=Hold((1000,)), due_ms=1)
        case _:
            due_ms = 1 if outcome is Outcome.STARTED else None
            code = "card_declined" if outcome is Outcome.DECLINED else outcome.value
            return Change(outcome, due_ms=due_ms, reason=outcome.value, failure_code=code, failure_message="Gone.")


def in_status(world: World, who: Signer, status: Status) -> PaymentItem:
    payment = support.stored(support.collect(world, who).body["payment_id"])
    by_status = {Status.PROCESSING: Outcome.STARTED, Status.SUCCESS: Outcome.PAID, Status.FAILED: Outcome.DECLINED}
    outcome = (by_status | {Status.AUTHORIZED: Outcome.AUTHORIZED}).get(status)
    return payment if outcome is None else settle.apply(payment, change(outcome))


# (status before, outcome): (status after, its event or None for no event, money held)
CELLS = {
    (Status.PENDING, Outcome.SUPERSEDED): (Status.PENDING, None, 0),
    (Status.PENDING, Outcome.STARTED): (Status.PROCESSING, "payment.processing", 0),
    (Status.PENDING, Outcome.PAID): (Status.SUCCESS, "payment.success", 0),
    (Status.PENDING, Outcome.PAID_OTHERWISE): (Status.PENDING, "payment.late_money", 1),
    (Status.PENDING, Outcome.DECLINED): (Status.FAILED, "payment.failed", 0),
    (Status.PENDING, Outcome.CANCELED): (Status.FAILED, "payment.failed", 0),
    (Status.PENDING, Outcome.EXPIRED): (Status.FAILED, "payment.expired", 0),
    (Status.PENDING, Outcome.ACCEPTED): None,
    (Status.PENDING, Outcome.RETURNED): (Status.FAILED, "payment.failed", 0),
    (Status.PENDING, Outcome.CONTRADICTED): (Status.PENDING, "payment.contradicted", 0),
    (Status.PROCESSING, Outcome.SUPERSEDED): (Status.PROCESSING, None, 0),
    (Status.PROCESSING, Outcome.STARTED): (Status.PROCESSING, None, 0),
    (Status.PROCESSING, Outcome.PAID): (Status.SUCCESS, "payment.success", 0),
    (Status.PROCESSING, Outcome.PAID_OTHERWISE): (Status.PROCESSING, "payment.late_money", 1),
    (Status.PROCESSING, Outcome.DECLINED): (Status.FAILED, "payment.failed", 0),
    (Status.PROCESSING, Outcome.CANCELED): (Status.FAILED, "payment.failed", 0),
    (Status.PROCESSING, Outcome.EXPIRED): (Status.FAILED, "payment.expired", 0),
    (Status.PROCESSING, Outcome.ACCEPTED): None,
    (Status.PROCESSING, Outcome.RETURNED): (Status.FAILED, "payment.failed", 0),
    (Status.PROCESSING, Outcome.CONTRADICTED): (Status.PROCESSING, "payment.contradicted", 0),
    (Status.SUCCESS, Outcome.SUPERSEDED): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.STARTED): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.PAID): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.PAID_OTHERWISE): (Status.SUCCESS, "payment.late_money", 1),
    (Status.SUCCESS, Outcome.DECLINED): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.CANCELED): None,
    (Status.SUCCESS, Outcome.EXPIRED): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.ACCEPTED): None,
    (Status.SUCCESS, Outcome.RETURNED): (Status.SUCCESS, None, 0),
    (Status.SUCCESS, Outcome.CONTRADICTED): (Status.SUCCESS, "payment.contradicted", 0),
    (Status.FAILED, Outcome.SUPERSEDED): (Status.FAILED, None, 0),
    (Status.FAILED, Outcome.STARTED): (Status.FAILED, None, 0),
    (Status.FAILED, Outcome.PAID): (Status.FAILED, "payment.late_money", 1),
    (Status.FAILED, Outcome.PAID_OTHERWISE): (Status.FAILED, "payment.late_money", 1),
    (Status.FAILED, Outcome.DECLINED): (Status.FAILED, None, 0),
    (Status.FAILED, Outcome.CANCELED): None,
    (Status.FAILED, Outcome.EXPIRED): (Status.FAILED, None, 0),
    (Status.FAILED, Outcome.RETURNED): (Status.FAILED, None, 0),
    (Status.FAILED, Outcome.CONTRADICTED): (Status.FAILED, "payment.contradicted", 0),
    (Status.PENDING, Outcome.AUTHORIZED): (Status.AUTHORIZED, "payment.authorized", 0),
    (Status.PROCESSING, Outcome.AUTHORIZED): (Status.AUTHORIZED, "payment.authorized", 0),
    (Status.AUTHORIZED, Outcome.AUTHORIZED): (Status.AUTHORIZED, None, 0),
    (Status.SUCCESS, Outcome.AUTHORIZED): (Status.SUCCESS, None, 0),
    (Status.FAILED, Outcome.AUTHORIZED): (Status.FAILED, None, 0),
    (Status.AUTHORIZED, Outcome.STARTED): (Status.AUTHORIZED, None, 0),
    (Status.AUTHORIZED, Outcome.SUPERSEDED): (Status.AUTHORIZED, None, 0),
    (Status.AUTHORIZED, Outcome.PAID_OTHERWISE): (Status.AUTHORIZED, "payment.late_money", 1),
    (Status.AUTHORIZED, Outcome.CANCELED): None,
    (Status.AUTHORIZED, Outcome.RETURNED): (Status.AUTHORIZED, "payment.contradicted", 0),
    (Status.AUTHORIZED, Outcome.CONTRADICTED): (Status.AUTHORIZED, "payment.contradicted", 0),
    (Status.AUTHORIZED, Outcome.ACCEPTED): None,
}


@pytest.mark.parametrize(("status", "outcome"), CELLS, ids=str)
def test_each_cell_of_the_state_table(world: World, who: Signer, status: Status, outcome: Outcome) -> None:
    before = in_status(world, who, status)
    expected = CELLS[status, outcome]
    if expected is None:
        with pytest.raises(InvalidState):
            settle.apply(before, change(outcome))
        assert support.stored(before.payment_id).serialize() == before.serialize()
    else:
        after = settle.apply(before, change(outcome))
        assert after.serialize() == support.stored(before.payment_id).serialize()
        assert (after.status, len(after.late_money or ())) == (expected[0], expected[2])
        assert after.sequence == before.sequence + (expected[1] is not None)
        assert expected[1] in {None, after.event}
        settled_now = after.status == Status.SUCCESS and before.status != Status.SUCCESS
        assert (after.entries is not None) == (after.status == Status.SUCCESS), settled_now
    assert not support.findings()


def test_the_table_has_no_other_cell() -> None:
    accepted_late = (Status.FAILED, Outcome.ACCEPTED)  # shown over HTTP in test_late_money
    assert set(states.TABLE) == {*CELLS, *OF_HOLDS, accepted_late}


# Carried out by `payments.captures`, and shown there (test_card_holds).
OF_HOLDS = [(Status.AUTHORIZED, Outcome.PAID), (Status.AUTHORIZED, Outcome.DECLINED), (Status.AUTHORIZED, Outcome.EXPIRED)]


@pytest.mark.parametrize(("status", "outcome"), OF_HOLDS)
def test_what_a_hold_comes_to_is_decided_beside_its_captures(world: World, who: Signer, status: Status, outcome: Outcome) -> None:
    before = in_status(world, who, status)
    with pytest.raises(AssertionError, match="captures"):
        settle.apply(before, change(outcome))
    assert support.stored(before.payment_id).serialize() == before.serialize()


@pytest.mark.parametrize("outcome", [Outcome.PAID, Outcome.PAID_OTHERWISE])
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.AUTHORIZED}))
def test_the_same_money_reported_twice_is_booked_once(world: World, who: Signer, status: Status, outcome: Outcome) -> None:
    before = in_status(world, who, status)
    once = settle.apply(before, change(outcome))
    stale = settle.apply(before, change(outcome))
    again = settle.apply(once, change(outcome))
    assert once.serialize() == stale.serialize() == again.serialize()
    assert not support.findings()


def test_the_loser_of_a_race_rules_again_by_what_is_stored(world: World, who: Signer) -> None:
    seen = in_status(world, who, Status.PENDING)
    settle.apply(seen, change(Outcome.CANCELED))
    late = settle.apply(seen, change(Outcome.PAID))
    assert late.status == Status.FAILED
    assert [money["status"] for money in late.late_money] == ["held"]
    assert not support.findings()


def test_a_decided_payment_is_in_nobodys_due_list(world: World, who: Signer) -> None:
    paid = in_status(world, who, Status.SUCCESS)
    assert paid.due_shard is None
    assert paid.due_at is None
    assert due.payments(10**13, 10) == []


def test_a_payment_given_up_while_a_connector_may_hold_money_is_still_watched(world: World, who: Signer) -> None:
    payment = support.stored(support.collect(world, who).body["payment_id"])
    canceled = settle.apply(payment, outcomes.given_up(payment, Outcome.CANCELED))
    assert canceled.due_at is not None
    assert canceled.due_at > due.due_before(int(world.clock.now * 1000))


def test_the_documented_table_is_the_one_in_the_code() -> None:
    text = (Path(__file__).parents[3] / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+)[^|]*\| (\w+) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", text, re.MULTILINE)
    names = {outcome.value for outcome in Outcome}
    transitions = {Outcome(row[0]): row[1:] for row in rows if row[0] in names}
    documented = {(status, outcome): cell for outcome, row in transitions.items() for status, cell in zip(Status, row, strict=True)}
    assert documented == states.TABLE


def test_the_documented_cards_are_those_of_the_sandbox() -> None:
    rows = [line for line in INSTRUMENTS.read_text(encoding="utf-8").splitlines() if re.match(r"\| `\d{15,16}`", line)]
    documented = {number: line for line in rows for number in re.findall(r"`(\d{15,16})`", line)}
    assert set(documented) == set(CARDS)
    for number, behaviour in CARDS.items():
        assert behaviour.code in documented[number]
        assert ("retryable" in documented[number]) == behaviour.retryable


def _amounts(table: str) -> dict[int, str]:
    return {int(ending): what for ending, what in re.findall(r"^\| `\.(\d\d)` \| (.+) \|$", table, re.MULTILINE)}


def test_the_documented_addresses_and_amounts_are_those_of_the_sandbox() -> None:
    text = INSTRUMENTS.read_text(encoding="utf-8")
    addresses = dict(re.findall(r"^\| `(\w+@sandbox)`[^|]*\| (.+) \|$", text, re.MULTILINE))
    assert set(addresses) == set(VPAS)
    assert all(behaviour.code in addresses[vpa] for vpa, behaviour in VPAS.items())
    said = {
        payers.NEVER_PAYS: "never pays",
        payers.DECLINES: "declines",
        payers.PAYS_LATE: "pays a minute after the end",
        payers.LOOKUP_OUTAGE: "pays; two lookups are not answered",
        payers.PAYS_LESS: "pays 0.01 less",
    }
    by_code = {
        payers.DECLINES: "the payer declines: nothing is paid",
        payers.PAYS_LESS: "pays 0.01 less",
        sandbox_codes.SENT_TWICE: "pays; the callback is sent twice",
        sandbox_codes.NEVER_SENT: "pays; the callback is never sent, and the payment is found by asking",
    }
    assert [_amounts(table) for table in re.findall(r"(?:^\| `\.\d\d` \| .+ \|\n)+", text, re.MULTILINE)] == [said, by_code]
    assert f"after {payers.PAYER_SECONDS} seconds" in text


def test_the_documented_holds_are_those_of_the_connectors() -> None:
    text = (Path(__file__).parents[3] / "docs" / "payment-methods.md").read_text(encoding="utf-8")
    table = text.partition("| connector | captures of a hold |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE))
    words = {Captures.MANY: "in part, more than once", Captures.ONE_PART: "one, in part too", Captures.ONE_FULL: "one, in full"}
    assert rows == {name: words[capabilities.HOLDS[name].captures] for name in ("sandbox", "stripe", "razorpay")}
    for name in rows:
        assert f"{capabilities.HOLDS[name].hold_days} days" in table.partition(f"`{name}`")[2].partition("\n")[0]
