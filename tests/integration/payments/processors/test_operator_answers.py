"""An answer to a dispute whose outcome is not known, on the operators' page: listed, and ended as the provider's dashboard shows it."""

from typing import Any

import pytest

from paycorex import storage
from paycorex.audit import chain
from paycorex.credentials.operators import REALM
from paycorex.errors import InvalidState
from paycorex.records.operator_work import OperatorWorkItem
from payments.disputes import unknown_answers
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.test_adyen_dispute_answers import VERBS, answer, dispute_id
from tests.integration.payments.processors.test_certified import server
from tests.integration.payments.test_dispute_answers import bucket, show
from tests.support import payments as support
from tests.support.operators import Operator, join
from tests.support.world import Signer, World

__all__ = ["bucket", "dispute_id", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])]


@pytest.fixture
def operator(world: World) -> Operator:
    return join(world, "operate")


def listed(operator: Operator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operator.send("GET", "/answers").body["data"]
    return found


def ended(operator: Operator, merchant_id: str, dispute_id: str, *, taken: bool) -> Any:
    operator.step_up()
    body = {"merchant_id": merchant_id, "dispute_id": dispute_id, "taken": taken, "reason": "The Customer Area shows it."}
    return operator.send("POST", "/answers", body)


@VERBS
@pytest.mark.parametrize("taken", [True, False])
def test_an_answer_is_listed_while_it_is_not_known_and_ended_as_the_provider_shows_it(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, operator: Operator, verb: str, call: str, taken: bool
) -> None:
    assert (listed(operator), ended(operator, who.merchant_id, dispute_id, taken=taken).status) == ([], 404)
    server.trouble[call], server.acts = CutMidBody(), taken
    answer(world, who, dispute_id, verb)
    (line,) = listed(operator)
    assert (line["dispute_id"], line["merchant_id"], line["answering"]) == (dispute_id, who.merchant_id, verb)
    assert (line["provider"], line["status"]) == ("prism:adyen", "needs_response")
    other = world.register("Another shop")
    assert ended(operator, other.merchant_id, dispute_id, taken=taken).status == 404
    done = ended(operator, who.merchant_id, dispute_id, taken=taken)
    assert (done.status, done.body["answering"]) == (200, None), done.raw
    assert (listed(operator), list(storage.scan_all(OperatorWorkItem))) == ([], [])
    if taken:
        assert show(world, who, dispute_id)["status"] == ("under_review" if verb == "submit" else "accepted")
    else:
        assert show(world, who, dispute_id)["evidence"]["problem"] == "An operator looked at the provider: The Customer Area shows it."
        assert answer(world, who, dispute_id, verb, "again")["status"] == ("under_review" if verb == "submit" else "accepted")
    for log in (REALM, who.merchant_id):
        entry = next(each for each in chain.page(log, limit=20, below=None) if each.operation == "operator_end_answer")
        assert (entry.actor, entry.object_id) == (operator.operator_id, dispute_id)
    assert support.findings() == []


@VERBS
def test_an_answer_that_is_known_at_once_is_never_left_in_the_list(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, operator: Operator, verb: str, call: str
) -> None:
    answer(world, who, dispute_id, verb)
    assert (listed(operator), list(storage.scan_all(OperatorWorkItem))) == ([], [])


def test_an_answer_that_ended_meanwhile_is_not_ended_again(
    world: World, who: Signer, server: adyen.Fake, dispute_id: str, operator: Operator
) -> None:
    server.trouble["/acceptDispute"], server.acts = CutMidBody(), False
    answer(world, who, dispute_id, "accept")
    seen = unknown_answers.find(dispute_id)
    assert ended(operator, who.merchant_id, dispute_id, taken=False).status == 200
    before = show(world, who, dispute_id)
    with pytest.raises(InvalidState):
        unknown_answers.end(seen, is_taken=True, reason="x")
    assert show(world, who, dispute_id) == before
