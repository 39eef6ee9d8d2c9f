"""The status route: what web3 would add to its cold start, and how long it takes warm against a real node. One run, interleaved."""

import os
import statistics
import sys
import time

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench import fresh_process, table
from local.chain import running
from tests.support.chain import GENESIS, forget
from tests.support.world import World

ROUNDS = 7
CALLS = 200
SUBJECTS = {
    "crypto_monitor.door": "import crypto_monitor.door",
    "the same door on web3": "import crypto_monitor.door, crypto_monitor.chain.web3_transport",
}
WATCHED = "0x" + "ab" * 20


def cold() -> dict[str, float]:
    """Median seconds of a fresh process, imports and clients included."""
    times: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(ROUNDS + 1):
        for name, code in SUBJECTS.items():
            times[name].append(fresh_process.seconds_of(code))
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def warm() -> tuple[float, float]:
    """Median and 95th percentile of seconds for a signed status request, the store in memory, the node real."""
    with World().running() as world, running(1, options=GENESIS) as chain:
        world.follow("ethereum", chain.url)
        forget()
        who = world.register()
        assert world.call(who, "POST", "/v1/crypto/address", {"address": WATCHED, "network": "ethereum"}).status == 201
        payer = chain.rpc("eth_accounts")[0]
        tx_hash = chain.rpc("eth_sendTransaction", {"from": payer, "to": WATCHED, "value": hex(10**18)})
        chain.rpc("anvil_mine", hex(20))
        times = []
        for _ in range(CALLS):
            world.clock.now += 2  # the rate limit is a minute's
            began = time.perf_counter()
            assert world.call(who, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum").status == 200
            times.append(time.perf_counter() - began)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def main() -> None:
    rows = [(name, f"{seconds * 1000:.0f}") for name, seconds in cold().items()]
    middle, slow = warm()
    shown = table.markdown(("cold, to ready", "milliseconds (median)"), rows)
    note = f"Warm, one status request against a local node takes {middle * 1000:.1f} ms (median; 95 % under {slow * 1000:.1f} ms)."
    sys.stdout.write(f"{shown}\n\n{note}\n")
    table.write_section("crypto status", f"## The chain's status route\n\n`python -m bench.crypto_status`\n\n{shown}\n\n{note}")


if __name__ == "__main__":
    main()
