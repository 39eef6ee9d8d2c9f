"""No page of ours is shown inside another site's: every route that answers HTML says so, in the old words and in the new ones."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.support import gateway
from tests.support.world import Signer, World


def path_of(url: str) -> str:
    """What a browser asks of the API for this address."""
    parts = urlsplit(url)
    return f"{parts.path.removeprefix('/local')}?{parts.query}"


def pages(world: World, who: Signer) -> Iterator[str]:
    """A page of each kind: console, operators' page, catalogue of errors, and what payers see, open or closed."""
    yield from ("/", "/operator", "/docs/reference/errors")
    order = {"amount": "10.00", "method": "upi_intent"}
    payment = world.call(who, "POST", "/v1/payments/create", order)
    assert payment.status == 201, payment.raw
    yield path_of(payment.body["next_action"]["pay_url"])
    session = world.call(who, "POST", "/v1/checkout/sessions", {"amount": "10.00"})
    assert session.status == 201, session.raw
    yield path_of(session.body["url"])
    yield from ("/pay/pay_none?t=wrong", "/c/chk_none?t=wrong", "/l/none")


def test_no_page_can_be_framed_by_another_site(world: World, merchant: Signer) -> None:
    seen = 0
    for target in pages(world, merchant):
        reply = gateway.send("GET", target, [("Accept", "text/html")])
        assert reply.headers["content-type"].startswith("text/html"), (target, reply.raw[:200])
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"], target
        assert reply.headers["x-frame-options"] == "DENY", target
        seen += 1
    assert seen == 8
