"""The merchant's test clock: how it is asked to advance, what of the keys it makes earlier, and how it is shown.

Keys are this room's, and few: they move with the request, and with the next question about the clock when the request's process ended.
"""

from merchants import store
from paycorex import clock, rate_limits, test_clock
from paycorex.contract import View
from paycorex.errors import TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.test_clock import Advance

# So many a minute and merchant: each makes several loops work.
ADVANCES = rate_limits.Limit("test_clock", 20)
_TRIES = 5
STILL, MOVING = "still", "moving"


class TestClockView(View):
    """A merchant's test clock. `advanced_seconds`: all advances together. `moving`: whose records still have to move."""

    # Not one of pytest's classes.
    __test__ = False

    status: str
    moving: list[str]
    advanced_seconds: int
    last_advance_seconds: int | None
    last_advanced_at: str | None


def advance(merchant_id: str, seconds: int, claim: Claim) -> TestClockView:
    """Let time pass for what waits of a merchant.

    Raises Forbidden in production, RateLimited, InvalidState while an advance is under way, storage.TransactionRefused when the claim is
    taken, storage's failures.
    """
    test_clock.refuse_in_production()
    ADVANCES.take(merchant_id)
    test_clock.begin(merchant_id, seconds, claim.rows(reference=merchant_id, status=200))
    return show(merchant_id)


def show(merchant_id: str) -> TestClockView:
    """The clock as it stands; keys that were left by an advance move first. Raises Forbidden in production, storage's failures."""
    test_clock.refuse_in_production()
    _move_keys(merchant_id)
    known, left = test_clock.of(merchant_id), test_clock.left(merchant_id)
    return TestClockView(
        status=MOVING if left else STILL,
        moving=left,
        advanced_seconds=0 if known is None else int(known.total_ms) // 1000,
        last_advance_seconds=None if known is None else int(known.by_ms) // 1000,
        last_advanced_at=None if known is None else clock.rfc3339(int(known.asked_at)),
    )


def _move_keys(merchant_id: str) -> None:
    """Make the ends of keys earlier, once an advance."""
    work = test_clock.part_of(test_clock.KEYS, merchant_id)
    if work is None:
        return
    for key_hash in store.active_hashes(merchant_id):
        _move_key(work.advance, key_hash)
    test_clock.done(work)


def _move_key(advance: Advance, key_hash: str) -> None:
    for _attempt in range(_TRIES):
        key = store.find_key(key_hash)
        if key is None or key.status != "active" or key.expires_at is None or not advance.moves(key):
            return
        if store.move_key_end(key, int(key.expires_at) - advance.by_ms, advance.number):
            return
    raise TemporarilyUnavailable
