"""The janitor's look at a code: its provider lists what was paid by it, and closes it when it is switched off."""

from contextlib import suppress
from typing import Final

from paycorex import clock, storage
from paycorex.records.qr_code import ACTIVE, QrCodeItem
from payments.connectors import calls as calling
from payments.connectors.model import Connector
from payments.connectors.static_codes import CodePayments, KnownCode, ListedPayments, StaticCodes
from payments.counter import codes, incoming, schedule, store
from payments.payment import due, reviews

# A provider may list a payment some time after it was made, so what was asked for is asked for again this long.
OVERLAP_MS: Final = 3600 * 1000
# How much of the past is asked for at once, at first; halved until an answer is whole.
WINDOW_MS: Final = 24 * 3600 * 1000
LEAST_WINDOW_MS: Final = 1000


def look_at(code: QrCodeItem) -> None:
    """Bring every payment that the provider lists to the books, and note until when. Raises TemporarilyUnavailable, storage.Unavailable."""
    now = clock.now_ms()
    start = int(code.listed_until) - OVERLAP_MS if code.listed_from is None else int(code.listed_from)
    end = min(start + int(code.window or WINDOW_MS), now + 1)
    known = codes.known_there(code)
    listed = calling.call(code.merchant_id, code.connector, lambda connector: _list(connector, known, start, end))
    after = storage.copy_of(code)
    if isinstance(listed, CodePayments):
        _bring(code, listed)
        _note(after, start, end, is_whole=listed.is_whole, is_newest=end > now)
    if code.status != ACTIVE and code.is_open_there:
        after.is_open_there = not codes.close(code)
    due.set_due(after, schedule.next_look_ms(after, now) if after.listed_from is None and after.window is None else now)
    after.version = int(code.version) + 1
    # Refused: it was switched off at this moment. The next tick looks.
    with suppress(storage.ConditionRefused):
        storage.run(store.change(code, after))


def _bring(code: QrCodeItem, listed: CodePayments) -> None:
    for credit in listed.credits:
        incoming.apply(code.merchant_id, code.connector, credit)
    for reference in listed.unreadable:
        # It stops no other one; an operator asks the provider.
        reviews.tell_of_code(code.qr_code_id, code.connector, reference)


def _note(after: QrCodeItem, start: int, end: int, *, is_whole: bool, is_newest: bool) -> None:
    """Where the next look begins. A second of which more is listed than can be read is passed, or it would be asked for for ever."""
    if not is_whole and end - start > LEAST_WINDOW_MS:
        after.window = max((end - start) // 2, LEAST_WINDOW_MS)
    elif is_newest:
        after.listed_until, after.listed_from, after.window = end - 1, None, None
    else:
        # What was halved for a busy hour grows again after it.
        after.listed_from, after.window = end, min((end - start) * 2, WINDOW_MS)


def _list(connector: Connector, code: KnownCode, start: int, end: int) -> ListedPayments:
    assert isinstance(connector, StaticCodes)
    return connector.payments_of_code(code, start, end)
