"""When noted changes are sealed. A checkpoint costs a signature and its rows, however little is in it, so few changes wait for one another.

They wait for the stack's window at most, and not at all where they are many, where one of them goes on from an earlier checkpoint, or
where a proof was asked for that is not there yet.
"""

from collections.abc import Sequence
from typing import Final

from paycorex import clock, settings, storage
from paycorex.ledger.proof.sealing_work import Changed

# As many accounts have work enough for a checkpoint; more at once would make a tick's work uneven.
MANY_ACCOUNTS: Final = 256


def are_due(notes: storage.Page[Changed]) -> bool:
    """Whether these notes are sealed now."""
    if not notes.items:
        return False
    return (
        oldest_ms(notes.items) >= _window_ms()
        or notes.next_start is not None
        or any(note.is_later or note.is_asked_for for note in notes.items)
        or len({account for note in notes.items for account in note.accounts}) >= MANY_ACCOUNTS
    )


def oldest_ms(notes: Sequence[Changed]) -> int:
    """For how long the oldest of them waits; 0 when there is none."""
    return max(0, clock.now_ms() - min(note.noted_at for note in notes)) if notes else 0


def overdue_ms(notes: Sequence[Changed]) -> int:
    """For how long the oldest of them waits longer than the window."""
    return max(0, oldest_ms(notes) - _window_ms())


def _window_ms() -> int:
    return settings.current().seal_window_seconds * 1_000
