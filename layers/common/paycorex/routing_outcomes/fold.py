"""From the payments' stream to outcomes: every attempt that was decided, of merchants who have a choice between connectors."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from paycorex import clock, credentials
from paycorex.records import payment_routing
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment_fee import PaymentFee
from paycorex.routing_outcomes import store
from paycorex.routing_outcomes.segment import Segment
from paycorex.routing_outcomes.window import FEE_SCALE, Observation, Outcome, Place

# By an attempt's status. What waits for a payer or for an answer is decided later, or never and then says nothing about its connector.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "approved": Outcome.APPROVED,
    "authorized": Outcome.APPROVED,
    "declined": Outcome.DECLINED,
    "returned": Outcome.DECLINED,
    "unavailable": Outcome.UNAVAILABLE,
}


def count(records: Iterable[Mapping[str, Any]]) -> None:
    """Fold a batch of the payments' stream. Repeating it, in any order, changes nothing. Raises storage.Unavailable."""
    rows: dict[tuple[str, str], list[Observation]] = {}
    for record in records:
        for merchant_id, row, seen in _decided(record):
            rows.setdefault((merchant_id, row), []).append(seen)
    for (merchant_id, row), observations in rows.items():
        if _has_choice(merchant_id):
            store.add(merchant_id, row, observations)


def observations_of(payment_id: str, attempts: Iterable[Mapping[str, Any]], fee: int = 0) -> Iterator[tuple[str, Observation]]:
    """The decided ones of a payment's attempts, as they are stored, each with its connector. fee: of the one that was approved."""
    for number, attempt in enumerate(attempts):
        outcome = OUTCOMES.get(attempt["status"])
        if outcome is not None:
            digest = hashlib.sha256(f"{payment_id}/{number}".encode()).digest()
            began = clock.parse_rfc3339(attempt["started_at"]) // 1000
            part = fee if outcome is Outcome.APPROVED else 0
            yield attempt["connector"], Observation(Place(began, int.from_bytes(digest[:4])), outcome, part)


def _decided(record: Mapping[str, Any]) -> Iterator[tuple[str, str, Observation]]:
    image = record["dynamodb"].get("NewImage") or {}
    before = record["dynamodb"].get("OldImage") or {}
    fee = _measured(image)
    if "attempts" not in image or (image["attempts"] == before.get("attempts") and fee == _measured(before)):
        return
    noted = payment_routing.Noted.load(json.loads(image["routing"]["S"]) if "routing" in image else None)
    segment = Segment.of(image["method"]["S"], image["currency"]["S"], noted.brand)
    for connector, seen in observations_of(image["payment_id"]["S"], json.loads(image["attempts"]["S"]), fee):
        yield image["merchant_id"]["S"], segment.row(connector), seen


def _measured(image: Mapping[str, Any]) -> int:
    """What its provider kept of the payment, tax included, in millionths of its amount; 0 while that is not known."""
    if "fee" not in image:
        return 0
    known = PaymentFee.load(json.loads(image["fee"]["S"])).known.get(image["currency"]["S"])
    return 0 if known is None else max((known.fee + known.tax) * FEE_SCALE // int(image["amount"]["N"]), 0)


def _has_choice(merchant_id: str) -> bool:
    """Whether the merchant's payments could go another way: nothing is written for the others."""
    merchant = credentials.find_merchant(merchant_id)
    return merchant is not None and _connectors(merchant) > 1


def _connectors(merchant: MerchantItem) -> int:
    chosen = merchant.settings
    experiment = chosen.experiment
    rules = [*chosen.routing_rules, *((*experiment.a, *experiment.b) if experiment else ())]
    return len({*chosen.connectors, *(target.connector for rule in rules for target in rule.use)})
