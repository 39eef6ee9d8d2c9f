"""What comes from containers reaches this machine's loopback, and only what is passed on. 127.0.0.2 stands for Docker's bridge."""

import contextlib
import http.client
from types import SimpleNamespace

import psutil  # type: ignore[import-untyped]  # it has no stubs
import pytest

from local import containers
from tests.fakes.http_servers import RecordingServer, Reply

BRIDGE = "127.0.0.2"


def get(host: str, port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_container_reaches_the_servers_by_the_bridges_address(monkeypatch: pytest.MonkeyPatch) -> None:
    address = SimpleNamespace(family=2, address=BRIDGE)
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"docker0": [address]})
    with contextlib.closing(RecordingServer([Reply(200, b"x" * 300_000)])) as server:
        with pytest.raises(ConnectionRefusedError):
            get(BRIDGE, server.port)
        with containers.let_in([f"http://127.0.0.1:{server.port}"]):
            assert get(BRIDGE, server.port) == (200, b"x" * 300_000)
            assert get(BRIDGE, server.port)[0] == 200
        with pytest.raises(ConnectionRefusedError):
            get(BRIDGE, server.port)


def test_without_a_bridge_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "net_if_addrs", dict)
    assert containers.bridge_address() is None
    with containers.let_in(["http://127.0.0.1:9"]):
        pass


def test_a_server_that_is_not_there_ends_the_connection() -> None:
    with contextlib.closing(RecordingServer()) as server:
        port = server.port
    with containers.passing_on(BRIDGE, port), pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        get(BRIDGE, port)


def test_only_servers_addresses_are_seen_from_inside() -> None:
    variables = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "WATCH_BSC": "false", "PUBLIC_BASE_URL": "http://127.0.0.1:8080"}
    assert containers.seen_from_inside(variables) == variables | {"AWS_ENDPOINT_URL": "http://host.docker.internal:4566"}
