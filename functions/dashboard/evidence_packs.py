"""The evidence pack of a dispute: one zip file with all that this platform knows and can prove of the payment.

In it: a page to read (HTML, and PDF, which banks take), the dispute, the payment with its attempts and timeline, what was sent to the
merchant's webhooks and when it was received, and the signed inclusion proof with the program that
checks it, for which the bank needs the public key alone.
"""

import html
import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

from dashboard import payment_proofs
from paycorex import clock
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.ledger.proof import proofs
from paycorex.loading import later
from paycorex.records import delivery, dispute, ledger_proof, payment
from paycorex.records.delivery import delivery_id
from paycorex.records.dispute import DisputeItem, DisputeView
from paycorex.records.ledger_proof import PaymentProof
from paycorex.records.payment import PaymentView
from payments.payment import store as payment_store
from webhooks.stores import deliveries, events

with later():
    from dashboard import evidence_pdf

# The newest events of the payment; a payment of a chain may have more.
MAX_EVENTS: Final = 100
# The program is in its own file, which needs nothing of this platform.
_CHECKER: Final = Path(proofs.__file__).with_name("proof_check.py")
_READ_ME: Final = """What is in this pack

summary.pdf    the payment and the dispute, as banks take it
summary.html   the payment and the dispute, to read or to print
dispute.json   the dispute
payment.json   the payment: attempts at providers, timeline, ledger references
webhooks.json  what the merchant's servers were sent about the payment, and when they answered
proof.json     the ledger entries of the payment, and the hashes that lead from each to a root that was signed when it was sealed
proof_check.py checks proof.json against the platform's public key: python proof_check.py proof.json --public-key key.pem
               PROVEN means that the entries are exactly those that were sealed and signed at the time which the proof names.
"""


def pack(caller: Caller, item: DisputeItem) -> bytes:
    """The zip file. Raises NotFound, storage.Unavailable, Unprovable."""
    found = payment_store.find(item.payment_id)
    if found is None:
        raise NotFound("payment")
    shown, paid = dispute.view(item), payment.view(found)
    proof = ledger_proof.view(item.payment_id, payment_proofs.of_payment(caller, item.payment_id))
    receipts = _receipts(caller, item.payment_id)
    tables = _tables(shown, paid, proof, receipts)
    return _zipped(
        {
            "README.txt": _READ_ME,
            "summary.pdf": evidence_pdf.written(shown, tables),
            "summary.html": _summary(shown, tables),
            "dispute.json": shown.model_dump_json(indent=1),
            "payment.json": paid.model_dump_json(indent=1),
            "webhooks.json": json.dumps(receipts, indent=1),
            "proof.json": proof.model_dump_json(),
            "proof_check.py": _CHECKER.read_text(encoding="utf-8"),
        }
    )


def _receipts(caller: Caller, payment_id: str) -> list[dict[str, Any]]:
    """Each event of the payment and its deliveries, the newest first."""
    endpoints = deliveries.endpoints_of(caller.merchant_id)
    found = []
    for event_id in events.events_of_payment(caller.merchant_id, payment_id)[:MAX_EVENTS]:
        event = events.find_event(caller.merchant_id, event_id)
        if event is None:
            continue
        rows = [deliveries.find_delivery(caller.merchant_id, delivery_id(event_id, each.endpoint_id)) for each in endpoints]
        sent = [delivery.view(row).model_dump(mode="json") for row in rows if row is not None]
        found.append({"event_id": event_id, "event": event.event, "at": clock.rfc3339(int(event.event_at)), "deliveries": sent})
    return found


def _zipped(files: dict[str, str | bytes]) -> bytes:
    """The same files make the same bytes: no time of now is in them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _tables(shown: DisputeView, paid: PaymentView, proof: PaymentProof, receipts: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What a reader sees, by title."""
    facts: list[Any] = [
        ("Dispute", shown.provider_reference),
        ("Amount", f"{shown.amount} {shown.currency}"),
        ("Reason", " ".join(filter(None, (shown.reason_code, shown.reason)))),
        ("Answer due", shown.due_at),
        ("Payment", paid.payment_id),
        ("Paid", f"{paid.amount} {paid.currency}"),
        ("Method", paid.method),
        ("Provider", " ".join(filter(None, (paid.provider, paid.provider_reference)))),
        ("Customer", paid.user_id),
        ("Description", paid.description),
        ("Refunded", paid.amount_refunded),
        ("Sealed in the ledger", "yes" if proof.sealed else "not yet"),
    ]
    return {
        "Facts": facts,
        "Answer": list(shown.evidence.text.items()),
        "Timeline": [(step.at, step.status, step.reason) for step in paid.timeline],
        "Attempts": [(each.started_at, each.connector, each.status, each.code) for each in paid.attempts],
        "Events sent": [(each["at"], each["event"], len(each["deliveries"])) for each in receipts],
    }


def _summary(shown: DisputeView, tables: dict[str, list[Any]]) -> str:
    body = "".join(_table(title, rows) for title, rows in tables.items() if rows)
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Evidence {html.escape(shown.dispute_id)}</title>{body}</html>\n'


def _table(title: str, rows: list[Any]) -> str:
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<h2>{html.escape(title)}</h2><table>{lines}</table>"


def _cell(content: object) -> str:
    return f"<td>{html.escape('' if content is None else str(content))}</td>"
