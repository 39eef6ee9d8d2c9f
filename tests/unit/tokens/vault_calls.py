"""Short forms for what the vault's tests do over and over."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from paycorex import ids
from paycorex.idempotency import Claim
from tests.support.gateway import Reply
from tests.support.world import PREFIX, Signer, World
from tokens import rotation, vault
from tokens.instruments import Card
from tokens.items import ProgressItem

FAST = 1_000_000.0
PAN = "4111111111111111"
VPA = "rahul.sharma77@okicici"
IBAN = "DE89370400440532013000"
ACCOUNT = "50100012345678"
CARD: dict[str, Any] = {"user_id": "u1", "type": "card", "number": PAN, "expiry_month": 12, "expiry_year": 2030}
UPI: dict[str, Any] = {"user_id": "u1", "type": "upi", "vpa": VPA}
BANK: dict[str, Any] = {"user_id": "u1", "type": "bank_account", "iban": IBAN}
INDIAN: dict[str, Any] = {"user_id": "u1", "type": "bank_account", "account_number": ACCOUNT, "ifsc": "HDFC0001234"}

CODE = "CVV-CANARY-8841"
HOLDER = "Zaphodina Quuxworth"
SPACED = "4111 1111 1111 1111"
CANARIES = [PAN, SPACED, VPA, IBAN, ACCOUNT, CODE, HOLDER]
BODIES = [{**CARD, "holder": HOLDER}, UPI, BANK, INDIAN]

Answers = list[Reply]


def create(world: World, who: Signer, body: dict[str, Any], **fields: Any) -> Reply:
    return world.call(who, "POST", "/v1/tokens/create", {**body, **fields})


def post(world: World, who: Signer, body: Any, **options: Any) -> Reply:
    return world.call(who, "POST", "/v1/tokens/create", body, **options)


def kept(world: World, who: Signer, body: dict[str, Any], **fields: Any) -> str:
    """The id of a token made now."""
    reply = create(world, who, body, **fields)
    assert reply.status == 201, reply.raw
    token_id: str = reply.body["token_id"]
    return token_id


def delete(world: World, who: Signer, token_id: str) -> Reply:
    return world.call(who, "DELETE", f"/v1/tokens/{token_id}")


def listed(world: World, who: Signer, user_id: str = "u1") -> list[str]:
    reply = world.call(who, "GET", f"/v1/tokens?user_id={user_id}&limit=100")
    assert reply.status == 200, reply.raw
    return [token["token_id"] for token in reply.body["data"]]


def rows(world: World, noun: str) -> list[dict[str, Any]]:
    return world.dump()[PREFIX + noun]


def row(world: World, token_id: str) -> dict[str, Any]:
    """A token as it lies in the table."""
    return next(item for item in rows(world, "tokens") if item["token_id"]["S"] == token_id)


def overwrite(world: World, item: dict[str, Any]) -> None:
    """Change the table behind the vault's back."""
    world.dynamo.put_item(TableName=PREFIX + "tokens", Item=item)


def fresh_claim(merchant_id: str) -> Claim:
    """The claim of a request that no other is."""
    return Claim.of(merchant_id, signature=ids.new("req"), key=None, key_is_signed=True, request_hash="-")


def luhn_numbers(count: int, start: int = 0) -> list[str]:
    """Valid Visa numbers, all different."""
    numbers = []
    for serial in range(start, start + count):
        body = f"45{serial:013d}"
        total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body)))
        numbers.append(body + str(-total % 10))
    return numbers


def card_of(number: str) -> Card:
    return Card.parse(number=number, expiry_month=12, expiry_year=2030, holder=None)


def keep_directly(merchant_id: str, number: str, user_id: str = "u1") -> vault.TokenResult:
    """The service without the door, for threads (a door handles one request at a time)."""
    return vault.tokenize(merchant_id, user_id, card_of(number), claim=fresh_claim(merchant_id))


def reveal(merchant_id: str, token_id: str) -> Card:
    instrument = vault.reveal(merchant_id, token_id, purpose="charge", payment_id="pay_test")
    assert isinstance(instrument, Card)
    return instrument


def spellings(secret: str) -> list[str]:
    """How a value might lie around: as it is, reversed, in hex, in base64 at any offset."""
    raw = secret.encode()
    encoded = [base64.b64encode(b"x" * shift + raw).decode() for shift in range(3)]
    # The ends of a base64 text depend on the neighbours; the middle does not.
    middles = [text[4 : len(text) - 4] for text in encoded]
    return [secret, secret[::-1], raw.hex(), *middles]


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Which secrets are in a text, in any spelling."""
    return [secret for secret in secrets if any(spelling in text for spelling in spellings(secret))]


def stored(world: World) -> dict[str, list[Any]]:
    """All tables but that of the API keys, where every request notes when its key was last used."""
    return {table: items for table, items in world.dump().items() if not table.endswith("api_keys")}


def everything(world: World) -> str:
    """All items of all tables as text."""
    return json.dumps(world.dump(), default=str)


def silent(_progress: ProgressItem) -> None:
    """No server listens."""


def rotate(merchant_id: str | None = None, report: rotation.Report = silent) -> ProgressItem:
    return rotation.rotate(merchant_id, items_per_second=FAST, report=report)


def reseal() -> ProgressItem:
    return rotation.reseal(None, items_per_second=FAST, report=silent)


def versions(world: World) -> set[str]:
    """The key versions that tokens use."""
    return {item["sealed"]["S"].partition(".")[0] for item in rows(world, "tokens") if "sealed" in item}
