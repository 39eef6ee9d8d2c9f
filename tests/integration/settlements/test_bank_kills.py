"""A kill, a lost answer or a busy table at every call of an import, of a look and of a decision; then it is done again, once."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from paycorex import storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.bank_line import AMOUNT_DIFFERS, MATCHED
from paycorex.records.settlement_import import DONE, SettlementImportItem
from settlements.bank import deciding, importing, looking
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support.bank import Payout, always, bank_lines, begun, books, imported, report, state_of, verify
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")
TWO = Payout("po_2NabcDEF", 2_500, "UTR0000000002")
DATA = files.mock_bank([Movement(12_500, "BATCH0001", "UTR0000000001 UTR0000000002"), Movement(-3, "FEE00001")], 0, "camt053")
SHORT = files.mock_bank([Movement(9_000, "UTR0000000001"), Movement(2_500, "UTR0000000002")], 0, "camt053")
MOST_CALLS = 80
FAULTS = [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.THROTTLED]


def import_again(who: Signer, began: SettlementImportItem) -> None:
    """The importer's next tick: the import as it was stored before the kill."""
    item = storage.copy_of(began)
    while item.status != DONE:
        item = importing.read_slice(item, DATA, always)
    assert (item.accepted, item.known, item.rejected) == (2, 0, 0)


def looked(who: Signer) -> None:
    looking.at_settlement(TWO.id_of(who), always)
    looking.at_settlement(ONE.id_of(who), always)


def written_off(who: Signer) -> None:
    for line in bank_lines(who):
        if line.state == AMOUNT_DIFFERS:
            deciding.decide(line, deciding.WRITE_OFF, "the bank's fee", "key_1")


def at_every_call(fault: Fault, ready: Callable[[Signer], Callable[[], None]], holds: Callable[[Signer], None]) -> None:
    with World().running() as first:
        who = first.register()
        act = ready(who)
        made = first.saved()
    for index in range(MOST_CALLS):
        with World.again(made).running() as world:
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
                act()
            calls = client.count()
            client.decider = healthy
            world.restart()
            act()
            holds(who)
            verify()
            if calls < index:
                return
    pytest.fail("more calls than one act may make")


@pytest.mark.parametrize("fault", FAULTS)
def test_an_import_that_is_killed_anywhere_books_each_line_once(fault: Fault) -> None:
    def ready(who: Signer) -> Callable[[], None]:
        report(who, ONE)
        report(who, TWO)
        began = begun(who, "camt053")
        return lambda: import_again(who, began)

    def holds(who: Signer) -> None:
        assert books(who)["in transit stripe"] == 0
        assert books(who)["bank"] == -12_500
        assert sorted(line.state for line in bank_lines(who)) == [MATCHED, "unexpected"]
        assert all(state_of(who, each).bank_line_id for each in (ONE, TWO))

    at_every_call(fault, ready, holds)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_look_that_is_killed_anywhere_is_made_again(fault: Fault) -> None:
    def ready(who: Signer) -> Callable[[], None]:
        imported(who, "camt053", DATA)
        report(who, ONE, is_looked_at=False)
        report(who, TWO, is_looked_at=False)
        return lambda: looked(who)

    def holds(who: Signer) -> None:
        assert (books(who)["in transit stripe"], books(who)["bank"]) == (0, -12_500)
        assert all(state_of(who, each).bank_line_id for each in (ONE, TWO))

    at_every_call(fault, ready, holds)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_decision_that_is_killed_anywhere_moves_the_difference_once(fault: Fault) -> None:
    def ready(who: Signer) -> Callable[[], None]:
        report(who, ONE)
        report(who, TWO)
        imported(who, "camt053", SHORT)
        return lambda: written_off(who)

    def holds(who: Signer) -> None:
        # A decision whose process ended after its journal is made; the next look takes the line from the open ones.
        looked(who)
        assert (books(who)["in transit stripe"], books(who)["fees"]) == (0, -1_020)
        assert [line.state for line in bank_lines(who)] == [MATCHED, MATCHED]

    at_every_call(fault, ready, holds)
