"""What the vault costs: create, reveal and rotate over DynamoDB and KMS in memory, as multiples of a floor measured in the same run.

The floor is what no vault could do without: the same AWS calls made bare, and one Fernet operation where one is needed. KMS calls are
counted; when warm there are none. Also the price of redaction for a log line.
"""

import io
import json
import os
import time
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench import table
from paycorex import ids, redaction
from paycorex.idempotency import Claim
from tests.support.world import PREFIX, World
from tokens import audit, rotation, vault
from tokens.instruments import Card

HEADERS = ("what", "microseconds", "of them the floor", "times the floor", "KMS calls for 400")
NOTE = (
    "`python -m bench.vault`, over DynamoDB and KMS in memory. The floor is what no vault could do without: the same calls made bare, and "
    "one Fernet operation where one is needed. KMS calls are those of all 400 together: a rotation asks for the new key, once."
)
TOKENS = 400
LOG_LINES = 20_000
LINE = {
    "level": "INFO",
    "location": "finish:62",
    "message": "request",
    "timestamp": "2026-11-23 02:38:09,123+0000",
    "service": "tokens",
    "cold_start": False,
    "method": "POST",
    "path": "/v1/tokens/create",
    "gateway_request_id": "7e1a6b5c-1bd2-4b6a-9d8b-7c4a2b1f0e9d",
    "source_ip": "203.0.113.7",
    "merchant_id": "mer_pg53ymrtv5367ysaxbec7lifwq",
    "key_id": "key_r3pif6q3eghtkbfnithyalg2em",
    "request_id": "req_7xxjbphhvh6wt5ulzd2yf2mnzq",
    "route": "/v1/tokens/create",
    "status": 201,
    "replayed": False,
    "duration_ms": 12.34,
    "xray_trace_id": "1-5759e988-bd862e3fe1be46a994272793",
}


def numbers() -> list[str]:
    """Valid Visa numbers, all different."""
    bodies = (f"45{serial:013d}" for serial in range(TOKENS))
    return [next(body + digit for digit in "0123456789" if redaction.is_luhn_valid(body + digit)) for body in bodies]


def microseconds(work: Callable[[int], object], count: int) -> float:
    """Of one call, over `count` calls."""
    started = time.perf_counter()
    for place in range(count):
        work(place)
    return (time.perf_counter() - started) / count * 1e6


def row(what: str, cost: float, floor: float, kms_calls: int) -> tuple[str, ...]:
    """One line of the table."""
    return what, f"{cost:.0f}", f"{floor:.0f}", f"{cost / floor:.1f}", str(kms_calls)


def floors(world: World, sample: dict[str, Any]) -> tuple[float, float, float]:
    """The bare calls of a create, a reveal and a re-sealing."""
    table, key = PREFIX + "tokens", {"token_id": sample["token_id"]}
    fernet = Fernet(Fernet.generate_key())
    sealed = fernet.encrypt(bytes(512))
    dynamo: Any = world.dynamo

    def put(place: int, noun: str) -> dict[str, Any]:
        return {"Put": {"TableName": PREFIX + noun, "Item": {**sample, "token_id": {"S": f"x{place}"}, "claim_id": {"S": f"x{place}"}}}}

    def create(place: int) -> None:
        fernet.encrypt(bytes(512))
        for _ in range(2):
            dynamo.get_item(TableName=table, Key=key, ConsistentRead=True)
        dynamo.transact_write_items(TransactItems=[put(place, "tokens"), put(place, "idempotency")])

    def reveal(place: int) -> None:
        dynamo.get_item(TableName=table, Key=key, ConsistentRead=True)
        fernet.decrypt(sealed)
        event = {"merchant_id": {"S": "floor"}, "audited_at": {"S": f"{place:09d}"}, "token_id": sample["token_id"]}
        dynamo.put_item(TableName=PREFIX + "vault_audit", Item=event)

    def reseal(place: int) -> None:
        fernet.decrypt(sealed)
        fernet.encrypt(bytes(512))
        values = {":new": {"S": f"{place}"}}
        dynamo.update_item(TableName=table, Key=key, UpdateExpression="SET floor = :new", ExpressionAttributeValues=values)

    return microseconds(create, TOKENS), microseconds(reveal, TOKENS), microseconds(reseal, TOKENS)


def main() -> None:
    """Measure, and write the section of docs/performance.md."""
    with World().running() as world:
        merchant, made = "mer_bench", list[str]()
        cards = [Card.parse(number=number, expiry_month=12, expiry_year=2035, holder=None) for number in numbers()]
        audit._logger().registered_handler.setStream(io.StringIO())  # type: ignore[attr-defined]  # noqa: SLF001 - lines are not what is measured

        def kms_calls() -> int:
            return sum(world.kms.calls.values())

        def create(place: int) -> None:
            claim = Claim.of(merchant, signature=ids.new("req"), key=None, key_is_signed=True, request_hash="-")
            made.append(vault.tokenize(merchant, "user", cards[place], claim=claim).token.token_id)

        before = kms_calls()
        create(0)
        cold_calls, before = kms_calls() - before, kms_calls()
        created = microseconds(lambda place: create(place + 1), TOKENS - 1)
        create_calls, before = kms_calls() - before, kms_calls()
        revealed = microseconds(lambda place: vault.reveal(merchant, made[place], purpose="charge", payment_id="pay_bench"), TOKENS)
        reveal_calls, before = kms_calls() - before, kms_calls()
        rotated = microseconds(lambda _: rotation.rotate(None, items_per_second=1e9, report=lambda _progress: None), 1) / TOKENS
        rotate_calls = kms_calls() - before
        floor = floors(world, world.dump()[PREFIX + "tokens"][0])
        rows = [
            row("create, warm", created, floor[0], create_calls),
            row("reveal, warm, with its audit event", revealed, floor[1], reveal_calls),
            row("rotate, each token", rotated, floor[2], rotate_calls),
        ]
    plain = microseconds(lambda _: json.dumps(LINE, default=str, separators=(",", ":"), ensure_ascii=False), LOG_LINES)
    masked = microseconds(lambda _: redaction.serialize(LINE), LOG_LINES)
    note = (
        f"The first create of a merchant makes {cold_calls} calls to KMS. "
        f"A log line is made in {masked:.1f} µs, {masked - plain:.1f} of it redaction."
    )
    shown = table.markdown(HEADERS, rows)
    table.write_section("vault", f"## The vault\n\n{NOTE}\n\n{shown}\n\n{note}")
    print(shown, note, sep="\n\n")


if __name__ == "__main__":
    main()
