"""Each processor whose payers pay by UPI, through the deployed functions: the same cases for all that are played here."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import settings
from payments.connectors.prism import processors
from payments.connectors.prism.library import Library
from tests.fakes.receiver_behaviours import Hang
from tests.integration.payments.processors import cashfree
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import BACKUP, EVERY, PAYER, wait_for_answers
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World


def certifying(case: str) -> pytest.MarkDecorator:
    """The processors of UPI that are certified in this case."""
    played = [kind for kind in EVERY if case in kind.certifies and kind.pays_by == "upi"]
    return pytest.mark.parametrize("kind", played, ids=[kind.name for kind in played])


@pytest.fixture
def server(
    kind: type[FakeProcessor], world: World, who: Signer, processors_library: Library, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeProcessor]:
    wait_for_answers(monkeypatch, 4)
    with kind() as server:
        settings.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        name = f"prism:{kind.name}"
        rules = [{"use": [{"connector": name}, {"connector": BACKUP, "weight": 0}]}]
        given = {**kind.credentials, "webhook_secret": server.webhook_secret}
        support.settings(world, who, connectors={name: given}, routing_rules=rules)
        yield server
        assert server.problems == []


def collect(world: World, who: Signer, **more: Any) -> Reply:
    return support.collect(world, who, "12.34", payer=PAYER, **more)


@certifying("authorize")
def test_a_payer_gets_the_processors_link(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = collect(world, who).body
    assert (payment.get("status"), payment.get("provider")) == ("pending", f"prism:{server.name}"), payment
    assert payment["next_action"]["upi_url"].startswith("upi://pay?pa=")
    (taken,) = server.payments.values()
    assert (taken.amount, taken.currency) == (1234, "INR")
    assert taken.ours == processors.ours(processors.of(server.name), payment["payment_id"])


@certifying("lookup")
def test_a_paid_link_is_found_by_a_question(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = collect(world, who).body["payment_id"]
    (taken,) = server.payments.values()
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment_id)["status"] == "pending"
    server.confirm(taken)
    support.settle_all(world)
    found = support.show(world, who, payment_id)
    assert (found["status"], found["late_money"]) == ("success", [])


@certifying("lookup")
@pytest.mark.parametrize("about", ["ours", "amount", "currency"])
def test_an_answer_about_something_else_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    where = processors.of(server.name).witnesses["get"]
    if not getattr(where, about):
        pytest.skip("the processor's answer does not say it")
    payment_id = collect(world, who).body["payment_id"]
    (taken,) = server.payments.values()
    server.confirm(taken)
    wrong = {"ours": "pay_" + "z" * 26, "amount": 99.0 if where.in_major else 9900, "currency": "EUR"}
    server.lies[getattr(where, about)] = wrong[about]
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment_id)["status"] != "success"


@certifying("callback")
def test_a_callback_wakes_the_question_that_settles_and_only_with_the_right_signature(
    world: World, who: Signer, server: FakeProcessor
) -> None:
    payment_id = collect(world, who).body["payment_id"]
    (taken,) = server.payments.values()
    sent_to = f"/v1/callbacks/prism:{server.name}/{who.merchant_id}"
    # It says so before it is true: the processor's answer to our question counts.
    assert world.send("POST", sent_to, *server.callback(taken, "taken")).body == {"received": True, "applied": True}
    assert support.show(world, who, payment_id)["status"] == "pending"
    server.confirm(taken)
    genuine, server.webhook_secret = server.webhook_secret, "00" * 32
    forged = server.callback(taken, "taken")
    server.webhook_secret = genuine
    before = world.dump()
    assert world.send("POST", sent_to, *forged).status == 401
    headers, body = server.callback(taken, "taken")
    for part in server.signed_parts(body):
        for position in range(body.index(part), body.index(part) + len(part), 5):
            changed = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
            assert world.send("POST", sent_to, headers, changed).status == 401, changed
    assert world.dump() == before
    assert [world.send("POST", sent_to, headers, body).body for _ in range(2)] == [{"received": True, "applied": True}] * 2
    found = support.show(world, who, payment_id)
    assert (found["status"], found["late_money"]) == ("success", [])


@certifying("decline")
def test_a_payer_who_refuses_pays_nothing(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = collect(world, who, expires_in=60).body["payment_id"]
    (taken,) = server.payments.values()
    taken.status = "refused"
    support.settle_all(world)
    found = support.show(world, who, payment_id)
    assert found["status"] == "failed"


@certifying("timeout")
def test_a_link_without_an_answer_was_shown_to_no_payer(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_answers(monkeypatch, 0.5)
    server.trouble[server.charges_at], server.acts = Hang(), True
    payment = collect(world, who).body
    assert (payment["status"], payment["provider"]) == ("pending", BACKUP)


@certifying("refund")
def test_a_refund_is_made_once_and_exactly(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = collect(world, who).body["payment_id"]
    (taken,) = server.payments.values()
    server.confirm(taken)
    support.settle_all(world)
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    for _ in range(3):
        support.tick(world, after_seconds=120)
    assert world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"] == "success"
    assert list(taken.refunds.values()) == [400]


def block(world: World, who: Signer, server: FakeProcessor) -> str:
    """A payment whose amount the payer's bank has blocked."""
    support.settings(world, who, merchant_category_code="5411")
    made = collect(world, who, capture_method="manual").body
    assert made["next_action"]["upi_url"].startswith("upi://mandate?"), made
    (taken,) = server.payments.values()
    server.confirm(taken)
    support.tick(world, after_seconds=60)
    held = support.show(world, who, made["payment_id"])
    assert (held["status"], held["authorization"]["amount"]) == ("authorized", "12.34"), held
    assert held["authorization"]["expires_at"] is not None
    return str(made["payment_id"])


@certifying("capture")
@pytest.mark.parametrize(("amount", "minor", "shown"), [(None, 1234, "12.34"), ("5.00", 500, "5.00")], ids=["whole", "part"])
def test_what_a_mandate_blocks_is_debited_once(
    world: World, who: Signer, server: FakeProcessor, amount: str | None, minor: int, shown: str
) -> None:
    payment_id = block(world, who, server)
    made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {} if amount is None else {"amount": amount})
    assert (made.status, made.body["status"]) == (201, "success"), made.raw
    (taken,) = server.payments.values()
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"], taken.captured) == ("success", shown, minor)
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "1.00"}).code == "already_captured"


@certifying("capture")
def test_a_debit_whose_answer_was_lost_is_found_by_the_mandate(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = block(world, who, server)
    server.trouble["/authorization"], server.acts = Hang(), True
    with monkeypatch.context() as patch:
        wait_for_answers(patch, 0.5)
        made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "5.00"}).body
    assert made["status"] == "processing"
    for _ in range(2):
        support.tick(world, after_seconds=120)
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"]) == ("success", "5.00")


@certifying("capture")
def test_a_debit_that_is_only_taken_note_of_is_not_booked(world: World, who: Signer, server: cashfree.Fake) -> None:
    payment_id = block(world, who, server)
    server.goes = "PENDING"
    made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {}).body
    assert made["status"] == "processing", made
    assert support.stored(payment_id).entries is None


@certifying("void")
def test_what_a_mandate_blocks_is_released(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = block(world, who, server)
    done = world.call(who, "POST", f"/v1/payments/{payment_id}/void", {})
    assert done.status == 200, done.raw
    (taken,) = server.payments.values()
    assert (taken.status, taken.captured) == ("released", 0)
    assert support.show(world, who, payment_id)["status"] == "failed"


NOT_HOLDING = [kind for kind in EVERY if kind.pays_by == "upi" and "capture" not in kind.certifies]


@pytest.mark.parametrize("kind", NOT_HOLDING, ids=[kind.name for kind in NOT_HOLDING])
def test_where_no_mandate_is_made_another_connector_is_asked(world: World, who: Signer, server: FakeProcessor) -> None:
    support.settings(world, who, merchant_category_code="5411")
    made = collect(world, who, capture_method="manual").body
    assert (made["provider"], server.payments) == (BACKUP, {})


COLLECTING = [kind for kind in EVERY if kind.asks_addresses]


@pytest.mark.parametrize("kind", COLLECTING, ids=[kind.name for kind in COLLECTING])
def test_the_app_of_a_upi_address_is_asked(world: World, who: Signer, server: FakeProcessor) -> None:
    token = world.call(who, "POST", "/v1/tokens/create", {"user_id": "asha", "type": "upi", "vpa": "asha@okbank"}).body["token_id"]
    body = {"amount": "12.34", "method": "tokenized", "token_id": token, "payer": PAYER}
    payment = world.call(who, "POST", "/v1/payments/create", body).body
    assert (payment.get("status"), payment.get("provider")) == ("processing", f"prism:{server.name}"), payment
    (taken,) = server.payments.values()
    server.confirm(taken)
    support.settle_all(world)
    assert support.show(world, who, payment["payment_id"])["status"] == "success"
