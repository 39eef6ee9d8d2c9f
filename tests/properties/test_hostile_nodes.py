"""Whatever a node says, of any shape and size: the readers refuse it in their own words, and a tick ends and goes on when it is over."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto_monitor.chain import answers, shapes
from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.refusals import failure_of
from crypto_monitor.chain.replies import in_order, result_of
from crypto_monitor.scanner.tick import MonitorStalled
from tests.fakes.paper_chain import PaperChain, on_paper, restart, timed_tick
from tests.support.chain import transfers
from tests.support.crypto import expected_units, merchant_with_key, pay_by_crypto
from tests.support.world import Signer, World

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "60"))

NUMBERS = st.one_of(st.integers(-(10**80), 10**80), st.floats(allow_nan=True), st.booleans(), st.none())
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["0x", "0x0", "-0x1", "0x_1", " 0x1", "0X1", "latest", "0x" + "f" * 64, "0x" + "f" * 65, "0x" + "f" * 5_000, "\ud800"]),
    st.integers(0, 2**300).map(hex),
    st.integers(0, 2**160).map(lambda number: f"0x{number:040x}"),
    st.integers(0, 2**256 - 1).map(lambda number: f"0x{number:064x}"),
)
FIELDS = (
    "hash number parentHash timestamp logsBloom transactions to from value status logs topics data address blockHash blockNumber "
    "transactionHash logIndex removed code message id result error"
)
NAMES = st.sampled_from(FIELDS.split())
JUNK = st.recursive(
    st.one_of(NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(NAMES, inner, max_size=8)),
    max_leaves=25,
)
READERS: list[Callable[[Any], object]] = [
    shapes.block,
    shapes.transaction,
    shapes.receipt,
    shapes.logs,
    shapes.block_logs,
    shapes.chain_id,
    lambda raw: shapes.words(raw, 3),
    lambda raw: result_of(raw) if isinstance(raw, dict) else None,
    lambda raw: in_order([("a", []), ("b", [])], raw),
]


@settings(max_examples=EXAMPLES * 10, deadline=None)
@given(raw=JUNK, reader=st.sampled_from(READERS))
def test_a_document_of_any_shape_is_read_or_refused(raw: Any, reader: Callable[[Any], object]) -> None:
    try:
        reader(raw)
    except NodeFailure:
        return


@settings(max_examples=EXAMPLES * 5, deadline=None)
@given(error=JUNK, status=st.integers(100, 999), header=st.none() | st.text(max_size=12))
def test_a_refusal_of_any_shape_has_a_meaning(error: Any, status: int, header: str | None) -> None:
    assert isinstance(failure_of(error, status=status, retry_after=header), NodeFailure)


class Body:
    """An HTTP answer as urllib3 gives it."""

    def __init__(self, content: bytes, status: int = 200) -> None:
        self.status = status
        self._content = content

    def read1(self, amount: int, *, decode_content: bool) -> bytes:
        assert decode_content
        part, self._content = self._content[:amount], self._content[amount:]
        return part


DEEP = 200_000
TOO_LONG = answers.MAX_ANSWER_BYTES + 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"<html>",
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b"9" * 100_000,
        b" " * (25 * 1024 * 1024),
    ],
    ids=["empty", "no text", "a page", "deep lists", "deep objects", "a long number", "too long"],
)
@pytest.mark.parametrize("status", [200, 429, 503])
def test_bytes_that_are_no_answer_are_refused(content: bytes, status: int) -> None:
    body: Any = Body(content, status)
    with pytest.raises(NodeFailure):
        answers.read(body, {}, 5.0)


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part comes in time, the whole never would."""
    moments: Iterator[float] = iter(range(10**6))
    monkeypatch.setattr("crypto_monitor.chain.answers.time.monotonic", lambda: next(moments))
    body: Any = Body(json.dumps([]).encode() + b" " * 10**8)
    body.read1 = lambda _amount, decode_content: b" "
    with pytest.raises(NodeFailure, match="too long"):
        answers.read(body, {}, 8.0)


METHODS = st.sampled_from(
    ["eth_getBlockByNumber", "eth_getLogs", "eth_getTransactionReceipt", "eth_getTransactionByHash", "eth_call", "eth_chainId"]
)


def _spoilt(result: Any, name: str, junk: Any, depth: int) -> Any:
    """The result with one field, somewhere in it, replaced; or the whole of it."""
    if isinstance(result, dict) and depth > 0:
        if name in result and (depth == 1 or not isinstance(result[name], list)):
            return {**result, name: junk}
        return {key: _spoilt(value, name, junk, depth - 1) if isinstance(value, list | dict) else value for key, value in result.items()}
    if isinstance(result, list) and result and depth > 0:
        return [_spoilt(result[0], name, junk, depth - 1), *result[1:]]
    return junk


class Story:
    def __init__(self, world: World, chain: PaperChain, who: Signer) -> None:
        self.world = world
        self.chain = chain
        payment = pay_by_crypto(world, who)
        self.address = payment["next_action"]["address"].lower()
        self.units = expected_units(payment)

    def pay(self, units: int) -> None:
        """So much USDC, and so much more than the payment's coins, in a block that is deep by now."""
        self.chain.mine([(self.address, self.units + units)], [(self.address, units)])
        self.chain.mine_empty(80)

    def tick(self) -> None:
        try:
            assert "stopped" not in timed_tick(self.chain)
        except MonitorStalled:
            return


@pytest.mark.timeout(max(300, 5 * EXAMPLES))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    liar=st.integers(0, 1),
    lies=st.lists(st.tuples(METHODS, NAMES, JUNK, st.integers(0, 4)), min_size=1, max_size=4),
    ticks=st.integers(1, 4),
)
def test_a_tick_ends_whatever_a_node_says_and_money_is_found_afterwards(
    liar: int, lies: list[tuple[str, str, Any, int]], ticks: int
) -> None:
    """A witness that lies hides nothing for good. A reader may hide a payment within a block; what comes after its lies is found."""
    with World().running() as world, pytest.MonkeyPatch.context() as patch, on_paper(world, patch) as chain:
        story = Story(world, chain, merchant_with_key(world))
        story.tick()

        def lie(node: int, method: str, _params: list[Any], result: Any) -> Any:
            for lied, name, junk, depth in lies:
                if (node % 2, method) == (liar, lied):
                    result = _spoilt(result, name, junk, depth)
            return result

        chain.lie = lie
        story.pay(10**6)
        for _ in range(ticks):
            story.tick()
        assert {item.status for item in transfers(world)} <= {"detected", "confirmed", "failed"}
        chain.lie = lambda _node, _method, _params, result: result
        restart()
        story.pay(2 * 10**6)
        for _ in range(4):
            chain.mine()
            story.tick()
        found = {(item.asset, int(item.amount), item.status) for item in transfers(world)}
        assert {("ETH", story.units + 2 * 10**6, "confirmed"), ("USDC", 2 * 10**6, "confirmed")} <= found
        if liar == 1:
            assert {("ETH", story.units + 10**6, "confirmed"), ("USDC", 10**6, "confirmed")} <= found
            assert len(found) == 4
