"""Routes of the reconciliation: what of each clearing account is explained, the items, and what is decided about one."""

from typing import Any, Final

from paycorex import clock
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.money import format_minor
from paycorex.records import ledger_proof
from paycorex.records import reconciliation_item as record
from paycorex.records.ledger_proof import EntryProof
from paycorex.records.reconciliation_item import ReconciliationItem, ReconciliationItemView
from paycorex.records.reconciliation_position import ReconciliationPosition
from settlements import day_proofs
from settlements.matching import proving, resolving
from settlements.matching.proving import Explained
from settlements.matching.states import Action
from settlements.requests import DayQuery, ReconciliationQuery, Resolve
from settlements.routes.app import app
from settlements.routes.bank import BankPosition, bank_positions
from settlements.stores import reconciliation as store

READ: Final = "settlements:read"
WRITE: Final = "settlements:write"


class StateCount(View):
    """The open items of one state."""

    state: str
    count: int
    amount: str


class AgeCount(View):
    """How many open items are younger than so many days, and not younger than the step before; `days` is null for all older ones."""

    days: int | None
    count: int


class ClearingAccount(View):
    """One clearing account as far as it was read into items. `proved`: its balance is the sum of its open items."""

    source: str
    currency: str
    balance: str
    explained: str
    unexplained: str
    proved: bool
    exceptions: int
    items: list[StateCount]
    ages: list[AgeCount]
    read_at: str | None


class Reconciliation(View):
    """All clearing accounts of a merchant, and where its money is. `proved`: of the clearing accounts."""

    proved: bool
    accounts: list[ClearingAccount]
    bank: list[BankPosition]


class ReconciliationDayProof(View):
    """A stated day with the proofs of its own entry and of each lane's newest entry."""

    document: dict[str, Any]
    sealed: bool
    statement: EntryProof
    lanes: list[EntryProof]


class ReconciliationItemList(View):
    """A page of items, newest first."""

    data: list[ReconciliationItemView]
    next_cursor: str | None


@app.route("GET", "/v1/reconciliation", scope=READ, answer=Reconciliation)
def show_reconciliation(call: Call[None, None]) -> Answer:
    """What of each clearing account is explained, with its open items by state and age; and where the money is."""
    accounts = [_account(position, proving.explain(position)) for position in store.positions(call.caller.merchant_id)]
    bank = bank_positions(call.caller.merchant_id)
    return Answer(200, Reconciliation(proved=all(account.proved for account in accounts), accounts=accounts, bank=bank))


@app.route("GET", "/v1/reconciliation/items", scope=READ, query=ReconciliationQuery, answer=ReconciliationItemList)
def list_reconciliation_items(call: Call[None, ReconciliationQuery]) -> Answer:
    """Items by filter, newest first: what is open, unless a state is named."""
    query, name = call.query, "reconciliation"

    def keep(item: ReconciliationItem) -> bool:
        is_state = item.open_key is not None if query.state in {None, "open"} else query.state == item.state
        by_fields = {
            (query.source, item.source),
            (query.currency, item.currency),
            (query.payment_id, item.payment_id),
            (query.settlement_id, item.settlement_id),
        }
        return is_state and all(wanted in {None, found} for wanted, found in by_fields)

    page = store.of_merchant(call.caller.merchant_id, keep=keep, limit=query.limit, position=call.position(name))
    data = [record.view(item) for item in page.items]
    return Answer(200, ReconciliationItemList(data=data, next_cursor=call.next_cursor(name, page.position)))


@app.route("GET", "/v1/reconciliation/days/{day}", scope=READ, query=DayQuery, answer=ReconciliationDayProof)
def show_reconciliation_day(call: Call[None, DayQuery]) -> Answer:
    """What was stated of a clearing account at the end of a day, and the proof of it.

    `sealed` is false until checkpoints cover all of it: ask again after a minute or two. To check it offline: `docs/reconciliation.md`.
    """
    document, proofs = day_proofs.of_day(call.caller, call.query.source, call.query.currency, call.path["day"])
    shown = ledger_proof.view("", proofs)
    return Answer(200, ReconciliationDayProof(document=document, sealed=shown.sealed, statement=shown.entries[0], lanes=shown.entries[1:]))


def _replay(caller: Caller, item_id: str) -> ReconciliationItemView:
    return record.view(resolving.find(caller, item_id))


@app.route("GET", "/v1/reconciliation/items/{item_id}", scope=READ, answer=ReconciliationItemView)
def show_reconciliation_item(call: Call[None, None]) -> Answer:
    """One item, with what was decided about it."""
    return Answer(200, record.view(resolving.find(call.caller, call.path["item_id"])))


@app.route("POST", "/v1/reconciliation/items/{item_id}/resolve", scope=WRITE, body=Resolve, answer=ReconciliationItemView, replay=_replay)
def resolve_reconciliation_item(call: Call[Resolve, None]) -> Answer:
    """Decide about an open item.

    `write_off`: what is open is the cost of providers. `correct`: the merchant's balance follows the provider. `claim`: it was asked for at
    the provider, and stays open. `accept`: a fee that differs is right. Each journal names who and why; nothing is ever edited.
    """
    body = call.body
    return Answer(200, record.view(resolving.resolve(call.caller, call.claim, call.path["item_id"], Action(body.action), body.reason)))


def _account(position: ReconciliationPosition, found: Explained) -> ClearingAccount:
    def amount(minor: int) -> str:
        return format_minor(minor, found.currency)

    return ClearingAccount(
        source=found.source,
        currency=found.currency,
        balance=amount(found.balance),
        explained=amount(found.explained),
        unexplained=amount(found.unexplained),
        proved=found.is_proved,
        exceptions=found.exceptions,
        items=[StateCount(state=state, count=count, amount=amount(minor)) for state, (count, minor) in found.items.items()],
        ages=[AgeCount(days=days, count=count) for days, count in zip((*proving.AGES, None), found.ages, strict=True)],
        read_at=None if position.updated_at is None else clock.rfc3339(int(position.updated_at)),
    )
