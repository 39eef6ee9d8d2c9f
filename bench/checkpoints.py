"""What sealing costs: units of the notes and of a tick, by how many accounts the payments of a minute touch; and a proof's size."""

import contextlib
import io
import json
import logging
import time
from typing import Final

from bench import table
from bench.bill import prices as price_file
from bench.metering import Meter, MeteredClient
from paycorex import aws
from paycorex.ledger.proof import checkpoints
from tests.support.proofs import proof
from tests.support.rollups import stream
from tests.support.world import Signer, World

PAYMENTS: Final = 1_000
# How many wallets pay them: from everybody once to a few very often.
WALLETS: Final = (1_000, 100, 1)
# What Lambda brings at once of a busy stream, and of a quiet one.
BATCHES: Final = (100, 2)
PRICES: Final = price_file.read("us-east-1")
MONTH_MINUTES: Final = 43_800
HEADERS: Final = (
    *("payments", "wallets", "entries a stream batch", "runs sealed", "write units: notes", "write units: seal"),
    *("together, a payment", "read units a payment", "KMS signatures", "proof, KB", "tick, s"),
)


def measure() -> list[tuple[str, ...]]:
    """One row a mix."""
    return [_measure(wallets, batch) for wallets in WALLETS for batch in BATCHES]


def _measure(wallets: int, batch: int) -> tuple[str, ...]:
    world = World()
    with world.running(), contextlib.redirect_stdout(io.StringIO()):
        shop = world.register()
        for number in range(wallets):
            world.wallet(shop, f"user-{number}", "100000")
        _note(world, 100)
        checkpoints.seal(lambda: True)
        paid = [world.pay(shop, f"user-{number % wallets}", "1.00").body["payment_id"] for number in range(PAYMENTS)]
        metered = MeteredClient(world.dynamo)
        aws.use("dynamodb", metered)
        _note(world, batch)
        notes, metered.meter = metered.meter, Meter()
        signed, started = world.kms.calls["Sign"], time.perf_counter()
        tick = checkpoints.seal(lambda: True)
        took = time.perf_counter() - started
        return _row(
            world, shop, paid[PAYMENTS // 2], (wallets, batch), notes, metered.meter, tick, (world.kms.calls["Sign"] - signed, took)
        )


def _row(
    world: World,
    shop: Signer,
    payment_id: str,
    mix: tuple[int, int],
    notes: Meter,
    seal: Meter,
    tick: checkpoints.Tick,
    done: tuple[int, float],
) -> tuple[str, ...]:
    size = len(json.dumps(proof(world, shop, payment_id)))
    written = (notes.write_units + seal.write_units) / PAYMENTS
    numbers = (PAYMENTS, *mix, tick.runs, round(notes.write_units), round(seal.write_units))
    shown = (f"{written:.2f}", f"{seal.read_units / PAYMENTS:.2f}", str(done[0]), f"{size / 1024:.1f}", f"{done[1]:.1f}")
    return (*(f"{number:,}" for number in numbers), *shown)


def _note(world: World, batch: int) -> None:
    """The stream in batches of a size, noted and not counted: the rollups have a benchmark of their own."""
    from paycorex.ledger.proof import sealing_work

    records = [record for record in stream(world) if "account" in record["dynamodb"]["Keys"]]
    for at in range(0, len(records), batch):
        part = records[at : at + batch]
        place = part[0]["dynamodb"]["SequenceNumber"].zfill(40)
        sealing_work.note(place, (record["dynamodb"]["Keys"]["account"]["S"] for record in part))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    rows = measure()
    worst = max(float(row[6]) for row in rows)
    text = (
        "`python -m bench.checkpoints`: a minute of wallet payments to one merchant, sealed by one tick. "
        f"At worst {worst:.2f} write units a payment, {PRICES['dynamodb_write_unit'].dollars(worst * 1e6):.2f} dollars a million; "
        f"a signature a minute, all month, is {PRICES['kms_signature'].dollars(MONTH_MINUTES):.2f} dollars."
    )
    table.write_section("checkpoints", f"## Checkpoints\n\n{text}\n\n{table.markdown(HEADERS, rows)}")
    print(table.markdown(HEADERS, rows))
