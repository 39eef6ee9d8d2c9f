"""What a browser takes compressed is compressed: every page and script that a public route answers, and nothing that a session opens."""

import gzip
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from payments.routes import checkout_pages
from tests.integration.payments.test_checkout import UPI, begin, choose, decide
from tests.integration.payments.test_payment_links import make
from tests.integration.payments.test_provider_fields import begun as begin_fields
from tests.integration.test_clickjacking import pages, path_of
from tests.support import gateway
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

TAKES = ("Accept-Encoding", "gzip, deflate, br, zstd")
# What a stranger's page can choose of a request that it makes a payer's browser send, and what a stranger sends himself.
MARK = "zqxmarkedbyastranger"
STRANGE = [
    ("Accept-Language", f"en, {MARK};q=0.5"),
    ("Cookie", f"language={MARK}; session={MARK}"),
    ("Origin", f"https://{MARK}.example"),
    ("Referer", f"https://{MARK}.example/"),
    ("User-Agent", MARK),
    ("X-Forwarded-For", f"203.0.113.9, {MARK}"),
]


def shown(world: World, who: Signer) -> Iterator[str]:
    """An address of every kind of page, and twice of those that look different later."""
    support.settings(world, who, payee_vpa="chai@okbank", payee_name="Chai Point")
    yield from pages(world, who)
    fields = path_of(begin_fields(world, who)["next_action"]["pay_url"])
    yield from (fields, fields.replace("?", "/fields?"))
    session = begin(world, who)
    yield path_of(session["url"])
    pay_url = choose(world, session, UPI).body["url"]
    yield path_of(session["url"])
    decide(world, pay_url, "approve")
    yield path_of(session["url"])
    link = make(world, who)
    yield from (f"/l/{link['code']}", f"/l/{link['code']}?print=1", "/pay/pay_none/back?t=wrong")


def said(reply: Reply) -> str:
    """A page's text but for the name that is drawn by lot for each answer."""
    raw = gzip.decompress(reply.raw) if "content-encoding" in reply.headers else reply.raw
    nonce = reply.headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    return raw.decode().replace(nonce, "") if nonce else raw.decode()


def test_every_page_that_a_public_route_answers_is_compressed_for_a_browser_that_takes_it(world: World, merchant: Signer) -> None:
    seen = set()
    for target in shown(world, merchant):
        plain, packed = world.send("GET", target, []), world.send("GET", target, [TAKES])
        assert plain.headers["content-type"].startswith("text/html"), (target, plain.raw[:200])
        assert (plain.status, plain.headers["vary"]) == (packed.status, "Accept-Encoding"), target
        assert "content-encoding" not in plain.headers, target
        assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding"), target
        assert said(packed) == said(plain), target
        assert len(packed.raw) < len(plain.raw) / 1.5, target
        found = gateway.match("GET", urlsplit(target).path)
        assert found is not None
        seen.add(found[1].path)
    assert seen == {route.path for app in gateway.apps() for route in app.routes if "text/html" in route.media_types}


def test_nothing_that_a_stranger_can_choose_of_a_request_is_in_a_payers_page(world: World, merchant: Signer) -> None:
    """So the length of a compressed page says nothing of a secret in it (BREACH): to guess at it, a guess has to stand beside it."""
    seen = 0
    for target in shown(world, merchant):
        assert said(world.send("GET", target, STRANGE)) == said(world.send("GET", target, [])), target
        seen += 1
    assert seen > 10


def test_what_a_provider_adds_to_a_payers_address_is_not_in_the_page(world: World, merchant: Signer) -> None:
    target = path_of(begin_fields(world, merchant)["next_action"]["pay_url"])
    added = f"&payment_intent={MARK}&payment_intent_client_secret={MARK}&redirect_status={MARK}"
    assert said(world.send("GET", target + added, [])) == said(world.send("GET", target, []))
    assert MARK not in world.send("GET", f"/pay/pay_{MARK}?t={MARK}", []).raw.decode()


@pytest.mark.parametrize("accepted", ["gzip", "br;q=1.0, GZIP;q=0.5", "identity, gzip ; q=1"])
def test_a_payers_page_is_compressed_however_a_browser_says_that_it_takes_it(world: World, accepted: str) -> None:
    reply = world.send("GET", "/pay/pay_none?t=wrong", [("Accept-Encoding", accepted)])
    assert (reply.status, reply.headers["content-encoding"]) == (404, "gzip")
    assert b"This link does not work." in gzip.decompress(reply.raw)


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip; q=0.000", "xgzip", "br"])
def test_a_payers_page_stays_as_it_is_for_a_browser_that_does_not_take_it(world: World, accepted: str) -> None:
    reply = world.send("GET", "/pay/pay_none?t=wrong", [("Accept-Encoding", accepted)])
    assert "content-encoding" not in reply.headers
    assert (reply.headers["vary"], b"This link does not work." in reply.raw) == ("Accept-Encoding", True)


def test_a_header_that_is_given_twice_is_one_list(world: World) -> None:
    reply = world.send("GET", "/pay/pay_none?t=wrong", [("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")])
    assert reply.headers["content-encoding"] == "gzip"


def test_the_script_of_a_shops_button_is_compressed_once_under_a_tag_of_its_own(world: World) -> None:
    plain, packed = world.send("GET", "/checkout.js", []), world.send("GET", "/checkout.js", [TAKES])
    assert (packed.headers["content-encoding"], packed.headers["vary"], plain.headers["vary"]) == ("gzip", *["Accept-Encoding"] * 2)
    assert gzip.decompress(packed.raw) == plain.raw
    assert len(packed.raw) < len(plain.raw) / 1.5
    assert "max-age=3600" in packed.headers["cache-control"]
    assert packed.headers["etag"] != plain.headers["etag"]
    known = world.send("GET", "/checkout.js", [TAKES, ("If-None-Match", packed.headers["etag"])])
    assert (known.status, known.raw) == (304, b"")
    assert world.send("GET", "/checkout.js", [("If-None-Match", packed.headers["etag"])]).raw == plain.raw
    assert checkout_pages._button_script() is checkout_pages._button_script()


def test_what_a_key_or_a_session_opens_and_what_is_json_is_not(world: World, merchant: Signer) -> None:
    for _ in range(30):
        assert support.collect(world, merchant, description="two cups of tea").status == 201
    listed = world.call(merchant, "GET", "/v1/dashboard/payments?limit=30", headers=[TAKES])
    public = world.send("GET", "/openapi.json", [TAKES])
    for reply in (listed, public):
        assert (reply.status, len(reply.raw) > 1024) == (200, True)
        assert "content-encoding" not in reply.headers
        assert reply.body
