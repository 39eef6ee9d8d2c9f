"""The states of an approval, and who moves them. Pure: what a move writes is `store`'s.

asked -> approved | rejected | withdrawn; approved -> used | withdrawn; either is over when its time is. The one who asks never approves.
"""

from typing import Final, Literal

from paycorex.errors import Forbidden, InvalidState
from paycorex.records.approval import APPROVED, ASKED, EXPIRED, REJECTED, USED, WITHDRAWN

Decision = Literal["approve", "reject", "withdraw"]

_MOVES: Final = {
    (ASKED, "approve"): APPROVED,
    (ASKED, "reject"): REJECTED,
    (ASKED, "withdraw"): WITHDRAWN,
    # Until it is carried out it can be taken back, by the one who asked and by a second person.
    (APPROVED, "reject"): REJECTED,
    (APPROVED, "withdraw"): WITHDRAWN,
}
# What is over begins anew when it is asked for again.
OVER: Final = frozenset({REJECTED, WITHDRAWN, USED, EXPIRED})


def decided(status: str, decision: Decision, *, is_asker: bool) -> str:
    """The state that a decision leads to.

    Raises Forbidden when the one who asked decides, or another one withdraws; InvalidState when there is nothing to decide any more.
    """
    if decision == "withdraw" and not is_asker:
        raise Forbidden("Only who asked can withdraw it. Reject it instead.")
    if decision != "withdraw" and is_asker:
        raise Forbidden("You asked for this: a second person decides. You can withdraw it.")
    after = _MOVES.get((status, decision))
    if after is None:
        raise InvalidState(f"This is {status} already.", details={"status": status})
    return after
