"""The crypto routes: addresses in every spelling, keys that must be refused, lists, and what another merchant may not see."""

from collections.abc import Iterator

import pytest

from crypto_monitor.chain import transaction_lookup
from paycorex.evm import networks
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, PRIVATE, account_key

MIXED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
HASH = "0x" + "ab" * 32


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as world:
        yield world


@pytest.fixture
def merchant(world: World) -> Signer:
    """One whose key was used a moment ago: the note of that is the only thing that a refused request may leave behind."""
    who = world.register()
    world.call(who, "GET", "/v1/crypto/addresses")
    return who


def watch(world: World, who: Signer, address: str, network: str = "ethereum", key: str | None = None) -> tuple[int, dict[str, object]]:
    reply = world.call(who, "POST", "/v1/crypto/address", {"address": address, "network": network, "user_id": "u-1"}, key=key)
    return reply.status, reply.body


@pytest.mark.parametrize(
    "address",
    ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0x" + "0" * 40, MIXED[:-1], MIXED + "a", MIXED[2:], "vitalik.eth", USDC, ""],
)
def test_what_money_must_not_be_sent_to_is_refused_and_nothing_is_written(world: World, merchant: Signer, address: str) -> None:
    """Acceptance 65: bad EIP-55, zero, 39 and 41 digits, no 0x, an ENS name, a token's own contract."""
    before = world.dump()
    status, body = watch(world, merchant, address)
    assert (status, body["error"]["code"]) == (400, "invalid_request")  # type: ignore[index]
    assert world.dump() == before


def test_every_spelling_is_one_address(world: World, merchant: Signer) -> None:
    """Acceptance 65: all-lower, all-upper and EIP-55 are the same record, shown in EIP-55."""
    first = watch(world, merchant, MIXED.lower())
    again = watch(world, merchant, "0x" + MIXED[2:].upper())
    mixed = watch(world, merchant, MIXED)
    assert [first[0], again[0], mixed[0]] == [201, 200, 200]
    assert first[1] == again[1] == mixed[1]
    assert first[1]["address"] == MIXED
    other_network = watch(world, merchant, MIXED, "polygon")
    assert other_network[0] == 201
    assert other_network[1]["address_id"] != first[1]["address_id"]


def test_a_retry_of_a_registration_is_answered_from_the_first(world: World, merchant: Signer) -> None:
    first = watch(world, merchant, MIXED, key="k-1")
    reply = world.call(merchant, "POST", "/v1/crypto/address", {"address": MIXED, "network": "ethereum", "user_id": "u-1"}, key="k-1")
    assert (reply.status, reply.body) == first
    assert reply.headers["idempotent-replayed"] == "true"
    other = world.call(merchant, "POST", "/v1/crypto/address", {"address": MIXED, "network": "bsc"}, key="k-1")
    assert (other.status, other.code) == (409, "idempotency_key_reused")


def test_an_address_that_is_stopped_leaves_the_list_and_can_be_started_again(world: World, merchant: Signer) -> None:
    made = watch(world, merchant, MIXED)[1]
    target = f"/v1/crypto/addresses/{made['address_id']}"
    stopped = world.call(merchant, "DELETE", target)
    assert (stopped.status, stopped.body["is_active"]) == (200, False)
    assert world.call(merchant, "GET", "/v1/crypto/addresses").body["data"] == []
    assert world.call(merchant, "DELETE", target).status == 200
    started = watch(world, merchant, MIXED)
    assert (started[0], started[1]["is_active"]) == (200, True)
    assert len(world.call(merchant, "GET", "/v1/crypto/addresses").body["data"]) == 1


def test_the_list_is_paged_and_another_merchants_is_not_in_it(world: World, merchant: Signer) -> None:
    other = world.register("Other")
    watch(world, other, MIXED)
    made = [watch(world, merchant, "0x" + f"{number:040x}")[1] for number in range(1, 6)]
    first = world.call(merchant, "GET", "/v1/crypto/addresses?limit=3").body
    rest = world.call(merchant, "GET", f"/v1/crypto/addresses?limit=3&cursor={first['next_cursor']}").body
    assert first["data"] + rest["data"] == made[::-1]
    assert rest["next_cursor"] is None
    foreign = world.call(merchant, "GET", "/v1/crypto/addresses?limit=3", headers=[]).body["next_cursor"]
    assert world.call(other, "GET", f"/v1/crypto/addresses?limit=3&cursor={foreign}").code == "invalid_cursor"


def test_another_merchants_address_cannot_be_stopped(world: World, merchant: Signer) -> None:
    made = watch(world, merchant, MIXED)[1]
    other = world.register("Other")
    refused = world.call(other, "DELETE", f"/v1/crypto/addresses/{made['address_id']}")
    unknown = world.call(other, "DELETE", "/v1/crypto/addresses/adr_aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert refused.status == unknown.status == 404
    assert refused.without_request_id() == unknown.without_request_id()
    assert world.call(merchant, "GET", "/v1/crypto/addresses").body["data"] == [made]


def test_a_preview_shows_what_the_wallet_shows(world: World, merchant: Signer) -> None:
    reply = world.call(merchant, "POST", "/v1/crypto/xpub/preview", {"network": "ethereum", "xpub": str(account_key(JUNK))})
    assert reply.status == 200
    assert reply.body["addresses"][0] == {"index": 0, "address": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}
    assert [entry["index"] for entry in reply.body["addresses"]] == [0, 1, 2, 3, 4]


def test_a_private_key_is_refused_and_leaves_no_trace(world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    before = world.dump()
    reply = world.call(merchant, "POST", "/v1/crypto/xpub/preview", {"network": "ethereum", "xpub": PRIVATE})
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert "PRIVATE KEY" in reply.body["error"]["message"]
    written = capsys.readouterr()
    assert PRIVATE[4:] not in reply.raw.decode() + str(world.dump()) + written.out + written.err
    assert world.dump() == before


@pytest.mark.parametrize("tx_hash", ["0x" + "ab" * 31, "ab" * 32, "0x" + "AB" * 32, "0x" + "zz" * 32, HASH + "00", "latest"])
def test_a_bad_hash_is_refused_before_any_call(world: World, merchant: Signer, tx_hash: str) -> None:
    """Acceptance 66: 400, and the chain is not asked (no node is configured here, so asking would be 503)."""
    reply = world.call(merchant, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum")
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert world.call(merchant, "GET", f"/v1/crypto/status/{HASH}?network=ethereum").code == "provider_unavailable"
    assert world.call(merchant, "GET", f"/v1/crypto/status/{HASH}").code == "invalid_request"
    assert world.call(merchant, "GET", f"/v1/crypto/status/{HASH}?network=tron").code == "invalid_request"


def test_a_new_environment_knows_no_nodes_of_another_one() -> None:
    """The nodes that a warm environment keeps end with it; a deployment without nodes is not answered by those of the one before."""
    with World().running() as first:
        first.follow("ethereum", "https://127.0.0.1:9/")
        assert transaction_lookup.quorum(networks.ETHEREUM) == 1
    with World().running():
        assert transaction_lookup.quorum(networks.ETHEREUM) == 0
