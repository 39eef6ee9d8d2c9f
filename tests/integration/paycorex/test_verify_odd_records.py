"""`paycorex ledger verify` over stored data that cannot be meant so: a finding with the record's name, and the rest is verified."""

from collections.abc import Callable
from typing import Any

import pytest

from paycorex import clock, ledger
from paycorex.cli import main
from paycorex.ledger import MAX_POSTING, Account, Journal, OutOfBounds, Reference, ReferenceType
from paycorex.ledger.entry import MAX_TOTAL, Entry
from paycorex.ledger.journal import Posting
from paycorex.ledger.store import to_wire
from paycorex.money import MAX_DIGITS_BEFORE_POINT, Money
from tests.support import payments as support
from tests.support.expectations import nothing_written
from tests.support.world import PREFIX, Signer, World

Item = dict[str, Any]
LATE = (
    '[{"late_id": "LATE", "status": "held", "amount": "AMOUNT", "currency": "CURRENCY", "connector": "sandbox", '
    '"provider_reference": "x", "received_at": "2027-01-15T08:00:00.000Z", "journal_id": "jrn_x"}]'
)


def late(amount: str, currency: str = "INR") -> Callable[[Item], Item]:
    text = LATE.replace("AMOUNT", amount).replace("CURRENCY", currency)
    return lambda item: item | {"late_money": {"S": text.replace("LATE", item["payment_id"]["S"] + ".1")}}


def with_amount(value: Item) -> Callable[[Item], Item]:
    return lambda item: item | {"amount": value}


def without(name: str) -> Callable[[Item], Item]:
    return lambda item: {key: value for key, value in item.items() if key != name}


ODD: dict[str, Callable[[Item], Item]] = {
    "late money of 10^14": late("1" + "0" * 14),
    "late money of 10^37": late("1" + "0" * 37),
    "late money in no currency": late("5", "usdx"),
    "negative late money": late("-5.00"),
    "late money that is no number": late("many"),
    "late money with parts missing": lambda item: item | {"late_money": {"S": "[{}]"}},
    "late money that is no JSON": lambda item: item | {"late_money": {"S": "["}},
    "10^17 minor units": with_amount({"N": str(10**17)}),
    "10^37 minor units": with_amount({"N": str(10**37)}),
    "a fraction": with_amount({"N": "1000.5"}),
    "a negative amount": with_amount({"N": "-1000"}),
    "an amount of text": with_amount({"S": "ten"}),
    "no amount": without("amount"),
    "another currency": lambda item: item | {"currency": {"S": "XYZ"}},
    "no currency": without("currency"),
    "no status": without("status"),
    "entries of no shape": lambda item: item | {"entries": {"S": '[["merchant"]]'}},
    "entries nowhere": lambda item: item | {"entries": {"S": '[["moon", "x", 0, 1]]'}},
}


def change(world: World, noun: str, key: Item, how: Callable[[Item], Item]) -> None:
    found = world.dynamo.get_item(TableName=PREFIX + noun, Key=key)["Item"]
    world.dynamo.put_item(TableName=PREFIX + noun, Item=how(found))


def verify(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = main(["ledger", "verify", "--at-rest"])
    return status, [line for line in capsys.readouterr().out.splitlines() if line.startswith("WRONG")]


@pytest.fixture
def paid(world: World, merchant: Signer) -> list[str]:
    """Three payments; the last is there to show that the verification goes on."""
    world.wallet(merchant, "asha", "1000.00")
    return [world.pay(merchant, "asha", "10.00").body["payment_id"] for _ in range(3)]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_payment_is_a_finding_with_its_name_and_the_others_are_verified(
    world: World, paid: list[str], odd: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(capsys) == (0, [])
    change(world, "payments", {"payment_id": {"S": paid[0]}}, ODD[odd])
    status, alone = verify(capsys)
    assert status == 1
    assert any(paid[0] in line for line in alone)
    assert not any(other in line for line in alone for other in paid[1:])
    change(world, "payments", {"payment_id": {"S": paid[2]}}, with_amount({"N": "999"}))
    status, both = verify(capsys)
    assert status == 1
    assert any(paid[2] in line and "999" in line for line in both)


@pytest.mark.parametrize("attribute", ["amount", "currency", "merchant_id"])
def test_a_refund_that_cannot_be_read_is_a_finding(
    world: World, merchant: Signer, paid: list[str], attribute: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refund = world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": paid[0]}).body["refund_id"]
    change(world, "refunds", {"refund_id": {"S": refund}}, lambda item: item | {attribute: {"BOOL": True}})
    status, found = verify(capsys)
    assert status == 1
    assert any(refund in line for line in found)
    assert not any(other in line for line in found for other in paid[1:])


def test_a_top_up_that_cannot_be_read_is_a_finding(world: World, paid: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    [transfer] = world.dump()[PREFIX + "transfers"]
    change(world, "transfers", {"transfer_id": transfer["transfer_id"]}, without("amount"))
    status, found = verify(capsys)
    assert status == 1
    assert any(transfer["transfer_id"]["S"] in line for line in found)
    assert not any(payment in line for line in found for payment in paid)


@pytest.mark.parametrize("value", [{"N": "1.5"}, {"S": "x"}, {"BOOL": True}, {"NULL": True}])
@pytest.mark.parametrize("attribute", ["credit", "balance", "created_at", "hash", "reference_type", "journal_id"])
def test_an_entry_that_cannot_be_read_is_a_finding(
    world: World, paid: list[str], attribute: str, value: Item, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = world.dump()[PREFIX + "ledgers"][-1]
    where = f"{entry['account']['S']} seq {entry['seq']['N']}"
    change(world, "ledgers", {name: entry[name] for name in ("account", "seq")}, lambda item: item | {attribute: value})
    status, found = verify(capsys)
    assert status == 1
    assert any(where in line for line in found), found


def test_nothing_moves_more_at_once_than_the_api_takes(world: World, merchant: Signer) -> None:
    source = Account.clearing(merchant.merchant_id, "sandbox", "KWD")
    target = Account.suspense(merchant.merchant_id, "KWD")
    largest = Money.parse("9" * MAX_DIGITS_BEFORE_POINT + ".999", "KWD")
    reference = Reference(ReferenceType.SUSPENSE, "a")
    assert Journal.transfer(source=source, target=target, amount=largest, reference=reference)
    with pytest.raises(OutOfBounds, match=str(MAX_POSTING + 1)), nothing_written(world):
        Journal.transfer(source=source, target=target, amount=Money(MAX_POSTING + 1, "KWD"), reference=reference)


def test_an_account_that_is_full_refuses_by_name_and_writes_nothing(world: World, merchant: Signer) -> None:
    """Not by a put that DynamoDB refuses for ever; other accounts of the merchant go on."""
    full = Account.clearing(merchant.merchant_id, "sandbox", "INR")
    target = Account.suspense(merchant.merchant_id, "INR")
    journal = Journal(Reference(ReferenceType.SUSPENSE, "a"), (Posting(full, 1, 0), Posting(target, 0, 1)))
    entry = Entry.after(None, journal.postings[0], journal, clock.now_ms())
    nearly = Entry.after(None, Posting(full, MAX_POSTING, 0), journal, clock.now_ms())
    object.__setattr__(nearly, "total_credit", MAX_TOTAL)
    assert entry.balance == 1
    world.dynamo.put_item(TableName=PREFIX + "ledgers", Item=to_wire(nearly))
    world.restart()
    with pytest.raises(OutOfBounds, match=full.key), nothing_written(world):
        ledger.post(journal, lambda _entries: [])
    assert support.collect(world, merchant, "10.00").status == 201
