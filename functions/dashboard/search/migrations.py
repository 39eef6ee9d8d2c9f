"""Changes beside what is stored already, for `paycorex migrate`: payments that are older than the search get their search terms."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.search import fold
from paycorex.migrations import Migration
from paycorex.records.payment import PaymentItem


def declared() -> list[Migration]:
    """This room's migrations."""
    return [
        Migration(
            "search-terms",
            "payments of before are found by amount, user, last four digits and metadata, as new ones are",
            PaymentItem,
            lambda item: PaymentItem.wire_key(item.payment_id),
            lambda _item: None,
            lambda: None,
            _kept,
        )
    ]


def _kept(payments: Sequence[Mapping[str, Any]]) -> int:
    fold.keep(payments)
    return len(payments)
