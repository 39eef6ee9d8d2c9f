"""What a wallet payment may cost: counted in DynamoDB's own units, idempotency included."""

import json
from typing import Any

import pytest

from paycorex import aws, settings
from tests.fakes.memory_dynamo.values import size_of_item
from tests.support.emulator import emulator_client
from tests.support.gateway import Reply
from tests.support.metering import MeteredDynamo
from tests.support.tables import create_tables
from tests.support.world import PREFIX, Signer, World

CREATE = "/v1/payments/create"
PAYMENTS_LIST = f"{PREFIX}payments/by_merchant_lane"
SCHEMES = {"v2 with a key": ("v2", "order-1"), "v2 without one": ("v2", None), "v1 without one": ("v1", None)}


@pytest.fixture
def meter(world: World) -> MeteredDynamo:
    meter = MeteredDynamo(world.dynamo)
    aws.use("dynamodb", meter)
    return meter


@pytest.fixture
def payer(world: World, meter: MeteredDynamo) -> Signer:
    """A merchant in a warm environment: one payment of each scheme behind it."""
    payer = world.register()
    world.wallet(payer, "asha", "1000.00")
    for scheme, key in SCHEMES.values():
        assert pay(world, payer, scheme, None if key is None else "warm").status == 201
    return payer


def pay(world: World, payer: Signer, scheme: str, key: str | None, **fields: Any) -> Reply:
    body = json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha", **fields}).encode()
    return world.call(payer, "POST", CREATE, body, key=key, scheme=scheme)


@pytest.mark.parametrize("name", SCHEMES)
def test_a_wallet_payment_is_three_items_and_six_write_units(world: World, payer: Signer, meter: MeteredDynamo, name: str) -> None:
    """And one unit on the payments' list; at most two read units; no call to the key service; each item below 1 KiB."""
    scheme, key = SCHEMES[name]
    kms_calls = sum(world.kms.calls.values())
    meter.reset()
    reply = pay(world, payer, scheme, key, description="Two cups of chai, one samosa", metadata={"order": "A-1001", "table": 7})
    assert (reply.status, reply.body["status"]) == (201, "success")
    assert [write["TableName"].removeprefix(PREFIX) for write in meter.items] == ["payments", "ledgers", "ledgers"]
    assert meter.table_units == 6
    assert meter.index_units == {PAYMENTS_LIST: 1}
    assert meter.read_units <= 2
    assert sum(world.kms.calls.values()) == kms_calls
    assert [size_of_item(write["Item"]) < 1024 for write in meter.items] == [True] * 3


def test_what_a_hold_costs(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    """Units on tables, under v2 without a key but for the hold: each change but the hold's claims its request by a row of its own."""
    units: dict[str, float] = {}

    def measured(name: str, path: str, **body: Any) -> Reply:
        meter.reset()
        reply = world.call(payer, "POST", path, body)
        assert reply.status in {200, 201}, reply.raw
        units[name] = meter.table_units
        return reply

    def held() -> str:
        payment: str = measured("hold", CREATE, amount="10.00", method="wallet", user_id="asha", capture_method="manual").body["payment_id"]
        return f"/v1/payments/{payment}"

    first, second = held(), held()
    measured("a part", f"{first}/capture", amount="4.00", final=False)
    measured("all that is left", f"{first}/capture")
    measured("void", f"{second}/void")
    # The payment, two entries; beside them the capture and the claim. The last capture is an event of its own, and then the success.
    assert units == {"hold": 6, "a part": 10, "all that is left": 11, "void": 8}


def test_v1_with_a_key_costs_one_row_more(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    """Under v1 the key is not signed, so the signature is claimed by a row of its own."""
    meter.reset()
    assert pay(world, payer, "v1-ms", "order-1").status == 201
    assert (len(meter.items), meter.table_units, meter.index_units) == (4, 8, {PAYMENTS_LIST: 1})
    assert meter.read_units <= 4


@pytest.mark.parametrize(("scheme", "units", "read_units"), [("v2", 0, 3.5), ("v1-ms", 1, 5.5)])
def test_a_refusal_uses_a_v1_signature_up_for_one_unit(
    world: World, payer: Signer, meter: MeteredDynamo, scheme: str, units: int, read_units: float
) -> None:
    meter.reset()
    body = {"user_id": "ghost", "amount": "10.00"}
    assert world.call(payer, "POST", "/v1/wallet/topup", body, scheme=scheme).status == 404
    assert (meter.written.total(), len(meter.items)) == (units, units)
    assert meter.read_units == read_units


def test_a_v1_payment_without_a_key_looks_for_other_uses_once(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    meter.reset()
    assert pay(world, payer, "v1-ms", None).status == 201
    assert meter.calls == {"GetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert meter.read_units == 1.5


def test_a_declined_payment_is_one_item(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    meter.reset()
    assert pay(world, payer, "v2", "big", amount="99999.00").status == 402
    assert (len(meter.items), meter.table_units, meter.index_units) == (1, 2, {PAYMENTS_LIST: 1})


def test_a_replay_writes_nothing(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    assert pay(world, payer, "v2", "order-1").status == 201
    before = world.dump()
    meter.reset()
    again = pay(world, payer, "v2", "order-1")
    assert again.headers["idempotent-replayed"] == "true"
    assert (meter.written.total(), world.dump()) == (0, before)


def test_a_warm_payment_is_three_calls_at_most(world: World, payer: Signer, meter: MeteredDynamo) -> None:
    """The signature's or key's row, the wallet's head, the transaction."""
    meter.reset()
    pay(world, payer, "v2", "order-1")
    assert meter.calls == {"GetItem": 1, "Query": 1, "TransactWriteItems": 1}


@pytest.mark.parametrize("length", [255])
def test_the_longest_plain_payment_is_still_one_unit_a_row(world: World, payer: Signer, meter: MeteredDynamo, length: int) -> None:
    meter.reset()
    assert pay(world, payer, "v2", "k" * 255, description="d" * length).status == 201
    assert meter.table_units == 6


@pytest.mark.parametrize("name", SCHEMES)
def test_an_emulator_counts_the_same(emulator_url: str, name: str) -> None:
    """The same payment over HTTP, against a DynamoDB that this house did not write."""
    client = emulator_client(emulator_url, "dynamodb")
    scheme, key = SCHEMES[name]
    with World().running() as world:
        prefix = f"capacity-{scheme}-{key}-"
        settings.use(world.settings.model_copy(update={"table_prefix": prefix}))
        create_tables(client, prefix)
        meter = MeteredDynamo(client)
        aws.use("dynamodb", meter)
        payer = world.register()
        world.wallet(payer, "asha", "1000.00")
        assert pay(world, payer, scheme, None if key is None else "warm").status == 201
        meter.reset()
        assert pay(world, payer, scheme, key, amount="11.00").status == 201
    assert (len(meter.items), meter.table_units) == (3, 6)
    assert meter.index_units == {f"{prefix}payments/by_merchant_lane": 1}
    assert meter.read_units <= 2
