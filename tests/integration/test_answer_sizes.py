"""What an answer may hold is counted in the bytes that Lambda sends, whatever people write: Hindi, emoji, quotes."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import clock, storage
from paycorex.http import csv_export
from paycorex.http.answers import MAX_RESPONSE_BYTES, bytes_in_response
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from payments.payer_page import qr_codes
from tests.support.gateway import Reply
from tests.support.world import Signer, World

TEXTS = {
    "hindi": "चाय पॉइंट पर दो कप अदरक वाली चाय और एक समोसा, मेज़ संख्या सात, " * 5,
    "emoji": "🫖☕" * 200,
    "quotes": '"\\' * 200,
    "latin": "Two cups of tea and a samosa, table seven. " * 8,
}
COUNT = 3_600


@pytest.fixture(scope="module")
def shop() -> Iterator[tuple[World, Signer]]:
    with World().running() as world:
        who = world.register()
        world.wallet(who, "asha", "100.00")
        yield world, who


def fill(world: World, who: Signer, text: str, moment: int) -> set[str]:
    """So many payments whose every free text is that text, all of the same minute, as if they had been made."""
    made = world.call(who, "POST", "/v1/payments/create", {"amount": "0.01", "method": "wallet", "user_id": "asha", "description": "x"})
    assert made.status == 201, made.raw
    found = storage.get(PaymentItem, made.body["payment_id"])
    assert found is not None
    found.description, found.user_id, found.metadata = text[:255], text[:128], {"note": text[:300]}
    ids = set()
    for number in range(COUNT):
        found.payment_id = f"{made.body['payment_id'][:-4]}{number:04d}"
        found.created_at, found.order_key = moment + number, order_key(moment + number, found.payment_id)
        world.dynamo.put_item(TableName="test-payments", Item=found.serialize())
        ids.add(found.payment_id)
    return ids


def rows(reply: Reply) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply.raw.decode())))


def sent(reply: Reply) -> int:
    """Bytes of the response as Lambda's runtime encodes it, body alone."""
    return len(json.dumps(reply.raw.decode()))


@pytest.mark.parametrize("name", TEXTS)
def test_an_export_is_whole_in_answers_that_lambda_may_give(shop: tuple[World, Signer], name: str) -> None:
    world, who = shop
    start = int(world.clock.now * 1000) + 10**7 * (1 + list(TEXTS).index(name))
    ids = fill(world, who, TEXTS[name], start)
    target = f"/v1/dashboard/payments?format=csv&from={clock.rfc3339(start)}&to={clock.rfc3339(start + COUNT)}"
    seen: list[str] = []
    sizes: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        reply = world.call(who, "GET", target + (f"&cursor={cursor}" if cursor else ""))
        assert reply.status == 200, reply.raw
        seen += [row["payment_id"] for row in rows(reply)]
        sizes.append(sent(reply))
        cursor = reply.headers.get("x-next-cursor")
    assert (len(seen), set(seen)) == (len(ids), ids)
    assert max(sizes) <= MAX_RESPONSE_BYTES
    assert len(sizes) > 1 or name in {"latin", "quotes"}
    # Each answer but the last is as full as it may be: within one row.
    assert all(size > csv_export.MAX_BYTES - 8_000 for size in sizes[:-1])


@pytest.mark.parametrize("name", TEXTS)
def test_the_longest_page_of_a_list_is_an_answer_that_lambda_may_give(shop: tuple[World, Signer], name: str) -> None:
    """The gateway of these tests refuses what Lambda would."""
    world, who = shop
    start = int(world.clock.now * 1000) + 10**7 * (11 + list(TEXTS).index(name))
    fill(world, who, TEXTS[name], start)
    reply = world.call(who, "GET", f"/v1/payments?limit=100&from={clock.rfc3339(start)}&to={clock.rfc3339(start + COUNT)}")
    assert len(reply.body["data"]) == 100


@pytest.mark.parametrize("text", [*TEXTS.values(), "", "é", "\x7f", "a\r\nb"])
def test_the_bytes_of_a_text_are_never_counted_short(text: str) -> None:
    whole = {"statusCode": 200, "body": text}
    for ascii_only in (True, False):
        empty = len(json.dumps({**whole, "body": ""}, ensure_ascii=ascii_only).encode())
        assert len(json.dumps(whole, ensure_ascii=ascii_only).encode()) - empty <= bytes_in_response(text)


@pytest.mark.parametrize("letter", ["a", "च", "🫖"])
def test_a_code_holds_the_longest_name_and_note_in_any_script(shop: tuple[World, Signer], letter: str) -> None:
    world, who = shop
    changes = {"payee_name": letter * 99, "payee_vpa": "a" * 200 + "@" + "b" * 60, "payment_limits": {"upi_intent": "99999999.99"}}
    assert world.call(who, "PATCH", "/v1/merchants/me", changes).status == 200
    world.restart()
    fields: dict[str, Any] = {"amount": "99999999.99", "method": "upi_intent", "description": letter * 255}
    made = world.call(who, "POST", "/v1/payments/create", fields)
    assert made.status == 201, made.raw
    link = made.body["next_action"]["upi_url"]
    assert qr_codes.png(link).startswith(b"\x89PNG\r\n\x1a\n")
    for kind in ("svg", "png"):
        assert world.call(who, "GET", f"/v1/payments/{made.body['payment_id']}/qr.{kind}").status == 200
