"""Payment links: printed once, paid by many, each kept apart, and never more often than the shop allows."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from paycorex import clock, storage
from paycorex.errors import InvalidAmount, LimitExceeded, RateLimited, TemporarilyUnavailable
from paycorex.money import Money
from paycorex.rate_limits import Limit
from paycorex.records.checkout_session import SessionItem
from paycorex.records.payment_link import LinkItem
from payments.checkout import links, places, sessions
from tests.integration.payments.test_checkout import UPI, choose, decide, page
from tests.integration.payments.test_payer_access import suspend
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply, coming_from
from tests.support.payments import tick
from tests.support.world import Signer, World

OPEN = {"open_amount": {"min": "10.00", "max": "500.00", "suggested": ["50.00", "100"]}}


def make(world: World, who: Signer, **more: Any) -> dict[str, Any]:
    body = {"name": "Tea stall", **({} if more.keys() & {"amount", "open_amount"} else {"amount": "25.00"}), **more}
    made = world.call(who, "POST", "/v1/links", body)
    assert made.status == 201, made.raw
    link: dict[str, Any] = made.body
    return link


def begin(world: World, link: dict[str, Any], body: dict[str, Any] | None = None) -> Reply:
    sent = json.dumps(body or {}).encode()
    return world.send("POST", f"/l/{link['code']}/pay", [("Content-Type", "application/json")], sent)


def pay(world: World, link: dict[str, Any], **body: Any) -> str:
    """A payer pays by the link; the checkout's address."""
    begun = begin(world, link, body)
    assert begun.status == 201, begun.raw
    decide(world, choose(world, begun.body, UPI).body["url"], "approve")
    url: str = begun.body["url"]
    return url


def of_link(world: World, who: Signer, link: dict[str, Any]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = world.call(who, "GET", f"/v1/links/{link['link_id']}/payments").body["data"]
    return listed


def test_many_pay_by_one_link_and_each_is_kept_apart(world: World, who: Signer) -> None:
    link = make(world, who, ask=["reference"], metadata={"stall": "7"})
    for reference in ("table-1", "table-2"):
        pay(world, link, reference=reference)
    begin(world, link, {"reference": "table-3"})
    found = of_link(world, who, link)
    assert [(one["reference"], one["status"], one["amount"]) for one in found] == [
        ("table-3", "open", "25.00"),
        ("table-2", "paid", "25.00"),
        ("table-1", "paid", "25.00"),
    ]
    paid = world.call(who, "GET", f"/v1/payments/{found[1]['payment_id']}").body
    assert (paid["metadata"], paid["description"]) == ({"stall": "7", "reference": "table-2"}, "Tea stall")


def test_a_robot_that_reads_the_page_begins_nothing(world: World, who: Signer) -> None:
    link = make(world, who)
    with nothing_written(world):
        for query in ("", "?print=1"):
            shown = world.send("GET", f"/l/{link['code']}{query}", [])
            assert shown.status == 200
            assert "Tea stall" in shown.raw.decode()


@pytest.mark.parametrize("amount", [None, "9.99", "500.01", "0", "10.001", "abc"])
def test_an_open_amount_has_bounds(world: World, who: Signer, amount: str | None) -> None:
    link = make(world, who, **OPEN)
    body = {} if amount is None else {"amount": amount}
    assert_refused(begin(world, link, body), "invalid_amount")
    assert list(storage.scan_all(SessionItem)) == []


def test_an_open_amount_is_what_the_payer_typed(world: World, who: Signer) -> None:
    link = make(world, who, **OPEN)
    assert link["open_amount"] == {"min": "10.00", "max": "500.00", "suggested": ["50.00", "100.00"]}
    pay(world, link, amount="77.70")
    assert [one["amount"] for one in of_link(world, who, link)] == ["77.70"]


def test_a_fixed_amount_is_not_the_payers(world: World, who: Signer) -> None:
    assert_refused(begin(world, make(world, who), {"amount": "1.00"}), "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "x", "amount": "1.00", **OPEN},
        {"name": "x", "open_amount": {"min": "5.00", "max": "1.00"}},
        {"name": "x", "open_amount": {"min": "1.00", "max": "5.00", "suggested": ["6.00"]}},
        {"name": "x", "amount": "1.00", "max_payments": 0},
        {"name": "x", "amount": "1.00", "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "x", "amount": "1.00", "ask": ["birthday"]},
        {"name": "", "amount": "1.00"},
    ],
)
def test_a_link_that_could_not_be_paid_is_refused(world: World, who: Signer, body: dict[str, Any]) -> None:
    with nothing_written(world):
        assert world.call(who, "POST", "/v1/links", body).status == 400


def test_a_link_with_a_limit_is_paid_so_often_and_a_place_comes_back(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SHARE", 1)
    link = make(world, who, max_payments=2)
    pay(world, link)
    begun = begin(world, link)
    assert_refused(begin(world, link), "limit_exceeded")
    assert world.send("GET", f"/l/{link['code']}", []).status == 410
    # The second payer goes away: the place is free again, once.
    for _ in range(3):
        tick(world, after_seconds=1801)
    assert begun.status == 201
    shown = world.call(who, "GET", f"/v1/links/{link['link_id']}").body
    assert (shown["status"], shown["taken"]) == ("active", 1)
    pay(world, link)
    assert world.call(who, "GET", f"/v1/links/{link['link_id']}").body["status"] == "exhausted"


def test_who_leaves_the_checkout_of_a_link_for_one_payment_begins_it_anew(world: World, who: Signer) -> None:
    link = make(world, who, max_payments=1)
    for _ in range(4):
        begun = begin(world, link)
        assert begun.status == 201
        address = urlsplit(begun.body["url"])
        assert world.send("DELETE", f"{address.path}?{address.query}", []).status == 200
    pay(world, link)
    assert world.call(who, "GET", f"/v1/links/{link['link_id']}").body["status"] == "exhausted"


def test_who_lost_the_last_place_to_another_takes_it_once_it_is_free(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    link, winner, transact = make(world, who, max_payments=1), list[Reply](), storage.transact

    def after_another(writes: Any) -> None:
        if not winner:
            with coming_from("203.0.113.9"), monkeypatch.context() as patched:
                patched.setattr(storage, "transact", transact)
                winner.append(begin(world, link))
        transact(writes)

    with monkeypatch.context() as patched:
        patched.setattr(storage, "transact", after_another)
        assert_refused(begin(world, link), "limit_exceeded")
    address = urlsplit(winner[0].body["url"])
    with coming_from("203.0.113.9"):
        assert world.send("DELETE", f"{address.path}?{address.query}", []).status == 200
    assert begin(world, link).status == 201


def test_many_at_once_take_no_more_than_the_limit(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "BEGINS", Limit("link_begin", 10_000))
    link = make(world, who, max_payments=10)
    item = links.find(who.merchant_id, link["link_id"])

    def one(number: int) -> bool:
        try:
            links.begin(item, None, {}, f"192.0.2.{number}")
        except LimitExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(one, range(200)))
    assert sum(taken) == 10
    assert len(list(storage.scan_all(SessionItem))) == 10


def approve(world: World, pay_url: str) -> None:
    """As a payer who tries again when the answer is 503: threads share one clock here, and what one waits is gone from the others' time."""
    for _ in range(50):
        reply = page(world, pay_url, "/sandbox", {"outcome": "approve"})
        if reply.status != 503:
            break
    assert reply.status == 200, reply.raw


def test_of_two_hundred_payers_at_once_ten_pay_and_no_other_is_charged(world: World, who: Signer) -> None:
    support.settings(world, who, risk_rules=[])
    link = make(world, who, max_payments=10)

    def one(payer: int) -> int:
        with coming_from(f"198.51.100.{payer}"):
            begun = begin(world, link)
            if begun.status == 201:
                approve(world, choose(world, begun.body, UPI).body["url"])
            return begun.status

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(one, range(200)))
    # What the sandbox's callback found no time for, its schedule asks for.
    support.settle_all(world)
    assert answers[201] == 10
    assert set(answers) <= {201, 422, 503}
    assert [one["status"] for one in of_link(world, who, link)] == ["paid"] * 10
    assert support.balances(who) == (-25000, 0, 25000)
    assert len([line for line in support.books() if line.status == "approved"]) == 10
    assert support.findings() == []


def test_a_link_without_a_limit_is_written_by_no_payer(world: World, who: Signer) -> None:
    link = make(world, who)
    (before,) = storage.scan_all(LinkItem)
    pay(world, link)
    (after,) = storage.scan_all(LinkItem)
    assert before.serialize() == after.serialize()


def test_a_link_is_switched_off_and_on(world: World, who: Signer) -> None:
    link = make(world, who)
    target = f"/v1/links/{link['link_id']}"
    assert world.call(who, "PATCH", target, {"active": False}).body["status"] == "inactive"
    assert_refused(begin(world, link), "invalid_state")
    assert world.send("GET", f"/l/{link['code']}", []).status == 410
    assert world.call(who, "PATCH", target, {"active": True, "name": "Coffee"}).body["name"] == "Coffee"
    assert begin(world, link).status == 201


def test_a_link_ends_with_its_time(world: World, who: Signer) -> None:
    link = make(world, who, expires_at=clock.rfc3339(clock.now_ms() + 60_000))
    assert begin(world, link).status == 201
    world.clock.now += 61
    assert_refused(begin(world, link), "invalid_state")


def test_codes_do_not_follow_from_ids_and_wrong_ones_find_nothing(world: World, who: Signer) -> None:
    first, second = make(world, who), make(world, who)
    assert len(first["code"]) == 22
    assert first["code"] != second["code"]
    for code in (first["link_id"], first["code"][:-1] + "x", "a" * 22, "%2e%2e"):
        assert world.send("GET", f"/l/{code}", []).status == 404


def test_one_address_begins_so_many_in_a_minute(world: World, who: Signer) -> None:
    link = make(world, who)
    statuses = [begin(world, link).status for _ in range(21)]
    assert (statuses[19], statuses[20]) == (201, 429)


def test_a_link_is_printed_with_its_own_code(world: World, who: Signer) -> None:
    link = make(world, who)
    qr, picture = (world.call(who, "GET", f"/v1/links/{link['link_id']}/qr.{kind}") for kind in ("svg", "png"))
    sheet = world.send("GET", f"{urlsplit(link['url']).path}?print=1", []).raw.decode()
    assert qr.raw.decode()[:4] == "<svg"
    assert (picture.headers["content-type"], picture.raw[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert world.call(world.register("Another"), "GET", f"/v1/links/{link['link_id']}/qr.png").status == 404
    assert "<svg" in sheet
    assert "25.00 INR" in sheet


def test_a_suspended_shops_link_says_so(world: World, who: Signer) -> None:
    link = make(world, who)
    suspend(world, who)
    shown = world.send("GET", f"/l/{link['code']}", [])
    assert (shown.status, "accepts no payments" in shown.raw.decode()) == (403, True)
    assert_refused(begin(world, link), "forbidden")


def test_lists_of_links_show_each_once(world: World, who: Signer) -> None:
    made = [make(world, who, name=f"Stall {number}")["link_id"] for number in range(3)]
    first = world.call(who, "GET", "/v1/links?limit=2").body
    rest = world.call(who, "GET", f"/v1/links?limit=2&cursor={first['next_cursor']}").body
    assert [one["link_id"] for one in (*first["data"], *rest["data"])] == made[::-1]
    assert rest["next_cursor"] is None


PARTS = {"amount": "100.00", "accept_partial": {"first_min": "30.00"}}


def due(world: World, who: Signer, link: dict[str, Any]) -> tuple[str, str]:
    shown = world.call(who, "GET", f"/v1/links/{link['link_id']}").body
    return shown["amount_due"], shown["status"]


def test_an_amount_is_paid_in_parts_and_never_more_than_it(world: World, who: Signer) -> None:
    link = make(world, who, **PARTS)
    assert (link["accept_partial"], link["amount_due"]) == ({"first_min": "30.00"}, "100.00")
    for amount in ("29.99", "0.00", "100.01"):
        assert_refused(begin(world, link, {"amount": amount}), "invalid_amount")
    pay(world, link, amount="30.00")
    assert due(world, who, link) == ("70.00", "active")
    assert_refused(begin(world, link, {"amount": "70.01"}), "invalid_amount")
    pay(world, link, amount="0.01")
    # What is left, when nothing is typed.
    pay(world, link)
    assert due(world, who, link) == ("0.00", "exhausted")
    assert_refused(begin(world, link), "limit_exceeded")
    assert [one["amount"] for one in of_link(world, who, link)] == ["69.99", "0.01", "30.00"]
    assert support.balances(who) == (-10000, 0, 10000)


def test_a_part_that_is_not_paid_is_due_again(world: World, who: Signer) -> None:
    link = make(world, who, **PARTS)
    begun = begin(world, link, {"amount": "60.00"})
    assert due(world, who, link) == ("40.00", "active")
    assert world.send(*leaving(begun)).status == 200
    assert due(world, who, link) == ("100.00", "active")
    begin(world, link, {"amount": "60.00"})
    for _ in range(3):
        tick(world, after_seconds=1801)
    assert due(world, who, link) == ("100.00", "active")
    # The first part has its least again.
    assert_refused(begin(world, link, {"amount": "1.00"}), "invalid_amount")


def leaving(begun: Reply) -> tuple[str, str, list[tuple[str, str]], bytes]:
    parts = urlsplit(begun.body["url"])
    return "DELETE", f"{parts.path}?{parts.query}", [], b""


def test_payers_at_once_are_never_asked_for_more_than_the_amount(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "BEGINS", Limit("link_begin", 10_000))
    link = make(world, who, **PARTS)
    item = links.find(who.merchant_id, link["link_id"])

    def one(number: int) -> int:
        try:
            return int(links.begin(item, "30.00", {}, f"192.0.2.{number}").amount)
        except (InvalidAmount, LimitExceeded, TemporarilyUnavailable):
            return 0

    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(one, range(40)))
    assert sum(claimed) <= 10_000
    assert sum(claimed) == sum(int(session.amount) for session in storage.scan_all(SessionItem))
    assert due(world, who, link)[0] == f"{(10_000 - sum(claimed)) / 100:.2f}"


@pytest.mark.parametrize(
    "body",
    [
        {"open_amount": OPEN["open_amount"], "accept_partial": {"first_min": "20.00"}},
        {"amount": "10.00", "accept_partial": {"first_min": "10.01"}},
        {"amount": "10.00", "accept_partial": {"first_min": "0"}},
        {"amount": "10.00", "accept_partial": {}},
    ],
)
def test_parts_that_could_not_be_paid_are_refused(world: World, who: Signer, body: dict[str, Any]) -> None:
    with nothing_written(world, but_outcomes=True):
        assert world.call(who, "POST", "/v1/links", {"name": "x", **body}).status == 400


def test_one_address_takes_a_third_of_the_places_and_another_one_still_pays(world: World, who: Signer) -> None:
    item = links.find(who.merchant_id, make(world, who, max_payments=10)["link_id"])
    for _ in range(4):
        links.begin(item, None, {}, "192.0.2.1")
    for _ in range(3):
        with pytest.raises(RateLimited):
            links.begin(item, None, {}, "192.0.2.1")
    for number in range(2, 8):
        links.begin(item, None, {}, f"192.0.2.{number}")
    with pytest.raises(LimitExceeded):
        links.begin(item, None, {}, "192.0.2.9")


def test_late_money_after_a_kill_is_held_and_its_place_was_given_back_once(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends after the payment was canceled and before its session ended; the payer pays all the same."""
    link = make(world, who, amount="10.03", max_payments=3)
    begun = begin(world, link)
    choose(world, begun.body, UPI)
    (session,) = storage.scan_all(SessionItem)

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, suppress(SystemExit):
        patched.setattr(sessions, "_ended", die)
        sessions.end(session, "canceled")
    for _ in range(4):
        tick(world, after_seconds=1801)
    after = storage.get(SessionItem, session.session_id)
    assert after is not None
    assert after.status == "expired"
    assert world.call(who, "GET", f"/v1/links/{link['link_id']}").body["taken"] == 0
    payment_id = world.call(who, "GET", f"/v1/checkout/sessions/{session.session_id}").body["payment_ids"][0]
    late = support.show(world, who, payment_id)["late_money"]
    assert [(money["status"], money["amount"]) for money in late] == [("held", "10.03")]
    assert support.balances(who) == (-1003, 1003, 0)
    assert support.findings() == []


# A body as Razorpay's documentation has it, with every field that the guide's table names.
RAZORPAYS = {
    "amount": 1000,
    "currency": "INR",
    "accept_partial": True,
    "first_min_partial_amount": 100,
    "expire_by": 1_691_097_057,
    "reference_id": "TS-77",
    "description": "Policy 23456",
    "customer": {"name": "Asha Rao", "contact": "+919876501234", "email": "asha.canary@example.com"},
    "notify": {"sms": True, "email": True},
    "reminder_enable": True,
    "notes": {"policy": "Life"},
    "upi_link": True,
}


def converted(theirs: dict[str, Any], ends_at: str) -> dict[str, Any]:
    """By the table of docs/guides/moving.md. ends_at: in place of an end that has passed."""
    return {
        "name": theirs["description"],
        "amount": str(Money(theirs["amount"], theirs["currency"])),
        "currency": theirs["currency"],
        "accept_partial": {"first_min": str(Money(theirs["first_min_partial_amount"], theirs["currency"]))},
        "expires_at": ends_at,
        "metadata": {**theirs["notes"], "reference": theirs["reference_id"]},
        "methods": ["upi_intent"],
        "ask": ["name", "phone", "email"],
    }


def test_a_link_of_razorpays_is_one_here_by_the_guides_table(world: World, who: Signer) -> None:
    ends_at = clock.rfc3339(clock.now_ms() + 86_400_000)
    wanted = converted(RAZORPAYS, ends_at)
    assert wanted["amount"] == "10.00"
    link = make(world, who, **wanted)
    shown = {**link, "accept_partial": {"first_min": link["accept_partial"]["first_min"]}, "ask": sorted(link["ask"])}
    assert {name: shown[name] for name in wanted} == {**wanted, "ask": sorted(wanted["ask"])}
    assert (link["status"], link["amount_due"]) == ("active", "10.00")
    person = {"name": "Asha Rao", "phone": "+919876501234", "email": "asha.canary@example.com"}
    pay(world, link, amount="1.00", **person)
    (part,) = of_link(world, who, link)
    assert (part["amount"], part["payer"]["email"]) == ("1.00", person["email"])
    paid = world.call(who, "GET", f"/v1/payments/{part['payment_id']}").body
    assert paid["metadata"] == {"policy": "Life", "reference": "TS-77"}
    now = world.call(who, "GET", f"/v1/links/{link['link_id']}").body
    assert (now["status"], now["amount_due"]) == ("active", "9.00")
    pay(world, link, amount="9.00", **person)
    assert world.call(who, "GET", f"/v1/links/{link['link_id']}").body["status"] == "exhausted"
