"""Clients behind a network that loses requests and answers: each payment is made once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from paycorex_client import AsyncPayCoreX, PayCoreX
from tests.integration.clients.conftest import Platform
from tests.support.cutting_proxy import CuttingProxy

CALLS = 12


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paycorex_client.attempts._FIRST_PAUSE_SECONDS", 0.002)
    monkeypatch.setattr("paycorex_client.attempts._LONGEST_PAUSE_SECONDS", 0.02)


def proxy_of(platform: Platform, seed: int) -> CuttingProxy:
    port = urlsplit(platform.url).port
    assert port is not None
    return CuttingProxy(port, seed=seed)


def assert_paid_once_each(platform: Platform, ids: list[str], proxy: CuttingProxy) -> None:
    assert len(set(ids)) == CALLS
    with PayCoreX(platform.who.api_key, platform.who.secret, base_url=platform.url) as client:
        assert {payment.payment_id for payment in client.payments.list()} == set(ids)
        (wallet,) = client.wallets.of_user(user_id="asha").data
    assert wallet.balance == Decimal(1000) - CALLS
    # Or the network was good, and nothing is shown.
    assert proxy.happened["cut"] + proxy.happened["half"] >= CALLS / 2


def test_a_storm_of_retries_makes_each_payment_once(platform: Platform) -> None:
    platform.http.world.wallet(platform.who, "asha", "1000.00")
    with proxy_of(platform, 1).serving() as proxy, PayCoreX(platform.who.api_key, platform.who.secret, base_url=proxy.url) as client:

        def pay(number: int) -> str:
            return client.payments.create(amount=1, method="wallet", user_id="asha", metadata={"n": number}).payment_id

        with ThreadPoolExecutor(4) as pool:
            ids = list(pool.map(pay, range(CALLS)))
    assert_paid_once_each(platform, ids, proxy)


def test_a_storm_with_the_async_client_does_too(platform: Platform) -> None:
    platform.http.world.wallet(platform.who, "asha", "1000.00")

    async def pay_all(url: str) -> list[str]:
        async with AsyncPayCoreX(platform.who.api_key, platform.who.secret, base_url=url) as client:
            made = [client.payments.create(amount=1, method="wallet", user_id="asha", metadata={"n": n}) for n in range(CALLS)]
            return [payment.payment_id for payment in await asyncio.gather(*made)]

    with proxy_of(platform, 2).serving() as proxy:
        ids = asyncio.run(pay_all(proxy.url))
    assert_paid_once_each(platform, ids, proxy)
