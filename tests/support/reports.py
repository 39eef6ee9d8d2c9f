"""Reports of providers for tests: announced, put to their link, and read by the importer."""

import hashlib
from typing import Any

import requests

from tests.support.world import Signer, World

STRIPE_COLUMNS = (
    "automatic_payout_id,balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id,payment_intent_id"
)


def stripe_row(
    number: int, *, gross: str = "100.00", fee: str = "2.36", net: str = "97.64", kind: str = "charge", payout: str = "po_1"
) -> str:
    """A row of Stripe's itemised payout reconciliation."""
    when = f"2026-11-0{1 + number % 9} 10:00:00"
    return f"{payout},txn_{number},{when},inr,{gross},{fee},{net},{kind},ch_{number},ch_{number},pi_{number}"


def stripe_file(*rows: str) -> bytes:
    """A whole file."""
    return "\n".join([STRIPE_COLUMNS, *rows, ""]).encode()


def announce(world: World, who: Signer, content: bytes, **more: Any) -> dict[str, Any]:
    """The answer to an announced file."""
    digest = hashlib.sha256(content).hexdigest()
    body = {"source": "stripe", "format": "stripe", "size": len(content), "sha256": digest} | more
    reply = world.call(who, "POST", "/v1/settlements/import", body)
    assert reply.status == 201, reply.raw
    begun: dict[str, Any] = reply.body
    return begun


def put(begun: dict[str, Any], content: bytes) -> int:
    """Put a file to its link; the status."""
    link = begun["upload"]
    return requests.request(link["method"], link["url"], headers=link["headers"], data=content, timeout=5).status_code


def upload(world: World, who: Signer, content: bytes, **more: Any) -> str:
    """Announce and put; the import's id."""
    begun = announce(world, who, content, **more)
    assert put(begun, content) == 200
    return str(begun["import_id"])


def tick(world: World, *, after_seconds: int = 60) -> dict[str, int]:
    """One run of the importer."""
    from settlements import importer_door

    world.clock.now += after_seconds
    return importer_door.handler({}, None)


def shown(world: World, who: Signer, import_id: str) -> dict[str, Any]:
    """The import as its merchant sees it."""
    reply = world.call(who, "GET", f"/v1/settlements/imports/{import_id}")
    assert reply.status == 200, reply.raw
    body: dict[str, Any] = reply.body
    return body


def imported(world: World, who: Signer, content: bytes, **more: Any) -> dict[str, Any]:
    """A file, read to its end."""
    import_id = upload(world, who, content, **more)
    tick(world)
    return shown(world, who, import_id)
