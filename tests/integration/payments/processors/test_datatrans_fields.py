"""Datatrans's Secure Fields: a transaction that the payer authenticates in the browser, or at the bank, and that we authorize once."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from payments.methods import named_cards
from tests.fakes.receiver_behaviours import Reply as Answered
from tests.integration.payments.processors import datatrans
from tests.integration.payments.processors.fake import DECLINED, Taken
from tests.integration.payments.processors.test_certified import server
from tests.integration.payments.processors.test_named_cards import begun, bring, charged, name_of, status
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [datatrans.Fake], ids=["datatrans"])


def only(server: datatrans.Fake) -> Taken:
    (taken,) = server.payments.values()
    return taken


def come_back(world: World, server: datatrans.Fake, **added: str) -> Reply:
    """From the bank's page, by the address that was given to Datatrans."""
    back = urlsplit(server.back[only(server).reference])
    more = "".join(f"&{name}={text}" for name, text in added.items())
    return world.send("GET", f"{back.path}?{back.query}{more}", [], b"")


def authorizations(server: datatrans.Fake) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in server.requests if request.path.endswith("/authorize")]


def test_the_payer_comes_back_from_the_bank_and_has_paid(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    answers = [come_back(world, server, datatransTrxId=name) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303], answers[0].raw
    assert (status(world, who, payment), charged(server), len(authorizations(server))) == ("success", [1234], 1)
    assert bring(world, payment, name).body["status"] == "success"
    assert len(authorizations(server)) == 1


def test_who_comes_back_without_the_payments_own_transaction_claims_nothing(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    name_of(server, payment)
    for added in ({}, {"datatransTrxId": "210215103042149999"}):
        assert come_back(world, server, **added).status == 303
    assert (status(world, who, payment), authorizations(server)) == ("pending", [])


def test_while_the_bank_asks_nothing_is_authorized_and_afterwards_once(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    name = payment["next_action"]["transaction_id"]
    only(server).status = "asked"
    assert bring(world, payment, name).body["status"] == "processing"
    assert authorizations(server) == []
    server.confirm(only(server))
    support.tick(world, after_seconds=300)
    assert (status(world, who, payment), charged(server), len(authorizations(server))) == ("success", [1234], 1)


def test_a_transaction_whose_card_was_not_typed_is_not_paid(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    assert bring(world, payment, payment["next_action"]["transaction_id"]).body["status"] == "processing"
    assert charged(server) == []


def test_a_declined_card_ends_the_payment(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    server.typed[name] = DECLINED
    refused = bring(world, payment, name).body
    assert (refused["status"], refused["failure_code"]) == ("failed", "card_declined")
    assert charged(server) == []


def test_a_bank_that_did_not_confirm_ends_the_payment(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    only(server).status = "refused"
    come_back(world, server, datatransTrxId=payment["next_action"]["transaction_id"])
    assert (status(world, who, payment), authorizations(server)) == ("failed", [])


@pytest.mark.parametrize("lie", ["currency", "refno", "detail.settle.amount", "transactionId"])
def test_another_transaction_is_not_booked(world: World, who: Signer, server: datatrans.Fake, lie: str) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    server.lies = {lie: {"currency": "EUR", "refno": "pay_" + "z" * 26, "detail.settle.amount": 99, "transactionId": "1"}[lie]}
    server.lies_at = f"/transactions/{name}"
    assert bring(world, payment, name).body["status"] != "success"
    assert (status(world, who, payment) != "success", support.findings()) == (True, [])


def test_an_authorization_that_is_not_understood_is_looked_up(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    server.trouble["/authorize"], server.acts = Answered(409, b'{"error": {"code": "CLIENT_ERROR"}}'), True
    assert bring(world, payment, name).body["status"] == "processing"
    support.tick(world, after_seconds=300)
    assert (status(world, who, payment), charged(server), len(authorizations(server))) == ("success", [1234], 1)


def test_names_are_bounded_where_payers_come_back_too(world: World, who: Signer, server: datatrans.Fake) -> None:
    payment = begun(world, who, server)
    only(server).status = "asked"
    for _ in range(named_cards.TRIES.times + 2):
        assert come_back(world, server, datatransTrxId=payment["next_action"]["transaction_id"]).status == 303
    assert status(world, who, payment) == "processing"
