"""A processor of the library on the deployed template: layer, role and memory carry a charge, a refund, a lost answer and a callback.

The functions send what goes to a processor to this process, in one variable that the template does not set.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.e2e.deployed import Deployed
from tests.e2e.test_payment_methods import PATIENCE_SECONDS, card
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.fake import APPROVED, FakeProcessor
from tests.integration.payments.processors.test_certified import PAYER
from tests.support import tools
from tests.support.world import Signer

ASKING = ("PaymentsFunction", "PaymentsJanitorFunction")


def turned_to(deployed: Deployed, server: FakeProcessor | None) -> None:
    """Publish a version of the functions that sends processors' requests to a server; None: to the processors themselves."""
    client = deployed.emulator.client("lambda")
    for function in ASKING:
        name = deployed.arn_of(function)
        known = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        changed = {key: value for key, value in known.items() if key != "PRISM_BASE_URL"}
        if server is not None:
            changed["PRISM_BASE_URL"] = server.url("").rstrip("/")
        client.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
        # What answers requests is published under a name; what a schedule calls is not.
        for alias in client.list_aliases(FunctionName=name)["Aliases"]:
            version = client.publish_version(FunctionName=name)["Version"]
            client.update_alias(FunctionName=name, Name=alias["Name"], FunctionVersion=version)


@pytest.fixture
def server(deployed: Deployed) -> Iterator[FakeProcessor]:
    with adyen.Fake() as played:
        turned_to(deployed, played)
        yield played
        turned_to(deployed, None)
        assert played.problems == []


@pytest.fixture
def who(deployed: Deployed, server: FakeProcessor) -> Signer:
    made = deployed.register()
    shown = deployed.call(made, "GET", f"/v1/processors/prism:{server.name}").body
    if shown["unavailable_reason"] is not None:
        tools.missing(shown["unavailable_reason"])
    given = {**server.credentials, "webhook_secret": server.webhook_secret}
    changed = deployed.call(made, "PATCH", "/v1/merchants/me", {"connectors": {f"prism:{server.name}": given}})
    assert changed.status == 200, changed.raw
    return made


def begun(deployed: Deployed, who: Signer, server: FakeProcessor) -> dict[str, Any]:
    order = card(deployed, who, APPROVED) | {"amount": "12.34", "security_code": "737", "currency": server.currency}
    made = deployed.call(who, "POST", "/v1/payments/create", order | {"payer": PAYER})
    assert made.status == 201, made.raw
    payment: dict[str, Any] = made.body
    return payment


def until(deployed: Deployed, who: Signer, payment: dict[str, Any], status: str) -> dict[str, Any]:
    """The payment once it has this status, which a schedule or a callback gives it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while payment["status"] != status and time.monotonic() < deadline:
        time.sleep(2)
        payment = deployed.call(who, "GET", f"/v1/payments/{payment['payment_id']}").body
    assert payment["status"] == status
    return payment


def test_a_charge_an_answer_that_was_lost_and_a_refund(deployed: Deployed, who: Signer, server: FakeProcessor) -> None:
    paid = begun(deployed, who, server)
    (taken,) = server.payments.values()
    assert (paid["status"], paid["provider"], taken.amount) == ("success", f"prism:{server.name}", 1234)
    refund = deployed.call(who, "POST", "/v1/payments/refund", {"payment_id": paid["payment_id"], "amount": "2.34"})
    assert refund.status == 201, refund.raw
    assert list(taken.refunds.values()) == [234]

    server.trouble[server.charges_at], server.acts = CutMidBody(), True
    lost = begun(deployed, who, server)
    second = next(made for made in server.payments.values() if made is not taken)
    assert lost["status"] == "processing"
    headers, body = server.callback(second, "taken")
    received = deployed.send("POST", f"/v1/callbacks/prism:{server.name}/{who.merchant_id}", headers, body)
    assert received.body == {"received": True, "applied": True}
    until(deployed, who, lost, "success")
    assert len(server.payments) == 2
    with deployed.reading_tables():
        assert Verifier(segments=1, at_rest=False).run(every_source()).findings == []
