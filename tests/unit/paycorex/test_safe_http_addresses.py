"""Every range that is not the public internet is blocked, in every wrapping an IPv4 address can come in."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.safe_http.addresses import blocked_because, embedded_ipv4, read_address

IPV4_RANGES = [
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.31.196.0", "192.31.196.255"),
    ("192.52.193.0", "192.52.193.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("192.175.48.0", "192.175.48.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "172.32.0.1", "2606:2800:220:1::1", "2001:4860:4860::8888", "2a00::1"]
SPECIAL_IPV6 = [
    "::",
    "::1",
    "::7f00:1",
    "::ffff:8.8.8.8",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::808:808",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::1",
    "2620:4f:8000::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:2800:220:1::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:2800:220:1:0:5efe:a9fe:a9fe",
]


@pytest.mark.parametrize(("first", "last"), IPV4_RANGES)
def test_a_special_range_is_blocked_from_its_first_address_to_its_last(first: str, last: str) -> None:
    for edge in (first, last):
        assert blocked_because(IPv4Address(edge)), edge


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert blocked_because(ip_address(address)) is None


@pytest.mark.parametrize("address", SPECIAL_IPV6)
def test_special_ipv6_addresses_are_blocked(address: str) -> None:
    assert blocked_because(ip_address(address))


@given(st.ip_addresses())
def test_whatever_python_calls_not_global_is_blocked(address: IPv4Address | IPv6Address) -> None:
    assert address.is_global or blocked_because(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_found_and_blocked_in_every_wrapping(inner: IPv4Address) -> None:
    number = int(inner)
    wrapped = {
        "compatible": number if number > 1 else number | 0xFFFF << 32,
        "mapped": 0xFFFF << 32 | number,
        "translated": 0xFFFF << 48 | number,
        "nat64": 0x0064_FF9B << 96 | number,
        "local nat64": 0x0064_FF9B_0001 << 80 | number,
        "6to4": 0x2002 << 112 | number << 80 | 1,
        "teredo": 0x2001 << 112 | (~number & 0xFFFF_FFFF),
        "isatap": 0x2606_2800_0220_0001 << 64 | 0x5EFE << 32 | number,
    }
    for name, outer in wrapped.items():
        assert embedded_ipv4(IPv6Address(outer)) == inner, name
        assert blocked_because(IPv6Address(outer)), name


def test_the_reason_names_what_is_wrapped() -> None:
    assert blocked_because(IPv6Address("64:ff9b::a9fe:a9fe")) == "NAT64 of link-local"
    assert blocked_because(IPv6Address("::1")) == "loopback"
    assert blocked_because(IPv4Address("100.64.0.1")) == "carrier-grade NAT"


@pytest.mark.parametrize(
    "text", ["127.1", "0177.0.0.1", "0x7f000001", "2130706433", "1.2.3", "①.1.1.1", "[::1]", "", " 1.1.1.1", "shop.example"]
)
def test_only_the_canonical_notation_is_an_address(text: str) -> None:
    assert read_address(text) is None
