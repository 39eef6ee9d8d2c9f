"""Which address a client is counted by: the gateway's word, or that of the stack's own distribution of pages."""

from dataclasses import replace
from typing import Any

import pytest

from paycorex import client_networks, settings
from paycorex.gateway_event import headers_of
from paycorex.http.request import client_address

TOKEN = "5f2e"
EDGE, PAYER, LIE = "130.176.1.9", "203.0.113.20", "198.51.100.7"


def event(**headers: str) -> dict[str, Any]:
    return {"headers": headers, "requestContext": {"identity": {"sourceIp": EDGE}}}


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, EDGE),
        ({"X-Forwarded-For": f"{LIE}, {PAYER}, {EDGE}"}, EDGE),
        ({"X-Forwarded-For": f"{LIE}, {PAYER}, {EDGE}", "X-Pages-Origin": "guess"}, EDGE),
        ({"X-Forwarded-For": f"{LIE}, {PAYER}, {EDGE}", "X-Pages-Origin": TOKEN}, PAYER),
        ({"X-Forwarded-For": f"{PAYER},{EDGE}", "X-Pages-Origin": TOKEN}, PAYER),
        ({"X-Forwarded-For": EDGE, "X-Pages-Origin": TOKEN}, EDGE),
        ({"X-Pages-Origin": TOKEN}, EDGE),
    ],
)
def test_only_the_distribution_of_the_stack_is_believed(headers: dict[str, str], address: str) -> None:
    settings.use(replace(settings.Settings(), pages_origin_mark=TOKEN))
    try:
        assert client_address(event(**headers), headers_of(event(**headers))) == address
    finally:
        settings.use(None)


def test_without_a_distribution_no_header_is_believed() -> None:
    settings.use(settings.Settings())
    try:
        sent = event(**{"X-Forwarded-For": f"{PAYER}, {EDGE}", "X-Pages-Origin": ""})
        assert client_address(sent, headers_of(sent)) == EDGE
    finally:
        settings.use(None)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.20", "203.0.113.20/32"),
        ("::ffff:203.0.113.20", "203.0.113.20/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("payer", "unknown"),
    ],
)
def test_a_client_is_counted_by_its_network(address: str, network: str) -> None:
    assert client_networks.counted(address) == network
