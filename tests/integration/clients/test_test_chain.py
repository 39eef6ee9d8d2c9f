"""The command line's payer on a test chain: commands that pay from one account in one moment all pay."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from local.chain import NoAnvil, running
from paycorex_client.cli import chains
from paycorex_client.cli.chains import Refused, TestChain
from paycorex_client.errors import Unreachable
from tests.support import tools

PAYERS = 12
LINK = "ethereum:0x{:040x}@1?value=1000000000"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ExitStack() as stack:
        try:
            node = stack.enter_context(running(1))
        except NoAnvil as reason:
            tools.missing(f"no anvil: {reason}")
        yield node.url


def test_payments_of_one_moment_wait_for_their_turn(url: str) -> None:
    chain = TestChain(url)
    for _ in range(2):
        with ThreadPoolExecutor(PAYERS) as payers:
            hashes = list(payers.map(lambda number: chain.pay(LINK.format(number + 0xABC000)), range(PAYERS)))
        assert len(set(hashes)) == PAYERS
        # A block takes what its chain has put in order by then; the next one takes the rest.
        deadline = time.monotonic() + 30
        while missing := [tx_hash for tx_hash in hashes if chain.block_of(tx_hash) is None]:
            assert time.monotonic() < deadline, missing
            chain.ask("evm_mine")


@pytest.mark.parametrize("words", ["replacement transaction underpriced", "nonce too low"])
def test_a_turn_is_waited_for_and_not_for_ever(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [Refused("eth_sendTransaction", {"code": -32003, "message": words}), "0xabc"]
    chain = object.__new__(TestChain)

    def ask(method: str, *_parameters: Any) -> Any:
        if method == "eth_accounts":
            return ["0x1"]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Refused):
            raise answer
        return answer

    monkeypatch.setattr(chain, "ask", ask)
    assert chain.pay(LINK.format(1)) == "0xabc"
    answers[:] = [Refused("eth_sendTransaction", {"code": -32003, "message": words})]
    monkeypatch.setattr(chains, "_TURN_SECONDS", 0.6)
    with pytest.raises(Unreachable, match="a turn to pay"):
        chain.pay(LINK.format(1))


def test_another_refusal_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = object.__new__(TestChain)
    monkeypatch.setattr(chain, "ask", lambda *_: (_ for _ in ()).throw(Refused("eth_accounts", {"message": "insufficient funds"})))
    with pytest.raises(Refused, match="insufficient funds"):
        chain.pay(LINK.format(1))
