"""Which IP addresses are the public internet. The list is written out here, from the IANA special-purpose registries (RFC 6890).

`ipaddress.is_global` is not asked: its answers change with the interpreter's patch level, and Python 3.13.0 still calls the NAT64
form of the metadata address, 224.0.0.1 and 192.88.99.1 global.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_BLOCKED_IPV4: Final = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        # EC2 and ECS metadata, and the Lambda credentials endpoint, are here.
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "multicast tunnelling"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

# The only space IANA has given out for global unicast: all else, named or not yet, is refused.
_GLOBAL_UNICAST_IPV6: Final = IPv6Network("2000::/3")
_BLOCKED_IPV6: Final = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/32", "Teredo"),
        # Benchmarking, ORCHID, AS112, drone ids, and what is assigned here next.
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        # Where EC2 has its IPv6 metadata address, fd00:ec2::254.
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
# Which bits of a wrapping address hold the IPv4 one: the shift to the right, by range.
_EMBEDDED_IPV4_SHIFT: Final = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    # RFC 8215 lets an operator choose the length; /96 is the one in use.
    (IPv6Network("64:ff9b:1::/48"), 0),
    (IPv6Network("2002::/16"), 80),
)
_TEREDO: Final = IPv6Network("2001::/32")
# RFC 5214: the interface identifier of a tunnel whose last 32 bits are the IPv4 address, in any prefix.
_ISATAP_IDENTIFIERS: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})
_LOW_32_BITS: Final = 0xFFFF_FFFF


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to `address` end at, for every wrapping there is a standard for."""
    number = int(address)
    if number <= 1:
        # RFC 4291 2.5: the unspecified and the loopback address lie in the IPv4-compatible range and are not of it.
        return None
    if address in _TEREDO:
        # RFC 4380 4: the client's address, each bit inverted.
        return IPv4Address(~number & _LOW_32_BITS)
    for network, shift in _EMBEDDED_IPV4_SHIFT:
        if address in network:
            return IPv4Address(number >> shift & _LOW_32_BITS)
    if number >> 32 & _LOW_32_BITS in _ISATAP_IDENTIFIERS:
        return IPv4Address(number & _LOW_32_BITS)
    return None


def blocked_because(address: IPv4Address | IPv6Address) -> str | None:
    """Why PayCoreX must not connect to `address` (a few words for people), or None for a public one."""
    if isinstance(address, IPv4Address):
        return next((name for network, name in _BLOCKED_IPV4 if address in network), None)
    if address.scope_id is not None:
        return "scoped to an interface"
    name = next((name for network, name in _BLOCKED_IPV6 if address in network), None)
    inner = embedded_ipv4(address)
    if inner is not None:
        # Also a public address inside: a tunnel or translator of ours is not a merchant's receiver.
        return f"{name or 'ISATAP'} of {blocked_because(inner) or 'an IPv4 address'}"
    if name is None and address not in _GLOBAL_UNICAST_IPV6:
        return "not global unicast"
    return name


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in its one canonical notation, or None: no short, octal, hexadecimal or decimal spellings."""
    try:
        return ip_address(text)
    except ValueError:
        return None
