"""What containers of `sam local` need to reach this machine: a name, and a way past loopback.

SAM starts its containers on Docker's bridge, where 127.0.0.1 is the container itself; `--docker-network host` does not change that. Docker
Desktop lets `host.docker.internal` reach this machine's loopback. On Linux that name is the bridge's own address, where nothing of ours
listens, so connections to it are passed on to loopback. Only this machine and its containers can come to that address.
"""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]  # it has no stubs

from local import ports

# Given to containers by samconfig.toml.
NAME: Final = "host.docker.internal"
BRIDGE: Final = "docker0"
_CHUNK_BYTES: Final = 64 * 1024
_CONNECT_SECONDS: Final = 5.0
# The variable of functions that is the address of a server on this machine; the others are for browsers and people.
_ADDRESS: Final = "AWS_ENDPOINT_URL"


def seen_from_inside(variables: Mapping[str, str]) -> dict[str, str]:
    """A function's variables with the server's address as a container can use it."""
    return {name: address_from_inside(value) if name == _ADDRESS else value for name, value in variables.items()}


def address_from_inside(addresses: str) -> str:
    """Addresses of servers on this machine, as a container can use them."""
    return addresses.replace(f"//{ports.HOST}:", f"//{NAME}:")


def bridge_address() -> str | None:
    """The address of Docker's bridge on this machine, if it has one."""
    found = (address.address for address in psutil.net_if_addrs().get(BRIDGE, ()) if address.family == socket.AF_INET)
    return next(found, None)


@contextlib.contextmanager
def let_in(urls: Iterable[str]) -> Iterator[None]:
    """Pass connections to the bridge's address on to loopback, at the ports of these URLs; without a bridge there is nothing to do."""
    gateway = bridge_address()
    with contextlib.ExitStack() as stack:
        for port in {urlsplit(url).port for url in urls} if gateway else ():
            assert gateway is not None
            assert port is not None
            stack.enter_context(passing_on(gateway, port))
        yield


@contextlib.contextmanager
def passing_on(gateway: str, port: int) -> Iterator[None]:
    """Pass connections to `gateway`:`port` on to loopback's same port. Raises OSError when the port is taken there."""
    with _Forwarder((gateway, port), _Connection) as server:
        thread = threading.Thread(target=server.serve_forever, name=f"containers:{port}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Forwarder(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Copy both ways until both sides have closed."""
        port = self.server.server_address[1]  # type: ignore[index]  # an address of the Internet family
        try:
            inside = socket.create_connection((ports.HOST, port), _CONNECT_SECONDS)
        except OSError:
            return
        with inside:
            inside.settimeout(None)
            answers = threading.Thread(target=_copy, args=(inside, self.request), daemon=True)
            answers.start()
            _copy(self.request, inside)
            answers.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    # A side that resets the connection ends it for both; who hung up needs no telling.
    with contextlib.suppress(OSError):
        while content := source.recv(_CHUNK_BYTES):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
