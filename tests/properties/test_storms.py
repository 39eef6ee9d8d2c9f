"""Storms over many seeds, and proof that they find bugs: each injected one within the seeds that every push runs."""

import os
from collections.abc import Callable

import pytest

from tests.scenarios.simulator import Broken
from tests.scenarios.simulator import injected_bugs_of_storms as injected_bugs
from tests.scenarios.simulator.card_testers import CardTesters
from tests.scenarios.simulator.counter_payers import CounterPayers
from tests.scenarios.simulator.holders import Holders
from tests.scenarios.simulator.link_payers import LinkPayers
from tests.scenarios.simulator.reviewers import Reviewers
from tests.scenarios.simulator.storm import Storm, storms

SEEDS = int(os.environ.get("STORM_SEEDS", "6"))
FIRST = int(os.environ.get("STORM_FIRST_SEED", "0"))
STEPS = 80
KINDS: dict[type[Storm], tuple[Callable[[pytest.MonkeyPatch], None], ...]] = {
    CardTesters: injected_bugs.OF_CARD_TESTERS,
    CounterPayers: injected_bugs.OF_COUNTER_PAYERS,
    Holders: injected_bugs.OF_HOLDERS,
    LinkPayers: injected_bugs.OF_LINK_PAYERS,
    Reviewers: injected_bugs.OF_REVIEWERS,
}
# Every seed's work is the same; how long it takes is the machine's matter.
pytestmark = pytest.mark.timeout(1800)


@pytest.mark.parametrize("kind", KINDS)
def test_a_storm_breaks_nothing_and_all_ends(kind: type[Storm]) -> None:
    storms(kind, range(FIRST, FIRST + SEEDS), steps=STEPS)


@pytest.mark.parametrize(("kind", "inject"), [(kind, inject) for kind, bugs in KINDS.items() for inject in bugs])
def test_an_injected_bug_is_found(kind: type[Storm], inject: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the seed."""
    inject(monkeypatch)
    with pytest.raises(Broken, match=r"^seed \d+"):
        storms(kind, range(60), steps=STEPS)
