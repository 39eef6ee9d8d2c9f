"""The Python client against a running platform: the table of cases, with the sync and with the async client."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from paycorex_client import AsyncPayCoreX, NotSigned, PayCoreX
from paycorex_client.answers import Answered, Content
from paycorex_client.error_codes import BY_CODE
from tests.integration.clients.conftest import Platform
from tests.support.cases import CASES, Kept, at
from tests.support.world import Signer

# For a case that says `eventually`.
PATIENCE_SECONDS = 30
Run = Callable[[str, tuple[str, ...], dict[str, Any]], Any]


def method_of(case: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The method's name, and what it is given by name."""
    name, given = case["call"], {**case.get("query", {}), **case.get("body", {})}
    if given.pop("dry_run", False):
        name = f"{name}_dry_run"
    given = {f"{key}_" if key == "from" else key: value for key, value in given.items()}
    return name, given | ({"idempotency_key": case["key"]} if "key" in case else {})


def plain(answer: Any) -> Any:
    return answer.model_dump(mode="json", by_alias=True) if isinstance(answer, Answered) else answer


def check(case: dict[str, Any], kept: Kept, run: Run) -> None:
    wanted = kept.fill(case)
    name, given = method_of(wanted)
    if "error" in wanted:
        with pytest.raises(BY_CODE[wanted["error"]["code"]]) as raised:
            run(name, tuple(wanted.get("path", {}).values()), given)
        assert (raised.value.status, raised.value.code) == (wanted["error"]["status"], wanted["error"]["code"]), case["name"]
        assert raised.value.request_id
        return
    deadline = time.monotonic() + (PATIENCE_SECONDS if wanted.get("eventually") else 0)
    while True:
        answer = run(name, tuple(wanted.get("path", {}).values()), given)
        try:
            is_as_wanted(answer, wanted)
            break
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.25)
    kept.values |= {name: at(answer, place) for name, place in case.get("keep", {}).items()}


def is_as_wanted(answer: Any, wanted: dict[str, Any]) -> None:
    if isinstance(answer, Content):
        assert answer.media_type == wanted["media_type"]
        assert answer.body
        return
    if isinstance(answer, list):
        assert len(answer) == wanted.get("count", len(answer)), wanted["name"]
        found = [({place: at(each, place) for place in item}, item) for each, item in zip(answer, wanted.get("items", []), strict=False)]
        assert len(found) == len(wanted.get("items", []))
    else:
        found = [({place: at(answer, place) for place in wanted["expect"]}, wanted["expect"])]
    for has, wants in found:
        assert has == wants, wanted["name"]


def run_table(url: str, who: Signer) -> None:
    """All cases, with the sync client."""
    with PayCoreX(who.api_key, who.secret, base_url=url, retry_for=0) as client:

        def run(name: str, path: tuple[str, ...], given: dict[str, Any]) -> Any:
            resource, _, method = name.partition(".")
            answer = getattr(getattr(client, resource), method)(*path, **given)
            return [plain(each) for each in answer] if hasattr(answer, "pages") else plain(answer)

        kept = Kept()
        for case in CASES:
            check(case, kept, run)


def run_table_async(url: str, who: Signer) -> None:
    """All cases, with the async client."""

    async def ask(name: str, path: tuple[str, ...], given: dict[str, Any]) -> Any:
        async with AsyncPayCoreX(who.api_key, who.secret, base_url=url, retry_for=0) as client:
            resource, _, method = name.partition(".")
            answer = getattr(getattr(client, resource), method)(*path, **given)
            if hasattr(answer, "pages"):
                return [plain(each) async for each in answer]
            awaited: Awaitable[Any] = answer
            return plain(await awaited)

    kept = Kept()
    for case in CASES:
        check(case, kept, lambda *asked: asyncio.run(ask(*asked)))


def test_the_sync_client_does_what_the_table_says(platform: Platform) -> None:
    run_table(platform.url, platform.who)


def test_the_async_client_does_what_the_table_says(platform: Platform) -> None:
    run_table_async(platform.url, platform.who)


def test_an_unsigned_client_registers_and_does_nothing_else(platform: Platform) -> None:
    with PayCoreX(base_url=platform.url) as client:
        made = client.merchant.register(name="Tea", email="tea@example.com")
        assert made.secret
        with pytest.raises(NotSigned):
            client.payments.list().first()
