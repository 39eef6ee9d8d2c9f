"""The card whose money the sandbox gives back by itself: a refund that begins at the provider is recorded, booked, and paid out less."""

import pytest

from paycorex import settings, storage
from paycorex.records.refund import RefundItem
from payments.connectors.registry import connect_for
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.settling import LineKind, Page
from tests.support import payments as support
from tests.support.world import Signer, World

REFUNDED_THERE, CONTRADICTS = "4000000000005225", "4000000000005233"


@pytest.mark.parametrize(("amount", "back"), [("10.00", "1.00"), ("1.50", "0.75")])
def test_a_refund_that_begins_at_the_sandbox_is_recorded_once(world: World, who: Signer, amount: str, back: str) -> None:
    paid = support.charge(world, who, REFUNDED_THERE, amount).body["payment_id"]
    for _each in range(3):
        support.tick(world, after_seconds=60)
    (refund,) = storage.scan_all(RefundItem)
    shown = world.call(who, "GET", f"/v1/refunds/{refund.refund_id}").body
    assert (shown["origin"], shown["status"], shown["amount"]) == ("external", "success", back)
    assert refund.event == "refund.success"
    assert support.show(world, who, paid)["amount_refunded"] == back
    assert support.findings() == []


def test_the_rest_can_be_given_back_and_no_more(world: World, who: Signer) -> None:
    paid = support.charge(world, who, REFUNDED_THERE).body["payment_id"]
    support.tick(world, after_seconds=60)
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "9.01"}).status == 422
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "9.00"}).body["status"] == "success"
    assert support.show(world, who, paid)["amount_refunded"] == "10.00"
    assert support.findings() == []


def test_what_was_refunded_here_first_is_not_given_back_again(world: World, who: Signer) -> None:
    paid = support.charge(world, who, REFUNDED_THERE).body["payment_id"]
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid}).body["status"] == "success"
    support.tick(world, after_seconds=60)
    assert support.show(world, who, paid)["amount_refunded"] == "10.00"
    assert len(list(storage.scan_all(RefundItem))) == 1


def test_its_line_in_the_report_names_no_refund_of_ours(world: World, who: Signer) -> None:
    support.charge(world, who, REFUNDED_THERE)
    support.tick(world, after_seconds=60)
    world.clock.now += 3 * 86_400
    sandbox = connect_for(who.merchant_id, "sandbox")
    assert isinstance(sandbox, Sandbox)
    page = sandbox.payouts(who.merchant_id, 0, 10**13 - 1, None)
    assert isinstance(page, Page)
    found = [sandbox.payout_lines(who.merchant_id, payout, None) for payout in page.items]
    lines = [line for lines in found if isinstance(lines, Page) for line in lines.items]
    (line,) = [line for line in lines if line.kind is LineKind.REFUND]
    assert (line.gross, line.our_reference) == (-100, None)


def test_a_sandbox_that_contradicts_itself_is_said_once_and_books_nothing(world: World, who: Signer) -> None:
    paid = support.charge(world, who, CONTRADICTS).body["payment_id"]
    support.tick(world, after_seconds=60)
    assert support.stored(paid).event == "payment.contradicted"
    shown = support.show(world, who, paid)
    assert (shown["status"], shown["review"]["reason"], shown["amount_refunded"]) == ("success", "refund_differs", "0.00")
    version = shown["version"]
    support.tick(world, after_seconds=600)
    assert support.show(world, who, paid)["version"] == version
    assert list(storage.scan_all(RefundItem)) == []
    assert support.findings() == []


@pytest.mark.parametrize("card", [REFUNDED_THERE, CONTRADICTS])
def test_production_has_no_such_card(world: World, who: Signer, card: str) -> None:
    token = support.token(world, who, card)
    settings.use(world.settings.model_copy(update={"stage": "prod"}))
    refused = world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized", "token_id": token})
    assert (refused.status, refused.code) == (422, "unsupported_method")
