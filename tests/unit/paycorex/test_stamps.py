"""Events of one record: numbered, and sorted by their ids, however fast one follows the other."""

import pytest

from paycorex.records.payment import PaymentItem
from paycorex.records.stamps import event_id, previous_event_id, stamp

NOW_MS = 1_790_000_000_000


@pytest.mark.parametrize("later_ms", [-5_000, -1, 0, 1, 5_000], ids=lambda ms: f"{ms} ms later")
def test_ids_sort_by_what_came_after_what(later_ms: int) -> None:
    """Within a millisecond, and by another clock that is behind, too."""
    made = PaymentItem(payment_id="pay_1", **stamp("payment.authorized", NOW_MS))
    ids = [event_id("pay_1", made)]
    for number in range(1, 5):
        made = PaymentItem(payment_id="pay_1", **stamp("payment.captured", NOW_MS + later_ms * number, made))
        assert (made.sequence, previous_event_id("pay_1", made)) == (number + 1, ids[-1])
        ids.append(event_id("pay_1", made))
    assert ids == sorted(ids)
    assert int(made.event_at or 0) == (NOW_MS + 4 * later_ms if later_ms > 0 else NOW_MS + 4)
