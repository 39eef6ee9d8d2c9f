"""In which state a settlement is: it follows from what is known of it, in whichever order that came."""

from dataclasses import dataclass
from enum import StrEnum

from paycorex.money import format_minor
from paycorex.records.settlement import SettlementItem, net
from payments.connectors.settling import PayoutStatus

GONE = frozenset({PayoutStatus.FAILED, PayoutStatus.CANCELED})
ABSORBED = "done"


class State(StrEnum):
    """READING: more lines may come. BOOKED: the journal is posted. RECONCILED: and all is explained. EXCEPTION: it cannot be booked."""

    READING = "reading"
    BOOKED = "booked"
    RECONCILED = "reconciled"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state, why it is an exception, and whether there is something to book."""

    state: State
    problem: str | None = None
    is_to_book: bool = False


def judge(item: SettlementItem, *, is_whole: bool) -> Judgement:
    """What follows from a settlement as it is stored. is_whole: no report that may add lines is being read."""
    problem = _problem(item, is_whole=is_whole)
    is_known = is_whole if item.amount is None else net(item) == int(item.amount)
    if problem is not None:
        # A payout that failed is booked like the others, but that the provider owes its money still.
        is_to_book = _is_gone(item) and is_known and not item.unknown_lines and not is_booked(item)
        return Judgement(State.EXCEPTION, problem, is_to_book)
    if not is_known:
        return Judgement(State.READING)
    if not is_booked(item):
        return Judgement(State.BOOKED, is_to_book=True)
    is_explained = item.absorbed_to == ABSORBED and not item.open_items
    has_arrived = (item.bank_line_id is not None and not item.is_bank_open) or net(item) == 0
    return Judgement(State.RECONCILED if is_explained and has_arrived else State.BOOKED)


def sums(item: SettlementItem) -> list[int]:
    """What is to be booked: lines, gross, fee, tax, of gross to clearing, and to suspense.

    Of a payout that failed nothing is on its way, and what it was to bring is the provider's debt again.
    """
    back = came_back(item)
    return [int(each) for each in (item.lines, int(item.gross) - back, item.fee, item.tax, int(item.clearing) - back, item.suspense)]


def came_back(item: SettlementItem) -> int:
    """What of its lines' money stays with the provider, because the payout failed. Signed minor units."""
    return net(item) if _is_gone(item) else 0


def booked_sums(item: SettlementItem) -> list[int]:
    """The same of what is booked."""
    return [int(each) for each in item.bookings[-1][:6]] if item.bookings else [0] * 6


def is_booked(item: SettlementItem) -> bool:
    """Whether all that is known of it is booked."""
    return bool(item.bookings) and booked_sums(item) == sums(item)


def _is_gone(item: SettlementItem) -> bool:
    return item.payout_status in GONE


def _problem(item: SettlementItem, *, is_whole: bool) -> str | None:
    if item.payout_status in GONE:
        return f"The provider says that the payout is {item.payout_status}."
    if item.unknown_lines:
        return f"{int(item.unknown_lines)} of its lines are of a kind that has no rule."
    if is_whole and item.amount is not None and net(item) != int(item.amount):
        said, summed = format_minor(int(item.amount), item.currency), format_minor(net(item), item.currency)
        return f"The provider says that it paid out {said}, and its lines add up to {summed}."
    return None
