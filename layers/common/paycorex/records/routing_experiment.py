"""A routing experiment: stored shape and contract object. While it runs, its rules stand with the merchant's settings, too."""

from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
from paycorex.records.effective import effective_at
from paycorex.records.routing_rule import Experiment, RoutingRule
from paycorex.storage import Item

RUNNING: Final = "running"
ENDED: Final = "ended"


class ExperimentItem(Item):
    """An experiment as it is stored. Ids sort by time. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "routing_experiments"

    merchant_id = UnicodeAttribute(hash_key=True)
    experiment_id = UnicodeAttribute(range_key=True)
    # {"a": [rule, ...], "b": [rule, ...]}, each as `RoutingRule.stored` has it.
    arms = JSONAttribute()
    share = NumberAttribute()
    started_at = NumberAttribute()
    ended_at = NumberAttribute(null=True)

    @property
    def running(self) -> dict[str, Any]:
        """As it stands with the merchant's settings; `Experiment.parse` reads it."""
        return {"experiment_id": self.experiment_id, **self.arms, "share": int(self.share)}


class ExperimentView(View):
    """An experiment. `a`, `b`: the rules of each arm. `share`: percent of the payments that go by `b`.

    effective_at: from when every part of the platform acts by its start or, once it has ended, by its end.
    """

    experiment_id: str
    status: str
    a: list[dict[str, Any]]
    b: list[dict[str, Any]]
    share: int
    started_at: str
    ended_at: str | None
    effective_at: str | None


def fields(item: ExperimentItem) -> dict[str, Any]:
    """The fields of the contract object."""
    ended = None if item.ended_at is None else int(item.ended_at)
    parsed = Experiment.parse(item.running)
    return {
        "experiment_id": item.experiment_id,
        "status": RUNNING if ended is None else ENDED,
        "a": _shown(parsed.a),
        "b": _shown(parsed.b),
        "share": parsed.share_percent,
        "started_at": clock.rfc3339(int(item.started_at)),
        "ended_at": None if ended is None else clock.rfc3339(ended),
        "effective_at": effective_at(ended or int(item.started_at)),
    }


def _shown(rules: tuple[RoutingRule, ...]) -> list[dict[str, Any]]:
    return [rule.shown() for rule in rules]
