"""What a person writes off is looked for no more: it asks for a passkey that was just used, and for a second person where one is needed."""

import json

import pytest

from paycorex.approvals import demands
from settlements.matching.states import State
from tests.integration.people.test_dangerous_acts import choose, decide, step_up, waiting
from tests.integration.settlements.books import Books
from tests.support.bank import Payout, bank_lines, imported, report
from tests.support.expectations import assert_refused, nothing_written
from tests.support.people import Person, join
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


@pytest.fixture
def admin(world: World, merchant: Signer, owner: Person) -> Person:
    return join(world, merchant, "admin")


@pytest.fixture
def missing(world: World, merchant: Signer) -> str:
    """The path of the decision about an item that no report brings."""
    books = Books(merchant.merchant_id)
    books.pay("a", 1000)
    books.reconcile()
    world.clock.now += 7 * 86_400
    books.reconcile()
    assert books.ours("a").state == State.MISSING
    return f"/v1/reconciliation/items/{books.ours('a').item_id}/resolve"


@pytest.fixture
def short(merchant: Signer) -> str:
    """The path of the decision about a bank line that brings less than its payout."""
    report(merchant, ONE)
    imported(merchant, "camt053", files.mock_bank([Movement(9_900, "UTR0000000001")], 0, "camt053"))
    return f"/v1/bank/lines/{bank_lines(merchant)[0].bank_line_id}/resolve"


@pytest.mark.parametrize("of", ["missing", "short"])
@pytest.mark.parametrize("action", ["write_off", "correct"])
def test_a_write_off_asks_for_a_passkey_and_a_second_person(
    world: World, owner: Person, admin: Person, request: pytest.FixtureRequest, of: str, action: str
) -> None:
    path, body = request.getfixturevalue(of), {"action": action, "reason": "lost"}
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.sign_in()
    choose(world, owner, ["write_offs"])
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.send("GET", "/v1/merchants/me")
    with nothing_written(world, but_outcomes=True):
        refused = owner.send("POST", path, body)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"]["step_up"] is True
    assert step_up(owner).status == 200
    approval_id = waiting(owner.send("POST", path, body))
    admin.sign_in()
    shown = json.loads(admin.send("GET", f"/v1/approvals/{approval_id}").body["asked"])
    assert (shown["action"], shown["of"]["amount"]) == (action, "10.00" if of == "missing" else "99.00")
    assert decide(admin, approval_id).status == 200
    assert owner.send("POST", path, body, idempotency_key="k").status == 200
    assert owner.send("POST", path, body, idempotency_key="k").status == 200


def test_what_books_nothing_and_what_a_machine_does_wait_for_no_one(world: World, merchant: Signer, owner: Person, missing: str) -> None:
    owner.sign_in()
    choose(world, owner, ["write_offs"])
    world.clock.now += demands.FRESH_SECONDS + 1
    assert owner.send("POST", missing, {"action": "claim", "reason": "asked for"}).status == 200
    assert world.call(merchant, "POST", missing, {"action": "write_off", "reason": "lost"}).status == 200
