"""What operators are shown says of which mode it is, where it is a merchant's."""

import pytest

from paycorex import clock, modes, storage
from paycorex.set_aside import AsideItem
from tests.support.world import Signer, World
from tests.unit.operations.test_admin import ask


def put_aside(item_id: str, merchant_id: str | None) -> None:
    now = clock.now_ms()
    item = AsideItem(
        loop="payments.janitor", item_id=item_id, merchant_id=merchant_id, error="KeyError", problem="a field", first_at=now, last_at=now,
        tries=3, next_try_at=now + 3_600_000,
    )  # fmt: skip
    storage.run(storage.put(item))


@pytest.mark.parametrize("mode", [modes.LIVE, modes.TEST])
def test_an_item_set_aside_has_the_mode_of_its_merchant(world: World, merchant: Signer, mode: modes.Mode) -> None:
    of_mode = modes.marked(merchant.merchant_id, mode)
    put_aside("pay_aaaaaaaaaaaaaaaaaaaaaaaaaa", of_mode)
    put_aside("a_loops_own_item", None)
    listed = ask("GET", "/admin/set-aside").body["data"]
    assert {line["item_id"]: (line["merchant_id"], line["mode"]) for line in listed} == {
        "pay_aaaaaaaaaaaaaaaaaaaaaaaaaa": (of_mode, mode),
        "a_loops_own_item": (None, None),
    }
    again = ask("POST", "/admin/set-aside/payments.janitor/pay_aaaaaaaaaaaaaaaaaaaaaaaaaa/retry")
    assert (again.status, again.body["mode"]) == (200, mode)


def test_fee_plans_have_the_mode_of_their_merchant(world: World, merchant: Signer) -> None:
    shown = ask("GET", f"/admin/merchants/{merchant.merchant_id}/fee_plans").body
    assert (shown["merchant_id"], shown["mode"]) == (merchant.merchant_id, modes.of(merchant.merchant_id))
