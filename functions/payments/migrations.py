"""Changes beside what is stored already, for `paycorex migrate`: payments that were in review before the operators' page listed them."""

from collections.abc import Mapping, Sequence
from typing import Any

from paycorex import storage
from paycorex.migrations import Migration
from paycorex.records import operator_work
from paycorex.records.payment import PaymentItem


def declared() -> list[Migration]:
    """This room's migrations."""
    return [
        Migration(
            "listed-reviews",
            "payments that were in review before are on the operators' page, as new ones are",
            PaymentItem,
            lambda item: PaymentItem.wire_key(item.payment_id),
            lambda _item: None,
            lambda: None,
            _listed,
        )
    ]


def _listed(payments: Sequence[Mapping[str, Any]]) -> int:
    found = [each for each in payments if "S" in each.get("review", {})]
    for each in found:
        storage.run(operator_work.row(operator_work.REVIEWS, each["payment_id"]["S"], each["merchant_id"]["S"]))
    return len(found)
