"""Each processor, through the deployed functions: the same cases for all that are played here."""

from collections.abc import Iterator
from typing import Any

import pytest

from operations import stuck_payments
from paycorex import credentials, safe_http, settings, storage
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities, http_calls, registry
from payments.connectors.prism import captures, processors
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.facts import Step
from payments.connectors.prism.library import Library
from payments.connectors.requests import CaptureRequest, Captures
from payments.connectors.results import Approved, CaptureResult, Contradicts
from payments.payer_page import links
from payments.payment import asking
from tests.fakes.faults import Killed
from tests.fakes.receiver_behaviours import CutMidBody, Hang
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.fake import APPROVED, DECLINED, REDIRECTED, FakeProcessor, Taken
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

BACKUP = "sandbox_backup"
PAYER: dict[str, Any] = {
    "name": "Asha Rao",
    "email": "asha@shop.example",
    "phone": "9190000900",
    "line1": "1 MG Road",
    "city": "Pune",
    "state": "MH",
    "postal_code": "411001",
    "country": "IN",
    "ip_address": "203.0.113.7",
    "user_agent": "Mozilla/5.0",
    "accept_header": "text/html",
    "language": "en",
    "color_depth": 24,
    "screen_height": 900,
    "screen_width": 1440,
    "time_zone_offset_minutes": -330,
    "java_enabled": False,
}
EVERY = fake.every()


def certifying(*cases: str) -> pytest.MarkDecorator:
    """The processors that are certified in these cases."""
    played = [kind for kind in EVERY if set(cases) <= kind.certifies and kind.pays_by == "card"]
    return pytest.mark.parametrize("kind", played, ids=[kind.name for kind in played])


@pytest.fixture
def server(
    kind: type[FakeProcessor], world: World, who: Signer, processors_library: Library, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeProcessor]:
    wait_for_answers(monkeypatch, 4)
    with kind() as server:
        settings.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        name = f"prism:{kind.name}"
        given = {**kind.credentials, "webhook_secret": server.webhook_secret}
        rules = [{"use": [{"connector": name}, {"connector": BACKUP, "weight": 0}]}]
        support.settings(world, who, connectors={name: given}, routing_rules=rules)
        yield server
        assert server.problems == []


def wait_for_answers(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """For as long an answer is waited for. Where none comes, a moment is enough; where one comes, a busy machine may need more."""
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", seconds)
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", seconds)


def charge(world: World, who: Signer, server: FakeProcessor, number: str = APPROVED, **more: Any) -> Reply:
    given = {"currency": server.currency, "payer": PAYER, "security_code": "737", **more}
    return support.charge(world, who, number, "12.34", **given)


def post_callback(world: World, who: Signer, server: FakeProcessor, kind: str, *, secret: str | None = None) -> Reply:
    (taken,) = server.payments.values()
    genuine, server.webhook_secret = server.webhook_secret, secret or server.webhook_secret
    headers, body = server.callback(taken, kind)
    server.webhook_secret = genuine
    return world.send("POST", f"/v1/callbacks/prism:{server.name}/{who.merchant_id}", headers, body)


def undecided(world: World, who: Signer, server: FakeProcessor) -> tuple[Any, Taken]:
    """A payment that its processor has, and that is not decided here: the payer confirmed elsewhere, or the answer was lost."""
    if "redirect" not in server.certifies:
        server.trouble[server.charges_at], server.acts = CutMidBody(), True
        payment = charge(world, who, server).body
        (taken,) = server.payments.values()
        return payment, taken
    payment = charge(world, who, server, REDIRECTED).body
    (taken,) = server.payments.values()
    server.confirm(taken)
    return payment, taken


@certifying("authorize")
def test_a_card_is_charged_once_and_exactly(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = charge(world, who, server).body
    assert (payment.get("status"), payment.get("provider")) == ("success", f"prism:{server.name}"), payment
    (taken,) = server.payments.values()
    known = processors.of(server.name)
    assert (taken.amount, taken.currency, taken.status) == (1234, server.currency, "taken")
    assert taken.ours == processors.ours(known, payment["payment_id"])
    assert taken.reference in {payment["provider_reference"], payment["attempts"][0]["provider_reference"]}
    assert is_keyed(server, "att_")


def is_keyed(server: FakeProcessor, kind: str) -> bool:
    """Whether a request had the processor's own header with our id of this kind, where the processor has one."""
    header = processors.of(server.name).idempotency
    return header is None or any(request.headers.get(header.lower(), "").startswith(kind) for request in server.requests)


@certifying("decline")
def test_a_decline_has_the_issuers_code_and_is_not_tried_elsewhere(world: World, who: Signer, server: FakeProcessor) -> None:
    refused = charge(world, who, server, DECLINED)
    assert (refused.status, refused.code) == (402, "card_declined"), refused.raw
    (attempt,) = refused.body["error"]["details"]["payment"]["attempts"]
    assert (attempt["status"], attempt["code"]) == ("declined", server.decline_code)
    assert DECLINED not in refused.raw.decode()


@certifying("timeout")
@pytest.mark.parametrize("trouble", [Hang(), CutMidBody()], ids=["hang", "cut"])
def test_a_charge_without_an_answer_is_never_tried_elsewhere_and_never_lost(
    world: World, who: Signer, server: FakeProcessor, trouble: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.trouble[server.charges_at], server.acts = trouble, True
    with monkeypatch.context() as patch:
        if isinstance(trouble, Hang):
            wait_for_answers(patch, 0.5)
        payment = charge(world, who, server).body
    assert payment["status"] == "processing"
    (attempt,) = payment["attempts"]
    assert (attempt["connector"], attempt["status"]) == (f"prism:{server.name}", "unknown")
    for _ in range(3):
        support.tick(world, after_seconds=300)
    if Step.ORDER not in processors.of(server.name).before and "get" not in processors.of(server.name).finds:
        (stuck,) = stuck_payments.page(10).data
        assert "finds nothing by our reference" in str(stuck.problem)
    if support.show(world, who, payment["payment_id"])["status"] == "processing" and "callback" in server.certifies:
        assert post_callback(world, who, server, "taken").body == {"received": True, "applied": True}
    found = support.show(world, who, payment["payment_id"])
    can_find = "get" in processors.of(server.name).finds or Step.ORDER in processors.of(server.name).before
    assert found["status"] == ("success" if can_find or "callback" in server.certifies else "processing")
    assert [attempt["connector"] for attempt in found["attempts"]] == [f"prism:{server.name}"]
    assert len(server.payments) == 1


@certifying("authorize")
@pytest.mark.parametrize("about", ["ours", "amount", "currency"])
def test_an_answer_about_something_else_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    where = processors.of(server.name).witnesses.get("authorize")
    path = "" if where is None else getattr(where, about)
    if not path:
        pytest.skip("the processor's answer does not say it")
    wrong = {"ours": "pay_" + "z" * 26, "amount": "99.00" if where and where.in_major else 9900, "currency": "EUR"}
    server.lies[path], server.lies_at = wrong[about], server.charges_at
    payment = charge(world, who, server).body
    assert payment["status"] != "success"
    assert support.stored(payment["payment_id"]).status != "success"
    assert [attempt["connector"] for attempt in payment["attempts"]] == [f"prism:{server.name}"]


@certifying("redirect")
def test_a_payer_confirms_at_the_processors_page(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = charge(world, who, server, REDIRECTED).body
    assert payment["status"] == "processing", payment
    assert payment["next_action"]["type"] == "redirect"
    assert payment["next_action"]["url"].startswith("https://")


@certifying("lookup")
def test_what_was_taken_is_found_by_a_question(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = support.stored(charge(world, who, server).body["payment_id"])
    connector = registry.connect_for(who.merchant_id, f"prism:{server.name}")
    found = connector.lookup(asking.attempt_of(payment, 0))
    assert isinstance(found, Approved), found
    amount = Money(1234, server.currency) if _paths(server, "amount") else None
    assert (found.provider_reference, found.amount) == (payment.provider_reference, amount), found
    server.lies["|".join(_paths(server, "ours"))] = "pay_" + "z" * 26
    if _paths(server, "ours"):
        assert isinstance(connector.lookup(asking.attempt_of(payment, 0)), Contradicts)


def _paths(server: FakeProcessor, about: str) -> list[str]:
    where = processors.of(server.name).witnesses.get("get")
    return [path for path in (getattr(where, about) if where else "").split("|") if path]


@certifying("lookup", "redirect")
def test_a_confirmed_payment_is_found_by_a_question(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = charge(world, who, server, REDIRECTED).body
    (taken,) = server.payments.values()
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment["payment_id"])["status"] == "processing"
    server.confirm(taken)
    support.settle_all(world)
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], found["late_money"]) == ("success", [])


@certifying("callback")
def test_a_callback_settles_once_and_only_with_the_right_signature(world: World, who: Signer, server: FakeProcessor) -> None:
    payment, _ = undecided(world, who, server)
    before = world.dump()
    assert post_callback(world, who, server, "taken", secret="00" * 32).status == 401
    assert world.dump() == before
    assert [post_callback(world, who, server, "taken").body for _ in range(2)] == [{"received": True, "applied": True}] * 2
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], found["late_money"]) == ("success", [])


REFERRING = [kind for kind in EVERY if kind.refers_at]


@pytest.mark.parametrize("kind", REFERRING, ids=[kind.name for kind in REFERRING])
def test_a_charge_without_the_payer_refers_to_the_first_one(world: World, who: Signer, server: FakeProcessor) -> None:
    first = charge(world, who, server).body
    named = {"customer_initiated": False, "initial_payment_id": first["payment_id"], "payer": PAYER}
    body = {"amount": "5.00", "currency": server.currency, "method": "tokenized", "token_id": first["token_id"], **named}
    later = world.call(who, "POST", "/v1/payments/create", body).body
    assert (later.get("status"), later.get("provider")) == ("success", f"prism:{server.name}"), later
    sent = server.asked(server.charges_at)[-1].body.decode()
    assert first["network_transaction_id"] in sent
    assert server.refers_at in sent
    assert "737" not in sent


TIMED = [kind for kind in EVERY if processors.of(kind.name).signed_at]


@pytest.mark.parametrize("kind", TIMED, ids=[kind.name for kind in TIMED])
def test_a_callback_that_was_signed_long_ago_is_refused(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = charge(world, who, server, REDIRECTED).body["payment_id"]
    (taken,) = server.payments.values()
    server.confirm(taken)
    sent = server.callback(taken, "taken")
    world.clock.now += 301
    assert world.send("POST", f"/v1/callbacks/prism:{server.name}/{who.merchant_id}", *sent).status == 401
    assert support.stored(payment_id).status == "processing"


@certifying("refund")
def test_a_refund_is_made_once_and_exactly(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    (taken,) = server.payments.values()
    assert list(taken.refunds.values()) == [400], made
    assert is_keyed(server, "ref_")
    for _ in range(3):
        support.tick(world, after_seconds=120)
    if made["status"] != "success" and support.undecided():
        assert post_callback(world, who, server, "refunded").body == {"received": True, "applied": True}
    assert world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"] == "success"
    assert list(taken.refunds.values()) == [400]


@certifying("refund")
def test_a_refund_whose_request_was_cut_off_is_not_made_twice(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    send = safe_http.send

    def killed(*arguments: Any, **named: Any) -> Any:
        answer = send(*arguments, **named)
        if any(taken.refunds for taken in server.payments.values()):
            raise Killed("after the provider acted")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(safe_http, "send", killed)
        with pytest.raises(Killed):
            world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"})
    for _ in range(2):
        support.tick(world, after_seconds=300)
    (taken,) = server.payments.values()
    assert list(taken.refunds.values()) == [400]


FINDING = [kind for kind in EVERY if "refund_get" in processors.of(kind.name).finds and kind.pays_by == "card"]


@pytest.mark.parametrize("kind", FINDING, ids=[kind.name for kind in FINDING])
@pytest.mark.parametrize(
    ("lie", "status"), [(None, "success"), ("FAILED", "failed"), ("VOIDED", "failed"), ("SETTLEMENT_DECLINED", "failed")]
)
def test_a_refund_whose_answer_was_lost_is_found_by_our_id(
    world: World, who: Signer, server: FakeProcessor, lie: str | None, status: str
) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    server.trouble["RefundTransactionInput"], server.acts = CutMidBody(), True
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert (made["status"], made["provider_reference"]) == ("processing", None)
    if lie is not None:
        server.lies, server.lies_at = {"data.search.refunds.edges.0.node.status": lie}, "RefundSearchInput"
    for _ in range(2):
        support.tick(world, after_seconds=300)
    found = world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body
    assert found["status"] == status, found
    (taken,) = server.payments.values()
    assert list(taken.refunds) == [made["refund_id"]]


@pytest.mark.parametrize("kind", FINDING, ids=[kind.name for kind in FINDING])
def test_a_refund_that_a_search_does_not_find_is_not_asked_for_again(world: World, who: Signer, server: FakeProcessor) -> None:
    """Searches of some are late: that nothing is found is no answer."""
    payment_id = charge(world, who, server).body["payment_id"]
    server.trouble["RefundTransactionInput"] = CutMidBody()
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    for _ in range(3):
        support.tick(world, after_seconds=300)
    assert world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"] == "processing"
    assert len(server.asked("RefundTransactionInput")) == 1


@certifying("capture")
@pytest.mark.parametrize("amount", [None, "5.00"], ids=["whole", "part"])
def test_what_is_held_is_captured(world: World, who: Signer, server: FakeProcessor, amount: str | None) -> None:
    payment_id, taken = _hold(world, who, server)
    if amount is not None and processors.of(server.name).holds.captures == Captures.ONE_FULL:
        pytest.skip("it captures the whole only")
    made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {} if amount is None else {"amount": amount})
    assert made.status == 201, made.raw
    minor = 1234 if amount is None else 500
    assert taken.captured == minor
    assert is_keyed(server, "cap_")
    _settle(world, who, server, "captured")
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"]) == ("success", "12.34" if amount is None else "5.00"), payment
    assert taken.captured == minor


@certifying("capture", "refund")
def test_what_was_captured_is_given_back(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id, taken = _hold(world, who, server)
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {}).status == 201
    _settle(world, who, server, "captured")
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"})
    assert made.status in {200, 201}, made.raw
    assert (list(taken.refunds.values()), taken.captured) == ([400], 1234)


@certifying("capture")
def test_a_capture_whose_request_was_cut_off_is_asked_for_once(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a processor has no key for it, only a look-up says whether the first request was carried out."""
    payment_id, taken = _hold(world, who, server)
    send, asked = safe_http.send, captures.capture

    def killed(*arguments: Any, **named: Any) -> Any:
        answer = send(*arguments, **named)
        if taken.captured:
            raise Killed("after the provider acted")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(safe_http, "send", killed)
        with pytest.raises(Killed):
            world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {})
    again: list[str] = []

    def counted(desk: Desk, request: CaptureRequest) -> CaptureResult:
        again.append(request.capture_id)
        return asked(desk, request)

    monkeypatch.setattr(captures, "capture", counted)
    _settle(world, who, server, "captured")
    is_said = processors.of(server.name).shows_captures
    assert (taken.captured, support.show(world, who, payment_id)["status"]) == (1234, "success" if is_said else "authorized")
    assert again == [] or capabilities.captures_once(f"prism:{server.name}")
    if not is_said:
        (capture,) = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
        assert capture["status"] == "processing"


@certifying("authorize")
def test_what_a_checkout_knows_of_a_browser_makes_no_charge_worse(world: World, who: Signer, server: FakeProcessor) -> None:
    """The hosted checkout brings address, browser and what it accepts: some fields of a browser, where the library may want all or none."""
    known = {name: PAYER[name] for name in ("ip_address", "user_agent", "accept_header")}
    bare = {name: value for name, value in PAYER.items() if name in {"name", "email", "phone", "country"}}
    assert [charge(world, who, server, payer=payer).body.get("status") for payer in (bare, bare | known)] == ["success", "success"]


@certifying("void")
def test_what_is_held_is_released(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id, taken = _hold(world, who, server)
    done = world.call(who, "POST", f"/v1/payments/{payment_id}/void", {})
    assert done.status == 200, done.raw
    assert (taken.status, taken.captured) == ("released", 0)
    _settle(world, who, server, "released")
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"]) == ("failed", "0.00"), payment


@certifying("void")
def test_a_release_whose_request_was_cut_off_ends_the_hold_once(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for again: a hold that is released already is released."""
    payment_id, taken = _hold(world, who, server)
    send = safe_http.send

    def killed(*arguments: Any, **named: Any) -> Any:
        answer = send(*arguments, **named)
        if taken.status == "released":
            raise Killed("after the provider acted")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(safe_http, "send", killed)
        with pytest.raises(Killed):
            world.call(who, "POST", f"/v1/payments/{payment_id}/void", {})
    _settle(world, who, server, "released")
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"]) == ("failed", "0.00"), payment
    assert (taken.status, taken.captured, taken.refunds) == ("released", 0, {})


def _hold(world: World, who: Signer, server: FakeProcessor) -> tuple[str, Taken]:
    held = charge(world, who, server, capture_method="manual").body
    assert held.get("status") == "authorized", held
    (taken,) = server.payments.values()
    assert (taken.amount, taken.status) == (1234, "held")
    return held["payment_id"], taken


def _settle(world: World, who: Signer, server: FakeProcessor, kind: str) -> None:
    """By a question, else by a callback."""
    for _ in range(3):
        support.tick(world, after_seconds=120)
    (payment,) = storage.scan_all(PaymentItem)
    if payment.status == "authorized" and "callback" in server.certifies:
        assert post_callback(world, who, server, kind).body == {"received": True, "applied": True}
    # Nothing of what a truthful processor says is for a person to look at.
    assert [payment.review for payment in storage.scan_all(PaymentItem) if payment.review] == []


RETURNING = [kind for kind in EVERY if processors.of(kind.name).completes_by]


@pytest.mark.parametrize("kind", RETURNING, ids=[kind.name for kind in RETURNING])
@pytest.mark.parametrize(("outcome", "status"), [("confirmed", "success"), ("refused", "failed")])
def test_what_the_payers_browser_brings_is_judged_by_the_processor(
    world: World, who: Signer, server: FakeProcessor, outcome: str, status: str
) -> None:
    payment = charge(world, who, server, REDIRECTED).body
    (taken,) = server.payments.values()
    (name,) = processors.of(server.name).completes_by
    merchant = credentials.find_merchant(who.merchant_id)
    assert merchant is not None
    token = links.token_of(payment["payment_id"], merchant.cursor_key)
    back = f"/pay/{payment['payment_id']}/back?t={token}"
    assert world.send("GET", back, []).status == 303
    assert support.show(world, who, payment["payment_id"])["status"] == "processing"
    assert world.send("GET", f"{back}&{name}={taken.reference}!{outcome}", []).status == 303
    assert support.show(world, who, payment["payment_id"])["status"] == status


# Those that are known by callbacks alone; one that can be asked about its disputes has a file of its own.
DISPUTED = [kind for kind in EVERY if processors.of(kind.name).dispute and processors.of(kind.name).disputes is None]


@pytest.mark.parametrize("kind", DISPUTED, ids=[kind.name for kind in DISPUTED])
def test_a_chargeback_and_its_reversal_are_one_dispute(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    seen = []
    for kind in ("notified", "charged_back", "charged_back", "reversed"):
        assert post_callback(world, who, server, kind).body == {"received": True, "applied": True}
        (dispute,) = world.call(who, "GET", "/v1/disputes").body["data"]
        seen.append((dispute["payment_id"] == payment_id, dispute["amount"], dispute["status"]))
    assert seen == [(True, "12.34", "needs_response")] * 3 + [(True, "12.34", "won")]
    assert support.show(world, who, payment_id)["status"] == "success"
