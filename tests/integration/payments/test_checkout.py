"""Checkout sessions: a payer chooses how to pay, one payment at a time; one at most succeeds, and the session is paid with it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from paycorex import events, storage
from paycorex.records.payment import PaymentItem
from payments.checkout import choices, sessions, store
from payments.connectors import registry
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import asking
from tests.integration.payments.test_kept_cards import kept
from tests.support import payments as support
from tests.support.crypto import Monitor, expected_units
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.payments import tick
from tests.support.world import PREFIX, Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

SHOP = {"success_url": "https://shop.example/thanks?order=7", "cancel_url": "https://shop.example/cart"}
UPI, CARD = {"method": "upi_intent"}, {"method": "tokenized"}


def begin(world: World, who: Signer, amount: str = "120.00", **more: Any) -> dict[str, Any]:
    made = world.call(who, "POST", "/v1/checkout/sessions", {"amount": amount, **SHOP, **more})
    assert made.status == 201, made.raw
    session: dict[str, Any] = made.body
    return session


def page(world: World, url: str, path: str = "", body: dict[str, Any] | None = None, query: str | None = None) -> Reply:
    """What the payer's browser asks for."""
    parts = urlsplit(url)
    sent = b"" if body is None else json.dumps(body).encode()
    headers = [("Content-Type", "application/json")] if body is not None else []
    return world.send("GET" if body is None else "POST", f"{parts.path}{path}?{parts.query if query is None else query}", headers, sent)


def choose(world: World, session: dict[str, Any], choice: dict[str, Any]) -> Reply:
    return page(world, session["url"], "/pay", choice)


def leave(world: World, session: dict[str, Any]) -> Reply:
    return leave_with(world, session, urlsplit(session["url"]).query)


def leave_with(world: World, session: dict[str, Any], query: str) -> Reply:
    return world.send("DELETE", f"{urlsplit(session['url']).path}?{query}", [])


def show(world: World, who: Signer, session: dict[str, Any]) -> dict[str, Any]:
    found = world.call(who, "GET", f"/v1/checkout/sessions/{session['session_id']}")
    assert found.status == 200
    body: dict[str, Any] = found.body
    return body


def decide(world: World, pay_url: str, outcome: str) -> None:
    """As the sandbox's payer."""
    assert page(world, pay_url, "/sandbox", {"outcome": outcome}).status == 200


def payments() -> list[PaymentItem]:
    return sorted(storage.scan_all(PaymentItem), key=lambda item: int(item.created_at))


def events_of(world: World) -> list[str]:
    """The events of sessions since the last look."""
    found = (events.from_stream(record) for record in world.dynamo.drain_stream(f"{PREFIX}checkout_sessions"))
    return [event.event for event in found if event is not None]


@pytest.mark.parametrize("is_left", [True, False])
def test_a_checkout_that_ends_unpaid_sends_one_event_whose_status_says_how(world: World, who: Signer, is_left: bool) -> None:
    session = begin(world, who)
    if is_left:
        assert leave(world, session).status == 200
    else:
        assert world.call(who, "POST", f"/v1/checkout/sessions/{session['session_id']}/expire", b"").status == 200
    found = [events.from_stream(record) for record in world.dynamo.drain_stream(f"{PREFIX}checkout_sessions")]
    ends = [(each.event, each.data["status"]) for each in found if each is not None][1:]
    assert ends == [("checkout.expired", "canceled" if is_left else "expired")]


def customer(world: World, who: Signer, reference: str = "asha") -> tuple[str, str]:
    """A customer, and the token by which the shop vouches for it."""
    customer_id = world.call(who, "POST", "/v1/customers", {"reference": reference}).body["customer_id"]
    issued = world.call(who, "POST", f"/v1/customers/{customer_id}/token", {})
    assert issued.status == 201
    return customer_id, issued.body["customer_token"]


def test_a_session_is_paid_with_its_payment(world: World, who: Signer) -> None:
    session = begin(world, who, metadata={"order": "7"}, description="Two masala chai")
    assert (session["status"], session["payment_ids"], session["amount"]) == ("open", [], "120.00")
    shown = page(world, session["url"])
    assert shown.status == 200
    assert "UPI" in shown.raw.decode()
    chosen = choose(world, session, UPI)
    assert chosen.status == 200, chosen.raw
    decide(world, chosen.body["url"], "approve")
    after = show(world, who, session)
    payment = support.show(world, who, after["payment_id"])
    assert (after["status"], payment["status"], payment["session_id"]) == ("paid", "success", session["session_id"])
    assert (payment["metadata"], payment["description"], payment["method"]) == ({"order": "7"}, "Two masala chai", "upi_intent")
    assert events_of(world) == ["checkout.created", "checkout.paid"]
    receipt = page(world, session["url"]).raw.decode()
    assert "Paid" in receipt
    assert f"https://shop.example/thanks?order=7&amp;session_id={session['session_id']}" in receipt


def test_reading_the_page_writes_nothing(world: World, who: Signer) -> None:
    session = begin(world, who)
    with nothing_written(world):
        assert page(world, session["url"]).status == 200


def test_the_same_choice_again_is_the_same_payment(world: World, who: Signer) -> None:
    session = begin(world, who)
    first, again = choose(world, session, UPI), choose(world, session, UPI)
    assert (first.body, len(payments())) == (again.body, 1)


def test_another_choice_cancels_the_one_before(world: World, who: Signer) -> None:
    session = begin(world, who)
    upi = choose(world, session, UPI).body["url"]
    card = choose(world, session, CARD)
    assert card.status == 200, card.raw
    first, second = payments()
    assert (first.status, first.failure_code, second.status) == ("failed", "canceled", "pending")
    assert show(world, who, session)["payment_ids"] == [first.payment_id, second.payment_id]
    # Money for the one before comes all the same: it is held, and the session is not paid by it.
    assert page(world, upi, "/sandbox", {"outcome": "approve"}).status in {200, 409}
    assert show(world, who, session)["status"] == "open"


def test_after_a_decline_another_way_pays(world: World, who: Signer) -> None:
    session = begin(world, who)
    decide(world, choose(world, session, UPI).body["url"], "decline")
    assert "You were not charged. Choose how to pay." in page(world, session["url"]).raw.decode()
    decide(world, choose(world, session, UPI).body["url"], "approve")
    statuses = [item.status for item in payments()]
    assert (statuses, show(world, who, session)["status"]) == (["failed", "success"], "paid")


def test_what_is_paid_takes_no_other_choice(world: World, who: Signer) -> None:
    session = begin(world, who)
    decide(world, choose(world, session, UPI).body["url"], "approve")
    with nothing_written(world):
        assert_refused(choose(world, session, CARD), "invalid_state")


def test_a_payer_chooses_ten_times_at_most(world: World, who: Signer) -> None:
    session = begin(world, who)
    answers = [choose(world, session, (UPI, CARD)[number % 2]) for number in range(11)]
    assert [each.status for each in answers] == [200] * 10 + [429]
    assert len(payments()) == 10


def test_only_what_the_shop_offers_may_be_chosen(world: World, who: Signer) -> None:
    session = begin(world, who, methods=["tokenized"])
    assert "UPI" not in page(world, session["url"]).raw.decode()
    with nothing_written(world):
        assert_refused(choose(world, session, UPI), "unsupported_method")


def test_a_wallet_pays_only_whom_the_shop_vouches_for(world: World, who: Signer) -> None:
    customer_id, token = customer(world, who)
    _, others = customer(world, who, "ravi")
    world.wallet(who, "asha", "500.00")
    session = begin(world, who, customer_id=customer_id)
    wallet = {"method": "wallet"}
    with nothing_written(world):
        for more in ({}, {"customer_token": others}, {"customer_token": token[:-1] + ("A" if token[-1] != "A" else "B")}):
            assert_refused(choose(world, session, {**wallet, **more}), "forbidden")
    own = page(world, session["url"], "/customer", {"customer_token": token})
    assert own.body == {"cards": [], "wallet": {"available": "500.00", "currency": "INR"}}
    paid = choose(world, session, {**wallet, "customer_token": token})
    assert (paid.status, paid.body["status"], show(world, who, session)["status"]) == (200, "success", "paid")
    assert events_of(world) == ["checkout.created", "checkout.paid"]


def test_a_customers_token_ends(world: World, who: Signer) -> None:
    customer_id, token = customer(world, who)
    session = begin(world, who, customer_id=customer_id)
    world.clock.now += 901
    assert_refused(page(world, session["url"], "/customer", {"customer_token": token}), "forbidden")


def test_a_wallet_that_is_too_empty_leaves_the_other_ways(world: World, who: Signer) -> None:
    customer_id, token = customer(world, who)
    world.wallet(who, "asha", "5.00")
    session = begin(world, who, customer_id=customer_id)
    chosen = choose(world, session, {"method": "wallet", "customer_token": token})
    assert (chosen.status, chosen.body["status"]) == (200, "failed")
    assert "not enough money" in page(world, session["url"]).raw.decode()
    assert choose(world, session, UPI).status == 200


def test_a_stored_card_pays_only_its_owners_checkout(world: World, who: Signer) -> None:
    customer_id, token = customer(world, who)
    card = kept(world, who)
    stranger = support.token(world, who, support.APPROVE, "ravi")
    session = begin(world, who, customer_id=customer_id)
    own = page(world, session["url"], "/customer", {"customer_token": token}).body
    assert [(one["token_id"], one["last4"]) for one in own["cards"]] == [(card["token_id"], "1111")]
    with nothing_written(world):
        assert_refused(choose(world, session, {**CARD, "token_id": card["token_id"]}), "forbidden")
        assert_refused(choose(world, session, {**CARD, "token_id": stranger, "customer_token": token}), "not_found")
    paid = choose(world, session, {**CARD, "token_id": card["token_id"], "customer_token": token})
    assert (paid.body["status"], show(world, who, session)["status"]) == ("success", "paid")


def test_a_session_ends_with_its_time_and_its_payment_before_it(world: World, who: Signer) -> None:
    session = begin(world, who, expires_in=300)
    choose(world, session, CARD)
    tick(world, after_seconds=301)
    tick(world, after_seconds=61)
    tick(world, after_seconds=61)
    (payment,) = payments()
    assert (payment.status, payment.failure_code, show(world, who, session)["status"]) == ("failed", "expired", "expired")
    assert events_of(world) == ["checkout.created", "checkout.expired"]
    with nothing_written(world):
        assert_refused(choose(world, session, UPI), "invalid_state")
    assert "The time to pay is over." in page(world, session["url"]).raw.decode()


def test_the_shop_ends_a_session_once(world: World, who: Signer) -> None:
    session = begin(world, who)
    choose(world, session, UPI)
    target = f"/v1/checkout/sessions/{session['session_id']}/expire"
    ended = world.call(who, "POST", target, b"", key="end")
    assert (ended.status, ended.body["status"]) == (200, "expired")
    assert world.call(who, "POST", target, b"", key="end").body["status"] == "expired"
    assert payments()[0].status == "failed"
    assert_refused(world.call(who, "POST", target, b""), "invalid_state")


def test_a_coin_pays_the_session_after_another_coin_was_chosen(world: World, who: Signer) -> None:
    support.settings(world, who, xpubs={"polygon": str(account_key(JUNK))})
    session = begin(world, who)
    assert "On Polygon" in page(world, session["url"]).raw.decode()
    coin = {"method": "crypto", "network": "polygon"}
    assert choose(world, session, {**coin, "asset": "USDC"}).status == 200
    first_id = show(world, who, session)["payment_ids"][0]
    first = support.show(world, who, first_id)
    assert choose(world, session, {**coin, "asset": "POL"}).status == 200
    second = support.show(world, who, show(world, who, session)["payment_ids"][1])
    monitor = Monitor(world, who)
    monitor.pays(first, expected_usdc(first), asset="USDC", name="late")
    held = support.show(world, who, first_id)
    assert (held["status"], len(held["late_money"]), show(world, who, session)["status"]) == ("failed", 1, "open")
    monitor.pays(second, expected_units(second), asset="POL")
    after = show(world, who, session)
    assert (after["status"], after["payment_id"]) == ("paid", second["payment_id"])


def expected_usdc(payment: dict[str, Any]) -> int:
    """What a token's link asks for: its last number."""
    return int(payment["next_action"]["crypto_uri"].rpartition("uint256=")[2])


class Killed(BaseException):
    """The function ends here, as if its environment were gone."""


CHOSEN = [UPI, CARD, {"method": "wallet"}]


@pytest.mark.parametrize("choice", CHOSEN, ids=lambda each: each["method"])
@pytest.mark.parametrize("after", range(4))
def test_a_choice_that_is_killed_is_ended_by_its_repetition(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch, choice: dict[str, Any], after: int
) -> None:
    customer_id, token = customer(world, who)
    world.wallet(who, "asha", "500.00")
    session = begin(world, who, customer_id=customer_id)
    body = {**choice, **({"customer_token": token} if choice["method"] == "wallet" else {})}
    steps = iter(range(100))

    def dies(real: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            done = real(*given, **named)
            if next(steps) == after:
                raise Killed
            return done

        return step

    with monkeypatch.context() as patched:
        patched.setattr(storage, "run", dies(storage.run))
        patched.setattr(storage, "transact", dies(storage.transact))
        with suppress(Killed):
            choose(world, session, body)
    again = choose(world, session, body)
    made = [item for item in payments() if item.session_id == session["session_id"]]
    if choice["method"] == "wallet" and again.status == 409:
        assert show(world, who, session)["status"] == "paid"
    else:
        assert again.status == 200, again.raw
    assert len(made) == 1


def test_two_tabs_never_have_two_open_payments(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    session = begin(world, who)
    create = choices.orchestrator.create  # type: ignore[attr-defined]  # where the first tab waits
    others = iter([CARD])

    def slow(order: Any) -> Any:
        for choice in others:
            assert choose(world, session, choice).status == 200
        return create(order)

    monkeypatch.setattr(choices.orchestrator, "create", slow)  # type: ignore[attr-defined]
    first = choose(world, session, UPI)
    assert first.status == 503
    assert [item.method for item in payments() if item.status == "pending"] == ["tokenized"]


@pytest.mark.parametrize("query", ["t=", "t=AAAAAAAAAAAAAAAA", "t=%00"])
def test_a_wrong_token_and_no_such_session_look_alike(world: World, who: Signer, query: str) -> None:
    session = begin(world, who)
    none = f"https://x/c/chk_{'a' * 26}"
    seen = [page(world, url, query=query) for url in (session["url"], none)]
    assert [each.status for each in seen] == [seen[0].status] * 2
    bodies = [each.raw.decode().split("<main", 1)[-1] for each in seen]
    assert bodies[0] == bodies[1]
    assert "120" not in bodies[0]


def test_guesses_are_counted(world: World, who: Signer) -> None:
    session = begin(world, who)
    statuses = [page(world, session["url"], query=f"t={number:016d}").status for number in range(12)]
    assert (statuses[0], statuses[-1]) == (404, 429)


def test_no_page_is_framed_and_none_leads_to_an_address_that_the_shop_did_not_sign(world: World, who: Signer) -> None:
    session = begin(world, who)
    shown = page(world, session["url"])
    assert (shown.headers["x-frame-options"], shown.headers["referrer-policy"]) == ("DENY", "no-referrer")
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    parts = urlsplit(session["url"])
    for more in ("success_url=https://evil.example", "return_url=https://evil.example", "next=//evil.example"):
        assert page(world, session["url"], query=f"{parts.query}&{more}").status == 400
    for wrong in ("http://shop.example/", "http://127.0.0.1.evil/", "javascript:alert(1)", "https://shop.example/?session_id=1", "//evil"):
        made = world.call(who, "POST", "/v1/checkout/sessions", {"amount": "1.00", "success_url": wrong})
        assert (made.status, made.code) == (400, "invalid_request"), wrong
    # A host that begins like this machine's is another site: over https the shop may sign it, as any, and the session keeps it as it is.
    assert begin(world, who, success_url="https://127.0.0.1.evil/")["success_url"] == "https://127.0.0.1.evil/"


def test_what_the_shop_writes_is_text_on_the_page(world: World, who: Signer) -> None:
    session = begin(world, who, description="<img src=x onerror=alert(1)>")
    assert "<img" not in page(world, session["url"]).raw.decode()


def test_a_receipt_is_a_document(world: World, who: Signer) -> None:
    session = begin(world, who)
    assert page(world, session["url"], "/receipt.pdf").status == 409
    decide(world, choose(world, session, UPI).body["url"], "approve")
    document = page(world, session["url"], "/receipt.pdf")
    assert (document.status, document.raw[:5], document.headers["content-type"]) == (200, b"%PDF-", "application/pdf")


def test_a_session_that_a_release_before_paid_is_paid_by_the_janitor(world: World, who: Signer) -> None:
    session = begin(world, who, expires_in=300)
    decide(world, choose(world, session, UPI).body["url"], "approve")
    item = store.find_session(session["session_id"])
    assert item is not None
    before = storage.copy_of(item)
    before.status, before.payment_id = "open", None
    before.due_shard, before.due_at = "due#1", "1"
    storage.run(storage.put(before))
    assert sessions.look_at(before)
    assert show(world, who, session)["status"] == "paid"


# What each news means in each status: the session's table.
TABLE = {
    ("open", "pay"): "paid",
    ("open", "expire"): "expired",
    ("open", "time"): "expired",
    ("paid", "expire"): "refused",
    ("paid", "time"): "paid",
    ("paid", "choose"): "refused",
    ("expired", "choose"): "refused",
    ("expired", "expire"): "refused",
    ("expired", "time"): "expired",
    ("open", "choose"): "open",
    ("open", "leave"): "canceled",
    ("open", "leave after a choice"): "canceled",
    ("paid", "leave"): "refused",
    ("expired", "leave"): "refused",
    ("canceled", "leave"): "refused",
    ("canceled", "choose"): "refused",
    ("canceled", "expire"): "refused",
    ("canceled", "time"): "canceled",
}


@pytest.mark.parametrize(("status", "news"), TABLE)
def test_each_cell_of_the_sessions_table(world: World, who: Signer, status: str, news: str) -> None:
    session = begin(world, who, expires_in=300)
    target = f"/v1/checkout/sessions/{session['session_id']}/expire"
    if status == "paid":
        decide(world, choose(world, session, UPI).body["url"], "approve")
    elif status == "expired":
        world.call(who, "POST", target, b"")
    elif status == "canceled":
        leave(world, session)
    reply = None
    if news == "pay":
        decide(world, choose(world, session, UPI).body["url"], "approve")
    elif news == "choose":
        reply = choose(world, session, CARD)
    elif news == "leave":
        reply = leave(world, session)
    elif news == "leave after a choice":
        choose(world, session, UPI)
        reply = leave(world, session)
        assert [item.failure_code for item in payments()] == ["canceled"]
    elif news == "expire":
        reply = world.call(who, "POST", target, b"")
    else:
        world.clock.now += 400
        item = store.find_session(session["session_id"])
        assert item is not None
        sessions.look_at(item)
    if TABLE[status, news] == "refused":
        assert reply is not None
        assert_refused(reply, "invalid_state")
        assert show(world, who, session)["status"] == status
    else:
        assert show(world, who, session)["status"] == TABLE[status, news]


def test_late_money_of_an_earlier_choice_that_the_shop_accepts_leaves_the_session_to_the_payment_that_paid_it(
    world: World, who: Signer
) -> None:
    support.settings(world, who, xpubs={"polygon": str(account_key(JUNK))})
    session = begin(world, who)
    assert choose(world, session, {"method": "crypto", "network": "polygon", "asset": "USDC"}).status == 200
    first = support.show(world, who, show(world, who, session)["payment_ids"][0])
    upi = choose(world, session, UPI)
    decide(world, upi.body["url"], "approve")
    paid = show(world, who, session)
    Monitor(world, who).pays(first, expected_usdc(first), asset="USDC", name="late")
    events_of(world)
    accepted = world.call(who, "POST", f"/v1/payments/{first['payment_id']}/late", {"action": "accept"})
    assert (accepted.status, accepted.body["status"]) == (200, "success")
    assert show(world, who, session) == paid
    assert events_of(world) == []


def test_the_receipt_of_a_session_that_late_money_paid_is_that_payments(world: World, who: Signer) -> None:
    support.settings(world, who, xpubs={"polygon": str(account_key(JUNK))})
    session = begin(world, who)
    assert choose(world, session, {"method": "crypto", "network": "polygon", "asset": "USDC"}).status == 200
    first = support.show(world, who, show(world, who, session)["payment_ids"][0])
    decide(world, choose(world, session, UPI).body["url"], "decline")
    Monitor(world, who).pays(first, expected_usdc(first), asset="USDC", name="late")
    assert world.call(who, "POST", f"/v1/payments/{first['payment_id']}/late", {"action": "accept"}).status == 200
    assert show(world, who, session)["payment_id"] == first["payment_id"]
    shown = page(world, session["url"]).raw.decode()
    assert first["payment_id"] in shown
    assert "<dd>Crypto</dd>" in shown


def test_late_money_that_the_shop_accepts_ends_the_choice_that_is_open(world: World, who: Signer) -> None:
    support.settings(world, who, xpubs={"polygon": str(account_key(JUNK))})
    session = begin(world, who)
    assert choose(world, session, {"method": "crypto", "network": "polygon", "asset": "USDC"}).status == 200
    first = support.show(world, who, show(world, who, session)["payment_ids"][0])
    upi = choose(world, session, UPI).body["url"]
    Monitor(world, who).pays(first, expected_usdc(first), asset="USDC", name="late")
    assert world.call(who, "POST", f"/v1/payments/{first['payment_id']}/late", {"action": "accept"}).status == 200
    # The payer's other tab pays all the same: the money is held, and no second payment succeeds.
    assert page(world, upi, "/sandbox", {"outcome": "approve"}).status in {200, 409}
    paid = show(world, who, session)
    statuses = [support.show(world, who, each)["status"] for each in paid["payment_ids"]]
    assert (statuses, paid["status"], paid["payment_id"]) == (["success", "failed"], "paid", first["payment_id"])


@pytest.mark.parametrize(
    ("target", "body"), [("/v1/checkout/sessions", {"amount": "5.00"}), ("/v1/links", {"name": "Tea", "amount": "5.00"})]
)
def test_a_request_that_is_sent_again_is_answered_with_the_same_address_for_the_payer(
    world: World, who: Signer, target: str, body: dict[str, Any]
) -> None:
    first, again = (world.call(who, "POST", target, body, key="once", headers=[("Host", "api.example.com")]) for _ in range(2))
    assert (first.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert first.body == again.body
    assert again.body["url"].startswith("https://api.example.com/")


def test_who_leaves_goes_where_the_shop_said(world: World, who: Signer) -> None:
    session = begin(world, who)
    upi = choose(world, session, UPI).body["url"]
    left = leave(world, session)
    assert left.body == {"url": f"https://shop.example/cart?session_id={session['session_id']}", "status": "canceled"}
    assert "This checkout was canceled." in page(world, session["url"]).raw.decode()
    # What the payer had opened pays nothing any more; money that comes all the same would be late money.
    assert_refused(page(world, upi, "/sandbox", {"outcome": "approve"}), "invalid_state")
    bare = world.call(who, "POST", "/v1/checkout/sessions", {"amount": "1.00"}).body
    assert 'id="back"' in page(world, bare["url"]).raw.decode()
    assert leave(world, bare).body["url"].startswith(bare["url"].split("?")[0].removeprefix("https://shop.example"))


def test_no_one_leaves_while_money_may_be_on_its_way(world: World, who: Signer) -> None:
    session = begin(world, who)
    choose(world, session, UPI)
    (payment,) = payments()
    payment.status, payment.next_action = "processing", None
    storage.run(storage.put(payment))
    assert_refused(leave(world, session), "invalid_state")
    assert show(world, who, session)["status"] == "open"


def test_a_wrong_token_leaves_nothing(world: World, who: Signer) -> None:
    session = begin(world, who)
    assert leave_with(world, session, "t=wrong").status in {401, 404}
    assert show(world, who, session)["status"] == "open"


def test_leaving_and_paying_at_once_end_in_one_of_both(world: World, who: Signer) -> None:
    for _ in range(6):
        session = begin(world, who)
        upi = choose(world, session, UPI).body["url"]
        with ThreadPoolExecutor(2) as pool:
            paid = pool.submit(page, world, upi, "/sandbox", {"outcome": "approve"})
            left = pool.submit(leave, world, session)
        assert left.result().status in {200, 409, 503}
        assert paid.result().status in {200, 409, 503}
        after = show(world, who, session)
        made = support.show(world, who, after["payment_ids"][0])
        if after["status"] == "canceled":
            assert made["failure_code"] == "canceled"
        else:
            assert (after["status"], made["status"]) in {("paid", "success"), ("open", "pending"), ("open", "failed")}
    assert support.findings() == []


def test_sessions_are_listed_once_each_and_to_their_merchant_alone(world: World, who: Signer) -> None:
    made = [begin(world, who, f"{number}.00") for number in range(1, 4)]
    other = world.register("Other")
    begin(world, other)
    first = world.call(who, "GET", "/v1/checkout/sessions?limit=2").body
    rest = world.call(who, "GET", f"/v1/checkout/sessions?limit=2&cursor={first['next_cursor']}").body
    assert [*first["data"], *rest["data"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_the_money_of_a_manual_session_is_held_until_the_shop_captures_it(world: World, who: Signer) -> None:
    session = begin(world, who, capture_method="manual", customer_id=customer(world, who)[0])
    assert session["capture_method"] == "manual"
    assert begin(world, who)["capture_method"] == "automatic"
    shown = page(world, session["url"]).raw.decode()
    assert "Card" in shown
    support.settings(world, who, merchant_category_code="5814", payee_vpa="chai@okbank")
    decide(world, choose(world, session, UPI).body["url"], "approve")
    after = show(world, who, session)
    payment = support.show(world, who, after["payment_id"])
    assert (after["status"], payment["status"], payment["capture_method"]) == ("paid", "authorized", "manual")
    assert support.balances(who) == (0, 0, 0)
    captured = world.call(who, "POST", f"/v1/payments/{after['payment_id']}/capture", {})
    assert captured.status == 201, captured.raw
    support.settle_all(world)
    assert support.balances(who)[2] == 12000


def test_a_coin_cannot_be_held(world: World, who: Signer) -> None:
    session = begin(world, who, capture_method="manual")
    with nothing_written(world):
        refused = choose(world, session, {"method": "crypto", "network": "polygon", "asset": "USDC"})
        assert_refused(refused, "unsupported_method")


def test_two_tabs_that_pay_at_once_pay_the_session_once_and_the_other_money_is_held(world: World, who: Signer) -> None:
    """Each tab chose its own way in turn, and both payers pay: the link of the earlier choice was still open on the other phone."""
    session = begin(world, who, "10.03")
    first = choose(world, session, UPI).body["url"]
    choose(world, session, CARD)
    second = choose(world, session, UPI).body["url"]
    decide(world, second, "approve")
    earlier, _, later = payments()
    # The sandbox's payer of the earlier link pays a minute after its end (`.03`), and its callback comes.
    item = next(line for line in support.books() if line.payment_id == earlier.payment_id)
    connector = registry.connect_for(who.merchant_id, "sandbox")
    assert isinstance(connector, Sandbox)
    sent = connector.decide(asking.attempt_of(earlier, 0), approve=True)
    assert sent is not None, item.status
    applied = world.send("POST", f"/v1/callbacks/sandbox/{who.merchant_id}", list(sent[1].items()), sent[0])
    assert applied.body["applied"] is True
    assert first != second
    after = show(world, who, session)
    assert (after["status"], after["payment_id"]) == ("paid", later.payment_id)
    (held,) = support.show(world, who, earlier.payment_id)["late_money"]
    assert (held["status"], held["amount"]) == ("held", "10.03")
    assert support.balances(who) == (-2006, 1003, 1003)
    assert support.findings() == []
