"""The engine's rules without any store: waits, signatures, what a stream record says, what a message says."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import events, settings
from paycorex.records import event as event_record
from paycorex.records.delivery import delivery_id
from paycorex.records.event import EventItem
from paycorex.records.stamps import EVENTS, stamp
from paycorex.records.token import TokenItem
from paycorex.records.transfer import TransferItem
from webhooks.delivery import retry_schedule, signatures
from webhooks.messages import DeliveryMessage, Unreadable
from webhooks.queues import MAX_VISIBILITY_SECONDS
from webhooks.requests import CreateEndpoint
from webhooks.stores import events as event_store

NOW = 1_800_000_000_000


@pytest.fixture(autouse=True)
def stage() -> Iterator[None]:
    settings.use(settings.Settings(table_prefix="pcx-", webhook_max_retries=12))
    yield
    settings.use(None)


def test_waits_double_and_spread_by_a_tenth() -> None:
    for retry in (1, 2, 3, 8):
        waits = [retry_schedule.delay_seconds(retry, spread=f"whd_{number}") for number in range(200)]
        base = 60 * 2**retry
        assert min(waits) >= base * 0.9
        assert max(waits) <= base * 1.1
        assert max(waits) - min(waits) > base * 0.15


def test_no_wait_is_longer_than_a_message_can_be_hidden() -> None:
    assert retry_schedule.delay_seconds(12, spread="x") == MAX_VISIBILITY_SECONDS < 12 * 3600


def test_twelve_retries_last_for_more_than_two_days() -> None:
    days = sum(retry_schedule.delay_seconds(retry, spread="x") for retry in range(1, 13)) / 86_400
    assert 2 < days < 4


@pytest.mark.parametrize(("asked", "waits"), [(0, 108), (150, 150), (9999, 240)])
def test_retry_after_makes_a_wait_longer_but_at_most_twice_as_long(asked: float, waits: float) -> None:
    found = retry_schedule.delay_seconds(1, spread="x", retry_after_seconds=asked)
    assert found >= waits - 0.001
    assert found <= 240


def test_headers_are_the_seeds_and_those_of_standard_webhooks() -> None:
    old, new = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk", "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3"
    made = signatures.headers(event_id="evt_1", event="payment.success", body=b"{}", timestamp=5, secrets=[old, new])
    assert made["X-Webhook-Signature"] == hmac.new(old.encode(), b"{}", hashlib.sha256).hexdigest()
    assert [len(part) for part in made["webhook-signature"].split(" ")] == [47, 47]
    assert (made["webhook-id"], made["webhook-timestamp"], made["X-Webhook-Event"]) == ("evt_1", "5", "payment.success")


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '"x"', '{"merchant_id":"m"}', '{"merchant_id":"m","delivery_id":"d","round":null}']
)
def test_a_message_that_is_none_of_ours_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        DeliveryMessage.parse(text)


def test_a_message_says_what_was_said() -> None:
    message = DeliveryMessage("mer_1", "whd_1", 3)
    assert DeliveryMessage.parse(message.text()) == message


def record(table: str, new: dict[str, Any] | None, old: dict[str, Any] | None = None) -> dict[str, Any]:
    change = {"SequenceNumber": "1"} | ({"NewImage": new} if new else {}) | ({"OldImage": old} if old else {})
    return {"eventSourceARN": f"arn:aws:dynamodb:ap-south-1:000000000000:table/pcx-{table}/stream/x", "dynamodb": change}


def token(**fields: Any) -> TokenItem:
    return TokenItem(
        token_id="tok_1", merchant_id="mer_1", user_id="u", type="card", fingerprint="f", is_active=True, created_at=NOW, **fields
    )


def test_a_write_that_raises_the_sequence_is_exactly_one_event() -> None:
    created = token(**stamp("token.created", NOW))
    deleted = token(**stamp("token.deleted", NOW + 5, created))
    first = events.from_stream(record("tokens", created.serialize()))
    second = events.from_stream(record("tokens", deleted.serialize(), created.serialize()))
    assert first is not None
    assert second is not None
    assert (first.event, first.sequence, first.previous_event_id) == ("token.created", 1, None)
    assert (second.event, second.sequence, second.previous_event_id) == ("token.deleted", 2, first.event_id)
    assert first.event_id < second.event_id
    assert events.from_stream(record("tokens", created.serialize())) == first


def test_a_write_that_keeps_the_sequence_is_no_event() -> None:
    image = token(**stamp("token.created", NOW)).serialize()
    assert events.from_stream(record("tokens", image, image)) is None
    assert events.from_stream(record("tokens", None, image)) is None
    assert events.from_stream(record("tokens", token().serialize() | {"sequence": {"N": "0"}}, image)) is None


def test_a_wallet_refunds_transfer_is_no_event_and_a_top_up_is_one() -> None:
    fields: dict[str, Any] = {
        "transfer_id": "trf_1", "merchant_id": "mer_1", "wallet_id": "w", "user_id": "u", "amount": 100, "currency": "INR",
        "journal_of": "trf_1", "created_at": NOW, "order_key": "x",
    }  # fmt: skip
    refund = TransferItem(type="wallet_refund", **fields)
    topup = TransferItem(type="topup", **fields, **stamp("wallet.topup", NOW))
    assert events.from_stream(record("transfers", refund.serialize())) is None
    found = events.from_stream(record("transfers", topup.serialize()))
    assert found is not None
    assert (found.event, found.data["amount"]) == ("wallet.topup", "1.00")


def test_a_stream_of_an_unknown_table_is_an_error_not_a_silence() -> None:
    with pytest.raises(events.UnknownTable):
        events.from_stream(record("pancakes", {"sequence": {"N": "1"}}))


def test_an_event_is_sent_as_the_very_bytes_that_were_stored() -> None:
    found = events.from_stream(record("tokens", token(**stamp("token.created", NOW)).serialize()))
    assert found is not None
    stored = event_store.event_item(found)
    again = EventItem.load(stored.serialize())
    assert event_record.body(again) == event_record.body(stored)
    assert b'"id":"' + found.event_id.encode() in event_record.body(stored)


def test_delivery_ids_sort_by_the_time_of_their_event() -> None:
    early, late = (events.from_stream(record("tokens", token(**stamp("token.created", moment)).serialize())) for moment in (NOW, NOW + 1))
    assert early is not None
    assert late is not None
    assert delivery_id(early.event_id, "whe_2") < delivery_id(late.event_id, "whe_1")


def test_subscriptions_are_the_contracts_event_names_or_a_star() -> None:
    assert CreateEndpoint(url="https://x.example", events=["*", *EVENTS[1:], "*"]).events == ["*", *EVENTS[1:]]
    with pytest.raises(ValueError, match="not an event"):
        CreateEndpoint(url="https://x.example", events=["payment.*"])
