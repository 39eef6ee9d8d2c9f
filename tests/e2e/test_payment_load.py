"""Mixed payments by every method through failing providers on the deployed template; the same with calls doubled and functions killed.

`make test` runs a small number, and the janitor's last looks are taken by this process, whose clock is ahead. LOAD_PAYMENTS=1000 is the
number to be shown; with LOAD_REAL_TIME=1 only the deployed janitor works, and all waits are real (a quarter of an hour).
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock
from payments import janitor
from payments.payment.outcomes import LATE_LOOK_SECONDS
from tests.e2e import deployed_load
from tests.e2e.deployed import Deployed
from tests.e2e.deployed_load import DeployedApi, Killer
from tests.e2e.test_ledger_verify import verify
from tests.scenarios import payment_load_end as end
from tests.scenarios.payment_load import NETWORK, Shop
from tests.support import payment_books

PAYMENTS = int(os.environ.get("LOAD_PAYMENTS", "40"))
PER_SECOND = float(os.environ.get("LOAD_PER_SECOND", "50"))
REAL_TIME = os.environ.get("LOAD_REAL_TIME") == "1"
PAYMENTS_PER_KILL = 10
PATIENCE_SECONDS = 1800
BLOCKS_TO_FINALITY = 40
# The duration of a run depends on the machine, so it has no limit.
pytestmark = pytest.mark.timeout(3 * PATIENCE_SECONDS)


def test_mixed_payments_through_failing_providers_all_end(deployed: Deployed, record_property: Callable[[str, object], None]) -> None:
    api = DeployedApi(deployed)
    shop = Shop(api, deployed.register(), seed=1)
    shop.open()
    rate = deployed_load.run(shop.pay, PAYMENTS, PER_SECOND)
    ended = settle(deployed, shop)
    record_property("figures", f"{PAYMENTS} payments at {rate:.1f} a second. {api.report()}. {dict(sorted(ended.items()))}")


def test_the_same_with_calls_doubled_and_functions_killed(deployed: Deployed, record_property: Callable[[str, object], None]) -> None:
    """Acceptance 75: kill -9 hits function processes at random while clients ask again with the same key."""
    api = DeployedApi(deployed, twins=0.1)
    shop = Shop(api, deployed.register(), seed=2, repeats=0.1)
    shop.open()
    killer = Killer(deployed, PAYMENTS_PER_KILL)

    def pay(number: int) -> None:
        killer.strike()
        shop.pay(number)

    rate = deployed_load.run(pay, PAYMENTS, PER_SECOND)
    ended = settle(deployed, shop)
    assert killer.killed.total() > 0
    load = f"{PAYMENTS} payments at {rate:.1f} a second, killed {dict(killer.killed)}"
    record_property("figures", f"{load}. {api.report()}. {dict(sorted(ended.items()))}")


def settle(deployed: Deployed, shop: Shop) -> Counter[str]:
    """To the end of every payment, and what must hold there. How they ended."""
    pay_by_chain(deployed, shop)
    until_decided(deployed, shop)
    shop.decide_late()
    # Those who were never answered may only now make what was asked for, and that ends as everything else.
    shop.ask_again()
    until_decided(deployed, shop)
    with deployed.acting_as("PaymentsJanitorFunction"):
        ended = end.check(shop)
    books = verify(deployed)
    assert books.returncode == 0, books.stdout + books.stderr
    assert "the money adds up" in books.stdout
    assert sum(ended.values()) >= PAYMENTS * 0.9, ended
    return ended


def pay_by_chain(deployed: Deployed, shop: Shop) -> None:
    """Payers send coins, where a chain is there; else crypto goes unpaid."""
    node = deployed.chain
    if node is None:
        return
    payer = node.rpc("eth_accounts")[0]
    deployed.invoke("CryptoScannerEthereumFunction", {"network": NETWORK})

    def send(payment: dict[str, Any], units: int) -> None:
        node.rpc("eth_sendTransaction", {"from": payer, "to": payment["next_action"]["address"], "value": hex(units)})

    paid = shop.pay_crypto(send)
    time.sleep(2)  # a block is made every second
    node.rpc("anvil_mine", hex(BLOCKS_TO_FINALITY))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while paid and not any(shown["method"] == "crypto" and shown["status"] == "success" for shown in shop.shown()):
        assert time.monotonic() < deadline
        deployed.invoke("CryptoScannerEthereumFunction", {"network": NETWORK})


def until_decided(deployed: Deployed, shop: Shop) -> None:
    """The janitor's ticks, each of them twice at once, until nothing is left to decide; then the looks for money that is late."""
    deadline, ahead = time.monotonic() + PATIENCE_SECONDS, 0.0
    watched_until = None
    with deployed.acting_as("PaymentsJanitorFunction"):
        while True:
            assert time.monotonic() < deadline, payment_books.undecided(shop.who.merchant_id)
            deployed.invoke("PaymentsJanitorFunction", times=2)
            if REAL_TIME:
                time.sleep(5)
            else:
                ahead += 150
                look_from_the_future(ahead)
            now = time.monotonic() + ahead
            if not payment_books.undecided(shop.who.merchant_id):
                watched_until = watched_until or now + 2 * LATE_LOOK_SECONDS
                if now >= watched_until:
                    return


def look_from_the_future(seconds: float) -> None:
    """A tick of the janitor in this process, whose clock is ahead, and with it the time of the blocks that were scanned."""
    find = cursor_store.find

    def find_ahead(network: str) -> CursorItem | None:
        cursor = find(network)
        if cursor is not None and cursor.block_time is not None:
            cursor.block_time += int(seconds * 1000)
        return cursor

    clock.use(lambda: time.time() + seconds)
    try:
        with patch.object(cursor_store, "find", find_ahead):
            janitor.run(may_go_on=lambda: True)
    finally:
        clock.use(None)
