"""When an answer to one of Adyen's disputes is claimed, how long it may take, and how an operator ends one that is not known."""

from collections.abc import Callable
from typing import Any

import pytest

from paycorex import cli
from paycorex.audit import chain
from payments.connectors import http_calls
from payments.connectors.prism.known import adyen_dispute_answers
from tests.fakes.faults import Killed
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.test_adyen_dispute_answers import APPLIED, VERBS, answer, dispute_id, standing
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import bucket, show, the_dispute
from tests.support import payments as support
from tests.support.template import ROOT
from tests.support.world import Signer, World

__all__ = ["bucket", "dispute_id", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])]
# As they are outside of tests, which wait less.
SECONDS = {"LOOKUP_SECONDS": http_calls.LOOKUP_SECONDS, "CHARGE_SECONDS": http_calls.CHARGE_SECONDS}
# What a request needs beside its calls: its checks, the files and the books.
BESIDE_SECONDS = 4


def killed_at(call: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def asked(ways: Any, name: str, *given: Any, **named: Any) -> Any:
        if name == call:
            raise Killed("before the provider was asked")
        return real(ways, name, *given, **named)

    return asked


@VERBS
@pytest.mark.parametrize("at", ["before", "after"])
def test_a_process_that_ended_gives_no_answer_twice(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, verb: str, call: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are there again when the answer is asked for again; what was claimed was perhaps given."""
    with monkeypatch.context() as patch:
        if at == "before":
            patch.setattr("payments.disputes.asked_once.claim", _killed)
        else:
            patch.setattr(adyen_dispute_answers, "_ask", killed_at(call.strip("/"), adyen_dispute_answers._ask))
        with pytest.raises(Killed):
            answer(world, who, dispute_id, verb)
    for _ in range(3):
        support.tick(world, after_seconds=180)
    assert len(server.asked(call)) == (1 if at == "before" else 0)
    assert standing(world, who, dispute_id)[2] is (at == "after")


def _killed(*_: Any) -> Any:
    raise Killed("before the claim")


@pytest.mark.parametrize("call", ["retrieveApplicableDefenseReasons", "supplyDefenseDocument"])
def test_a_process_that_ended_before_the_defence_has_claimed_nothing(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(adyen_dispute_answers, "_before" if call.startswith("retrieve") else "_supplied", _killed)
        with pytest.raises(Killed):
            answer(world, who, dispute_id, "submit")
    assert standing(world, who, dispute_id) == ("needs_response", "sending", False)
    support.tick(world, after_seconds=180)
    assert standing(world, who, dispute_id) == ("under_review", "submitted", False)
    assert server.answered == ["SupplyDefenseMaterial"]


def test_a_file_that_two_send_at_once_ends_no_answer_of_the_other(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is refused a file while the other has claimed the answer, and its outcome is not known."""
    real = adyen_dispute_answers._supplied
    depth: list[int] = []

    def crossed(*given: Any) -> Any:
        if not depth:
            depth.append(1)
            server.trouble["/defendDispute"], server.acts = CutMidBody(), True
            support.tick(world, after_seconds=120)
            server.refuses = "This file is broken."
        return real(*given)

    monkeypatch.setattr(adyen_dispute_answers, "_supplied", crossed)
    answer(world, who, dispute_id, "submit")
    assert standing(world, who, dispute_id) == ("needs_response", "sending", True)
    assert server.answered == ["SupplyDefenseMaterial"]


def test_all_calls_of_an_answer_fit_into_the_functions_time(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeouts: list[float] = []
    real = http_calls.ask

    def ask(*given: Any, timeout_seconds: int | None = None) -> Any:
        timeouts.append(http_calls.CHARGE_SECONDS if timeout_seconds is None else timeout_seconds)
        return real(*given, timeout_seconds=timeout_seconds)

    for name, seconds in SECONDS.items():
        monkeypatch.setattr(http_calls, name, seconds)
    monkeypatch.setattr(http_calls, "ask", ask)
    assert answer(world, who, dispute_id, "submit")["evidence"]["status"] == "submitted"
    (limit,) = {
        int(line.split()[1]) for line in (ROOT / "template/head.yaml.j2").read_text().splitlines() if line.startswith("    Timeout: ")
    }
    assert len(timeouts) == 3
    assert sum(timeouts) <= limit - BESIDE_SECONDS


@VERBS
@pytest.mark.parametrize("taken", ["yes", "no"])
def test_an_operator_ends_an_answer_that_is_not_known(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, verb: str, call: str, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = ["admin", "answered", dispute_id, "--taken", taken, "--by", "Asha", "--reason", "the Customer Area shows it"]
    assert (cli.main(["admin", "answers"]), cli.main(ended)) == (0, 1)
    server.trouble[call], server.acts = CutMidBody(), taken == "yes"
    answer(world, who, dispute_id, verb)
    capsys.readouterr()
    assert cli.main(["admin", "answers"]) == 1
    assert f"{dispute_id} {who.merchant_id} needs_response {verb} prism:adyen" in capsys.readouterr().out
    assert cli.main(ended) == 0
    if taken == "yes":
        assert show(world, who, dispute_id)["status"] == ("under_review" if verb == "submit" else "accepted")
    else:
        problem = show(world, who, dispute_id)["evidence"]["problem"]
        assert problem == "An operator looked at the provider: the Customer Area shows it"
        assert answer(world, who, dispute_id, verb, "again")["status"] == ("under_review" if verb == "submit" else "accepted")
    assert len(server.answered) == 1
    assert (cli.main(["admin", "answers"]), cli.main(ended)) == (0, 1)
    noted = [each for each in chain.page(who.merchant_id, limit=20, below=None) if each.operation == "operator_ends_answer"]
    assert [(each.actor, each.object_id) for each in noted] == [("Asha", dispute_id)]
    assert "the Customer Area shows it" in noted[0].asked
    assert support.findings() == []


@pytest.mark.parametrize("then", ["supplied", "ended"])
def test_a_question_about_a_payment_asks_for_no_money(world: World, who: Signer, server: adyen.Fake, then: str) -> None:
    """What ends or answers it says nothing of how far it has come."""
    charge(world, who, server)
    server.status = "Unresponded"
    assert post_callback(world, who, server, "asked").body == APPLIED
    asked = str(the_dispute().dispute_id)
    assert show(world, who, asked)["stage"] == "inquiry"
    assert post_callback(world, who, server, then).body == APPLIED
    support.tick(world, after_seconds=90 * 86_400)
    shown = show(world, who, asked)
    payment = support.show(world, who, shown["payment_id"])
    assert (shown["stage"], shown["funds"], payment["amount_disputed"]) == ("inquiry", "merchant", "0.00")
    assert support.findings() == []


def test_a_question_that_becomes_a_chargeback_takes_the_money(world: World, who: Signer, server: adyen.Fake) -> None:
    charge(world, who, server)
    for each in ("asked", "supplied", "charged_back"):
        assert post_callback(world, who, server, each).body == APPLIED
    assert show(world, who, str(the_dispute().dispute_id))["funds"] == "clearing"
