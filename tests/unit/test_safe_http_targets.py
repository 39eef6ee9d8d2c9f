"""Which URLs become targets. Refused ones are refused by their text alone: nothing is looked up and nothing connected to."""

import contextlib
import re
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paycorex import safe_http
from paycorex.safe_http import BlockedTarget, Policy, Target, parse_target

PUBLIC = Policy.public()
LOCAL = Policy.local()

REFUSED = [
    "http://shop.example/hook",
    "file:///etc/passwd",
    "ftp://shop.example/",
    "gopher://shop.example/",
    "javascript:alert(1)",
    "//shop.example/hook",
    "shop.example/hook",
    "https:shop.example",
    "https:/shop.example",
    "https:///hook",
    "https://",
    "",
    "https://127.0.0.1",
    "https://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "https://8.8.8.8/",
    "https://[::1]",
    "https://[::1]:443/",
    "https://[::ffff:169.254.169.254]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[2002:a9fe:a9fe::1]",
    "https://[fe80::1%eth0]/",
    "https://[fe80::1%25eth0]/",
    "https://fe80::1%eth0/",
    "https://[v1.fe80::1]/",
    "https://[2606:2800:220:1::1]/",
    "https://2130706433",
    "https://0x7f000001",
    "https://0X7F000001",
    "https://017700000001",
    "https://127.1",
    "https://127.0.1",
    "https://0177.0.0.1",
    "https://0x7f.0.0.1",
    "https://0x7f.1",
    "https://127.0.0.1.",
    "https://1.2.3.0x4",
    "https://shop.1",
    "https://①②⑦.⓪.⓪.①",
    "https://127。0。0。1",
    "https://\uff11\uff12\uff17.0.0.1",
    "https://\u217cocalhost/",
    "https://shop\u00ad.example/",
    "https://münchen.example/",
    "https://xn--/",
    "https://localhost",
    "https://LOCALHOST/",
    "https://localhost.",
    "https://shop.localhost",
    "https://169.254.170.2",
    "https://100.64.0.1",
    "https://10.0.0.1",
    "https://192.168.0.1",
    "https://[fd00:ec2::254]",
    "https://shop.example.",
    "https://shop..example",
    "https://.shop.example",
    "https://-shop.example",
    "https://shop-.example",
    "https://sh_op.example",
    "https://shop.example:0443",
    "https://shop.example:443x",
    "https://shop.example:+443",
    "https://shop.example:99999",
    "https://shop.example:0",
    "https://shop.example:",
    "https://shop.example:443:443",
    "https://u:p@shop.example/",
    "https://u@shop.example/",
    "https://@shop.example/",
    "https://shop.example%40169.254.169.254/",
    "https://shop.example\\@169.254.169.254",
    "https://shop.example\\.internal/",
    "https:\\\\shop.example/",
    "https://shop.example#@x",
    "https://shop.example/#fragment",
    "https://shop.example#",
    "https://shop.example/hook?x#y",
    "https://%6c%6f%63%61%6c%68%6f%73%74/",
    "https://shop%2eexample/",
    "https://shop.example/a b",
    " https://shop.example/",
    "https://shop.example/ ",
    "https://shop.example/\t",
    "https://shop.example/\r\nHost: metadata",
    "https://shop.example/\n",
    "https://shop.example/\x00",
    "https://shop.example\x00.internal/",
    "https://shop.example/\x7f",
    "https://shop.example/%",
    "https://shop.example/%zz",
    'https://shop.example/"',
    "https://shop.example/<x>",
    "https://shop.example/é",
    "https://shop.example/\ud800",
    "https://intranet",
    "https://metadata",
    "https://metadata.google.internal/",
    "https://ip-10-0-0-1.ec2.internal/",
    "https://db.local/",
    "https://router.lan/",
    "https://router.home.arpa/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://files.corp/",
    "https://shop.onion/",
    "https://shop.test/",
    "https://shop.invalid/",
    "https://shop.c-/",
    "https://shop.c/",
    f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/",
    "https://shop.example/" + "a" * 3000,
]
WRONG_PORTS = ["https://shop.example:22", "https://shop.example:80", "https://shop.example:8080/", "https://shop.example:65535/"]

ACCEPTED = {
    "https://shop.example": Target("https", "shop.example", 443, "/"),
    "HTTPS://Shop.Example/Hook": Target("https", "shop.example", 443, "/Hook"),
    "https://shop.example:443/hook?a[]=1&b=%2F": Target("https", "shop.example", 443, "/hook?a[]=1&b=%2F"),
    "https://shop.example:8443?x": Target("https", "shop.example", 8443, "/?x"),
    "https://a-b.xn--mnchen-3ya.xn--p1ai/x@y:z": Target("https", "a-b.xn--mnchen-3ya.xn--p1ai", 443, "/x@y:z"),
    "https://3.example/?next=https://127.0.0.1/": Target("https", "3.example", 443, "/?next=https://127.0.0.1/"),
}


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("policy", [PUBLIC, Policy(ports=frozenset(range(65_536)))], ids=["public", "any port"])
def test_a_url_that_could_lead_inside_is_refused_with_a_reason_that_does_not_repeat_it(url: str, policy: Policy) -> None:
    with pytest.raises(BlockedTarget) as refused:
        parse_target(url, policy)
    assert refused.value.error_class == "blocked"
    assert not url or url not in refused.value.reason


@pytest.mark.parametrize("url", WRONG_PORTS)
def test_other_ports_than_the_policys_are_refused(url: str) -> None:
    with pytest.raises(BlockedTarget, match="443, 8443"):
        parse_target(url, PUBLIC)


@pytest.mark.parametrize("url", [*REFUSED, *WRONG_PORTS])
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


@pytest.mark.parametrize("url", [url for url in REFUSED + WRONG_PORTS if not LOCAL_PASSES.fullmatch(url)])
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
