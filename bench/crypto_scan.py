"""The chain scanner over 1,000 blocks with ten and with 100,000 watched addresses, beside the seed's way on a sample, in one run.

A real node (anvil) on this machine; the store is in memory, so the times are the scanner's and the node's. The seed's way asks per address:
the last 100 blocks through web3, each with its transactions.
"""

import json
import os
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench import table
from local.chain import Chain, running
from paycorex.records.crypto_address import watched
from tests.support.chain import GENESIS, Context, forget
from tests.support.world import World

BLOCKS = 1_000
TRANSACTIONS_PER_BLOCK = 10
MANY = 100_000
FEW = 10
SEED_ADDRESSES = 3
SEED_BLOCKS = 100
HEADERS = ("way", "addresses", "blocks", "JSON-RPC calls", "HTTP posts", "seconds", "CPU ms a block", "deposits found")


@dataclass
class Scan:
    """What one catch-up over all blocks cost."""

    addresses: int
    calls: int
    posts: int
    seconds: float
    cpu_seconds: float
    found: int
    load_seconds: float

    def row(self) -> tuple[str, ...]:
        cpu = f"{self.cpu_seconds * 1000 / BLOCKS:.2f}"
        return (
            "scanner",
            f"{self.addresses:,}",
            f"{BLOCKS:,}",
            f"{self.calls:,}",
            f"{self.posts:,}",
            f"{self.seconds:.1f}",
            cpu,
            str(self.found),
        )


def fill(chain: Chain, targets: list[str]) -> None:
    """Blocks full of transfers, one in fifty of them to a watched address."""
    payers = chain.rpc("eth_accounts")
    sent = 0
    for _ in range(BLOCKS):
        batch = []
        for number in range(TRANSACTIONS_PER_BLOCK):
            sent += 1
            to = targets[sent // 50 % len(targets)] if sent % 50 == 0 else "0x" + f"{sent:040x}"[::-1]
            call = {"from": payers[number % len(payers)], "to": to, "value": hex(10**15), "gas": hex(21_000), "gasPrice": hex(10**11)}
            batch.append({"jsonrpc": "2.0", "id": number, "method": "eth_sendTransaction", "params": [call]})
        batch.append({"jsonrpc": "2.0", "id": -1, "method": "evm_mine", "params": []})
        request = urllib.request.Request(chain.url, json.dumps(batch).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).read()


def scan(chain: Chain, addresses: list[str]) -> Scan:
    """Start at the first block with these addresses watched, and catch up."""
    from crypto_monitor import scanner_door
    from crypto_monitor.scanner import watchlist
    from crypto_monitor.scanner.budget import Budget
    from crypto_monitor.stores import cursors as cursor_store

    with World().running() as world:
        world.follow("ethereum", f"{chain.url} {chain.url}/")
        forget()
        merchant = world.register()
        name = world.settings.table("crypto_addresses")
        for address in addresses:
            item = watched(merchant_id=merchant.merchant_id, network="ethereum", address=address, user_id=None, now_ms=1_700_000_000_000)
            world.dynamo.put_item(TableName=name, Item=item.serialize())
        began = time.perf_counter()
        watchlist.of("ethereum").refresh(None, Budget(lambda: 10**9, 0))
        load_seconds = time.perf_counter() - began
        genesis = chain.rpc("eth_getBlockByNumber", "0x0", *[False])["hash"]
        cursor = cursor_store.acquire("ethereum", "bench", until_ms=0)
        assert cursor is not None
        cursor_store.change(cursor, number=0, block_hash=genesis, window=cursor_store.start_of(genesis))
        began, cpu = time.perf_counter(), time.process_time()
        report = scanner_door.handler({"network": "ethereum"}, Context(10**9))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert (report["problem"], report["blocks"]) == (None, BLOCKS), report
        transports = scanner_door.transports()
        calls, posts = sum(one.calls for one in transports), sum(one.posts for one in transports)
        return Scan(len(addresses), calls, posts, seconds, cpu, report["found"], load_seconds)


def seed_way(chain: Chain, addresses: list[str]) -> tuple[float, int]:
    """Seconds and calls of the seed's loop for some addresses."""
    from web3 import HTTPProvider, Web3

    web3 = Web3(HTTPProvider(chain.url))
    head = web3.eth.block_number
    began, calls, found = time.perf_counter(), 0, 0
    for address in addresses:
        for number in range(head - SEED_BLOCKS + 1, head + 1):
            calls += 1
            block: Any = web3.eth.get_block(number, full_transactions=True)
            found += sum(str(entry["to"]).lower() == address for entry in block["transactions"])
    return time.perf_counter() - began, calls


def main() -> None:
    # Above the precompiled contracts, which take no coins.
    addresses = [f"0x{number + 0x10000:040x}" for number in range(MANY)]
    with running(1, options=GENESIS) as chain:
        fill(chain, addresses[:FEW])
        scans = [scan(chain, addresses[:FEW]), scan(chain, addresses)]
        assert scans[0].calls == scans[1].calls
        assert scans[0].found == scans[1].found
        seconds, calls = seed_way(chain, addresses[:SEED_ADDRESSES])
    per_address = seconds / SEED_ADDRESSES
    whole_seed = f"{per_address * MANY / 3600:,.0f} hours (from {SEED_ADDRESSES} measured)"
    rows = [one.row() for one in scans]
    rows.append(("the seed's", f"{MANY:,}", str(SEED_BLOCKS), f"{calls // SEED_ADDRESSES * MANY:,}", "the same", whole_seed, "-", "-"))
    shown = table.markdown(HEADERS, rows)
    note = (
        f"Blocks of {TRANSACTIONS_PER_BLOCK} transactions on a local anvil, read once and witnessed once, the logs of both compared "
        f"(where a batch has token logs, that is one more call a node),"
        " deep deposits judged by both;"
        f" the watch list of {MANY:,} addresses is loaded once by a cold environment in {scans[1].load_seconds:.1f} s."
    )
    sys.stdout.write(f"{shown}\n\n{note}\n")
    table.write_section("crypto scan", f"## The chain scanner\n\n`python -m bench.crypto_scan`\n\n{shown}\n\n{note}")


if __name__ == "__main__":
    main()
