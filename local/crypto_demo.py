"""The demonstration of a crypto payment: a chain of our own, a payment that waits on it, and the command that pays it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from local import chain, ports
from local.chain import Chain, NoAnvil
from local.client import Client, Refused
from local.paths import STATE

DEFAULT_PORT: Final = 8545
# A block a second, final two blocks later: a payment settles at its 12 confirmations, with the scanner's next tick.
_OPTIONS: Final[Sequence[str]] = ("--block-time", "1", "--slots-in-an-epoch", "1")
# The account m/44'/60'/0' of a mnemonic out of BIP-39's test vectors: everybody knows its keys. For this chain only.
XPUB: Final = "xpub6Bh6Cg7bvjFdW6VEAaZmsyhZh86WdJ9Kr5aqqY5LN7UFLpxTrxsiys213UCu8MAYjcq5JhF7jzZXvruGfWfPbxqsByNNhwWaNQRuhP3JcC3"
_PRICE: Final = "500.00"
# The first of the accounts that anvil endows.
_PAYER: Final = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


@dataclass(frozen=True, slots=True)
class Offer:
    """A crypto payment that waits, and a shell command that pays it."""

    payment_id: str
    amount: str
    command: str


@contextmanager
def chain_running() -> Iterator[Chain | None]:
    """The local chain with the state of the last start; None where anvil cannot be had."""
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
    with chain.running(1, port=port, options=(*_OPTIONS, "--state", str(state / "anvil.json"))) as running:
        yield running


def offer(base_url: str, merchant: dict[str, str], running: Chain) -> Offer | None:
    """Make a payment that waits for coins on the local chain; None when the platform refuses it."""
    client = Client(base_url, merchant["api_key"], merchant["secret"])
    try:
        client.call("PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": XPUB}})
        order = {"amount": _PRICE, "method": "crypto", "network": "ethereum", "description": "Masala chai, by chain"}
        payment = client.call("POST", "/v1/payments/create", order)
        action = payment["next_action"]
    except (Refused, OSError, KeyError):
        return None
    units = int(action["crypto_uri"].rpartition("=")[2])
    call = f'{{"from":"{_PAYER}","to":"{action["address"]}","value":"{units:#x}"}}'
    request = f'{{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[{call}]}}'
    command = f"  curl -s {running.url} -H 'Content-Type: application/json' -d '{request}'"
    return Offer(payment["payment_id"], f"{action['crypto_amount']} {action['asset']}", command)
