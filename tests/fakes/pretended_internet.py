"""An internet for tests: public names and addresses that lead to servers on loopback, with every check of safe_http in force.

    internet = PretendInternet(Authority())
    server = internet.receiver("shop.example", [503, 200])
    internet.post("https://shop.example/hook")  # or any code that is given internet.policy()

Only the resolver, the dialer and the trusted authority of the policy are replaced; the addresses that safe_http sees are public ones.
"""

import dataclasses
import itertools
import socket
import threading
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from types import TracebackType
from typing import Any, Self

import pytest

from paycorex.safe_http import Answer, Policy, send
from tests.fakes.certificates import Authority
from tests.fakes.http_servers import RecordingServer
from tests.fakes.receiver_behaviours import Behaviour

# The documentation ranges will not do: safe_http refuses them. No packet is ever sent to these.
_FIRST_ADDRESS = IPv4Address("93.184.216.34")
HOST = "shop.example"
URL = f"https://{HOST}/hook"
BODY = b'{"a":1}'


class PretendInternet:
    """names: host to addresses, may be changed to make a name lead elsewhere. routes: address to local port, everything else refuses.

    lookups: hosts in the order they were asked for. dialed: the addresses and ports that were connected to, or tried.
    """

    def __init__(self, authority: Authority | None = None) -> None:
        self.authority = authority or Authority()
        self.names: dict[str, list[str]] = {}
        self.routes: dict[str, int] = {}
        self.lookups: list[str] = []
        self.dialed: list[tuple[str, int]] = []
        self._servers: list[RecordingServer] = []
        self._addresses = (str(_FIRST_ADDRESS + offset) for offset in itertools.count())
        self._lock = threading.Lock()
        self._trust = self.authority.client_context()

    def receiver(self, host: str, script: Sequence[Behaviour | int] = (200,)) -> RecordingServer:
        """A new HTTPS server that `host` leads to, with a certificate for it."""
        server = RecordingServer(script, tls=self.authority.server_context(host))
        self._servers.append(server)
        self.connect(host, server)
        return server

    def connect(self, host: str, server: RecordingServer) -> str:
        """Let `host` lead to `server`, whatever its certificate says; returns the public address."""
        with self._lock:
            address = next(self._addresses)
        self.names[host] = [address]
        self.routes[address] = server.port
        return address

    def policy(self, **limits: Any) -> Policy:
        """The public policy with this internet below it; `limits` replace its numbers."""
        pretended = {"resolver": self._look_up, "dialer": self._dial, "ssl_context": lambda: self._trust}
        return dataclasses.replace(Policy.public(), **{**pretended, **limits})

    def post(self, url: str = URL, **limits: Any) -> Answer:
        """A small request to `url`, under the policy with these limits."""
        return send("POST", url, {"Content-Type": "application/json"}, BODY, policy=self.policy(**limits))

    def close(self) -> None:
        for server in self._servers:
            server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _look_up(self, host: str, _port: int) -> list[str]:
        self.lookups.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return list(self.names[host])

    def _dial(self, address: str, port: int, timeout_seconds: float) -> socket.socket:
        self.dialed.append((address, port))
        if address not in self.routes:
            raise ConnectionRefusedError(111, "no server listens")
        return socket.create_connection(("127.0.0.1", self.routes[address]), timeout_seconds)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """One for all tests: making keys takes time."""
    return Authority()


@pytest.fixture
def internet(authority: Authority) -> Iterator[PretendInternet]:
    """Empty: no name leads anywhere yet."""
    with PretendInternet(authority) as internet:
        yield internet
