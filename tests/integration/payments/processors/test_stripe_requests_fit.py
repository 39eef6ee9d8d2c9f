"""What the library sends to Stripe, judged by the parameter types of Stripe's official client."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.payments.processors import stripe
from tests.integration.payments.processors.fake import APPROVED, DECLINED, REDIRECTED
from tests.integration.payments.processors.test_certified import charge, server
from tests.integration.payments.processors.test_certified_fields import begin
from tests.support import payments as support
from tests.support import stripe_parameters
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [stripe.Fake], ids=["stripe"])


def sent(server: stripe.Fake) -> set[str]:
    """Which calls were made; each of them fits the client's types."""
    calls = set()
    for request in server.requests:
        parts = urlsplit(request.path.partition(server.host)[2])
        form = request.body.decode() if request.method == "POST" else parts.query
        assert stripe_parameters.misfits(request.method, parts.path, form) == []
        last = parts.path.rpartition("/")[2]
        calls.add(f"{request.method} {'{id}' if last.startswith(('pi_', 're_')) else last}")
    return calls


def test_charges_confirmations_and_questions_fit(world: World, who: Signer, server: stripe.Fake) -> None:
    for number in (APPROVED, DECLINED, REDIRECTED):
        charge(world, who, server, number)
    support.tick(world, after_seconds=60)
    assert sent(server) == {"POST payment_intents", "GET {id}"}


def test_holds_captures_releases_and_refunds_fit(world: World, who: Signer, server: stripe.Fake) -> None:
    first, second = (charge(world, who, server, capture_method="manual").body["payment_id"] for _ in range(2))
    assert world.call(who, "POST", f"/v1/payments/{first}/capture", {"amount": "5.00"}).status == 201
    assert world.call(who, "POST", f"/v1/payments/{second}/void", {}).status == 200
    given: dict[str, Any] = {"payment_id": first, "amount": "4.00"}
    assert world.call(who, "POST", "/v1/payments/refund", given).status in {200, 201}
    assert sent(server) == {"POST payment_intents", "POST capture", "POST cancel", "POST refunds"}


@pytest.mark.parametrize("order", [{}, {"capture_method": "manual"}], ids=["charge", "hold"])
def test_what_is_begun_for_the_payers_browser_fits(world: World, who: Signer, server: stripe.Fake, order: dict[str, str]) -> None:
    made = begin(world, who, server, order)
    assert made.body["status"] == "pending", made.raw
    assert sent(server) == {"POST payment_intents"}


def test_what_does_not_fit_is_named(server: stripe.Fake) -> None:
    form = "amount=12.34&currency=usd&capture_method=later&payment_method_data[card][cvv]=1&payment_method_options[card][three_ds]=any&x=1"
    assert stripe_parameters.misfits("POST", "/v1/payment_intents", form) == [
        "amount is '12.34' for <class 'int'>",
        "capture_method is 'later'",
        "payment_method_data[card][cvv] is no parameter",
        "payment_method_data[type] is missing",
        "payment_method_options[card][three_ds] is no parameter",
        "x is no parameter",
    ]
    assert server.requests == []
