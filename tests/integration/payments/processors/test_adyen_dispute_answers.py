"""A merchant answers Adyen's disputes. Adyen cannot be asked about one, so an answer whose outcome is not known is never given again."""

from typing import Any

import pytest

from payments.disputes import reports
from tests.fakes.receiver_behaviours import CutMidBody
from tests.fakes.receiver_behaviours import Reply as Reply_
from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import PDF, bucket, post, show, the_dispute, with_file
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])]
APPLIED = {"received": True, "applied": True}
VERBS = pytest.mark.parametrize(("verb", "call"), [("submit", "/defendDispute"), ("accept", "/acceptDispute")])


@pytest.fixture
def dispute_id(world: World, who: Signer, server: adyen.Fake) -> str:
    """A chargeback that waits for an answer, with a file."""
    charge(world, who, server)
    assert post_callback(world, who, server, "charged_back").body == APPLIED
    dispute_id = str(the_dispute().dispute_id)
    assert with_file(world, who, dispute_id, kind="explanation_letter").status_code == 200
    return dispute_id


def answer(world: World, who: Signer, dispute_id: str, verb: str, key: str = "once") -> dict[str, Any]:
    body: dict[str, Any] = post(world, who, dispute_id, verb, {} if verb == "accept" else None, key=key).body
    return body


def standing(world: World, who: Signer, dispute_id: str) -> tuple[str, str, bool]:
    """Status, how far the evidence is, and whether the dispute says that an answer's outcome is not known."""
    shown = show(world, who, dispute_id)
    return shown["status"], shown["evidence"]["status"], (shown["evidence"]["problem"] or "").startswith("It is not known yet")


def test_its_time_to_answer_is_known(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    assert show(world, who, dispute_id)["due_at"] == "2027-01-25T08:00:00.000Z"


def test_a_defence_goes_to_adyen_with_its_files_once(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    assert with_file(world, who, dispute_id, kind="receipt", content=PDF + b" 2").status_code == 200
    for _ in range(2):
        submitted = answer(world, who, dispute_id, "submit")
        assert (submitted["status"], submitted["evidence"]["status"]) == ("under_review", "submitted")
    # The reason of Adyen's example that takes material of any kind, and a receipt beside it.
    assert server.answered == ["SupplyDefenseMaterial"]
    assert server.supplied == {"DefenseMaterial": PDF, "TIDorInvoice": PDF + b" 2"}
    assert post_callback(world, who, server, "supplied").body == APPLIED
    assert post_callback(world, who, server, "reversed").body == APPLIED
    assert show(world, who, dispute_id)["status"] == "won"


def test_giving_in_ends_it(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    done = answer(world, who, dispute_id, "accept")
    assert (done["status"], done["funds"], server.answered) == ("accepted", "clearing", ["accepted"])
    server.status = "Lost"
    assert post_callback(world, who, server, "ended").body == APPLIED
    assert show(world, who, dispute_id)["status"] == "accepted"
    assert support.findings() == []


@VERBS
@pytest.mark.parametrize("acts", [True, False], ids=["it took it", "it did not"])
@pytest.mark.parametrize("trouble", [Reply_(502), CutMidBody()], ids=["502", "cut"])
def test_an_answer_that_was_lost_is_not_given_again(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, verb: str, call: str, acts: bool, trouble: Any
) -> None:
    server.trouble[call], server.acts = trouble, acts
    answer(world, who, dispute_id, verb)
    evidence = "sending" if verb == "submit" else "draft"
    assert standing(world, who, dispute_id) == ("needs_response", evidence, True)
    for _ in range(4):
        support.tick(world, after_seconds=4 * 3_600)
    for other in ("submit", "accept"):
        assert post(world, who, dispute_id, other, {} if other == "accept" else None, key=f"again-{other}").code == "evidence_closed"
    assert standing(world, who, dispute_id) == ("needs_response", evidence, True)
    assert len(server.asked(call)) == 1
    # Adyen's callback decides.
    server.status = "Accepted"
    assert post_callback(world, who, server, "supplied" if verb == "submit" else "ended").body == APPLIED
    support.tick(world, after_seconds=180)
    ended = ("under_review", "submitted", False) if verb == "submit" else ("accepted", "draft", False)
    assert standing(world, who, dispute_id) == ended
    assert len(server.asked(call)) == 1
    assert support.findings() == []


def test_two_that_go_on_at_once_give_one_answer(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The janitor goes on with an answer whose request is still under way."""
    revise = reports.revise
    depth: list[int] = []

    def crossed(item: Any, edit: Any, **named: Any) -> Any:
        if "claim" in edit.__qualname__ and not depth:
            depth.append(1)
            support.tick(world, after_seconds=120)
        return revise(item, edit, **named)

    monkeypatch.setattr(reports, "revise", crossed)
    answer(world, who, dispute_id, "submit")
    assert server.answered == ["SupplyDefenseMaterial"]
    assert standing(world, who, dispute_id) == ("under_review", "submitted", False)


def test_what_did_not_reach_adyen_is_asked_for_later(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    for call in ("/retrieveApplicableDefenseReasons", "/supplyDefenseDocument"):
        server.trouble[call] = CutMidBody()
    answer(world, who, dispute_id, "submit")
    assert standing(world, who, dispute_id) == ("needs_response", "sending", False)
    for _ in range(3):
        support.tick(world, after_seconds=180)
    assert standing(world, who, dispute_id) == ("under_review", "submitted", False)
    assert server.answered == ["SupplyDefenseMaterial"]


def test_what_adyen_refuses_may_be_mended(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    assert answer(world, who, dispute_id, "submit", "a")["evidence"]["problem"].startswith("Adyen takes files only")
    post(world, who, dispute_id, "evidence", {"text": {"explanation": ""}})
    server.refuses = "The defense period has ended."
    assert answer(world, who, dispute_id, "submit", "b")["evidence"]["problem"] == "The defense period has ended."
    assert answer(world, who, dispute_id, "accept", "c")["evidence"]["problem"] == "The defense period has ended."
    server.refuses = None
    assert answer(world, who, dispute_id, "submit", "d")["evidence"]["status"] == "submitted"


def test_files_that_no_defence_takes_are_not_sent(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    assert with_file(world, who, dispute_id, kind="access_log").status_code == 200
    assert answer(world, who, dispute_id, "submit")["evidence"]["problem"].startswith("No defence that Adyen lists")
    assert (server.supplied, server.answered) == ({}, [])


def test_a_dispute_that_ends_while_an_answer_is_not_known_says_so(world: World, who: Signer, server: adyen.Fake, dispute_id: str) -> None:
    server.trouble["/defendDispute"] = CutMidBody()
    answer(world, who, dispute_id, "submit")
    server.status = "Lost"
    assert post_callback(world, who, server, "ended").body == APPLIED
    support.tick(world, after_seconds=180)
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["evidence"]["status"]) == ("lost", "draft")
    assert shown["evidence"]["problem"].startswith("The dispute ended before it was known")
