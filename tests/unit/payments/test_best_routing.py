"""Routing by what is known: near to the best that could be known, explained, the same for a retry, and as today while nothing is known."""

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from paycorex import ids
from paycorex.records import payment_routing
from paycorex.records.payment_routing import BEST, EXPLORE, FEW, Noted
from paycorex.records.routing_rule import Best, RoutingRule, RuleTarget
from paycorex.routing_outcomes import Observation, Outcome, Tally, Window
from paycorex.routing_outcomes.window import Place
from payments.connectors.best import choose, in_weighted_order

HIDDEN = {"a": 0.86, "b": 0.93, "c": 0.90}
USE = tuple(RuleTarget(name) for name in HIDDEN)
KNOWN = {"a": Tally(500, 430), "b": Tally(500, 465), "c": Tally(500, 450)}


def rule(**best: int) -> RoutingRule:
    return RoutingRule(USE, best=Best(**best))


def payment(number: int) -> str:
    return ids.derive("pay", str(number))


def simulate(rates: list[tuple[int, dict[str, float]]], payments: int, *, explore_percent: int, seed: int) -> tuple[float, Counter[str]]:
    """What was lost against always taking the best one, in payments, and who was asked first.

    Outcomes are folded every 100 payments, as the stream brings them. rates: from which payment on which true rates hold.
    """
    draws = random.Random(seed)
    wanted = rule(explore_percent=explore_percent)
    windows = dict.fromkeys(HIDDEN, Window.empty())
    pending: dict[str, list[Observation]] = {name: [] for name in HIDDEN}
    tallies: dict[str, Tally] = {}
    lost, first = 0.0, Counter[str]()
    for number in range(payments):
        now = 1_800_000_000 + number
        truth = next(found for since, found in reversed(rates) if number >= since)
        name = choose(wanted, tallies, payment(number), 10_000).order[0]
        first[name] += 1
        lost += max(truth.values()) - truth[name]
        outcome = Outcome.APPROVED if draws.random() < truth[name] else Outcome.DECLINED
        pending[name].append(Observation(Place(now, number), outcome))
        if number % 100 == 99:
            windows = {name: each.merged(pending[name]) if pending[name] else each for name, each in windows.items()}
            pending = {name: [] for name in HIDDEN}
            tallies = {name: each.tally(now) for name, each in windows.items()}
    return lost, first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_little_is_lost_against_an_oracle_over_twenty_thousand_payments(seed: int) -> None:
    """Shares by weight lose (0.07 + 0.03) / 3 of all, 667 payments; never exploring again may lose more than that."""
    lost, first = simulate([(0, HIDDEN)], 20_000, explore_percent=10, seed=seed)
    assert lost < 200
    assert first.most_common(1)[0][0] == "b"


def test_a_connector_that_becomes_the_best_is_found() -> None:
    """Shares by weight would lose 1,800 payments here, and staying with the one that was the best 3,700."""
    after = {"a": 0.97, "b": 0.60, "c": 0.90}
    lost, first = simulate([(0, HIDDEN), (10_000, after)], 20_000, explore_percent=10, seed=4)
    assert lost < 600
    assert first["a"] > 3_000


def test_without_exploring_what_was_once_unlucky_is_never_tried_again() -> None:
    """Why there is a share that explores, and that a person may turn it off."""
    tallies = {**KNOWN, "b": Tally(100, 70)}
    orders = {choose(rule(explore_percent=0), tallies, payment(number), 10_000).order[0] for number in range(2_000)}
    assert orders == {"c"}
    explored = Counter(choose(rule(explore_percent=30), tallies, payment(number), 10_000).how for number in range(2_000))
    assert 500 < explored[EXPLORE] < 700
    assert explored[BEST] + explored[EXPLORE] == 2_000


def test_a_retry_goes_the_same_way() -> None:
    for number in range(500):
        assert choose(rule(), KNOWN, payment(number), 10_000) == choose(rule(), dict(reversed(KNOWN.items())), payment(number), 10_000)


@pytest.mark.parametrize("tallies", [{}, {"a": Tally(99, 99), "b": Tally(5, 1)}])
def test_while_too_little_is_known_the_weights_decide_as_without_best(tallies: Mapping[str, Tally]) -> None:
    for number in range(300):
        found = choose(rule(), tallies, payment(number), 10_000)
        assert found.how == FEW
        assert list(found.order) == in_weighted_order(USE, payment(number))


def test_a_connector_with_too_few_samples_is_judged_by_no_number_but_explored() -> None:
    tallies = {"a": Tally(400, 360), "b": Tally(40, 40)}
    found = [choose(rule(explore_percent=20), tallies, payment(number), 10_000) for number in range(2_000)]
    assert all(each.order[0] == "a" for each in found if each.how == BEST)
    explored = Counter(each.order[0] for each in found if each.how == EXPLORE)
    assert explored["b"] > explored["c"] > 0


def test_a_fee_counts_against_success() -> None:
    tallies = {"a": Tally(500, 460, 10_000), "b": Tally(500, 465, 30_000), "c": Tally(500, 300, 0)}
    assert choose(rule(explore_percent=0), tallies, payment(1), 10_000).order == ("a", "b", "c")


def test_a_connector_for_failover_only_stays_last_however_good_it_is() -> None:
    wanted = RoutingRule((RuleTarget("a"), RuleTarget("b", 0), RuleTarget("c", 2)), best=Best(explore_percent=30))
    for number in range(300):
        assert choose(wanted, KNOWN, payment(number), 10_000).order[-1] == "b"


def test_a_decision_is_stored_small_and_said_with_its_numbers() -> None:
    found = choose(rule(explore_percent=0), KNOWN, payment(1), 10_000)
    noted = Noted(2, found.how, "ab12cd34ef", ("discover", "rupay"), "card", numbers=found.numbers, experiment="exp_x", arm="b")
    stored = noted.stored()
    assert Noted.load(stored) == noted
    assert Noted.load(Noted(0).stored()) == Noted(0)
    assert (noted.brand, Noted(brands=("okicici",), instrument="upi").brand) == ("discover", None)
    assert len(str(stored)) < 260
    shown = payment_routing.view(stored)
    assert shown is not None
    assert shown.reason == "rule 2: best by b 0.9300 of 500, c 0.9000 of 500, a 0.8600 of 500"
    assert (shown.rule, shown.numbers[0].success_rate, shown.numbers[0].fee) == (2, "0.9300", "0.0000")
    assert shown.experiment is not None
    assert shown.experiment.arm == "b"
    assert payment_routing.view(None) is None


def test_a_rule_keeps_its_stored_form_for_a_release_that_knows_no_best() -> None:
    wanted = rule(min_samples=50)
    stored = wanted.stored()
    assert stored["use"] == [{"connector": name, "weight": 1} for name in HIDDEN]
    assert RoutingRule.parse(stored) == wanted
    assert (wanted.shown()["use"], wanted.shown()["among"], wanted.shown()["min_samples"]) == ("best", stored["use"], 50)
    assert RoutingRule.parse({"use": stored["use"]}).shown() == {"when": {}, "use": stored["use"]}
    assert len({wanted.mark, rule().mark, RoutingRule(USE).mark}) == 3
