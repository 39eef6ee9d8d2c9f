"""Many writers on the deployed template: whatever is acknowledged is in the ledger once, and nothing else is."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from paycorex.ledger import lane_counts
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.e2e.deployed import Deployed
from tests.support.world import Signer

THREADS = 8
PAYMENTS = 400
WALLETS = 40
# A client's patience: the same key again until something else than 503 is answered.
MAX_TRIES = 12


@pytest.mark.parametrize("lanes", [1, 8])
def test_every_acknowledged_payment_is_in_the_ledger_once(
    deployed: Deployed, lanes: int, record_property: Callable[[str, object], None]
) -> None:
    """8 threads, one merchant, 400 payments of 1.00 to 30.00 from 40 wallets of 150.00: some must be refused, none may overdraw."""
    merchant = deployed.register()
    _spread(deployed, merchant, lanes)
    with ThreadPoolExecutor(THREADS) as pool:
        wallets = list(pool.map(lambda number: deployed.wallet(merchant, f"user-{number}", "150"), range(WALLETS)))
        busy: Counter[int] = Counter()
        lock = threading.Lock()

        def pay(number: int) -> tuple[int, int, str]:
            amount = number % 30 + 1
            status = _pay(deployed, merchant, wallets[number % WALLETS], amount, f"{lanes}-{number}", busy, lock)
            return status, amount, wallets[number % WALLETS]

        outcomes = list(pool.map(pay, range(PAYMENTS)))
    assert Counter(status for status, _, _ in outcomes).keys() <= {201, 402}
    paid = sum(amount for status, amount, _ in outcomes if status == 201)
    held = 0
    for wallet in wallets:
        balance = deployed.call(merchant, "GET", f"/v1/wallet/{wallet}").body["balance"]
        assert not balance.startswith("-")
        held += int(balance.replace(".", ""))
    assert held == (WALLETS * 150 - paid) * 100
    with deployed.reading_tables():
        report = Verifier(at_rest=False).run(every_source())
    assert report.sound, report.findings[:5]
    declined = sum(status == 402 for status, _, _ in outcomes)
    retried = f"retried {busy[503]} answers of 503 and {busy[0]} requests without an answer"
    record_property("figures", f"lanes {lanes}: {PAYMENTS - declined} paid, {declined} declined; {retried}")


def _spread(deployed: Deployed, merchant: Signer, lanes: int) -> None:
    """Open so many lanes, as conflicts would have done, and bound them there."""
    changed = deployed.call(merchant, "PATCH", "/v1/merchants/me", {"ledger_lanes": lanes})
    assert changed.status == 200, changed.raw
    with deployed.reading_tables():
        while (counts := lane_counts.read(merchant.merchant_id)).open < lanes:
            lane_counts.grow(merchant.merchant_id, counts)


def _pay(deployed: Deployed, merchant: Signer, wallet: str, amount: int, key: str, busy: Counter[int], lock: threading.Lock) -> int:
    body = {"amount": amount, "method": "wallet", "wallet_id": wallet}
    for _ in range(MAX_TRIES):
        try:
            reply = deployed.call(merchant, "POST", "/v1/payments/create", body, key=key)
        except TimeoutError:
            status = 0  # no answer at all: the outcome is unknown, and the same key finds it out
        else:
            status = reply.status
            if status != 503:
                return status
        with lock:
            busy[status] += 1
    raise AssertionError(f"{key} had no outcome in {MAX_TRIES} tries")
