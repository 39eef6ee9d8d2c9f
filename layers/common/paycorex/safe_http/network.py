"""The three uses of the network: address lookup, connection, and TLS trust.

They are a policy's fields, so that tests replace the network and keep every check.
"""

import socket
import ssl
from functools import cache


def look_up(host: str, port: int) -> list[str]:
    """All addresses of `host`, in the system's order of preference. Raises OSError. Has no time limit of its own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def dial(address: str, port: int, timeout_seconds: float) -> socket.socket:
    """A TCP connection to an address in canonical notation. Raises OSError, TimeoutError among them."""
    # Not socket.create_connection: it would ask the resolver a second time.
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_seconds)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def trust() -> ssl.SSLContext:
    """The system's authorities, host names checked, TLS 1.2 or later. Made once: reading the authorities takes milliseconds."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
