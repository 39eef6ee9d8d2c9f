"""How often, and for how much, something was tried within a time: one write for each dimension of a payment, exact under any load.

A counter is one item of `replay_guard` with a slice for each part of each window. One update adds to the slices of now and answers all of
them, so nothing is read and no update is lost. An item that is not used is deleted by its TTL.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.rate_limits import GuardItem

# A window slides by a sixth of itself: what was begun within it is always counted, and nothing that is older by more than that.
SLICES: Final = 6
# Slices that are over are removed once there are so many of them, so that the item stays within a write unit or two.
MAX_OVER: Final = 24
# For so long a payment is remembered as counted: as long as the longest window.
COUNTED_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """What was begun within a window, this payment included. minor: in the merchant's currency."""

    payments: int
    minor: int


def first_time(payment_id: str) -> bool:
    """Whether this payment is counted for the first time: a request that is sent again is not. One write unit.

    Raises storage.Unavailable, storage.OutcomeUnknown.
    """
    item = GuardItem(guard_id=f"risk#{payment_id}", uses=1, expires_at=int(clock.now_seconds()) + COUNTED_SECONDS)
    try:
        storage.run(storage.put(item, GuardItem.guard_id.does_not_exist()))
    except storage.ConditionRefused:
        return False
    return True


def add(merchant_id: str, by: str, value: str, windows: Collection[int], minor: int) -> dict[int, Seen]:
    """Count one payment of this value; what each window (in seconds) then has. One write unit.

    Raises storage.Unavailable, storage.OutcomeUnknown.
    """
    now = int(clock.now_seconds())
    names = {window: (_name("n", window, now), _name("m", window, now)) for window in windows}
    shown = {f"#{number}": name for number, name in enumerate(each for pair in names.values() for each in pair)}
    added = ", ".join(f"{placeholder} {':one' if name[0] == 'n' else ':minor'}" for placeholder, name in shown.items())
    parameters: dict[str, Any] = {
        "TableName": GuardItem.physical_table(),
        "Key": GuardItem.wire_key(_key(merchant_id, by, value)),
        "UpdateExpression": f"ADD {added} SET #e = :e",
        "ExpressionAttributeNames": {**shown, "#e": "expires_at"},
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":minor": {"N": str(minor)},
            ":e": {"N": str(now + 2 * max(windows))},
        },
    }
    found = storage.run(storage.Write("Update", parameters))
    _tidy(parameters["Key"], found, now)
    return _seen(found, windows, now)


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


def _tidy(key: Mapping[str, Any], found: Mapping[str, Any], now: int) -> None:
    """Remove slices that are over, once there are many."""
    over = [name for name in found if name[0] in "nm" and "_" in name and _is_over(name, now)]
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
