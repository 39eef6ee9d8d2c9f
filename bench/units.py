"""Write and read units and items of each operation, warm, by DynamoDB's own arithmetic."""

import contextlib
import io
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from bench import table, unit_acts
from bench.metering import Meter, MeteredClient
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto
from tests.support.fees import charging
from tests.support.payments import collect
from tests.support.world import Signer, World

CARD = {"user_id": "user-1", "type": "card", "number": "4242424242424242", "expiry_month": 12, "expiry_year": 2031}
HEADERS = ("operation", "items", "write units", "+ on indexes", "read units", "requests", "KMS calls")


def measure() -> list[tuple[str, ...]]:
    """One row an operation."""
    world = World()
    rows: list[tuple[str, ...]] = []
    with world.running(), contextlib.redirect_stdout(io.StringIO()):
        logging.disable(logging.CRITICAL)
        try:
            metered = MeteredClient(world.dynamo)
            world.install(metered, world.kms, world.sqs)
            shop = world.register()
            wallet = world.wallet(shop, "user-1", "100000")
            rows += _measured(world, metered, _operations(world, shop, wallet))
            with unit_acts.of_the_library(world) as acts:
                rows += _measured(world, metered, acts)
        finally:
            logging.disable(logging.NOTSET)
    return rows


def _measured(world: World, metered: MeteredClient, acts: Iterable[unit_acts.Act]) -> list[tuple[str, ...]]:
    rows = []
    for name, act in acts:
        act()  # warms keys and heads
        metered.meter = Meter()
        before = sum(world.kms.calls.values())
        act()
        meter = metered.meter
        calls = sum(world.kms.calls.values()) - before
        requests = sum(meter.calls.values())
        shown = (meter.items_written, meter.write_units, meter.index_write_units, meter.read_units, requests, calls)
        rows.append((name, *(f"{value:g}" for value in shown)))
    return rows


def _operations(world: World, shop: Signer, wallet: str) -> list[tuple[str, Callable[[], Any]]]:
    def post(path: str, body: dict[str, Any], scheme: str = "v2", key: str | None = None) -> Any:
        world.clock.now += 1
        reply = world.call(shop, "POST", path, body, scheme=scheme, key=key and f"{key}-{world.clock.now}")
        assert reply.status in {200, 201, 402}, reply.raw
        return reply

    pay = {"amount": "10.00", "method": "wallet", "user_id": "user-1"}
    paid = post("/v1/payments/create", pay | {"amount": "5000"}).body["payment_id"]
    card = world.call(shop, "POST", "/v1/tokens/create", CARD).body["token_id"]
    by_card = {"amount": "10.00", "method": "tokenized", "token_id": card}
    charged = post("/v1/payments/create", by_card | {"amount": "5000"}).body["payment_id"]
    holder = merchant_with_key(world)
    ghost = {"user_id": "ghost", "amount": "10.00"}
    return [
        ("wallet payment, v1 without key", lambda: post("/v1/payments/create", pay, "v1")),
        ("wallet payment, v2 with key", lambda: post("/v1/payments/create", pay, "v2", "k")),
        ("wallet payment, v1 with key", lambda: post("/v1/payments/create", pay, "v1", "k")),
        ("wallet payment by wallet id", lambda: post("/v1/wallet/pay", {"amount": "10", "wallet_id": wallet})),
        ("wallet payment refused", lambda: post("/v1/payments/create", pay | {"amount": "999999"})),
        ("card payment (sandbox's books included)", lambda: post("/v1/payments/create", by_card)),
        ("UPI payment made (sandbox's books included)", lambda: post("/v1/payments/create", {"amount": "10.00", "method": "upi_intent"})),
        ("UPI payment paid (sandbox's books included)", _upi_payers(world, shop)),
        *unit_acts.of_holds(world, shop, post, pay, by_card),
        *unit_acts.of_fields(world, post),
        *unit_acts.of_disputes(world),
        ("crypto payment made", lambda: pay_by_crypto(world, holder, "10.00")),
        ("crypto payment settled (the monitor's records included)", _crypto_payers(world, holder)),
        ("card refund (sandbox's books included)", lambda: post("/v1/payments/refund", {"payment_id": charged, "amount": "1"})),
        *_fees(world, by_card),
        ("top-up", lambda: post("/v1/wallet/topup", {"amount": "10", "wallet_id": wallet})),
        ("refund", lambda: post("/v1/payments/refund", {"payment_id": paid, "amount": "1"})),
        ("refund at the wallet", lambda: post("/v1/wallet/refund", {"payment_id": paid, "amount": "1"})),
        ("wallet with balance", lambda: world.call(shop, "GET", f"/v1/wallet/{wallet}")),
        ("one payment", lambda: world.call(shop, "GET", f"/v1/payments/{paid}")),
        ("refusal under v1 (its signature's use)", lambda: world.call(shop, "POST", "/v1/wallet/topup", ghost, scheme="v1-ms")),
        ("the same refusal under v2", lambda: world.call(shop, "POST", "/v1/wallet/topup", ghost)),
        ("key rotation", lambda: world.call(shop, "POST", "/v1/merchants/apikey", {"overlap_seconds": 3600})),
    ]


def _fees(world: World, by_card: dict[str, Any]) -> list[tuple[str, Callable[[], Any]]]:
    """Fees of card payments that the merchant bears, and of its operator's plan: what each costs beside the payment."""
    merchant = world.register("Bearing")

    def pay() -> str:
        card = world.call(merchant, "POST", "/v1/tokens/create", CARD).body["token_id"]
        payment_id: str = world.call(merchant, "POST", "/v1/payments/create", by_card | {"token_id": card}).body["payment_id"]
        return payment_id

    charging(world, merchant, {"rates": [{"percent": "1", "tax_percent": "18"}]})
    world.call(merchant, "PATCH", "/v1/merchants/me", {"fee_bearer": "merchant"})
    world.restart()
    known, planned = [pay(), pay()], [pay(), pay()]
    corrected = list(known)
    return [
        ("provider's fee booked, with its tax", lambda: fee_books.book(known.pop(), KnownFee("provider", 20, 4, "INR"))),
        ("its correction by a report", lambda: fee_books.book(corrected.pop(), KnownFee("report", 21, 5, "INR"))),
        ("operator's fee booked, with its tax (its row in `fee_work` is one more)", lambda: fee_books.charge(planned.pop())),
    ]


def _upi_payers(world: World, shop: Signer) -> Callable[[], Any]:
    """Each call: another payment's payer pays, and the provider's signed callback settles it."""
    waiting = [urlsplit(collect(world, shop).body["next_action"]["pay_url"]) for _ in range(2)]

    def pay() -> None:
        url = waiting.pop()
        reply = world.send("POST", f"{url.path}/sandbox?{url.query}", [("Content-Type", "application/json")], b'{"outcome":"approve"}')
        assert reply.status == 200, reply.raw

    return pay


def _crypto_payers(world: World, holder: Signer) -> Callable[[], Any]:
    """Each call: another payment's transfer is found, confirmed and settled."""
    waiting = [pay_by_crypto(world, holder, "10.00") for _ in range(2)]
    monitor = Monitor(world, holder)

    def pay() -> None:
        payment = waiting.pop()
        monitor.pays(payment, expected_units(payment))

    return pay


if __name__ == "__main__":
    rows = measure()
    shown = table.markdown(HEADERS, rows)
    note = "By DynamoDB's own arithmetic, over the real doors, warm. Requests are those to DynamoDB: a transaction is one."
    table.write_section("units", f"## Units per operation\n\n{note}\n\n{shown}")
    print(shown)
