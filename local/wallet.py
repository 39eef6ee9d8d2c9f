"""A wallet for the test chain: pays what an EIP-681 link asks for, from the first of the accounts that anvil endows.

`python -m local.wallet payment.json` pays a payment whose creation was answered with this file.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from local import chain, platform_file

PAYER: Final = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
_TRANSFER: Final = "0xa9059cbb"


def transaction(link: str, payer: str = PAYER) -> dict[str, str]:
    """The transaction that a link asks for (EIP-681: a coin's transfer, or a token contract's `transfer`), unsigned."""
    parts = urlsplit(link)
    target = parts.path.partition("@")[0]
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if not parts.path.endswith("/transfer"):
        return {"from": payer, "to": target, "value": hex(int(asked["value"]))}
    data = f"{_TRANSFER}{asked['address'][2:].lower().rjust(64, '0')}{int(asked['uint256']):064x}"
    return {"from": payer, "to": target, "data": data}


def pay(url: str, link: str) -> str:
    """Send it; anvil signs for its own accounts. The transaction's hash. Raises RuntimeError when the chain refuses it."""
    tx_hash: str = chain.ask(url, "eth_sendTransaction", transaction(link))
    return tx_hash


def main(arguments: list[str]) -> int:
    """Pay the payment in a file; the exit status."""
    platform: Any = platform_file.read(platform_file.PLATFORM)
    if len(arguments) != 1 or platform is None or platform.get("chain_url") is None:
        print("usage: python -m local.wallet payment.json, while `make run` runs with a test chain", file=sys.stderr)
        return 2
    link = json.loads(Path(arguments[0]).read_text())["next_action"]["crypto_uri"]
    print(f"Paid by {pay(platform['chain_url'], link)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
