"""How often, and for how much, something was tried within a time: one write for each dimension of a payment, exact under any load.

A counter is one item of `replay_guard` with a slice for each part of each window. One update adds to the slices of now and answers all of
them, so no update is lost. It notes there who was counted, and by that note is refused for the same one: whatever is cut off in between, a
request that is sent again counts exactly once. An item that is not used is deleted by its TTL.
"""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.rate_limits import GuardItem

# A window slides by a sixth of itself: what was begun within it is always counted, and nothing that is older by more than that.
SLICES: Final = 6
# Slices that are over are removed once there are so many of them, so that the item stays within a write unit or two.
MAX_OVER: Final = 24
# So many of those who were counted last are noted in a counter; who comes again after them has a row of its own by then.
MAX_NOTED: Final = 16
# For so long a payment is remembered as counted: as long as the longest window.
COUNTED_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """What was begun within a window, this payment included. minor: in the merchant's currency."""

    payments: int
    minor: int


def was_counted(once: str) -> bool:
    """Whether `remember` was called for this one. One read unit. Raises storage.Unavailable."""
    return storage.get(GuardItem, f"risk#{once}") is not None


def remember(once: str) -> None:
    """Remember, once it is counted everywhere, that this one is. One write unit. Raises storage.Unavailable, storage.OutcomeUnknown."""
    storage.run(storage.put(_remembered(once)))


def first_time(once: str) -> bool:
    """Remember this one; False when it was remembered before. Raises as `remember` does."""
    try:
        storage.run(storage.put(_remembered(once), GuardItem.guard_id.does_not_exist()))
    except storage.ConditionRefused:
        return False
    return True


def _remembered(once: str) -> GuardItem:
    return GuardItem(guard_id=f"risk#{once}", uses=1, expires_at=int(clock.now_seconds()) + COUNTED_SECONDS)


def add(merchant_id: str, by: str, value: str, windows: Collection[int], minor: int, *, once: str | None = None) -> dict[int, Seen]:
    """Count one payment of this value; what each window (in seconds) then has. One write unit.

    once: who is counted, so that the same one is not counted again. Raises storage.Unavailable, storage.OutcomeUnknown.
    """
    now = int(clock.now_seconds())
    key = GuardItem.wire_key(_key(merchant_id, by, value))
    update = _update(key, [(_name("n", window, now), _name("m", window, now)) for window in windows], minor, now, 2 * max(windows))
    if once is not None:
        update["ExpressionAttributeNames"]["#once"] = _note_of(once)
        update["UpdateExpression"] += ", #once = :now"
        update["ExpressionAttributeValues"][":now"] = {"N": str(now)}
        update |= {"ConditionExpression": "attribute_not_exists(#once)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    try:
        found = storage.run(storage.Write("Update", update))
    except storage.ConditionRefused as refused:
        return _seen(refused.item or {}, windows, now)
    # The next one tidies: what is counted is counted, and its payment need not wait for that.
    with suppress(storage.Unavailable, storage.OutcomeUnknown):
        _tidy(key, found, now)
    return _seen(found, windows, now)


def _update(key: Mapping[str, Any], slices: list[tuple[str, str]], minor: int, now: int, kept_seconds: int) -> dict[str, Any]:
    shown = {f"#{number}": name for number, name in enumerate(each for pair in slices for each in pair)}
    added = ", ".join(f"{placeholder} {':one' if name[0] == 'n' else ':minor'}" for placeholder, name in shown.items())
    return {
        "TableName": GuardItem.physical_table(),
        "Key": key,
        "UpdateExpression": f"ADD {added} SET #e = :e",
        "ExpressionAttributeNames": {**shown, "#e": "expires_at"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":minor": {"N": str(minor)}, ":e": {"N": str(now + kept_seconds)}},
    }


def look(merchant_id: str, by: str, value: str, windows: Collection[int]) -> dict[int, Seen]:
    """The same without counting. Raises storage.Unavailable."""
    found = storage.get_raw(GuardItem.physical_table(), GuardItem.wire_key(_key(merchant_id, by, value)))
    return _seen(found or {}, windows, int(clock.now_seconds()))


def _key(merchant_id: str, by: str, value: str) -> str:
    return f"risk#{merchant_id}#{by}#{value}"


def _name(what: str, window: int, seconds: int) -> str:
    return f"{what}{window}_{seconds * SLICES // window}"


def _seen(found: Mapping[str, Any], windows: Collection[int], now: int) -> dict[int, Seen]:
    def total(what: str, window: int) -> int:
        newest = now * SLICES // window
        return sum(int(found.get(f"{what}{window}_{each}", {"N": "0"})["N"]) for each in range(newest - SLICES, newest + 1))

    return {window: Seen(total("n", window), total("m", window)) for window in windows}


def _note_of(once: str) -> str:
    return f"p_{hashlib.sha256(once.encode()).hexdigest()[:12]}"


def _tidy(key: Mapping[str, Any], found: Mapping[str, Any], now: int) -> None:
    """Remove slices that are over, and notes of who was counted long ago, once there are many."""
    notes = sorted((name for name in found if name.startswith("p_")), key=lambda name: int(found[name]["N"]))
    over = [name for name in found if name[0] in "nm" and "_" in name and _is_over(name, now)] + notes[:-MAX_NOTED]
    if len(over) <= MAX_OVER:
        return
    shown = {f"#{number}": name for number, name in enumerate(over)}
    parameters = {
        "TableName": GuardItem.physical_table(),
        "Key": key,
        "UpdateExpression": f"REMOVE {', '.join(shown)}",
        "ExpressionAttributeNames": shown,
    }
    storage.run(storage.Write("Update", parameters))


def _is_over(name: str, now: int) -> bool:
    window, _, slice_number = name[1:].partition("_")
    return int(slice_number) < now * SLICES // int(window) - SLICES
