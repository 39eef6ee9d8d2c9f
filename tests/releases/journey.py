"""What clients do in one version, and must find, and can go on with, in the other."""

from collections.abc import Iterator
from typing import Any

from paycorex import storage
from paycorex.ledger import lane_counts, lanes
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.releases.state import Shop
from tests.support import crypto, payment_books, proofs, rollups
from tests.support import payments as support
from tests.support.engine import Engine
from tests.support.gateway import Reply
from tests.support.webhooks import URL
from tests.support.world import World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

LIMIT = 100
CARDS = {
    "card": support.APPROVE,
    "declined card": support.DECLINE,
    "slow card": support.PENDING,
    "lost card": support.TIMEOUT_LOST,
    "card behind a timeout": support.TIMEOUT_APPROVED,
    "confirmed card": support.REDIRECT,
    "card whose refund waits": support.REFUND_PENDING,
}
_LISTS = (
    "payments?limit=100",
    "events?limit=100",
    "tokens?user_id=asha&limit=100",
    "wallet?user_id=asha",
    "webhooks/provider",
    "webhooks/deliveries?limit=100",
    "merchants/me",
    "merchants/apikeys",
    "crypto/addresses",
    "crypto/transactions",
    "dashboard/ledgers",
    "dashboard/stats?from=2027-01-15T00:00:00Z&to=2027-01-16T00:00:00Z",
)
# What may differ between two looks at the same thing: a key's last use, and times that count from now.
_MOVING = frozenset({"last_used_at", "request_id", "next_cursor", "generated_at", "as_of", "effective_at", "ledger_lanes_effective_at"})
# What the two versions show otherwise on purpose: how many lanes a merchant has was a setting (1), and is the most it may have (64).
_REDEFINED = frozenset({"ledger_lanes"})


class ChangedError(AssertionError):
    """The other version shows something else."""


def begin(world: World) -> list[Shop]:
    """Two shops that use everything, stopped in the middle: streams unread, messages unsent, payments undecided."""
    engine = Engine(world)
    first, second = Shop(world.register("First")), Shop(world.register("Second"))
    for shop in (first, second):
        fields = {"connectors": {"sandbox": {"webhook_secret": "a-secret"}}, "xpubs": {"ethereum": str(account_key(JUNK))}}
        support.settings(world, shop.who, **fields if shop is first else {"connectors": fields["connectors"]})
        _ok(world.call(shop.who, "POST", "/v1/webhooks/provider", {"url": URL, "events": ["*"]}))
        world.wallet(shop.who, "asha", "500.00")
        _pay(world, shop, "half of it")
    with engine.online():
        engine.settle()
    proofs.seal(world)
    for shop in (first, second):
        _pay(world, shop, "the rest")
    monitor = crypto.Monitor(world, first.who)
    coins = crypto.pay_by_crypto(world, first.who, key="coins")
    first.payments["coins"] = coins["payment_id"]
    monitor.found(coins, 10**17)
    monitor.deliver()
    engine.dispatch()
    _remember(world, first)
    _remember(world, second)
    return [first, second]


def look(world: World, shops: list[Shop]) -> None:
    """Everything is there as it was. Raises ChangedError."""
    for shop in shops:
        for path, wanted in shop.answers.items():
            found = _ok(world.call(shop.who, "GET", path)).body
            for difference in _differences(wanted, found, path):
                raise ChangedError(difference)
        for key, (payment_id, body) in shop.requests.items():
            again = world.call(shop.who, "POST", "/v1/payments/create", body, key=key)
            if _payment_id(again) != payment_id:
                raise ChangedError(f"{key}: sent again, it is another payment: {again.raw!r}")
    assert support.findings() == []


def go_on(world: World, shops: list[Shop], streams: dict[str, list[dict[str, Any]]]) -> None:
    """Read what waits, decide what is undecided, refund, pay again: the books hold, and the shops remember what they see now."""
    engine = Engine(world)
    engine.hand_over(streams)
    with engine.online():
        rollups.roll([record for noun in rollups.STREAMS for record in streams[noun]])
        _confirm_coins(world, shops[0], streams["crypto_transactions"])
        _settle(world, shops)
        for shop in shops:
            for name in ("wallet half of it", "card half of it", "card whose refund waits the rest"):
                refund = {"payment_id": shop.payments[name], "amount": "1.00"}
                _ok(world.call(shop.who, "POST", "/v1/payments/refund", refund, key=f"refund {name} {world.clock.now}"))
            _pay(world, shop, f"again at {world.clock.now}")
            _pay_on_more_lanes(world, shop)
        _settle(world, shops)
        engine.pass_time(3600)
    assert engine.internet.received, "no webhook was sent"
    proofs.seal(world)
    for shop in shops:
        proofs.proof(world, shop.who, shop.payments["wallet half of it"])
        assert payment_books.disagreements(shop.who.merchant_id, at_rest=True) == []
        _remember(world, shop)
    assert (support.findings(), support.charged_twice()) == ([], [])


def _pay(world: World, shop: Shop, when: str) -> None:
    _create(world, shop, f"wallet {when}", {"amount": "20.00", "method": "wallet", "user_id": "asha"})
    _create(world, shop, f"poor wallet {when}", {"amount": "90000.00", "method": "wallet", "user_id": "asha"})
    _create(world, shop, f"upi {when}", {"amount": "30.00", "method": "upi_intent"})
    for name, number in CARDS.items():
        card = support.token(world, shop.who, number)
        _create(world, shop, f"{name} {when}", {"amount": "10.00", "method": "tokenized", "token_id": card})


def _pay_on_more_lanes(world: World, shop: Shop) -> None:
    """The ledger opens more lanes, and books on the last one: the other version must find it."""
    opened = lane_counts.grow(shop.who.merchant_id, lane_counts.read(shop.who.merchant_id)).open
    lanes._counts.put(shop.who.merchant_id, opened)
    lanes._choice.put(shop.who.merchant_id, opened - 1)
    body = {"amount": "20.00", "method": "wallet", "user_id": "asha"}
    _create(world, shop, f"wallet on lane {opened - 1} at {world.clock.now}", body)


def _create(world: World, shop: Shop, name: str, body: dict[str, Any]) -> None:
    reply = world.call(shop.who, "POST", "/v1/payments/create", body, key=name)
    assert reply.status < 500, reply.raw
    shop.payments[name] = _payment_id(reply)
    shop.requests[name] = (shop.payments[name], body)


def _payment_id(reply: Reply) -> str:
    """The payment that an answer is about; a refusal names it in its details."""
    content = reply.body.get("error", {}).get("details", {}).get("payment") or reply.body
    payment_id: str = content["payment_id"]
    return payment_id


def _confirm_coins(world: World, shop: Shop, records: list[dict[str, Any]]) -> None:
    monitor = crypto.Monitor(world, shop.who)
    monitor.deliver(records)
    for item in list(storage.scan_all(CryptoTransactionItem)):
        if item.status == "detected":
            monitor.rows[item.tx_hash] = item
            monitor.becomes(item.tx_hash, "confirmed")
    assert monitor.deliver() == {"batchItemFailures": []}


def _settle(world: World, shops: list[Shop]) -> None:
    for _ in range(LIMIT):
        support.tick(world, after_seconds=180)
        if not any(payment_books.undecided(shop.who.merchant_id) for shop in shops):
            return
    raise AssertionError(f"still undecided: {[payment_books.undecided(shop.who.merchant_id) for shop in shops]}")


def _remember(world: World, shop: Shop) -> None:
    """Every answer that a client can ask for, to compare it with the other version's."""
    paths = [f"/v1/{name}" for name in _LISTS]
    paths += [f"/v1/payments/{payment_id}{part}" for payment_id in shop.payments.values() for part in ("", "/refunds")]
    shop.answers = {path: _ok(world.call(shop.who, "GET", path)).body for path in paths}
    for name in _REDEFINED:
        del shop.answers["/v1/merchants/me"][name]


def _differences(wanted: Any, found: Any, place: str) -> Iterator[str]:
    """What one version shows and the other not, or otherwise. A field that only one of them knows is no difference."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in (wanted.keys() & found.keys()) - _MOVING - _REDEFINED:
            yield from _differences(wanted[name], found[name], f"{place}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif wanted != found:
        yield f"{place}: {wanted!r} became {found!r}"


def _ok(reply: Reply) -> Reply:
    assert reply.status < 300, reply.raw
    return reply
