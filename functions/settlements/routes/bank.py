"""Routes of the bank: its lines, what is decided about one, and where the money is."""

from collections.abc import Collection
from typing import Final

from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.ledger import Entity
from paycorex.money import format_minor
from paycorex.records import bank_line
from paycorex.records.bank_line import BankLineItem, BankLineView
from settlements.bank import deciding, position
from settlements.requests import BankLinesQuery, ResolveBankLine
from settlements.routes import dangers
from settlements.routes.app import app
from settlements.stores import bank_lines as store

READ: Final = "settlements:read"
WRITE: Final = "settlements:write"


class BankLineList(View):
    """A page of bank lines, newest first."""

    data: list[BankLineView]
    next_cursor: str | None


class InTransit(View):
    """What one connector paid out and no bank line shows. `explained`: by payouts and by differences that are named."""

    source: str
    amount: str
    explained: str
    unexplained: str
    payouts: int


class HeldAt(View):
    """What is held at one provider, or on one chain."""

    source: str
    amount: str


class BankPosition(View):
    """Where the money of one currency is (`bank` to `on_chains`), and whose it is (`merchant` to `users`): both sides are equal.

    `fees` and `tax` are costs, so negative. `users`: what wallets hold. `explained`: each unit in transit has a name.
    """

    currency: str
    bank: str
    in_transit: list[InTransit]
    at_providers: list[HeldAt]
    on_chains: list[HeldAt]
    total: str
    merchant: str
    suspense: str
    disputed: str
    fees: str
    tax: str
    platform_fees: str
    users: str
    explained: bool


class BankPositions(View):
    """All currencies of a merchant."""

    data: list[BankPosition]


def _found(caller: Caller, bank_line_id: str) -> BankLineItem:
    item = store.find(bank_line_id)
    if item is None or item.merchant_id != caller.merchant_id:
        raise NotFound("bank line")
    return item


def _replay(caller: Caller, bank_line_id: str) -> BankLineView:
    return bank_line.view(_found(caller, bank_line_id))


@app.route("GET", "/v1/bank/lines", scope=READ, query=BankLinesQuery, answer=BankLineList)
def list_bank_lines(call: Call[None, BankLinesQuery]) -> Answer:
    """Lines of bank statements by filter, newest first; `open` are those with which something is left to do."""
    query, name = call.query, "bank-lines"

    def keep(item: BankLineItem) -> bool:
        is_state = query.state in {None, item.state} or (query.state == "open" and item.open_key is not None)
        return is_state and query.currency in {None, item.currency} and query.account in {None, item.account}

    page = store.of_merchant(call.caller.merchant_id, keep=keep, limit=query.limit, position=call.position(name))
    data = [bank_line.view(item) for item in page.items]
    return Answer(200, BankLineList(data=data, next_cursor=call.next_cursor(name, page.position)))


@app.route("GET", "/v1/bank/lines/{bank_line_id}", scope=READ, answer=BankLineView)
def show_bank_line(call: Call[None, None]) -> Answer:
    """One line of a bank statement, with the payouts that it brings and what was decided about it."""
    return Answer(200, bank_line.view(_found(call.caller, call.path["bank_line_id"])))


def _danger(call: Call[ResolveBankLine, None]) -> Collection[str]:
    return dangers.of_decision(call.body.action, call.body, lambda: dangers.of_line(_found(call.caller, call.path["bank_line_id"])))


@app.route(
    "POST",
    "/v1/bank/lines/{bank_line_id}/resolve",
    scope=WRITE,
    body=ResolveBankLine,
    answer=BankLineView,
    replay=_replay,
    danger=_danger,
)
def resolve_bank_line(call: Call[ResolveBankLine, None]) -> Answer:
    """Decide about an open line: which settlement it brings, whose its difference is, or that it is none of the platform's."""
    body, line = call.body, _found(call.caller, call.path["bank_line_id"])
    rows = call.claim.rows(reference=line.bank_line_id, status=200)
    after = deciding.decide(line, body.action, body.reason, call.caller.key_id, body.settlement_id, rows)
    return Answer(200, bank_line.view(after))


@app.route("GET", "/v1/bank/position", scope=READ, answer=BankPositions)
def show_bank_position(call: Call[None, None]) -> Answer:
    """Where the money is, by currency: in the bank, in transit, at providers, on chains; and to whom it belongs."""
    return Answer(200, BankPositions(data=bank_positions(call.caller.merchant_id)))


def bank_positions(merchant_id: str) -> list[BankPosition]:
    """Where a merchant's money is, by currency. Raises storage.Unavailable."""
    return [_view(each) for each in position.of_merchant(merchant_id)]


def _view(found: position.Position) -> BankPosition:
    def amount(minor: int) -> str:
        return format_minor(minor, found.currency)

    def held(places: dict[str, int]) -> list[HeldAt]:
        return [HeldAt(source=source, amount=amount(minor)) for source, minor in sorted(places.items()) if minor]

    return BankPosition(
        currency=found.currency,
        bank=amount(found.bank),
        in_transit=[
            InTransit(
                source=source,
                amount=amount(each.balance),
                explained=amount(each.explained),
                unexplained=amount(each.balance - each.explained),
                payouts=each.payouts,
            )
            for source, each in sorted(found.transit.items())
        ],
        at_providers=held(found.providers),
        on_chains=held(found.chains),
        total=amount(found.there),
        **{name: amount(found.owed[Entity(name)]) for name in ("merchant", "suspense", "disputed", "fees", "tax", "platform_fees")},
        users=amount(found.users),
        explained=found.is_explained,
    )
