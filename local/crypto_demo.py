"""The demonstration of a crypto payment: a chain of our own with a token, a payment that waits on it, and the command that pays it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from local import chain, ports, time_machine, wallet
from local.chain import Chain, NoAnvil
from local.chain_contracts import runtime_code
from local.client import Client, Refused
from local.demo import DemoFailed
from local.paths import STATE

DEFAULT_PORT: Final = 8545
# A block a second, final two blocks later: a payment settles at its 12 confirmations, with the scanner's next tick.
OPTIONS: Final[Sequence[str]] = ("--block-time", "1", "--slots-in-an-epoch", "1")
# The account m/44'/60'/0' of a mnemonic out of BIP-39's test vectors: its keys are public. For this chain only.
XPUB: Final = "xpub6Bh6Cg7bvjFdW6VEAaZmsyhZh86WdJ9Kr5aqqY5LN7UFLpxTrxsiys213UCu8MAYjcq5JhF7jzZXvruGfWfPbxqsByNNhwWaNQRuhP3JcC3"
_PRICE: Final = "500.00"
# Where USDC is on Ethereum. What stands there on this chain knows transfer, balanceOf and mint.
_USDC: Final = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
_MINT: Final = "0x40c10f19"
_MINTED: Final = 10**15


@dataclass(frozen=True, slots=True)
class Offer:
    """A crypto payment that waits, and a shell command that pays it."""

    payment_id: str
    amount: str
    command: str


@contextmanager
def chain_running(now: float) -> Iterator[Chain | None]:
    """The local chain with the state of the last start, its time that of the platform; None where anvil cannot be had."""
    state = STATE / "chain"
    state.mkdir(parents=True, exist_ok=True)
    port = DEFAULT_PORT if ports.is_free(DEFAULT_PORT) else chain.free_port()
    try:
        binary_is_there = chain.anvil_binary().exists()
    except NoAnvil:
        binary_is_there = False
    if not binary_is_there:
        yield None
        return
    options = (*OPTIONS, "--timestamp", str(int(now)), "--state", str(state / "anvil.json"))
    with chain.running(1, port=port, options=options) as running:
        time_machine.move_chain(running.url, now)
        endow(running)
        yield running


def endow(running: Chain) -> None:
    """Give the payer a billion test USDC, on a chain that has none yet."""
    if running.rpc("eth_getCode", _USDC, "latest") == "0x":
        running.rpc("anvil_setCode", _USDC, runtime_code("Token"))
        data = f"{_MINT}{wallet.PAYER[2:].lower().rjust(64, '0')}{_MINTED:064x}"
        running.rpc("eth_sendTransaction", {"from": wallet.PAYER, "to": _USDC, "data": data})


def offer(base_url: str, merchant: dict[str, str], running: Chain) -> Offer:
    """Make a payment that waits for coins on the local chain. Raises DemoFailed."""
    client = Client(base_url, merchant["api_key"], merchant["secret"])
    try:
        client.call("PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": XPUB}})
        order = {"amount": _PRICE, "method": "crypto", "network": "ethereum", "description": "Masala chai, by chain"}
        payment = client.call("POST", "/v1/payments/create", order)
        action = payment["next_action"]
    except (Refused, OSError, KeyError) as error:
        raise DemoFailed(str(error)) from error
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_sendTransaction", "params": [wallet.transaction(action["crypto_uri"])]}
    request = json.dumps(call, separators=(",", ":"))
    command = f"  curl -s {running.url} -H 'Content-Type: application/json' -d '{request}'"
    return Offer(payment["payment_id"], f"{action['crypto_amount']} {action['asset']}", command)
