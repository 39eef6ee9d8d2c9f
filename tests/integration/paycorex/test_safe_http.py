"""safe_http against real receivers on loopback: what arrives, which names and addresses are connected to, and what is ignored."""

import socket
import threading
from pathlib import Path

import pytest

from paycorex import safe_http
from paycorex.safe_http import Policy, SendError
from tests.fakes.http_servers import RecordingServer, Reply
from tests.fakes.pretended_internet import HOST, URL, PretendInternet


def test_a_request_arrives_once_with_its_name_and_its_answer_comes_back(internet: PretendInternet) -> None:
    server = internet.receiver(HOST, [Reply(201, b"thanks", [("Retry-After", "7")])])
    answer = internet.post(URL + "?x=1")
    assert (answer.status, answer.body, answer.truncated) == (201, b"thanks", False)
    assert answer.address == internet.names[HOST][0]
    assert safe_http.retry_after_seconds(answer.headers) == 7
    assert 0 <= answer.duration_ms < 5000
    [request] = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/hook?x=1", b'{"a":1}')
    assert request.headers["host"] == HOST
    assert request.headers["accept-encoding"] == "identity"
    assert internet.lookups == [HOST]
    assert internet.dialed == [(answer.address, 443)]


class WatchedConnects:
    """Every address that a socket of this process connects to. Public ones are refused here: no packet leaves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: list[tuple[str, int]] = []

        def watched(_socket: socket.socket, address: tuple[str, int]) -> None:
            self.addresses.append(address[:2])
            raise ConnectionRefusedError

        monkeypatch.setattr(socket.socket, "connect", watched)


def test_a_name_that_flips_in_1000_runs_never_gets_a_connection_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connects = WatchedConnects(monkeypatch)
    public = "93.184.216.34"
    rebinding = [[public], ["127.0.0.1"], [public, "127.0.0.1"], ["127.0.0.1", public], ["::ffff:127.0.0.1"], [public, "::1"]]
    asked = 0

    def resolver(_host: str, _port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return rebinding[asked % len(rebinding)]

    outcomes: dict[str, int] = {}
    for _ in range(1000):
        with pytest.raises(safe_http.NotSent) as failed:
            safe_http.send("POST", "https://shop.example:8443/", {}, b"{}", policy=Policy(resolver=resolver))
        outcomes[failed.value.error_class] = outcomes.get(failed.value.error_class, 0) + 1
    # One question per send: there is no second answer that could differ from the one that was checked.
    assert asked == 1000
    assert set(connects.addresses) == {(public, 8443)}
    assert outcomes == {"connect_failed": len(connects.addresses), "blocked": 1000 - len(connects.addresses)}


def test_a_name_that_moves_inside_after_registration_is_not_connected_to(internet: PretendInternet) -> None:
    server = internet.receiver(HOST)
    assert internet.post().status == 200
    internet.names[HOST] = ["127.0.0.1"]
    internet.routes["127.0.0.1"] = server.port
    with pytest.raises(safe_http.BlockedAddress):
        internet.post()
    assert (server.connections, len(internet.dialed)) == (1, 1)


def test_the_second_address_is_used_when_the_first_refuses(internet: PretendInternet) -> None:
    internet.receiver(HOST)
    internet.names[HOST].insert(0, "93.184.216.200")
    assert internet.post().address == internet.names[HOST][1]


def test_a_redirect_is_an_answer_and_is_not_followed(internet: PretendInternet) -> None:
    second = internet.receiver("second.example")
    internet.receiver(HOST, [Reply(status, b"", [("Location", "https://second.example/")]) for status in (301, 302, 307, 308)])
    assert [internet.post().status for _ in range(4)] == [301, 302, 307, 308]
    assert second.connections == 0


def test_proxies_and_netrc_are_ignored(internet: PretendInternet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = internet.receiver(HOST)
    (tmp_path / ".netrc").write_text(f"machine {HOST} login thief password secret\ndefault login thief password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    with RecordingServer() as proxy:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert internet.post().status == 200
        assert proxy.connections == 0
    [request] = server.requests
    assert "authorization" not in request.headers
    assert "proxy-authorization" not in request.headers


def test_cookies_are_not_kept(internet: PretendInternet) -> None:
    server = internet.receiver(HOST, [Reply(200, b"", [("Set-Cookie", "a=b")])])
    internet.post()
    internet.post()
    assert all("cookie" not in request.headers for request in server.requests)


def test_the_local_stage_reaches_loopback_by_http_and_only_there(internet: PretendInternet) -> None:
    with RecordingServer([204]) as server:
        for host in ("127.0.0.1", "localhost"):
            assert safe_http.send("POST", f"http://{host}:{server.port}/x", {}, b"", policy=Policy.local()).status == 204
        with pytest.raises(safe_http.BlockedTarget):
            safe_http.send("POST", server.url(), {}, b"", policy=Policy.public())
        internet.names["inside.example"] = ["127.0.0.1"]
        with pytest.raises(safe_http.BlockedAddress):
            internet.post("https://inside.example/", allow_loopback_http=True)
        assert server.connections == 2


def test_many_threads_send_at_once(internet: PretendInternet) -> None:
    server = internet.receiver(HOST, [Reply(200, delay_seconds=0.05)])
    statuses: list[int | SendError] = []
    threads = [threading.Thread(target=lambda: statuses.append(internet.post().status)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 20
    assert len(server.requests) == 20
