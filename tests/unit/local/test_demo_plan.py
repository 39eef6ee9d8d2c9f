"""The plan of the demonstration's month: the same from a seed, and with everything that a page can show."""

from collections import Counter

from local import demo_plan


def test_a_seed_makes_one_plan_and_another_seed_another() -> None:
    assert demo_plan.acts() == demo_plan.acts(demo_plan.SEED)
    assert demo_plan.acts() != demo_plan.acts(demo_plan.SEED + 1)


def test_the_month_has_every_method_and_what_becomes_of_payments() -> None:
    plan = demo_plan.acts()
    done = Counter(act.do for act in plan)
    assert set(done) == {"card", "bank", "upi", "wallet", "hold", "refund", "capture", "void", "win", "lose", "accept", "top_up"}
    declined = [act for act in plan if act.instrument in demo_plan.DECLINED]
    assert 5 <= len(declined) < done["card"] / 4
    assert len({act.at // demo_plan.DAY for act in plan if act.about > 0}) == demo_plan.DAYS


def test_acts_are_in_the_order_of_their_times_and_come_after_what_they_are_about() -> None:
    plan = demo_plan.acts()
    assert [act.at for act in plan] == sorted(act.at for act in plan)
    made: set[int] = set()
    for act in plan:
        if act.amount_minor and act.about > 0:
            made.add(act.about)
        elif act.about > 0:
            assert act.about in made
