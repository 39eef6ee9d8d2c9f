"""What a merchant's test clock makes earlier of the payments' records, before the janitor looks at what is due. One step is a page.

A record that changes at the same moment is left for another pass: the part is done when a whole pass moved nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple
from zlib import crc32

from paycorex import clock, ids, set_aside, storage, test_clock
from paycorex.connectors import SANDBOXES
from paycorex.records.checkout_session import SessionItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.hold import hold_of
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_link import LinkItem
from paycorex.records.qr_code import QrCodeItem
from paycorex.records.refund import RefundItem
from paycorex.set_aside import AsideItem, Subject, guarded
from paycorex.test_clock import STEP_RECORDS, Advance, ClockItem
from payments.connectors.sandbox import clock_moves as sandbox
from payments.crypto.state import CryptoState
from payments.payment import attempts, due

LOOP: Final = "payments.clock_moves"
_LINKS: Final = "links"
_PAYOUTS: Final = "payouts "
_DUE: Final[dict[str, type[PaymentItem | RefundItem | DisputeItem | SessionItem | QrCodeItem]]] = {
    "payments": PaymentItem,
    "refunds": RefundItem,
    "disputes": DisputeItem,
    "sessions": SessionItem,
    "qr_codes": QrCodeItem,
}
# What is paid out comes last: what became of a payment belongs to its payout.
_KINDS: Final = (*_DUE, _LINKS, *(_PAYOUTS + name for name in sorted(SANDBOXES)))


class _Found(NamedTuple):
    """Records of a page, as their ids and how each is moved, and where the next page begins."""

    moves: list[tuple[str, Callable[[], bool]]]
    next_start: Any


def run(may_go_on: Callable[[], bool]) -> int:
    """Move what waits, some pages of it; how many records were moved. Raises storage.Unavailable."""
    moved, all_done = test_clock.take_steps(test_clock.PAYMENTS, _step, may_go_on)
    if all_done and test_clock.is_there():
        set_aside.retry_due(LOOP, move_again, may_go_on)
    return moved


def move_again(row: AsideItem) -> None:
    """A record that could not be moved: by the advance that was the newest then."""
    advance = Advance(str(row.merchant_id), *(int(number) for number in set_aside.payload_of(row)))
    _move_record(advance, row.item_id)


def _step(row: ClockItem) -> tuple[int, ClockItem | None]:
    """Move one page; how many records were moved, and the work that is left."""
    advance, place = row.advance, dict(row.place)
    kind, moved = place.get("kind", _KINDS[0]), 0
    found = _page(advance, kind, place.get("start"))
    for record_id, move in found.moves:
        subject = Subject(LOOP, record_id, advance.merchant_id, [advance.number, advance.by_ms, advance.asked_at])
        with guarded(subject):
            moved += move()
    seen = int(place.get("moved", 0)) + moved
    if found.next_start is not None:
        return moved, test_clock.gone_on(row, {"kind": kind, "start": dict(found.next_start), "moved": seen})
    at = _KINDS.index(kind) + 1
    if at < len(_KINDS):
        return moved, test_clock.gone_on(row, {"kind": _KINDS[at], "moved": seen})
    if seen:
        return moved, test_clock.gone_on(row, {"kind": _KINDS[0], "passes": int(place.get("passes", 0)) + 1})
    test_clock.wait(test_clock.SETTLEMENTS, advance, clock.now_ms() + sandbox.PAID_AFTER_MS)
    test_clock.done(row)
    return moved, None


def _page(advance: Advance, kind: str, start: Any) -> _Found:
    if kind in _DUE:
        return _due_page(advance, _DUE[kind], start)
    if kind == _LINKS:
        links = storage.query(LinkItem, LinkItem.merchant_id == advance.merchant_id, index="by_merchant", limit=STEP_RECORDS, start=start)
        return _Found([(link.link_id, partial(_move_link, advance, link)) for link in links.items], links.next_start)
    now = clock.now_ms()
    lines = sandbox.to_pay(advance.merchant_id, kind.removeprefix(_PAYOUTS), now, start)
    return _Found([(line.charge_id, partial(sandbox.pay_earlier, advance, line, now)) for line in lines.items], lines.next_start)


def _due_page(advance: Advance, model: Any, start: Any) -> _Found:
    """Records of the merchant that wait in the janitor's index, where all of a merchant's are in one partition."""
    shard = due.due_shard(crc32(advance.merchant_id.encode()) % due.DUE_SHARDS)
    page = storage.query(model, model.due_shard == shard, index="by_due", limit=STEP_RECORDS, start=start)
    names = [due.record_id_of(item) for item in page.items]
    return _Found([(name, partial(_move_record, advance, name)) for name in names], page.next_start)


def _move_record(advance: Advance, record_id: str) -> bool:
    """Move what waits under an id, with the sandbox's side of it; True when it was moved, or changed at this very moment."""
    model = _model_of(record_id)
    if model is None:
        return _move_other(advance, record_id)
    item = storage.get(model, record_id)
    if item is None or item.merchant_id != advance.merchant_id or item.due_at is None or not advance.moves(item):
        return False
    after = storage.copy_of(item)
    match after:
        case PaymentItem():
            if not _move_payment(advance, after):
                return False
        case DisputeItem():
            sandbox.move(advance, after.provider_reference)
            after.respond_by = advance.earlier(after.respond_by)
        case SessionItem():
            after.expires_at = advance.earlier(after.expires_at)
        case QrCodeItem():
            after.closed_at = advance.earlier(after.closed_at)
    after.due_at = order_key(max(int(str(item.due_at).partition("#")[0]) - advance.by_ms, 0), record_id)
    after.clock_moves = advance.number
    condition = model.due_at == item.due_at
    if not isinstance(after, SessionItem):
        condition &= model.version == int(item.version)
        after.version = int(item.version) + 1
    _write(model, record_id, storage.difference(item, after), condition)
    return True


def _move_payment(advance: Advance, after: PaymentItem) -> bool:
    """False for one to which a chain's money is coming: when that came is compared with the payment's end, and no chain's time moves."""
    if after.method == "crypto" and CryptoState.of(after).transfers:
        return False
    for number in range(len(after.attempts or ())):
        sandbox.move(advance, attempts.attempt_id(after.payment_id, number))
    after.expires_at = advance.earlier(after.expires_at)
    hold = hold_of(after)
    if hold is not None and hold.expires_ms is not None:
        after.hold = replace(hold, expires_ms=hold.expires_ms - advance.by_ms).stored()
    return True


def _move_other(advance: Advance, record_id: str) -> bool:
    """What was set aside of what is in no index of the janitor's."""
    link = storage.get(LinkItem, record_id)
    return link is not None and _move_link(advance, link)


def _move_link(advance: Advance, link: LinkItem) -> bool:
    if link.expires_at is None or not advance.moves(link):
        return False
    actions = [
        LinkItem.expires_at.set(int(link.expires_at) - advance.by_ms),
        LinkItem.clock_moves.set(advance.number),
        LinkItem.version.set(int(link.version) + 1),
    ]
    _write(LinkItem, link.link_id, actions, LinkItem.version == int(link.version))
    return True


def _model_of(record_id: str) -> Any:
    prefixes = {"pay": PaymentItem, "ref": RefundItem, "dsp": DisputeItem, "chk": SessionItem, "qrc": QrCodeItem}
    return next((model for prefix, model in prefixes.items() if ids.is_id(prefix, record_id)), None)


def _write(model: Any, record_id: str, actions: list[Any], condition: Any) -> None:
    """Refused: it changed since it was read. The next pass finds it as it is then."""
    try:
        storage.run(storage.update(model, model.wire_key(record_id), actions, condition))
    except storage.ConditionRefused:
        return
