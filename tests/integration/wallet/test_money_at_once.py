"""Money under contention: many execution environments, one wallet, one payment, one ledger."""

import random
from collections import Counter
from functools import partial
from typing import Any

import pytest

from paycorex.cli import main
from tests.support.environments import run_at_once
from tests.support.gateway import Reply
from tests.support.world import Signer, World


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def insist(world: World, signer: Signer, target: str, fields: dict[str, Any], key: str) -> Reply:
    """What a careful client does: the same key again while the answer asks it to wait."""
    while True:
        reply = world.call(signer, "POST", target, fields, key=key)
        assert reply.status != 500, reply.raw
        if reply.status != 503:
            return reply


def balance(world: World, signer: Signer, user_id: str = "asha") -> str:
    shown: str = world.call(signer, "GET", f"/v1/wallet?user_id={user_id}").body["data"][0]["balance"]
    return shown


def entries(world: World, entity: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [item for item in world.dump()["test-ledgers"] if f"#{entity}#" in item["account"]["S"]]
    return found


def verify() -> None:
    assert main(["ledger", "verify", "--segments", "2", "--at-rest"]) == 0


@pytest.mark.parametrize("lanes", [1, 8])
def test_a_wallet_pays_out_what_it_holds_and_not_a_paisa_more(world: World, payer: Signer, lanes: int) -> None:
    """1,000.00 and fifty payments of 100.00 at once: ten succeed, forty are declined, nothing is left (acceptance 42)."""
    world.spread(payer, lanes)
    fields = {"amount": "100.00", "method": "wallet", "user_id": "asha"}
    tasks = [partial(insist, world, payer, "/v1/payments/create", fields, f"pay-{number}") for number in range(50)]
    outcomes = Counter((reply.status, reply.code) for reply in run_at_once(world, tasks))
    assert outcomes == {(201, None): 10, (402, "insufficient_funds"): 40}
    assert balance(world, payer) == "0.00"
    wallet = entries(world, "wallet")
    assert [int(entry["balance"]["N"]) for entry in wallet] == [100_000 - 10_000 * number for number in range(11)]
    assert len(entries(world, "merchant")) == 10
    verify()


def test_a_payment_is_refunded_once_however_many_ask(world: World, payer: Signer) -> None:
    """Full refunds of 500 payments, each asked for twice at once: 500 succeed, 500 do not (acceptance 43)."""
    world.call(payer, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "100000.00"})
    payments = [world.pay(payer, "asha", "10.00").body["payment_id"] for _ in range(500)]
    tasks = [
        partial(insist, world, payer, "/v1/payments/refund", {"payment_id": payment}, f"{payment}-{twin}")
        for payment in payments
        for twin in "ab"
    ]
    replies = run_at_once(world, tasks, environments=4)
    outcomes = Counter((reply.status, reply.code) for reply in replies)
    assert outcomes == {(201, None): 500, (422, "refund_exceeds_payment"): 500}
    for first, second in zip(replies[::2], replies[1::2], strict=True):
        assert {first.status, second.status} == {201, 422}
    assert balance(world, payer) == "101000.00"
    verify()


def test_partial_refunds_never_exceed_the_payment(world: World, payer: Signer) -> None:
    """Three times 40 %, at once: two succeed (acceptance 43)."""
    for number in range(20):
        paid = world.pay(payer, "asha", "10.00").body["payment_id"]
        fields = {"payment_id": paid, "amount": "4.00"}
        tasks = [partial(insist, world, payer, "/v1/payments/refund", fields, f"{number}-{twin}") for twin in range(3)]
        outcomes = Counter(reply.status for reply in run_at_once(world, tasks))
        assert outcomes == {201: 2, 422: 1}
        shown = world.call(payer, "GET", f"/v1/payments/{paid}").body
        assert (shown["amount_refunded"], shown["refund_status"]) == ("8.00", "partial")
    assert balance(world, payer) == "960.00"
    verify()


def test_money_moving_every_way_at_once_adds_up(world: World, merchant: Signer) -> None:
    """Top-ups, payments and refunds of four users from eight environments: the same totals as one after another."""
    dice = random.Random(7)
    users = [f"user{number}" for number in range(4)]
    for user in users:
        world.wallet(merchant, user, "500.00")
    paid = [world.pay(merchant, user, "50.00").body["payment_id"] for user in users for _ in range(3)]
    tasks = []
    for number in range(200):
        kind, user = dice.choice(["topup", "pay", "pay", "refund"]), dice.choice(users)
        if kind == "refund":
            target, fields = "/v1/payments/refund", {"payment_id": dice.choice(paid), "amount": "7.00"}
        else:
            target, fields = f"/v1/wallet/{kind}", {"user_id": user, "amount": f"{dice.randrange(1, 90)}.00"}
        tasks.append(partial(insist, world, merchant, target, fields, f"mixed-{number}"))
    replies = run_at_once(world, tasks)
    assert {reply.status for reply in replies} <= {201, 402, 422}
    verify()
    shown = [balance(world, merchant, user) for user in users]
    in_wallets = sum(int(amount.replace(".", "")) for amount in shown)
    newest = {entry["account"]["S"]: int(entry["balance"]["N"]) for entry in world.dump()["test-ledgers"]}
    assert in_wallets == sum(amount for account, amount in newest.items() if "#wallet#" in account)
    assert sum(newest.values()) == 0
