"""The sandbox's report against our books: each documented card is found as what it is, nothing else is, and every amount has a name."""

from paycorex import clock, reconciliation_accounts, storage
from paycorex.ledger import Account
from paycorex.records.reconciliation_item import ReconciliationItem
from settlements.matching import working
from settlements.matching.states import State
from settlements.sources import asked, pulling
from tests.support import payments as support
from tests.support.world import Signer, World

NEVER, SHORT, DEARER, TWICE, STRANGER, LATE = (f"4000000000009{end}" for end in ("300", "409", "508", "607", "706", "805"))
# What our side says of a payment with the card, when all reports are there and due.
OURS = {
    support.APPROVE: State.MATCHED,
    NEVER: State.MISSING,
    SHORT: State.AMOUNT_DIFFERS,
    DEARER: State.MATCHED,
    TWICE: State.MATCHED,
    STRANGER: State.MATCHED,
    LATE: State.MATCHED,
}


def fetch(who: Signer, name: str) -> None:
    item = asked.import_of(who.merchant_id, "sandbox", 0, clock.now_ms(), name)
    assert pulling.read_slice(item, lambda: True).status == "done"


def test_each_documented_card_is_found_as_what_it_is(world: World, merchant: Signer) -> None:
    reconciliation_accounts.note([Account.clearing(merchant.merchant_id, "sandbox", "INR").key])
    paid = {support.charge(world, merchant, card, "100.00").body["payment_id"]: card for card in OURS}
    world.clock.now += 240
    fetch(merchant, "first")
    assert working.run(merchant.merchant_id).is_proved
    fetch(merchant, "again")
    world.clock.now += 7 * 86_400
    assert working.run(merchant.merchant_id).is_proved
    items = list(storage.scan_all(ReconciliationItem))
    ours = {str(item.payment_id): item for item in items if item.side == "ours"}
    assert {paid[name]: item.state for name, item in ours.items()} == OURS
    theirs = sorted((item.state, int(item.reported)) for item in items if item.side == "provider" and item.state != State.MATCHED)
    assert theirs == [(State.DUPLICATE, 10_000), (State.UNEXPECTED, 12_300)]
    short, never = (next(item for item in ours.values() if paid[str(item.payment_id)] == card) for card in (SHORT, NEVER))
    assert (int(short.booked) - int(short.reported), int(never.booked) - int(never.reported)) == (100, 10_000)
