"""Addresses, amounts and the table of networks."""

import re

import pytest
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from crypto_monitor.chain.shapes import TRANSFER_TOPIC
from paycorex.evm.address import InvalidAddress, canonical, checksummed
from paycorex.evm.networks import NETWORKS, UnsupportedNetwork, format_units, named

# The EIP's own examples: https://eips.ethereum.org/EIPS/eip-55
EIP_55 = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", EIP_55)
def test_the_examples_of_eip_55_are_kept(address: str) -> None:
    assert checksummed(canonical(address)) == address


@given(st.binary(min_size=20, max_size=20).filter(any))
def test_checksums_are_those_of_another_library(raw: bytes) -> None:
    address = "0x" + raw.hex()
    assert checksummed(address) == to_checksum_address(address)
    assert canonical(checksummed(address)) == canonical(address) == canonical("0x" + raw.hex().upper()) == address


@pytest.mark.parametrize(
    "text",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        "0x" + "0" * 40,
        "0x" + "a" * 39,
        "0x" + "a" * 41,
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "vitalik.eth",
        "0x" + "g" * 40,
        "0x\uff15aaeb6053f3e94c9b9a09f33669435e7ef1beae",
        "",
        " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\n",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddress):
        canonical(text)


def test_networks_are_the_documented_ones() -> None:
    assert {network.name: (network.chain_id, network.confirmations) for network in NETWORKS.values()} == {
        "ethereum": (1, 12),
        "polygon": (137, 64),
        "bsc": (56, 15),
    }
    contracts = [token.contract for network in NETWORKS.values() for token in network.tokens]
    assert len(set(contracts)) == 6
    assert all(contract is not None and re.fullmatch("0x[0-9a-f]{40}", contract) for contract in contracts)
    with pytest.raises(UnsupportedNetwork):
        named("tron")
    with pytest.raises(UnsupportedNetwork):
        named("ethereum").asset("SHIB")


def test_the_transfer_topic_is_its_events_hash() -> None:
    assert "0x" + keccak(text="Transfer(address,address,uint256)").hex() == TRANSFER_TOPIC


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (0, 18, "0"),
        (1, 18, "0.000000000000000001"),
        (1_500_000, 6, "1.5"),
        (10**18, 18, "1"),
        (2**256 - 1, 0, str(2**256 - 1)),
        (10, 1, "1"),
    ],
)
def test_units_are_shown_exactly(units: int, decimals: int, text: str) -> None:
    assert format_units(units, decimals) == text
