"""Crypto payments on a test chain whose accounts sign for anyone: what a payer's wallet does, and a reorganisation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

from paycorex_client.cli.making import NotHere, until
from paycorex_client.client import PayCoreX
from paycorex_client.error_codes import InvalidState

# Where `make run` has its chain.
DEFAULT_URL: Final = "http://127.0.0.1:8545"
NETWORK: Final = "ethereum"
# The account m/44'/60'/0' of a mnemonic out of BIP-39's test vectors: its keys are public. For a merchant that has none.
XPUB: Final = "xpub6Bh6Cg7bvjFdW6VEAaZmsyhZh86WdJ9Kr5aqqY5LN7UFLpxTrxsiys213UCu8MAYjcq5JhF7jzZXvruGfWfPbxqsByNNhwWaNQRuhP3JcC3"
DETECTED: Final = "crypto.detected"
DETECTED_SECONDS: Final = 300
# Settings are seen everywhere within a minute.
SEEN_SECONDS: Final = 90
# Slow enough for a transfer to be seen before it counts.
_SLOW_BLOCK_SECONDS: Final = 20
_RPC_SECONDS: Final = 30.0
# How long a payment is tried whose number in its account's order another one took meanwhile, and how a node says so.
_TURN_SECONDS: Final = 15
_TAKEN: Final = ("replacement transaction underpriced", "nonce too low")
_ADVICE: Final = (
    "`make run` starts one; name its address by --chain-url, or pay the payment's next_action.crypto_uri with a wallet of your own"
)


class Refused(NotHere):
    """The node did not do it; `error` has its own words."""

    def __init__(self, method: str, error: Any) -> None:
        super().__init__(f"the test chain refused {method}: {error}")
        self.is_taken = any(words in str(error) for words in _TAKEN)


class TestChain:
    """A node of a test chain (anvil). Raises NotHere when there is none at the address."""

    # Not one of pytest's classes.
    __test__ = False

    def __init__(self, url: str) -> None:
        self.url = url
        if not str(self.ask("web3_clientVersion")).startswith("anvil"):
            raise NotHere(f"the node at {url} is no test chain: {_ADVICE}")

    def ask(self, method: str, *parameters: Any) -> Any:
        """The result of a JSON-RPC call. Raises NotHere where there is no node, Refused with the node's own words."""
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        try:
            answer = httpx.post(self.url, json=call, timeout=_RPC_SECONDS).json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NotHere(f"there is no test chain at {self.url}: {_ADVICE}") from error
        if "result" not in answer:
            raise Refused(method, answer.get("error"))
        return answer["result"]

    def pay(self, link: str) -> str:
        """Pay a coin's link (EIP-681) from the chain's first account; the transaction's hash."""
        parts = urlsplit(link)
        value = hex(int(parse_qs(parts.query)["value"][0]))
        transfer = {"from": self.ask("eth_accounts")[0], "to": parts.path.partition("@")[0], "value": value}
        return until(lambda: self._sent(transfer), _TURN_SECONDS, "a turn to pay on the test chain")

    def _sent(self, transfer: dict[str, Any]) -> str | None:
        """The hash; None where another command paid from the same account in this moment, and nothing of this transfer was taken."""
        try:
            return str(self.ask("eth_sendTransaction", transfer))
        except Refused as refused:
            if refused.is_taken:
                return None
            raise

    def head(self) -> int:
        """The number of the newest block."""
        return int(self.ask("eth_blockNumber"), 16)

    def block_of(self, tx_hash: str) -> int | None:
        """The number of a transaction's block; None while it has none."""
        receipt = self.ask("eth_getTransactionReceipt", tx_hash)
        return None if receipt is None else int(receipt["blockNumber"], 16)

    @contextmanager
    def slowed(self) -> Iterator[None]:
        """For the time of the block the chain grows slowly."""
        before = self.ask("anvil_getIntervalMining")
        self.ask("evm_setIntervalMining", _SLOW_BLOCK_SECONDS)
        try:
            yield
        finally:
            self.ask("evm_setIntervalMining", before or 1)


def paid(client: PayCoreX, chain: TestChain, amount: str) -> tuple[str, str]:
    """A payment in coins that is paid on the chain; its id, and the transaction's hash. A merchant without an xpub gets a test one."""
    order: dict[str, Any] = {"amount": amount, "method": "crypto", "network": NETWORK}
    try:
        made = client.payments.create(**order)
    except InvalidState as refused:
        if refused.details.get("field") != "xpubs":
            raise
        client.merchant.change(xpubs={NETWORK: XPUB})
        made = until(lambda: _created(client, order), SEEN_SECONDS, "the merchant's new xpub")
    link = client.payments.get(made.payment_id).model_dump(mode="json")["next_action"]["crypto_uri"]
    return made.payment_id, chain.pay(link)


def _created(client: PayCoreX, order: dict[str, Any]) -> Any:
    try:
        return client.payments.create(**order)
    except InvalidState:
        return None


def reorganised(client: PayCoreX, chain: TestChain, amount: str) -> str:
    """A transfer that was seen, and is on the chain no more: the blocks from its own on are replaced by empty ones. The payment's id."""
    with chain.slowed():
        payment_id, tx_hash = paid(client, chain, amount)
        chain.ask("evm_mine")
        until(lambda: _detected(client, tx_hash), DETECTED_SECONDS, DETECTED)
        number = chain.block_of(tx_hash)
        if number is not None:
            chain.ask("anvil_reorg", chain.head() - number + 1, [])
            # A chain is left for a longer one.
            chain.ask("evm_mine")
    return payment_id


def _detected(client: PayCoreX, tx_hash: str) -> bool | None:
    page = next(client.events.list(event=DETECTED, limit=100).json_pages())["data"]
    return True if any(each["data"].get("tx_hash") == tx_hash for each in page) else None
