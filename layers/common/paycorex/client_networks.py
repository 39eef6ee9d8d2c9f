"""The address by which a client without a key is counted."""

import ipaddress
from typing import Final

# One household or office has so many bits of IPv6 addresses for itself (RFC 6177), so that one address says nothing.
IPV6_PREFIX: Final = 64


def network_of(source_ip: str) -> str:
    """An IPv4 address as it is, of an IPv6 address the network; with its prefix. Raises ValueError for what is no address."""
    address = ipaddress.ip_address(source_ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    prefix = IPV6_PREFIX if address.version == 6 else address.max_prefixlen
    return str(ipaddress.ip_network((address, prefix), strict=False))


def counted(source_ip: str) -> str:
    """The same, and one word for all that is no address, which is counted together."""
    try:
        return network_of(source_ip)
    except ValueError:
        return "unknown"
