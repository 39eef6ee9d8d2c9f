"""Bank lines: stored once, booked with the payouts that they name, compared, decided by people; the same books in any order."""

import itertools
from collections.abc import Callable

import pytest

from paycorex import storage
from paycorex.records.bank_line import AMOUNT_DIFFERS, ASIDE, DUPLICATE, MATCHED, UNEXPECTED
from paycorex.records.settlement_import import DONE, FAILED
from settlements.bank import deciding
from settlements.stores import settlements
from tests.support.bank import Payout, bank_lines, books, found, imported, report, state_of, verify
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")
TWO = Payout("po_2NabcDEF", 2_500, "UTR0000000002")


def statement(*movements: Movement, opening: int = 1_000_000) -> bytes:
    return files.mock_bank(movements, opening, "camt053")


def states(who: Signer) -> list[tuple[str, int | None]]:
    return [(line.state, None if line.difference is None else int(line.difference)) for line in bank_lines(who)]


def test_a_line_that_names_a_payout_is_booked_and_the_payout_has_its_bank_line(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    assert books(merchant)["in transit stripe"] == -10_000
    done = imported(merchant, "camt053", statement(Movement(10_000, ONE.bank_reference or "")))
    assert (done.status, done.accepted, done.known, done.rejected, done.lines) == (DONE, 1, 0, 0, 1)
    assert books(merchant) == {"bank": -10_000, "fees": -10, "suspense": 10_010, "in transit stripe": 0}
    (line,) = bank_lines(merchant)
    assert [line.state, line.difference, line.open_key] == [MATCHED, None, None]
    assert state_of(merchant, ONE).bank_line_id == line.bank_line_id
    verify()


@pytest.mark.parametrize("named", ["stripe payout po_1nabcdef", "PO_1NABCDEF", "X/po_1NabcDEF/Y"])
def test_the_providers_own_name_in_the_text_is_a_reference_too(world: World, merchant: Signer, named: str) -> None:
    report(merchant, ONE)
    imported(merchant, "camt053", statement(Movement(10_000, "NOTPROVIDED", named)))
    assert states(merchant) == [(MATCHED, None)]


@pytest.mark.parametrize("named", ["xpo_1NabcDEF", "po_1NabcDEFG", "po_1Nabc", "UTR00000000011"])
def test_a_part_of_a_longer_name_is_no_reference(world: World, merchant: Signer, named: str) -> None:
    report(merchant, ONE)
    imported(merchant, "camt053", statement(Movement(77, named)))
    assert states(merchant) == [(UNEXPECTED, None)]
    assert books(merchant)["bank"] == 0


def test_the_same_statement_twice_and_overlapping_ones_store_each_line_once(world: World, merchant: Signer) -> None:
    equal = [Movement(500, "NOTPROVIDED", "cash")] * 3
    data = files.mt940([*equal, Movement(10_000, "UTR0000000001")], 0)
    assert imported(merchant, "mt940", data).accepted == 4
    again = imported(merchant, "mt940", data, name="imp_" + "b" * 26)
    assert (again.accepted, again.known) == (0, 4)
    longer = files.mt940([*equal, Movement(10_000, "UTR0000000001"), Movement(-7, "FEE0001")], 0)
    third = imported(merchant, "mt940", longer + b"\n-\n" + data, name="imp_" + "c" * 26)
    assert (third.accepted, third.known) == (1, 8)
    assert len(bank_lines(merchant)) == 5


def test_parts_of_one_statement_go_on_counting(world: World, merchant: Signer) -> None:
    """Equal lines of one day on two pages are two lines."""
    head = ":20:X\n:25:ACC1\n:28C:1/{page}\n"
    line = ":61:2611271127C1,NTRFNONREF\n"
    first = head.format(page=1) + ":60F:C261127EUR0,\n" + line + ":62M:C261127EUR1,\n-\n"
    second = head.format(page=2) + ":60M:C261127EUR1,\n" + line + ":62F:C261127EUR2,\n-\n"
    assert imported(merchant, "mt940", (first + second).encode()).accepted == 2


def test_one_line_for_several_payouts_and_several_lines_for_one(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    report(merchant, TWO)
    imported(merchant, "camt053", statement(Movement(12_500, "BATCH0001", "UTR0000000001 UTR0000000002")))
    assert states(merchant) == [(MATCHED, None)]
    assert books(merchant)["in transit stripe"] == 0
    assert {state_of(merchant, each).bank_line_id for each in (ONE, TWO)} == {bank_lines(merchant)[0].bank_line_id}

    three = Payout("po_3NabcDEF", 900, "UTR0000000003")
    report(merchant, three)
    part, rest = Movement(400, "UTR0000000003", "first"), Movement(500, "UTR0000000003", "second")
    imported(merchant, "camt053", statement(part), name="imp_" + "b" * 26)
    assert [each for each in states(merchant) if each[0] != MATCHED] == [(AMOUNT_DIFFERS, -500)]
    imported(merchant, "camt053", statement(part, rest), name="imp_" + "c" * 26)
    assert {each[0] for each in states(merchant)} == {MATCHED}
    assert books(merchant)["in transit stripe"] == 0
    verify()


def test_a_line_of_another_amount_is_booked_as_it_is_and_the_difference_stays_open(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    imported(merchant, "camt053", statement(Movement(9_900, "UTR0000000001")))
    assert states(merchant) == [(AMOUNT_DIFFERS, -100)]
    assert books(merchant)["in transit stripe"] == -100
    (line,) = bank_lines(merchant)
    after = deciding.decide(line, deciding.WRITE_OFF, "the bank's fee", "key_1")
    assert [after.state, after.difference, after.open_key] == [MATCHED, None, None]
    assert books(merchant) == {"bank": -9_900, "fees": -110, "suspense": 10_010, "in transit stripe": 0}
    with pytest.raises(deciding.NotDecidable):
        deciding.decide(after, deciding.WRITE_OFF, "again", "key_1")
    assert books(merchant)["fees"] == -110
    verify()


def explained(who: Signer, payout: Payout) -> str:
    """The state of a payout whose lines left nothing open: the bank's side alone decides."""
    before = state_of(who, payout)
    after = storage.copy_of(before)
    after.absorbed_to, after.open_items, after.version = "done", 0, int(before.version) + 1
    storage.run(settlements.change(before, after))
    return state_of(who, payout).state


def test_a_payout_is_reconciled_when_its_lines_come_to_it_and_not_before(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    report(merchant, TWO)
    short, part, rest = Movement(9_900, "UTR0000000001"), Movement(400, "UTR0000000002", "part"), Movement(2_100, "UTR0000000002", "rest")
    imported(merchant, "camt053", statement(short, part))
    assert (explained(merchant, ONE), explained(merchant, TWO)) == ("booked", "booked")
    imported(merchant, "camt053", statement(short, part, rest), name="imp_" + "b" * 26)
    assert (explained(merchant, ONE), explained(merchant, TWO)) == ("booked", "reconciled")
    deciding.decide(next(line for line in bank_lines(merchant) if line.difference), deciding.WRITE_OFF, "the bank's fee", "key_1")
    assert explained(merchant, ONE) == "reconciled"
    imported(merchant, "camt053", statement(short, part, rest, Movement(2_500, "UTR0000000002", "twice")), name="imp_" + "c" * 26)
    assert (explained(merchant, ONE), explained(merchant, TWO)) == ("reconciled", "booked")


def test_money_that_came_twice_is_named_and_goes_to_suspense_when_it_is_corrected(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    imported(merchant, "camt053", statement(Movement(10_000, "UTR0000000001", "one"), Movement(10_000, "UTR0000000001", "two")))
    assert sorted(states(merchant), key=str) == [(DUPLICATE, 10_000), (MATCHED, None)]
    assert books(merchant)["in transit stripe"] == 10_000
    (double,) = [line for line in bank_lines(merchant) if line.state == DUPLICATE]
    deciding.decide(double, deciding.CORRECT, "their mistake", "key_1")
    assert books(merchant) == {"bank": -20_000, "fees": -10, "suspense": 20_010, "in transit stripe": 0}
    verify()


def test_a_payout_that_the_bank_sent_back_is_in_transit_again(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    imported(merchant, "camt053", statement(Movement(10_000, "UTR0000000001", "in"), Movement(-10_000, "UTR0000000001", "returned")))
    assert books(merchant)["bank"] == 0
    assert books(merchant)["in transit stripe"] == -10_000
    assert states(merchant) == [(MATCHED, None)] * 2
    assert all(line.open_key is None for line in bank_lines(merchant))
    returned = state_of(merchant, ONE)
    assert returned.bank_line_id is None
    assert returned.state == "booked"
    # And when it comes again, it is there.
    moved = [Movement(10_000, "UTR0000000001", "in"), Movement(-10_000, "UTR0000000001", "returned")]
    imported(merchant, "camt053", statement(*moved, Movement(10_000, "UTR0000000001", "again")), name="imp_" + "d" * 26)
    assert books(merchant)["in transit stripe"] == 0
    assert state_of(merchant, ONE).bank_line_id is not None
    verify()


def test_amount_and_date_are_a_proposal_that_books_nothing_until_a_person_accepts(world: World, merchant: Signer) -> None:
    world.clock.now = 1_795_780_800.0  # 2026-11-27
    report(merchant, ONE)
    report(merchant, TWO)
    imported(merchant, "camt053", statement(Movement(10_000, "NOTPROVIDED", "payout")))
    (line,) = bank_lines(merchant)
    assert (line.state, line.proposals) == (UNEXPECTED, [ONE.id_of(merchant)])
    assert books(merchant)["bank"] == 0
    after = deciding.decide(line, deciding.ACCEPT, "I looked", "key_1")
    assert (after.state, after.settlements, after.decisions[0]["who"]) == (MATCHED, [ONE.id_of(merchant)], "key_1")
    assert books(merchant)["bank"] == -10_000
    verify()


def test_payouts_of_one_day_that_are_the_amount_together_are_proposed(world: World, merchant: Signer) -> None:
    world.clock.now = 1_795_780_800.0
    report(merchant, ONE)
    report(merchant, TWO)
    imported(merchant, "camt053", statement(Movement(12_500, "NOTPROVIDED", "payout")))
    (line,) = bank_lines(merchant)
    assert sorted(line.proposals or ()) == sorted([ONE.id_of(merchant), TWO.id_of(merchant)])
    with pytest.raises(deciding.NotDecidable) as refused:
        deciding.decide(line, deciding.ACCEPT, "both", "key_1")
    assert refused.value.details["proposals"] == line.proposals
    deciding.decide(line, deciding.ACCEPT, "both", "key_1", ONE.id_of(merchant))
    after = deciding.decide(found(line.bank_line_id), deciding.ACCEPT, "both", "key_1", TWO.id_of(merchant))
    assert [after.state, after.difference] == [MATCHED, None]
    assert books(merchant)["in transit stripe"] == 0


def test_what_is_none_of_the_platforms_is_set_aside_and_nothing_is_booked(world: World, merchant: Signer) -> None:
    imported(merchant, "camt053", statement(Movement(-500, "RENT0001"), Movement(0, "ZERO0001")))
    assert sorted(states(merchant)) == [(ASIDE, None), (UNEXPECTED, None)]
    (rent,) = [line for line in bank_lines(merchant) if line.amount]
    claimed = deciding.decide(rent, deciding.CLAIM, "asked the bank", "key_1")
    assert (claimed.state, claimed.open_key is not None) == (UNEXPECTED, True)
    after = deciding.decide(claimed, deciding.WRITE_OFF, "rent", "key_1")
    assert [after.state, after.open_key, len(after.decisions)] == [ASIDE, None, 2]
    assert set(books(merchant).values()) == {0}
    verify()


def test_payouts_of_two_connectors_in_one_text_are_a_persons_to_part(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    report(merchant, Payout("setl_2NabcDEF", 2_500, "UTR0000000002", "razorpay"))
    imported(merchant, "camt053", statement(Movement(12_500, "BATCH0001", "UTR0000000001 UTR0000000002")))
    assert states(merchant) == [(UNEXPECTED, None)]


def test_another_merchants_payout_is_never_matched(world: World, merchant: Signer) -> None:
    report(world.register("Other"), ONE)
    imported(merchant, "camt053", statement(Movement(10_000, "UTR0000000001")))
    (line,) = bank_lines(merchant)
    assert line.state == UNEXPECTED
    with pytest.raises(deciding.NotDecidable):
        deciding.decide(line, deciding.ACCEPT, "mine", "key_1", ONE.id_of(world.register("Third")))


def test_a_file_that_becomes_unreadable_keeps_what_was_whole_before_and_says_why(world: World, merchant: Signer) -> None:
    good = files.mt940([Movement(10_000, "UTR0000000001")], 0)
    cut = files.mt940([Movement(500, "UTR0000000009")], 10_000)[:-20]
    done = imported(merchant, "mt940", good + b"\n-\n" + cut)
    assert (done.status, done.accepted, done.rejected) == (DONE, 1, 1)
    assert "statement 2" in done.errors[0][1]
    failed = imported(merchant, "mt940", b"hello", name="imp_" + "b" * 26)
    assert (failed.status, failed.problem, failed.accepted) == (FAILED, "this is no MT940: there is no field :20:", 0)


def test_a_preview_stores_nothing(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    done = imported(merchant, "camt053", statement(Movement(10_000, "UTR0000000001")), is_preview=True)
    assert (done.status, done.accepted) == (DONE, 1)
    assert bank_lines(merchant) == []
    assert books(merchant)["bank"] == 0


def test_an_import_goes_on_at_any_line(world: World, merchant: Signer) -> None:
    report(merchant, ONE)
    movements = [Movement(number, f"REF000000{number}") for number in range(1, 8)]
    data = statement(*movements, Movement(10_000, "UTR0000000001"))
    # While it stores, each slice ends after one line; a look at what is open needs its time.
    done = imported(merchant, "camt053", data, may_go_on=lambda: len(bank_lines(merchant)) == 8)
    assert done.status == DONE
    assert (done.accepted, done.known, done.read) == (8, 0, 8)


def events(who: Signer) -> list[Callable[[], object]]:
    day = statement(Movement(10_000, "UTR0000000001"), Movement(400, "UTR0000000002", "part"))
    longer = statement(Movement(10_000, "UTR0000000001"), Movement(400, "UTR0000000002", "part"), Movement(2_100, "UTR0000000002", "rest"))
    return [
        lambda: report(who, ONE),
        lambda: report(who, TWO),
        lambda: imported(who, "camt053", day, name="imp_" + "b" * 26),
        lambda: imported(who, "camt053", longer, name="imp_" + "c" * 26),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_reports_and_statements_in_any_order_and_again_end_in_the_same_books(
    world: World, merchant: Signer, order: tuple[int, ...]
) -> None:
    happenings = events(merchant)
    for number in [*order, *reversed(order)]:
        happenings[number]()
    assert books(merchant) == {"bank": -12_500, "fees": -20, "suspense": 12_520, "in transit stripe": 0}
    assert [line.state for line in bank_lines(merchant)] == [MATCHED] * 3
    assert all(line.open_key is None for line in bank_lines(merchant))
    assert all(state_of(merchant, each).bank_line_id for each in (ONE, TWO))
    verify()
