"""A business week and two days on the deployed template, in one jump: what was begun before has come to its end after."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from local import build, deploy, time_machine
from local.emulator import start_emulator
from paycorex import clock
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.e2e.conftest import PARAMETERS
from tests.e2e.deployed import Deployed
from tests.e2e.test_payment_methods import card
from tests.support import payments as support
from tests.support.world import Signer

DAY = 86_400
JUMP_DAYS = 9
JUMP_SECONDS = JUMP_DAYS * DAY
# The card whose payment is disputed at once, and one whose amount says that its payer never pays.
DISPUTED, NEVER_PAID = "4000000000000259", "12.01"


@pytest.fixture(scope="module")
def moved() -> Iterator[Deployed]:
    """A stack of its own, whose clock no other test lives by; payouts come by days."""
    build.build()
    with start_emulator() as emulator:
        yield Deployed(emulator, deploy.deploy(emulator, "moved", {**PARAMETERS, "WholeSandboxDays": "true"}))


def made(deployed: Deployed, who: Signer, **order: Any) -> dict[str, Any]:
    answer = deployed.call(who, "POST", "/v1/payments/create", order)
    assert answer.status == 201, answer.raw
    payment: dict[str, Any] = answer.body
    return payment


def found(deployed: Deployed, who: Signer, payment: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = deployed.call(who, "GET", f"/v1/payments/{payment['payment_id']}").body
    return shown


def test_a_jump_of_days_ends_holds_and_links_decides_disputes_pays_out_and_ages_keys(moved: Deployed) -> None:
    who = moved.register()
    moved.wallet(who, "asha", "1000.00")
    by_wallet = made(moved, who, amount="100.00", method="wallet", user_id="asha", capture_method="manual")
    by_card = made(moved, who, **card(moved, who, support.APPROVE) | {"capture_method": "manual"})
    link = made(moved, who, amount=NEVER_PAID, method="upi_intent")
    paid = made(moved, who, **card(moved, who, support.APPROVE))
    disputed = made(moved, who, **card(moved, who, DISPUTED))
    rotated = moved.call(who, "POST", "/v1/merchants/apikey", {"overlap_seconds": DAY}).body
    fresh = Signer(rotated["api_key"], rotated["secret"], who.merchant_id, rotated["key_id"], rotated)
    assert [one["status"] for one in (by_wallet, by_card)] == ["authorized", "authorized"]

    began = time.monotonic()
    ask = time_machine.asking(moved.emulator.url)
    before = time_machine.clock_of(ask)["now"]
    assert time_machine.advance(ask, JUMP_SECONDS) > JUMP_DAYS
    now_ms = time_machine.clock_of(ask)["now"] * 1000
    assert now_ms / 1000 - before >= JUMP_SECONDS
    print(f"{JUMP_DAYS} days in {time.monotonic() - began:.1f} s")

    # Its overlap is over by the platform's clock, though the signature's time is this machine's.
    assert moved.call(who, "GET", "/v1/merchants/me").status == 401
    for payment in (by_wallet, by_card):
        assert found(moved, fresh, payment)["authorization"]["status"] == "expired"
    assert (found(moved, fresh, link)["status"], found(moved, fresh, link)["failure_code"]) == ("failed", "expired")
    (dispute,) = moved.call(fresh, "GET", f"/v1/disputes?payment_id={disputed['payment_id']}").body["data"]
    assert dispute["status"] == "lost"
    settlements = moved.call(fresh, "GET", "/v1/settlements").body["data"]
    # The sandbox's bank writes its statements meanwhile, so that the older payouts are in the bank as well.
    assert {one["state"] for one in settlements} <= {"booked", "reconciled"}
    assert settlements
    assert found(moved, fresh, paid)["status"] == "success"
    # What is made now is of the moved time, and comes after.
    later = made(moved, fresh, amount="10.00", method="wallet", user_id="asha")
    assert abs(clock.parse_rfc3339(later["created_at"]) - now_ms) < 600_000
    clock.move(time_machine.clock_of(ask)["ahead_seconds"])
    try:
        with moved.reading_tables():
            assert Verifier(segments=1, at_rest=False).run(every_source()).findings == []
    finally:
        clock.move(0.0)
