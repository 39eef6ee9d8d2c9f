"""Routes of the reconciliation: what of each clearing account is explained, the items, and what is decided about one."""

from collections.abc import Collection
from typing import Any, Final

from paycorex import clock, storage
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, Call, csv_export
from paycorex.money import format_minor
from paycorex.records import ledger_proof
from paycorex.records import reconciliation_item as record
from paycorex.records.ledger_proof import EntryProof
from paycorex.records.reconciliation_item import BANK_LINE, ReconciliationItem, ReconciliationItemView
from paycorex.records.reconciliation_position import ReconciliationPosition, is_on_chain
from settlements import day_proofs
from settlements.bank import items as of_bank
from settlements.matching import proving, resolving
from settlements.matching.proving import Explained
from settlements.matching.states import Action
from settlements.requests import DayQuery, ReconciliationQuery, Resolve
from settlements.routes import dangers
from settlements.routes.app import app
from settlements.routes.bank import BankPosition, bank_positions
from settlements.stores import reconciliation as store

READ: Final = "settlements:read"
WRITE: Final = "settlements:write"
CSV: Final = {"csv": "text/csv"}


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
    """One account as far as it was read into items. `proved`: its balance is the sum of its open items.

    held: what of a network's balance the chain shows. source: a connector or network, for what it holds; `bank_in_transit:<connector>` for
    what that one has paid out.
    """

    source: str
    currency: str
    balance: str
    held: str | None
    explained: str
    unexplained: str
    proved: bool
    exceptions: int
    items: list[StateCount]
    ages: list[AgeCount]
    read_at: str | None


class Reconciliation(View):
    """All accounts of a merchant that others' documents explain, and where its money is. `proved`: of all these accounts."""

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
    accounts = [_account(position, proving.explain(position)) for position in store.accounts(call.caller.merchant_id)]
    bank = bank_positions(call.caller.merchant_id)
    return Answer(200, Reconciliation(proved=all(account.proved for account in accounts), accounts=accounts, bank=bank))


@app.route("GET", "/v1/reconciliation/items", scope=READ, query=ReconciliationQuery, answer=ReconciliationItemList, files=CSV)
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

    def page(limit: int, position: str | None) -> storage.Merged[ReconciliationItem]:
        return store.of_merchant(call.caller.merchant_id, keep=keep, limit=limit, position=position)

    if query.format == "csv":
        limit = query.limit if "limit" in query.model_fields_set else None
        columns = [column for column in ReconciliationItemView.model_fields if column != "decisions"]
        text, position = csv_export.export(
            columns, page, record.view, position_of=lambda item: item.order_key, position=call.position(name), limit=limit
        )
        return csv_export.answer("reconciliation-items", text, call.next_cursor(name, position))
    shown = page(query.limit, call.position(name))
    data = [record.view(item) for item in shown.items]
    return Answer(200, ReconciliationItemList(data=data, next_cursor=call.next_cursor(name, shown.position)))


@app.route("GET", "/v1/reconciliation/days/{day}", scope=READ, query=DayQuery, answer=ReconciliationDayProof)
def show_reconciliation_day(call: Call[None, DayQuery]) -> Answer:
    """What was stated of a clearing account at the end of a day, and the proof of it.

    `sealed` is false until checkpoints cover all of it: ask again after a minute or two. To check it offline: `docs/reconciliation.md`.
    """
    document, proofs = day_proofs.of_day(call.caller, call.query.source, call.query.currency, call.path["day"])
    shown = ledger_proof.view("", proofs)
    return Answer(200, ReconciliationDayProof(document=document, sealed=shown.sealed, statement=shown.entries[0], lanes=shown.entries[1:]))


def _replay(caller: Caller, item_id: str) -> ReconciliationItemView:
    item = resolving.find(caller, item_id)
    return record.view(of_bank.complete(item) if item.side == BANK_LINE else item)


@app.route("GET", "/v1/reconciliation/items/{item_id}", scope=READ, answer=ReconciliationItemView)
def show_reconciliation_item(call: Call[None, None]) -> Answer:
    """One item, with what was decided about it."""
    return Answer(200, record.view(resolving.find(call.caller, call.path["item_id"])))


def _danger(call: Call[Resolve, None]) -> Collection[str]:
    return dangers.of_decision(call.body.action, call.body, lambda: dangers.of_item(resolving.find(call.caller, call.path["item_id"])))


@app.route(
    "POST",
    "/v1/reconciliation/items/{item_id}/resolve",
    scope=WRITE,
    body=Resolve,
    answer=ReconciliationItemView,
    replay=_replay,
    danger=_danger,
)
def resolve_reconciliation_item(call: Call[Resolve, None]) -> Answer:
    """Decide about an open item.

    `write_off`: what is open is the cost of providers. `correct`: the merchant's balance follows the provider. `claim`: it was asked for at
    the provider, and stays open. `accept`: a fee that differs is right, or a bank line brings the settlement that is named. `write_off`
    sets a bank line aside that is of no provider. Each journal names who and why; nothing is ever edited.
    """
    body, item = call.body, resolving.find(call.caller, call.path["item_id"])
    if item.side == BANK_LINE:
        return Answer(200, record.view(of_bank.resolve(call.caller, call.claim, item, body.action, body.reason, body.settlement_id)))
    if body.settlement_id is not None:
        raise InvalidRequest("A settlement is named for a bank line only.", details={"field": "settlement_id"})
    return Answer(200, record.view(resolving.resolve(call.caller, call.claim, item.item_id, Action(body.action), body.reason)))


def _account(position: ReconciliationPosition, found: Explained) -> ClearingAccount:
    def amount(minor: int) -> str:
        return format_minor(minor, found.currency)

    return ClearingAccount(
        source=found.source,
        currency=found.currency,
        balance=amount(found.balance),
        held=amount(found.held) if is_on_chain(found.source) else None,
        explained=amount(found.explained),
        unexplained=amount(found.unexplained),
        proved=found.is_proved,
        exceptions=found.exceptions,
        items=[StateCount(state=state, count=count, amount=amount(minor)) for state, (count, minor) in found.items.items()],
        ages=[AgeCount(days=days, count=count) for days, count in zip((*proving.AGES, None), found.ages, strict=True)],
        read_at=None if position.updated_at is None else clock.rfc3339(int(position.updated_at)),
    )
