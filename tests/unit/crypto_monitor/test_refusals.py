"""What nodes' refusals mean: the shapes that providers and clients are known to answer with, and what is not known."""

from typing import Any

import pytest

from crypto_monitor.chain.failures import NodeFailure, RangeTooLarge, RateLimited, Refused, StateGone, Unreachable
from crypto_monitor.chain.refusals import MAX_REST_SECONDS, REST_SECONDS, failure_of
from crypto_monitor.chain.replies import in_order

# (who says it, code, message, data): the question was too large.
TOO_LARGE: list[tuple[str, int, str, Any]] = [
    ("Infura", -32005, "query returned more than 10000 results. Try with this block range [0xBDE5F8, 0x102DBCC].", None),
    ("Infura", -32005, "query returned more than 10000 results", {"from": "0xBDE5F8", "limit": 10000, "to": "0x102DBCC"}),
    ("Infura", -32602, "range 1000000 exceeds limit of 10000", None),
    ("Infura", -32005, "query timeout exceeded", None),
    ("Alchemy", -32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range", None),
    ("Alchemy", -32600, "You can make eth_getLogs requests with up to a 500 block range.", None),
    ("Alchemy", -32600, "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range.", None),
    ("QuickNode", -32614, "eth_getLogs is limited to a 10,000 range", None),
    ("QuickNode", -32602, "eth_getLogs and eth_newFilter are limited to a 10,000 blocks range", None),
    ("Ankr", -32062, "Block range is too large", None),
    ("dRPC", 35, "ranges over 10000 blocks are not supported on freetier", None),
    ("publicnode", -32701, "exceed maximum block range: 50000", None),
    ("bor", -32000, "block range exceeds configured limit", None),
    ("reth", -32602, "query exceeds max results 20000, retry with the range 1-2", None),
    ("reth", -32602, "query exceeds max block range 100000", None),
    ("geth", -32003, "response too large", None),
    ("erigon", -32000, "too many logs", None),
    ("any", -32005, "query exceeds max block range 3", None),
]
# (who, status, code, message): it was asked too often.
TOO_OFTEN = [
    ("Infura", 200, -32005, "daily request count exceeded, request rate limited"),
    ("Infura", 200, -32005, "project ID request rate exceeded"),
    ("BSC dataseed", 200, -32005, "limit exceeded"),
    ("QuickNode", 200, -32007, "50/second request limit reached - reduce calls per second or upgrade your account at quicknode.com"),
    ("Alchemy", 200, 429, "Your app has exceeded its compute units per second capacity."),
    ("Alchemy", 429, 429, "Your app has exceeded its compute units per second capacity."),
    ("Cloudflare", 200, -32029, "Too Many Requests"),
    ("any", 200, -32000, "Too Many Requests"),
    ("any", 200, -32016, "over rate limit"),
    ("any", 429, None, ""),
]
# Texts that look like one of the others to a search for parts of words.
UNKNOWN = ["separate the arguments", "generate failed", "operation aborted", "internal error", "try again", "", "stranger things"]


@pytest.mark.parametrize(("_who", "code", "message", "data"), TOO_LARGE)
def test_a_question_that_was_too_large_is_asked_in_parts(_who: str, code: int, message: str, data: Any) -> None:
    assert type(failure_of({"code": code, "message": message, "data": data})) is RangeTooLarge


@pytest.mark.parametrize(("_who", "status", "code", "message"), TOO_OFTEN)
def test_a_node_that_was_asked_too_often_is_not_asked_for_less(_who: str, status: int, code: int | None, message: str) -> None:
    assert type(failure_of({"code": code, "message": message}, status=status)) is RateLimited


@pytest.mark.parametrize("message", UNKNOWN)
@pytest.mark.parametrize("status", [200, 400])
def test_what_is_not_known_may_be_about_the_size(message: str, status: int) -> None:
    assert type(failure_of({"code": -32000, "message": message}, status=status)) is Refused


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (413, RangeTooLarge),
        (401, Unreachable),
        (403, Unreachable),
        (404, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
        (302, Unreachable),
    ],
)
def test_the_status_decides_before_any_words(status: int, kind: type[NodeFailure]) -> None:
    assert type(failure_of({"code": -32005, "message": "Too Many Requests"}, status=status)) is kind


@pytest.mark.parametrize("message", ["missing trie node 0xab", "historical state 12 is not available", "state already pruned", "pruned"])
def test_state_that_is_gone_is_known(message: str) -> None:
    assert type(failure_of({"code": -32000, "message": message})) is StateGone


@pytest.mark.parametrize(
    ("header", "data", "seconds"),
    [
        (None, None, REST_SECONDS),
        ("30", None, 30),
        ("0", None, REST_SECONDS),
        ("999999", None, MAX_REST_SECONDS),
        ("9" * 5000, None, REST_SECONDS),
        ("-5", None, REST_SECONDS),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None, REST_SECONDS),
        (None, {"backoff_seconds": 30.0}, 30),
        (None, {"rate": {"backoff_seconds": 12}}, 12),
        (None, {"backoff_seconds": 10**30}, MAX_REST_SECONDS),
        (None, {"backoff_seconds": "soon"}, REST_SECONDS),
    ],
)
def test_a_node_rests_as_long_as_it_says_within_bounds(header: str | None, data: Any, seconds: int) -> None:
    failure = failure_of({"code": -32005, "message": "rate limited", "data": data}, retry_after=header)
    assert isinstance(failure, RateLimited)
    assert failure.rest_seconds == seconds


@pytest.mark.parametrize(
    "error", [None, "", "no", 7, [], {}, {"code": "x"}, {"code": True, "message": []}, {"code": 10**40, "message": {}}]
)
def test_an_error_of_any_shape_has_a_meaning(error: Any) -> None:
    assert isinstance(failure_of(error), NodeFailure)


@pytest.mark.parametrize(
    "answer", [None, 1, "x", [], [None], [{}], [{"id": True, "result": 1}], [{"id": "0", "result": 1}], [{"id": []}], {}]
)
def test_an_answer_that_answers_nothing_is_a_failure(answer: Any) -> None:
    with pytest.raises(NodeFailure):
        in_order([("eth_chainId", [])], answer)
