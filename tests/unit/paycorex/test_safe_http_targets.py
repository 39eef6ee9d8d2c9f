"""Which URLs become targets. Refused ones are refused by their text alone: nothing is looked up and nothing connected to."""

import contextlib
import re
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paycorex import safe_http
from paycorex.safe_http import BlockedTarget, Policy, Target, parse_target
from tests.scenarios.refused_urls import REFUSED_URLS, WRONG_PORT_URLS

PUBLIC = Policy.public()
LOCAL = Policy.local()

ACCEPTED = {
    "https://shop.example": Target("https", "shop.example", 443, "/"),
    "HTTPS://Shop.Example/Hook": Target("https", "shop.example", 443, "/Hook"),
    "https://shop.example:443/hook?a[]=1&b=%2F": Target("https", "shop.example", 443, "/hook?a[]=1&b=%2F"),
    "https://shop.example:8443?x": Target("https", "shop.example", 8443, "/?x"),
    "https://a-b.xn--mnchen-3ya.xn--p1ai/x@y:z": Target("https", "a-b.xn--mnchen-3ya.xn--p1ai", 443, "/x@y:z"),
    "https://3.example/?next=https://127.0.0.1/": Target("https", "3.example", 443, "/?next=https://127.0.0.1/"),
}


@pytest.mark.parametrize("url", REFUSED_URLS)
@pytest.mark.parametrize("policy", [PUBLIC, Policy(ports=frozenset(range(65_536)))], ids=["public", "any port"])
def test_a_url_that_could_lead_inside_is_refused_with_a_reason_that_does_not_repeat_it(url: str, policy: Policy) -> None:
    with pytest.raises(BlockedTarget) as refused:
        parse_target(url, policy)
    assert refused.value.error_class == "blocked"
    assert not url or url not in refused.value.reason


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "shop.1", "[::1]"])
def test_an_address_in_a_url_is_answered_by_give_a_name(host: str) -> None:
    with pytest.raises(BlockedTarget, match="use a host name"):
        parse_target(f"https://{host}/", PUBLIC)


@pytest.mark.parametrize("url", WRONG_PORT_URLS)
def test_other_ports_than_the_policys_are_refused(url: str) -> None:
    with pytest.raises(BlockedTarget, match="443, 8443"):
        parse_target(url, PUBLIC)


@pytest.mark.parametrize("url", [*REFUSED_URLS, *WRONG_PORT_URLS])
def test_a_refused_url_forced_into_delivery_opens_no_socket_and_asks_no_resolver(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    for name in ("socket", "getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, lambda *_, name=name, **__: touched.append(name))
    with pytest.raises(safe_http.NotSent):
        safe_http.send("POST", url, {}, b"{}", policy=PUBLIC)
    assert touched == []


@pytest.mark.parametrize(("url", "target"), ACCEPTED.items())
def test_a_public_https_url_becomes_a_target(url: str, target: Target) -> None:
    assert parse_target(url, PUBLIC) == target
    assert parse_target(target.url, PUBLIC) == target


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_local_stage_adds_loopback_on_any_port(scheme: str, host: str) -> None:
    target = parse_target(f"{scheme}://{host}:4566/hook", LOCAL)
    assert target == Target(scheme, host.strip("[]"), 4566, "/hook", loopback=True)
    assert target.authority == f"{host}:4566"
    assert parse_target(f"{scheme}://{host}/hook", LOCAL).authority == host


LOCAL_PASSES = re.compile(r"https://(127\.0\.0\.1|\[::1\]|localhost)([:/].*)?", re.IGNORECASE)


@pytest.mark.parametrize("url", [url for url in REFUSED_URLS + WRONG_PORT_URLS if not LOCAL_PASSES.fullmatch(url)])
def test_the_local_stage_opens_nothing_else(url: str) -> None:
    with pytest.raises(BlockedTarget):
        parse_target(url, LOCAL)


def is_numeric(host: str) -> bool:
    """Whether the system's own parsers see an address in `host`, in any spelling. Looks nothing up."""
    with contextlib.suppress(OSError):
        socket.inet_aton(host)
        return True
    with contextlib.suppress(OSError):
        socket.getaddrinfo(host, 443, flags=socket.AI_NUMERICHOST)
        return True
    return False


FRAGMENTS = ["127", "0x7f", "0177", "1", ".", "..", ":", "443", "8443", "@", "\\", "#", "/", "?", "[", "]", "::1", "%", "%2e", "①", "。"]
WORDS = ["https://", "http://", "localhost", "shop", "example", "internal", "xn--", "-", "_", " ", "\n", "\x00", "0", "ffff", "X"]


# The system's parser of addresses lives in getaddrinfo, which with AI_NUMERICHOST makes no lookup; the guard refuses it by name alone.
@pytest.mark.usefixtures("socket_enabled")
@given(st.lists(st.sampled_from(FRAGMENTS + WORDS) | st.text(max_size=3), max_size=12).map("".join))
@example("https://127.0.0.1:443/")
def test_no_text_that_the_system_reads_as_an_address_becomes_a_public_target(rest: str) -> None:
    for url in (rest, f"https://{rest}", f"https://{rest}/"):
        with contextlib.suppress(BlockedTarget):
            target = parse_target(url, PUBLIC)
            assert not is_numeric(target.host)
            assert "." in target.host
            assert target.scheme == "https"
            assert target.port in {443, 8443}
            assert re.fullmatch(r"[a-z0-9.-]+", target.host)
            assert target.path.isprintable()
            assert target.path.isascii()
            assert " " not in target.path
            assert parse_target(target.url, PUBLIC) == target


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_no_spelling_of_an_ipv4_address_becomes_a_target(number: int, style: int) -> None:
    parts = [number >> shift & 255 for shift in (24, 16, 8, 0)]
    octal = ".".join(f"0{part:o}" for part in parts)
    spelled = [str(number), hex(number), f"0{number:o}", ".".join(map(str, parts)), octal, ".".join(map(hex, parts))]
    short = ".".join(map(str, parts[:style])) + ("." if style else "") + str(number & (1 << 8 * (4 - style)) - 1)
    for host in [*spelled, short, f"{short}.", f"[::{short}]"]:
        with pytest.raises(BlockedTarget):
            parse_target(f"https://{host}/", PUBLIC)
