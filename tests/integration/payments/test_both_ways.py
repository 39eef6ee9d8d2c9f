"""Stripe by our own adapter and by the library: the same requests, webhooks and mishaps give the same answers and the same books.

Not a dispute: the library reads none of Stripe's. Not Razorpay: the library has no type for its credentials
(`test_razorpay_has_no_credentials_in_this_library_yet` finds the version that has).
"""

from collections.abc import Callable

import pytest

from paycorex import processors, settings
from payments.connectors import capabilities
from tests.fakes.providers import FakeStripe
from tests.integration.payments.both_ways import ByLibrary, Own, Story, Way
from tests.integration.payments.processors.stripe import Fake
from tests.support import payments as support
from tests.support.world import World


def charges_and_refunds(story: Story) -> None:
    paid = story.charge()
    story.note(paid)
    for amount in ({"amount": "4.00"}, {}):
        story.do(paid, "refund", **amount)
        story.note(paid)
    story.note(story.charge("insufficient"))


def holds(story: Story) -> None:
    for what, body in (("capture", {"amount": "5.00"}), ("capture", {}), ("void", {})):
        held = story.charge(capture_method="manual")
        story.note(held)
        story.do(held, what, **body)
        story.note(held)
        story.do(held, what, **body)
        story.note(held)


def a_confirmation_by_the_bank(story: Story) -> None:
    paid = story.charge("asked")
    story.note(paid)
    story.way.confirm()
    story.hear("payment_intent.succeeded", is_genuine=False)
    story.hear("payment_intent.succeeded")
    story.note(paid, ticks=0)
    found = story.charge("asked")
    story.way.confirm()
    story.note(found)


def a_hold_that_the_bank_confirms(story: Story) -> None:
    held = story.charge("asked", capture_method="manual")
    story.way.confirm()
    story.hear("payment_intent.amount_capturable_updated")
    story.note(held, ticks=0)
    story.do(held, "capture", amount="7.00")
    story.note(held)


def stripes_own_fields(story: Story) -> None:
    for order in ({}, {"capture_method": "manual"}):
        payment = story.begin(**order)
        story.look(payment)
        story.way.confirm()
        story.look(payment)
        story.note(payment["payment_id"], ticks=0)
    story.do(payment["payment_id"], "capture")
    by_webhook = story.begin()
    story.way.confirm()
    story.hear("payment_intent.succeeded")
    story.note(by_webhook["payment_id"], ticks=0)


def answers_that_are_lost(story: Story) -> None:
    story.way.lose("charge")
    paid = story.charge()
    # The library asks for nothing that it has no name of: there the webhook says it.
    story.hear("payment_intent.succeeded")
    story.note(paid)
    story.way.lose("refund")
    story.do(paid, "refund", amount="4.00")
    story.hear("charge.refund.updated")
    story.note(paid)
    held = story.charge(capture_method="manual")
    story.way.lose("capture")
    story.do(held, "capture", amount="5.00")
    story.note(held)


def larger_holds(story: Story) -> None:
    held = story.charge(capture_method="manual")
    story.do(held, "increment", amount="15.00")
    story.do(held, "increment", amount="20.02")
    story.note(held)
    story.way.lose("increment")
    story.do(held, "increment", amount="18.00")
    story.way.lose("increment", acts=False)
    for _ in range(2):
        story.do(held, "increment", key="again", amount="19.00")
    story.note(held)
    story.do(held, "capture", amount="20.00")
    story.note(held)


# Minor units with Stripe, of the merchant and in suspense, at the end.
ENDS: dict[Callable[[Story], None], tuple[int, int, int]] = {
    charges_and_refunds: (0, 0, 0),
    holds: (-1734, 1734, 0),
    a_confirmation_by_the_bank: (-2468, 2468, 0),
    a_hold_that_the_bank_confirms: (-700, 700, 0),
    stripes_own_fields: (-3702, 3702, 0),
    answers_that_are_lost: (-1334, 1334, 0),
    larger_holds: (-2000, 2000, 0),
}


@pytest.mark.usefixtures("processors_library")
@pytest.mark.parametrize("tell", ENDS, ids=[tell.__name__ for tell in ENDS])
def test_the_same_story_gives_the_same_books(world: World, tell: Callable[[Story], None]) -> None:
    with FakeStripe() as own, Fake() as library:
        urls = {"stripe_base_url": own.url("").rstrip("/"), "prism_base_url": library.url("").rstrip("/")}
        settings.use(world.settings.model_copy(update=urls))
        ways: list[Way] = [Own(own), ByLibrary(library)]
        stories = [Story(world, way) for way in ways]
        for story in stories:
            tell(story)
        assert (own.problems, library.problems) == ([], [])
    by_own, by_library = (story.seen for story in stories)
    for number, (ours, theirs) in enumerate(zip(by_own, by_library, strict=True)):
        assert ours == theirs, number
    assert [story.books() for story in stories] == [ENDS[tell]] * 2
    assert support.findings() == []


def test_only_our_own_adapter_has_disputes_at_stripe() -> None:
    """Where the library's way gets them, a story of a dispute belongs here."""
    by_library = processors.find("prism:stripe")
    assert by_library is not None
    assert capabilities.flows_of("prism:stripe", by_library.flows)["disputes"] is False
    assert capabilities.tells_disputes("stripe")
