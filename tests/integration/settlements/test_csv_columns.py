"""Who reads a report by the place of its columns goes on doing so: what is new comes after what was there."""

import pytest

from paycorex.records.settlement_line import SettlementLineView
from tests.support.world import Signer, World

# As they were released, in their places. A column that is added goes to the end of its line here.
RELEASED = {
    "/v1/settlements": (
        "settlement_id,merchant_id,provider,provider_reference,bank_reference,currency,state,problem,status,amount,gross,fee,tax,net,matched,"
        "unmatched,lines,lines_root,arrival_at,bank_line_id,version,created_at,updated_at,mode"
    ),
    "/v1/reconciliation/items": (
        "item_id,merchant_id,side,source,currency,reference_type,reference_id,payment_id,provider_reference,settlement_id,state,reason,"
        "responsible,amount,matched,decided,open,fee_expected,fee_reported,due_at,since,age_seconds,version,created_at,updated_at,mode"
    ),
}


@pytest.mark.parametrize("path", RELEASED)
def test_columns_keep_their_places(world: World, merchant: Signer, path: str) -> None:
    reply = world.call(merchant, "GET", f"{path}?format=csv")
    assert (reply.status, reply.raw.decode().splitlines()[0]) == (200, RELEASED[path])


def test_the_columns_of_a_settlements_items_keep_their_places() -> None:
    assert ",".join(SettlementLineView.model_fields) == (
        "settlement_id,line_reference,kind,kind_name,charge_reference,object_reference,our_reference,matched,booked_to,gross,fee,tax,net,"
        "currency,occurred_at"
    )
