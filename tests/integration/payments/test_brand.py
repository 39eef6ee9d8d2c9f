"""The brand: set by a merchant, shown to payers on a payment's page, a checkout, a link and a receipt; hostile pictures change nothing."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from paycorex import pictures
from tests.support.expectations import assert_refused, nothing_written
from tests.support.payments import collect
from tests.support.world import Signer, World
from tests.unit.paycorex.test_pictures import jpeg, png

ME = "/v1/merchants/me"


def set_brand(world: World, who: Signer, brand: Any) -> Any:
    reply = world.call(who, "PATCH", ME, {"brand": brand})
    assert reply.status == 200, reply.raw
    return reply.body["brand"]


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def page_of(world: World, url: str) -> Any:
    parts = urlsplit(url)
    reply = world.send("GET", f"{parts.path}?{parts.query}", [])
    assert reply.status == 200, reply.raw
    return reply


def pages(world: World, who: Signer) -> dict[str, Any]:
    """A payment's page, a checkout's, a link's and its print."""
    made = collect(world, who, "12.00").body
    session = world.call(who, "POST", "/v1/checkout/sessions", {"amount": "12.00"}).body
    link = world.call(who, "POST", "/v1/links", {"name": "Tea", "amount": "12.00"}).body
    urls = {"payment": made["next_action"]["pay_url"], "checkout": session["url"], "link": link["url"], "print": f"{link['url']}?print=1"}
    return {name: page_of(world, url) for name, url in urls.items()}


def test_a_brand_is_on_every_page_of_payers(world: World, who: Signer) -> None:
    shown = set_brand(world, who, {"name": "Chai <&> Co", "colour": "#FFCC00", "logo": encoded(png())})
    picture = pictures.read(png())
    logo = {"content_type": "image/png", "width": 8, "height": 8, "size": len(picture.content), "sha256": picture.digest}
    assert shown == {"name": "Chai <&> Co", "colour": "#ffcc00", "logo": logo}
    world.restart()
    for name, reply in pages(world, who).items():
        html = reply.raw.decode()
        assert "Chai &lt;&amp;&gt; Co" in html, name
        assert "<&>" not in html, name
        assert f'src="data:image/png;base64,{encoded(picture.content)}"' in html, name
        assert "--brand:#ffcc00;--on-brand:#000000;" in html, name
        policy = reply.headers["content-security-policy"]
        assert "img-src data:" in policy, name
        assert "default-src 'none'" in policy, name


def test_without_a_brand_the_payee_is_named_and_no_picture_is_let_in(world: World, who: Signer) -> None:
    set_brand(world, who, {"name": "Chai", "logo": encoded(jpeg())})
    assert set_brand(world, who, None) == {"name": None, "colour": None, "logo": None}
    assert_refused(world.call(who, "GET", f"{ME}/logo"), "not_found")
    world.restart()
    for name, reply in pages(world, who).items():
        assert "img-src" not in reply.headers["content-security-policy"], name
        assert "<img" not in reply.raw.decode(), name


def test_what_is_not_given_stays(world: World, who: Signer) -> None:
    before = set_brand(world, who, {"name": "Chai", "colour": "#102030", "logo": encoded(png())})
    assert set_brand(world, who, {"name": "Tea"}) == {**before, "name": "Tea"}
    assert set_brand(world, who, {"logo": None}) == {"name": "Tea", "colour": "#102030", "logo": None}
    assert set_brand(world, who, {"colour": None}) == {"name": "Tea", "colour": None, "logo": None}


def test_the_logo_is_answered_as_a_picture_and_nothing_else(world: World, who: Signer) -> None:
    set_brand(world, who, {"logo": encoded(jpeg())})
    reply = world.call(who, "GET", f"{ME}/logo")
    assert reply.headers["content-type"] == "image/jpeg"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert_refused(world.call(world.register("Other"), "GET", f"{ME}/logo"), "not_found")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.mark.parametrize(
    ("brand", "field"),
    [
        ({"logo": encoded(SVG)}, "brand.logo"),
        ({"logo": "data:image/png;base64," + encoded(png())}, "brand.logo"),
        ({"logo": encoded(png() + bytes(pictures.MAX_BYTES))}, "brand.logo"),
        ({"logo": encoded(png(600, 4))}, "brand.logo"),
        ({"logo": encoded(png(lines=bytes(5_000_000)))}, "brand.logo"),
        ({"logo": "x" * 44_000}, "brand.logo"),
        ({"logo": 5}, "brand.logo"),
        ({"colour": "red"}, "brand.colour"),
        ({"colour": "#fff"}, "brand.colour"),
        ({"colour": "#12345g"}, "brand.colour"),
        ({"colour": "#123456;}body{display:none"}, "brand.colour"),
        ({"name": "x" * 61}, "brand.name"),
        ({"name": "a\u202egro.liam"}, "brand.name"),
        ({"name": "a\x85b"}, "brand.name"),
        ({"name": "Pay\u200bPal"}, "brand.name"),
        ({"name": "\ufeffChai"}, "brand.name"),
        ({"name": " Chai"}, "brand.name"),
        ({"name": ""}, "brand.name"),
        ({"motto": "x"}, "brand.motto"),
    ],
)
def test_what_is_no_brand_is_refused_at_its_field_and_changes_nothing(world: World, who: Signer, brand: Any, field: str) -> None:
    with nothing_written(world):
        refused = world.call(who, "PATCH", ME, {"brand": brand})
        assert_refused(refused, "invalid_request")
        assert refused.body["error"]["details"]["field"] == field


def test_names_in_indian_scripts_are_taken(world: World, who: Signer) -> None:
    name = "\u0936\u094d\u0930\u0940 \u0915\u094d\u200d\u0937 \u091a\u093e\u092f"
    assert set_brand(world, who, {"name": name})["name"] == name


def test_the_audit_log_names_the_change_without_the_picture(world: World, who: Signer) -> None:
    logo = encoded(png())
    set_brand(world, who, {"name": "Chai", "logo": logo})
    entries = world.call(who, "GET", "/v1/audit?operation=change_merchant").body["data"]
    assert logo not in json.dumps(entries)
    assert json.loads(entries[0]["asked"])["brand"] == {"name": "Chai", "logo": f"[{len(logo)} characters]"}
    assert json.loads(entries[0]["after"])["brand"]["logo"]["sha256"] == pictures.read(png()).digest
