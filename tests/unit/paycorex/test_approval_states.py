"""The states of an approval: a test for each cell of state, decision and who decides."""

import itertools

import pytest

from paycorex.approvals.states import Decision, decided
from paycorex.errors import Forbidden, InvalidState
from paycorex.records.approval import APPROVED, ASKED, EXPIRED, REJECTED, USED, WITHDRAWN

STATES = (ASKED, APPROVED, REJECTED, WITHDRAWN, USED, EXPIRED)
DECISIONS: tuple[Decision, ...] = ("approve", "reject", "withdraw")
# By hand: what a decision leads to. What is not here is refused, by who decides first and then by the state.
LEADS_TO = {
    (ASKED, "approve", False): APPROVED,
    (ASKED, "reject", False): REJECTED,
    (ASKED, "withdraw", True): WITHDRAWN,
    (APPROVED, "reject", False): REJECTED,
    (APPROVED, "withdraw", True): WITHDRAWN,
}


@pytest.mark.parametrize(("state", "decision", "is_asker"), list(itertools.product(STATES, DECISIONS, (True, False))))
def test_every_cell(state: str, decision: Decision, is_asker: bool) -> None:
    if (state, decision, is_asker) in LEADS_TO:
        assert decided(state, decision, is_asker=is_asker) == LEADS_TO[state, decision, is_asker]
        return
    wrong_person = (decision == "withdraw") is not is_asker
    with pytest.raises(Forbidden if wrong_person else InvalidState):
        decided(state, decision, is_asker=is_asker)
