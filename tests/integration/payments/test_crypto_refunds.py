"""Crypto refunds: a transaction that the merchant signs, and books that move when the chain says that it paid."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.chain_contracts import runtime_code
from paycorex.evm import networks
from tests.fakes import rpc_proxy
from tests.fakes.rpc_proxy import RpcProxy
from tests.support.chain import TestChain, chain_running, use_chain
from tests.support.chain import tick as monitor_tick
from tests.support.crypto import Books, Monitor, books_of, expected_units, merchant_with_key, pay_by_crypto
from tests.support.gateway import Reply
from tests.support.payments import show, tick
from tests.support.world import Signer, World

THOUSAND = 100_000
PAYER = "0x52908400098527886E0F7030069857D2E4169EE7"
WEEK = 7 * 24 * 3600
FLOOR = networks.ETHEREUM.confirmations


@pytest.fixture
def who(world: World) -> Signer:
    return merchant_with_key(world)


@pytest.fixture
def chain(world: World) -> Iterator[TestChain]:
    with chain_running(networks.ETHEREUM) as chain:
        use_chain(world, chain)
        yield chain


@pytest.fixture
def paid(world: World, who: Signer) -> dict[str, Any]:
    """A payment of 1,000 rupees that was settled by 0.005 ETH."""
    payment = pay_by_crypto(world, who)
    Monitor(world, who).pays(payment, expected_units(payment))
    return payment


def refund(world: World, who: Signer, payment: dict[str, Any], **fields: Any) -> Reply:
    body = {"payment_id": payment["payment_id"], "refund_address": PAYER} | fields
    return world.call(who, "POST", "/v1/payments/refund", {name: value for name, value in body.items() if value is not None})


def say_sent(world: World, who: Signer, refund_id: str, tx_hash: str, **more: Any) -> Reply:
    return world.call(who, "POST", f"/v1/refunds/{refund_id}/sent", {"tx_hash": tx_hash}, **more)


def sign(chain: TestChain, action: dict[str, Any]) -> str:
    """What the merchant's wallet does with the unsigned transaction."""
    unsigned = action["transaction"]
    assert unsigned["chainId"] == chain.network.chain_id
    return chain.send(unsigned["to"].lower(), int(unsigned["value"], 16), data=unsigned["data"], payer=7)


def test_a_refund_is_a_transaction_to_sign_and_is_booked_when_it_is_deep_enough(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any]
) -> None:
    made = refund(world, who, paid, amount="400.00")
    assert (made.status, made.body["status"]) == (201, "pending")
    action = made.body["next_action"]
    assert action["crypto_uri"] == f"ethereum:{PAYER}@1?value={2 * 10**15}"
    assert action["transaction"] == {"chainId": 1, "to": PAYER, "value": hex(2 * 10**15), "data": "0x"}
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    tx_hash = sign(chain, action)
    chain.mine(2)
    said = say_sent(world, who, made.body["refund_id"], tx_hash, key="k")
    assert (said.status, said.body["status"], said.body["provider_reference"]) == (200, "processing", tx_hash)
    assert say_sent(world, who, made.body["refund_id"], tx_hash, key="k").headers["idempotent-replayed"] == "true"
    tick(world, after_seconds=120)
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    chain.mine(FLOOR)
    tick(world, after_seconds=3_700)
    assert books_of(who) == Books(60_000, 0, -60_000)
    after = show(world, who, paid["payment_id"])
    assert (after["refund_status"], after["amount_refunded"]) == ("partial", "400.00")


def test_a_refund_that_is_final_already_is_booked_at_once(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    made = refund(world, who, paid).body
    tx_hash = sign(chain, made["next_action"])
    chain.mine(FLOOR)
    assert say_sent(world, who, made["refund_id"], tx_hash).body["status"] == "success"
    assert books_of(who) == Books(0, 0, 0)
    again = say_sent(world, who, made["refund_id"], tx_hash)
    assert (again.status, again.code) == (409, "invalid_state")
    assert refund(world, who, paid).code == "refund_exceeds_payment"


def test_held_tokens_go_back_as_the_very_units_that_came(world: World, who: Signer, chain: TestChain) -> None:
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 10**9, 7)
    payment = pay_by_crypto(world, who)
    Monitor(world, who).pays(payment, 5_123_456, asset="USDC")
    made = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", {"action": "refund", "refund_address": PAYER})
    assert made.status == 201, made.raw
    assert made.body["next_action"]["crypto_amount"] == "5.123456"
    tx_hash = sign(chain, made.body["next_action"])
    chain.mine(FLOOR)
    assert say_sent(world, who, made.body["refund_id"], tx_hash).body["status"] == "success"
    assert books_of(who) == Books(0, 0, 0)


def test_what_does_not_pay_the_refund_is_refused_and_changes_nothing(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any]
) -> None:
    """Too little, to somebody else, reverted, unknown, no hash at all; and another merchant finds no such refund."""
    made = refund(world, who, paid).body
    too_little = chain.send(PAYER.lower(), 5 * 10**15 - 1)
    elsewhere = chain.send("0x" + "99" * 20, 5 * 10**15)
    chain.mine(FLOOR)
    chain.rpc("anvil_setCode", PAYER, runtime_code("Reverter"))
    reverted = chain.send(PAYER.lower(), 5 * 10**15)
    chain.mine(FLOOR)
    before = world.dump()["test-refunds"]
    for tx_hash in (too_little, elsewhere, reverted, "0x" + "77" * 32, "0x12"):
        refused = say_sent(world, who, made["refund_id"], tx_hash)
        assert (refused.status, refused.code) == (400, "invalid_request")
    assert world.dump()["test-refunds"] == before
    assert say_sent(world, merchant_with_key(world), made["refund_id"], elsewhere).status == 404


def test_a_refund_names_where_to(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    """It is never taken from history, which anybody can write into."""
    for address in (None, "vitalik.eth", "0x" + "0" * 40):
        refused = refund(world, who, paid, refund_address=address)
        assert (refused.status, refused.code) == (400, "invalid_request")
    assert world.dump()["test-refunds"] == []


def test_a_refund_that_is_never_sent_releases_its_amount(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    made = refund(world, who, paid).body
    assert refund(world, who, paid).code == "refund_exceeds_payment"
    tick(world, after_seconds=WEEK + 60)
    after = world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body
    assert (after["status"], after["failure_code"]) == ("failed", "not_sent")
    assert refund(world, who, paid).status == 201
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)


def shown(world: World, who: Signer, refund_id: str) -> dict[str, Any]:
    body: dict[str, Any] = world.call(who, "GET", f"/v1/refunds/{refund_id}").body
    return body


def test_a_transaction_pays_one_refund(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    """Two refunds of the same amount to the same address: the second one's transaction is another one."""
    first, second = (refund(world, who, paid, amount="400.00").body for _ in range(2))
    tx_hash = sign(chain, first["next_action"])
    assert say_sent(world, who, first["refund_id"], tx_hash).status == 200
    assert say_sent(world, who, first["refund_id"], tx_hash).status == 200, "said once more, it is the same refund's"
    before = world.dump()
    refused = say_sent(world, who, second["refund_id"], tx_hash)
    assert (refused.status, refused.code) == (400, "invalid_request")
    assert "another refund" in refused.body["error"]["message"]
    assert {name: rows for name, rows in world.dump().items() if "refunds" in name} == {n: r for n, r in before.items() if "refunds" in n}
    assert say_sent(world, who, second["refund_id"], sign(chain, second["next_action"])).status == 200
    chain.mine(FLOOR)
    tick(world, after_seconds=120)
    assert books_of(who) == Books(20_000, 0, -20_000)


def test_a_transaction_that_was_there_before_pays_no_refund(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    """The merchant paid that address once, long before there was anything to give back."""
    chain.mine(2)
    earlier = chain.send(PAYER.lower(), 5 * 10**15)
    chain.mine(FLOOR + 2)
    monitor_tick(chain)
    made = refund(world, who, paid).body
    refused = say_sent(world, who, made["refund_id"], earlier)
    assert (refused.status, refused.code) == (400, "invalid_request")
    tx_hash = sign(chain, made["next_action"])
    chain.mine(FLOOR)
    assert say_sent(world, who, made["refund_id"], tx_hash).body["status"] == "success"


def reported(world: World, who: Signer, chain: TestChain, payment: dict[str, Any]) -> tuple[str, str]:
    """A refund of the payment whose transaction waits to be mined."""
    made = refund(world, who, payment).body
    tx_hash = sign(chain, made["next_action"])
    assert say_sent(world, who, made["refund_id"], tx_hash).body["status"] == "processing"
    return made["refund_id"], tx_hash


@pytest.mark.parametrize("which", [0, 1])
def test_one_node_that_calls_a_refund_reverted_releases_nothing(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any], which: int
) -> None:
    refund_id, _ = reported(world, who, chain, paid)
    chain.mine(FLOOR)
    chain.proxies[which].lies.append(rpc_proxy.forged_receipt)
    tick(world, after_seconds=120)
    assert shown(world, who, refund_id)["status"] == "processing"
    chain.heal()
    tick(world, after_seconds=3_700)
    assert shown(world, who, refund_id)["status"] == "success"
    assert books_of(who) == Books(0, 0, 0)


def test_one_node_that_calls_a_refund_paid_books_nothing(world: World, who: Signer, chain: TestChain, paid: dict[str, Any]) -> None:
    refund_id, _ = reported(world, who, chain, paid)
    chain.rpc("anvil_setCode", PAYER, runtime_code("Reverter"))
    chain.mine(FLOOR)
    chain.proxies[0].lies.append(rpc_proxy.forged_receipt)
    tick(world, after_seconds=120)
    assert shown(world, who, refund_id)["status"] == "processing"
    chain.heal()
    tick(world, after_seconds=3_700)
    after = shown(world, who, refund_id)
    assert (after["status"], after["failure_code"]) == ("failed", "reverted")
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)


def test_a_refund_is_not_released_by_a_revert_that_a_reorganisation_may_undo(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any]
) -> None:
    """Reverted in the newest block, paid in the block that takes its place."""
    refund_id, tx_hash = reported(world, who, chain, paid)
    chain.rpc("anvil_setCode", PAYER, runtime_code("Reverter"))
    chain.mine()
    tick(world, after_seconds=120)
    assert shown(world, who, refund_id)["status"] == "processing"
    chain.rpc("anvil_reorg", 1, [])
    chain.rpc("anvil_setCode", PAYER, "0x")
    assert chain.send(PAYER.lower(), 5 * 10**15, payer=7) == tx_hash
    chain.mine(FLOOR)
    tick(world, after_seconds=3_700)
    assert shown(world, who, refund_id)["status"] == "success"


def test_a_refund_whose_transaction_never_comes_is_released_in_the_end(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any]
) -> None:
    refund_id, tx_hash = reported(world, who, chain, paid)
    chain.rpc("anvil_dropTransaction", tx_hash)
    tick(world, after_seconds=3_700)
    tick(world, after_seconds=WEEK + 60)
    assert shown(world, who, refund_id)["status"] == "processing"
    tick(world, after_seconds=WEEK)
    after = shown(world, who, refund_id)
    assert (after["status"], after["failure_code"]) == ("failed", "not_sent")
    assert refund(world, who, paid).status == 201


@pytest.mark.parametrize("stuck", [0, 1])
@pytest.mark.parametrize("lag", [1, 60])
def test_a_node_that_stands_still_does_not_keep_a_paid_refund_open(
    world: World, who: Signer, chain: TestChain, paid: dict[str, Any], stuck: int, lag: int
) -> None:
    """Of three nodes one has stopped importing, long ago or just before the refund: the other two are enough."""
    with RpcProxy(chain.node.url).running() as third:
        chain.proxies.append(third)
        use_chain(world, chain)
        chain.mine(100)
        refund_id, tx_hash = reported(world, who, chain, paid)
        chain.proxies[stuck].lies += [rpc_proxy.stale_head(chain.head() - lag), rpc_proxy.without_transaction(tx_hash)]
        chain.mine(2)
        tick(world, after_seconds=120)
        chain.mine(FLOOR)
        tick(world, after_seconds=3_700)
        assert shown(world, who, refund_id)["status"] == "success"
        assert books_of(who) == Books(0, 0, 0)
        chain.proxies.pop()
