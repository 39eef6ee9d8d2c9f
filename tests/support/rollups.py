"""Statistics of a world: its streams brought to the rollups, and the same numbers counted by hand from everything that is stored."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from paycorex import clock, storage
from paycorex.ledger import Account, Entity, Entry
from paycorex.ledger import store as ledger_store
from paycorex.money import format_minor
from paycorex.records.capture import CaptureItem
from paycorex.records.payment import PaymentItem, view
from tests.support.world import PREFIX, Signer, World

STREAMS = ("ledgers", "payments")


def stream(world: World) -> list[dict[str, Any]]:
    """What the rollups' streams have brought since the last look."""
    return [record for noun in STREAMS for record in world.dynamo.drain_stream(PREFIX + noun)]


def roll(records: list[dict[str, Any]]) -> None:
    """One batch."""
    from dashboard import rollup_door

    assert rollup_door.handler({"Records": records}, None) == {"batchItemFailures": []}


def show(world: World, who: Signer, **query: str) -> dict[str, Any]:
    """The statistics as they are answered."""
    reply = world.call(who, "GET", "/v1/dashboard/stats" + (f"?{urlencode(query)}" if query else ""))
    assert reply.status == 200, reply.raw
    body: dict[str, Any] = reply.body
    return body


def entries(world: World, merchant_id: str, currency: str) -> list[Entry]:
    """Every entry of the merchant's account."""
    found = [ledger_store.from_wire(item) for item in world.dump()[f"{PREFIX}ledgers"]]
    return [
        e for e in found if e.account.entity is Entity.MERCHANT and (e.account.merchant_id, e.account.currency) == (merchant_id, currency)
    ]


def recount(world: World, who: Signer, from_ms: int, to_ms: int, currency: str = "INR") -> dict[str, Any]:
    """The same by brute force: successes and refunds from the ledger's entries one by one, the others from the payments."""
    within = [entry for entry in entries(world, who.merchant_id, currency) if from_ms <= entry.created_at < to_ms]
    payments = {item.payment_id: item for item in storage.scan_all(PaymentItem) if item.merchant_id == who.merchant_id}
    captures = {item.capture_id: item for item in storage.scan_all(CaptureItem)}
    paid = [entry for entry in within if entry.reference.type in {"payment", "capture"}]
    within = [entry for entry in within if entry.reference.type not in {"fee", "platform_fee"}]
    given, back = [entry for entry in within if entry.debit], [entry for entry in within if entry.reference.type == "reversal"]
    volume, refunded = sum(entry.credit for entry in paid), sum(e.debit for e in given) - sum(e.credit for e in back)
    unsettled = [
        i.status
        for i in payments.values()
        if i.status != "success" and not i.amount_captured and from_ms <= i.created_at < to_ms and i.currency == currency
    ]
    methods: dict[str, list[int]] = {}
    for entry in paid:
        capture = captures.get(entry.reference.id)
        paid_for = entry.reference.id if capture is None else capture.payment_id
        sums = methods.setdefault(payments[paid_for].method, [0, 0])
        sums[0] += 1 if capture is None else bool(capture.first)
        sums[1] += entry.credit
    counts = {status: unsettled.count(status) for status in ("failed", "pending", "processing", "authorized")}
    # A payment that is captured in parts is one.
    success = sum(count for count, _ in methods.values())
    fees = _costs(item for item in payments.values() if from_ms <= item.created_at < to_ms and item.currency == currency)
    fees["net"] = volume - refunded - sum(fees.values())
    return {
        "fees": {name: format_minor(minor, currency) for name, minor in {**fees, "gross": volume}.items()},
        "volume": format_minor(volume, currency),
        "count": {"total": success + len(unsettled), "success": success, **counts},
        "refunds": {"count": len(given) - len(back), "amount": format_minor(refunded, currency)},
        "net": format_minor(volume - refunded, currency),
        "by_method": {m: {"count": n, "volume": format_minor(v, currency)} for m, (n, v) in sorted(methods.items())},
    }


def _costs(items: Iterable[PaymentItem]) -> dict[str, int]:
    """What payments cost, as each of them shows it."""
    sums = dict.fromkeys(("fee", "tax", "platform_fee", "platform_tax"), 0)
    for item in items:
        shown = view(item)
        for name, cost in (("", shown.fee), ("platform_", shown.platform_fee)):
            if cost is not None:
                sums[f"{name}fee"] += int(cost.amount.replace(".", ""))
                sums[f"{name}tax"] += int(cost.tax.replace(".", ""))
    return sums


def agree(world: World, who: Signer, from_ms: int, to_ms: int) -> None:
    """The answer is what a recount gives, and its days add up to it."""
    shown = show(world, who, **{"from": clock.rfc3339(from_ms), "to": clock.rfc3339(to_ms), "timezone": "Asia/Kolkata"})
    wanted = recount(world, who, from_ms, to_ms)
    assert {name: shown[name] for name in wanted} == wanted
    by_day = shown["by_day"]
    assert sum(day["count"] for day in by_day) == shown["count"]["success"]
    assert sum(day["failed"] for day in by_day) == shown["count"]["failed"]
    costs = sum(int(minor.replace(".", "")) for name, minor in shown["fees"].items() if name not in {"gross", "net"})
    assert sum(int(day["fees"].replace(".", "")) for day in by_day) == costs
    for field, total in (("volume", shown["volume"]), ("refunds", shown["refunds"]["amount"])):
        assert format_minor(sum(int(day[field].replace(".", "")) for day in by_day), "INR") == total


def balance(world: World, who: Signer) -> str:
    """The merchant's balance, lane by lane."""
    account = Account.of_merchant(who.merchant_id, "INR")
    heads = [ledger_store.head(account.on_lane(lane), consistent=True) for lane in range(64)]
    return format_minor(sum(head.balance for head in heads if head), "INR")
