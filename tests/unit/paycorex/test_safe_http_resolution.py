"""Which addresses a target may be connected to: every answer is checked, and one that is blocked condemns the name."""

import contextlib
import socket
import threading
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.safe_http import BlockedAddress, ConnectTimedOut, Policy, ResolveFailed, parse_target
from paycorex.safe_http.addresses import blocked_because
from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.resolution import resolve

PUBLIC_ADDRESS = "93.184.216.34"


def resolved(*answers: str) -> tuple[str, ...]:
    policy = Policy(resolver=lambda _host, _port: answers)
    return resolve(parse_target("https://shop.example/", policy), policy, Deadline(5))


def test_all_public_answers_are_kept_in_their_order() -> None:
    assert resolved(PUBLIC_ADDRESS, "2606:2800:0220:0001::1") == (PUBLIC_ADDRESS, "2606:2800:220:1::1")


@pytest.mark.parametrize(
    "blocked", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "64:ff9b::a9fe:a9fe", "127.1", "2130706433", ""]
)
@pytest.mark.parametrize("blocked_first", [True, False])
def test_one_blocked_answer_condemns_the_name(blocked: str, blocked_first: bool) -> None:
    with pytest.raises(BlockedAddress):
        resolved(*([blocked, PUBLIC_ADDRESS] if blocked_first else [PUBLIC_ADDRESS, blocked]))


def test_a_blocked_answer_does_not_tell_the_address() -> None:
    with pytest.raises(BlockedAddress) as refused:
        resolved("10.1.2.3")
    assert "10.1.2.3" not in str(refused.value)


HOSTS = st.sampled_from(["shop.example", "127.0.0.1.nip.example", "localtest.example", "a.b.c.example"])
ANSWERS = st.lists(st.ip_addresses().map(str) | st.sampled_from([PUBLIC_ADDRESS, "127.0.0.1", "10.0.0.1", "::1"]) | st.text(max_size=6))


@given(HOSTS, ANSWERS)
def test_no_target_resolves_into_a_blocked_range(host: str, answers: list[str]) -> None:
    for policy in (Policy(resolver=lambda _h, _p: answers), Policy(resolver=lambda _h, _p: answers, allow_loopback_http=True)):
        target = parse_target(f"https://{host}/", policy)
        with contextlib.suppress(BlockedAddress, ResolveFailed):
            addresses = resolve(target, policy, Deadline(5))
            assert len(addresses) == len(answers) > 0
            assert all(blocked_because(ip_address(address)) is None for address in addresses)


@pytest.mark.parametrize(("host", "addresses"), [("127.0.0.1", ("127.0.0.1",)), ("[::1]", ("::1",)), ("localhost", ("127.0.0.1", "::1"))])
def test_loopback_of_the_local_stage_is_never_asked_of_a_resolver(host: str, addresses: tuple[str, ...]) -> None:
    policy = Policy(allow_loopback_http=True, resolver=lambda _host, _port: pytest.fail("asked"))
    assert resolve(parse_target(f"http://{host}:1/", policy), policy, Deadline(5)) == addresses


def test_a_name_without_an_address_was_not_sent_to() -> None:
    def nothing(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    policy = Policy(resolver=nothing)
    with pytest.raises(ResolveFailed) as failed:
        resolve(parse_target("https://shop.example/", policy), policy, Deadline(5))
    assert failed.value.error_class == "dns_failed"
    with pytest.raises(ResolveFailed):
        resolved()


def test_a_resolver_that_hangs_ends_with_the_deadline() -> None:
    over = threading.Event()

    def hanging(_host: str, _port: int) -> list[str]:
        over.wait(10)
        return [PUBLIC_ADDRESS]

    policy = Policy(resolver=hanging)
    with pytest.raises(ConnectTimedOut):
        resolve(parse_target("https://shop.example/", policy), policy, Deadline(0.02))
    over.set()


def test_a_mistake_in_a_resolver_is_raised_where_it_was_asked() -> None:
    def broken(_host: str, _port: int) -> list[str]:
        raise KeyError("mistake")

    policy = Policy(resolver=broken)
    with pytest.raises(KeyError):
        resolve(parse_target("https://shop.example/", policy), policy, Deadline(5))
