"""Packs of requests: whatever comes in whichever batches is listed once, in the order of all."""

import random
import zlib

import pytest

from dashboard.request_log import packs
from dashboard.request_log.lines import Request

START_MS = 1_780_000_000_000


def request(at_ms: int, number: int, merchant: str = "mer_a") -> Request:
    return Request(merchant, f"req_{number:04d}", START_MS + at_ms, "POST", "/v1/payments/create", 201, None, 12, "key_a")


def stored(batches: list[list[Request]]) -> list[packs.Pack]:
    """The packs of batches, in the order in which the table has them."""
    return sorted((pack for batch in batches for pack in packs.packed(batch)), key=lambda pack: pack[0].order_key, reverse=True)


@pytest.mark.parametrize("seed", range(20))
def test_any_batches_are_one_list(seed: int) -> None:
    chance = random.Random(seed)
    requests = [request(chance.randrange(600_000), number) for number in range(300)]
    batches = [chance.choices(requests, k=chance.randrange(1, 80)) for _ in range(30)]
    expected = sorted({each for batch in batches for each in batch}, key=lambda each: each.order_key, reverse=True)
    assert list(packs.newest_first(stored(batches), lambda pack: pack)) == expected


def test_a_pack_is_of_one_merchant_and_spans_a_minute_at_most() -> None:
    batch = [request(number * 700, number, f"mer_{number % 2}") for number in range(400)]
    found = list(packs.packed(batch))
    assert sorted((each for pack in found for each in pack), key=lambda each: each.at_ms) == batch
    for pack in found:
        assert len({each.merchant_id for each in pack}) == 1
        assert pack[0].at_ms - pack[-1].at_ms <= packs.SPAN_MS
        assert len(pack) <= packs.MAX_REQUESTS
    assert len(found) < 15


def test_many_at_one_moment_are_several_packs() -> None:
    found = list(packs.packed([request(0, number) for number in range(2 * packs.MAX_REQUESTS + 1)]))
    assert [len(pack) for pack in found] == [packs.MAX_REQUESTS, packs.MAX_REQUESTS, 1]


def test_packs_with_the_same_newest_request_have_marks_of_their_own() -> None:
    whole = tuple(request(10 - number, number) for number in range(3))
    assert packs.mark(whole) != packs.mark(whole[:2])
    assert packs.mark(whole) == packs.mark(tuple(whole))


def test_what_was_packed_is_read_back() -> None:
    pack = tuple(request(10 - number, number) for number in range(3))
    assert packs.decoded("mer_a", packs.encoded(pack)) == pack


@pytest.mark.parametrize("damaged", [b"", b"no pack", zlib.compress(b"{"), zlib.compress(b" " * 2_000_000)])
def test_what_is_no_pack_is_an_error(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="pack of requests"):
        packs.decoded("mer_a", damaged)
