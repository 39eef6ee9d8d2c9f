"""Sealing a world: its stream brought to the notes, and ticks of the sealing."""

from typing import Any

from paycorex.ledger.proof import checkpoints
from paycorex.ledger.proof.checkpoints import Tick
from tests.support import rollups
from tests.support.world import Signer, World


def note_changes(world: World) -> None:
    """Bring the ledger's stream to its reader."""
    records = rollups.stream(world)
    if records:
        rollups.roll(records)


def seal(world: World) -> Tick:
    """One tick over everything that happened so far."""
    note_changes(world)
    return checkpoints.seal(lambda: True)


def proof(world: World, who: Signer, payment_id: str) -> dict[str, Any]:
    """The payment's proof as it is answered."""
    reply = world.call(who, "GET", f"/v1/payments/{payment_id}/proof")
    assert reply.status == 200, reply.raw
    body: dict[str, Any] = reply.body
    return body
