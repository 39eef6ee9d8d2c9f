"""PayU's callbacks about refunds have no signature: they wake a question to PayU, whose answer counts, and not often."""

from dataclasses import replace
from typing import Any

import pytest

from payments.connectors.prism import callbacks
from tests.integration.payments.processors import payu
from tests.integration.payments.processors.fake import Taken
from tests.integration.payments.processors.test_certified_upi import collect, server
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [payu.Fake], ids=["payu"])
APPLIED = {"received": True, "applied": True}


def post(world: World, who: Signer, sent: tuple[list[tuple[str, str]], bytes]) -> Reply:
    return world.send("POST", f"/v1/callbacks/prism:payu/{who.merchant_id}", *sent)


def refunded(world: World, who: Signer, server: payu.Fake) -> tuple[str, Taken]:
    """A refund that PayU has taken and not said the end of."""
    payment_id = collect(world, who).body["payment_id"]
    (taken,) = server.payments.values()
    server.confirm(taken)
    support.settle_all(world)
    made: dict[str, Any] = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert made["status"] == "processing", made
    return made["refund_id"], taken


def status(world: World, who: Signer, refund_id: str) -> str:
    return str(world.call(who, "GET", f"/v1/refunds/{refund_id}").body["status"])


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
@pytest.mark.parametrize("is_true", [True, False], ids=["true", "a lie"])
def test_what_it_says_counts_for_nothing_and_wakes_the_question(
    world: World, who: Signer, server: payu.Fake, form: bool, is_true: bool
) -> None:
    refund_id, taken = refunded(world, who, server)
    support.tick(world, after_seconds=1)
    assert server.asked("check_action_status") == []
    if not is_true:
        server.lies, server.lies_at = {"transaction_details.*.*.status": "failure"}, "check_action_status"
    assert post(world, who, server.refund_callback(taken, "success", form=form)).body == APPLIED
    assert status(world, who, refund_id) == "processing"
    support.tick(world, after_seconds=1)
    assert status(world, who, refund_id) == ("success" if is_true else "failed")
    assert list(taken.refunds.values()) == [400]


def test_one_about_another_account_or_an_unknown_payment_changes_nothing(world: World, who: Signer, server: payu.Fake) -> None:
    _, taken = refunded(world, who, server)
    before = world.dump()
    assert post(world, who, server.refund_callback(taken, "success", key="another")).status == 401
    unknown = replace(taken, ours="pay_" + "z" * 26, reference="403993715521937564")
    assert post(world, who, server.refund_callback(unknown, "success")).body == {"received": True, "applied": False}
    for body in (b"{", b"[]", b'{"action":"refund"}', b"\xff"):
        assert post(world, who, ([], body)).status == 401
    assert world.dump() == before


def test_questions_that_unsigned_callbacks_wake_are_bounded(
    world: World, who: Signer, server: payu.Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "QUESTIONS", replace(callbacks.QUESTIONS, times=2))
    _, taken = refunded(world, who, server)
    sent = server.refund_callback(taken, "success")
    assert [post(world, who, sent).status for _ in range(4)] == [200, 200, 429, 429]
    # One that is signed is not held up by those.
    assert post(world, who, server.callback(taken, "taken")).body == APPLIED
