"""Ten thousand mixed transactions, then the books are verified and the dashboard's totals are the ledger's sums (acceptance 54)."""

import random

from tests.support import rollups
from tests.support.payments import findings
from tests.support.world import World

TRANSACTIONS = 10_000


def test_after_ten_thousand_transactions_the_books_verify_and_the_totals_are_the_ledgers() -> None:
    dice = random.Random(54)
    with World(seed=54).running() as world:
        who = world.register()
        world.spread(who, 4)
        wallet = world.wallet(who, "asha", "500000.00")
        paid: list[str] = []
        for number in range(TRANSACTIONS):
            kind = dice.choices(("pay", "refund", "topup", "overdraw"), (70, 15, 10, 5))[0]
            if kind == "refund" and paid:
                world.call(who, "POST", "/v1/payments/refund", {"payment_id": dice.choice(paid), "amount": "0.37"})
            elif kind == "topup":
                world.call(who, "POST", "/v1/wallet/topup", {"wallet_id": wallet, "amount": "3.33"})
            else:
                made = world.pay(who, "asha", "9999999.00" if kind == "overdraw" else f"{dice.randrange(100, 5000) / 100:.2f}")
                paid += [made.body["payment_id"]] if made.status == 201 else []
            if number % 500 == 0:
                rollups.roll(rollups.stream(world))
                world.clock.now += 40_000
        rollups.roll(rollups.stream(world))
        assert findings() == []
        rollups.agree(world, who, 1_799_900_000_000, int(world.clock.now * 1000))
        shown = rollups.show(world, who, **{"from": "2026-12-31T00:00:00Z"})
        total = rollups.entries(world, who.merchant_id, "INR")
        assert int(shown["volume"].replace(".", "")) == sum(entry.credit for entry in total)
        assert int(shown["refunds"]["amount"].replace(".", "")) == sum(entry.debit for entry in total)
        assert shown["net"] == shown["balance"] == rollups.balance(world, who)
