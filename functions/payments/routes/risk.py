"""Routes of risk: the blocklist, and what risk rules would have done."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from paycorex import clock
from paycorex.contract import Body, ListQuery, Moment, View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import format_minor
from paycorex.records import blocklist_entry
from paycorex.records.blocklist_entry import BlocklistView, Kind
from paycorex.risk_rules import RiskRules
from paycorex.text import Text, clean
from payments.routes.app import app

with later():
    from payments.replay import risk_rules
    from payments.risk import blocklist, store

# Of the payments that would have been stopped, the newest so many are shown.
MAX_SHOWN: Final = 100
NOTES: Final = (
    "A payer's address is in no record: payments on the payers' pages pass a rule that counts by `ip` here.",
    "An e-mail address is known of payments that name a customer; what a request said of its payer is in no record.",
    "A payer who is stopped may try again, and is then counted again: those tries are not known.",
)

Blocked = Annotated[str, StringConstraints(min_length=1, max_length=254), AfterValidator(clean)]


class BlockValue(Body):
    """POST /v1/blocklist. value: of a card the fingerprint of its token."""

    kind: Kind
    value: Blocked
    reason: Annotated[Text, Field(max_length=200)] | None = None
    expires_at: Moment | None = None


class BlocklistQuery(ListQuery):
    """GET /v1/blocklist: all entries, or the one of a value."""

    kind: Kind | None = None
    value: Blocked | None = None


class Blocklist(View):
    """A page of entries, in the order of their ids."""

    data: list[BlocklistView]
    next_cursor: str | None


def _replay(caller: Caller, entry_id: str) -> BlocklistView:
    return blocklist_entry.view(blocklist.find(caller.merchant_id, entry_id))


@app.route("POST", "/v1/blocklist", scope="risk:write", body=BlockValue, answer=BlocklistView, status=201, replay=_replay)
def block_value(call: Call[BlockValue, None]) -> Answer:
    """Block a card, a bank's cards, an address, a customer or an e-mail address, for good or until a time."""
    body = call.body
    made = blocklist.block(
        call.caller.merchant_id,
        body.kind,
        body.value,
        reason=body.reason,
        ends_ms=None if body.expires_at is None else clock.parse_rfc3339(body.expires_at),
        claim=call.claim,
    )
    return Answer(201, blocklist_entry.view(made))


@app.route("GET", "/v1/blocklist", scope="risk:read", query=BlocklistQuery, answer=Blocklist)
def list_blocked(call: Call[None, BlocklistQuery]) -> Answer:
    """What is blocked; with `kind` and `value`, whether that is."""
    query, merchant_id = call.query, call.caller.merchant_id
    if (query.kind is None) is not (query.value is None):
        raise InvalidRequest("Give kind and value together, or neither.", details={"field": "kind"})
    if query.kind is not None and query.value is not None:
        found = blocklist.with_value(merchant_id, query.kind, query.value)
        return Answer(200, Blocklist(data=[blocklist_entry.view(item) for item in found], next_cursor=None))
    items, more = store.page(merchant_id, limit=query.limit, position=call.position("blocklist"))
    data = [blocklist_entry.view(item) for item in items if item.acts]
    return Answer(200, Blocklist(data=data, next_cursor=call.next_cursor("blocklist", more)))


@app.route("DELETE", "/v1/blocklist/{entry_id}", scope="risk:write", answer=BlocklistView, replay=_replay)
def unblock_value(call: Call[None, None]) -> Answer:
    """Remove an entry: its value may pay again."""
    return Answer(200, blocklist_entry.view(blocklist.unblock(call.caller.merchant_id, call.path["entry_id"], claim=call.claim)))


class ReplayRiskRules(Body):
    """POST /v1/risk_replays. last: how many of the newest payments before which rules stand."""

    risk_rules: RiskRules
    last: Annotated[int, Field(ge=1, le=2_000)] = 500


class RuleOutcome(View):
    """What one rule would have done. paid: so many of those that it would have stopped. unknown: what it counts by is not known."""

    rule_id: str
    then: str
    stopped: int
    paid: int
    unknown: int


class StoppedPayment(View):
    """A payment that would have been stopped, and what became of it."""

    payment_id: str
    rule_id: str
    then: str
    status: str
    amount: str
    currency: str
    created_at: str


class RiskRulesReplayed(View):
    """What the rules would have done. `stopped`: the newest 100 of `stopped_count`. complete: false where there were more than one answer
    can look at. notes: what it cannot know.
    """

    payments: int
    stopped_count: int
    rules: list[RuleOutcome]
    stopped: list[StoppedPayment]
    complete: bool
    notes: list[str]


@app.route("POST", "/v1/risk_replays", scope="risk:read", body=ReplayRiskRules, answer=RiskRulesReplayed, self_idempotent=True)
def replay_risk_rules(call: Call[ReplayRiskRules, None]) -> Answer:
    """Which of the newest payments these risk rules would have stopped; writes nothing, and says what it cannot know."""
    call.claim.begin()
    rules = [each.rule() for each in call.body.risk_rules]
    done = risk_rules.run(call.caller.merchant_id, rules, call.body.last)
    by_rule = [(rule, [each for each in done.stopped if each.rule is rule]) for rule in rules]
    outcomes = [
        RuleOutcome(
            rule_id=rule.rule_id,
            then=rule.then,
            stopped=len(stopped),
            paid=sum(each.payment.status == "success" for each in stopped),
            unknown=done.unknown[rule.rule_id],
        )
        for rule, stopped in by_rule
    ]
    newest = [_stopped(each) for each in reversed(done.stopped[-MAX_SHOWN:])]
    answer = RiskRulesReplayed(
        payments=done.payments,
        stopped_count=len(done.stopped),
        rules=outcomes,
        stopped=newest,
        complete=done.complete,
        notes=list(NOTES),
    )
    return Answer(200, answer)


def _stopped(each: "risk_rules.Stopped") -> StoppedPayment:
    item = each.payment
    return StoppedPayment(
        payment_id=item.payment_id,
        rule_id=each.rule.rule_id,
        then=each.rule.then,
        status=item.status,
        amount=format_minor(int(item.amount), item.currency),
        currency=item.currency,
        created_at=clock.rfc3339(int(item.created_at)),
    )
