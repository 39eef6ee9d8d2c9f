"""Routes of routing: what is known of connectors, and what other rules would have done."""

from typing import Annotated

from pydantic import Field

from paycorex.contract import Body, ListQuery
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.routing_rules import Rules
from payments.routes import routing_answers as answers
from payments.routes.app import app

with later():
    from paycorex.routing_outcomes import store
    from payments.replay import arms, replay


class ReplayRules(Body):
    """POST /v1/routing/replay. last: how many of the newest decided payments that went through connectors."""

    routing_rules: Rules
    last: Annotated[int, Field(ge=1, le=2_000)] = 500


@app.route("POST", "/v1/routing/replay", scope="payments:read", body=ReplayRules, answer=answers.RulesReplayed, self_idempotent=True)
def replay_rules(call: Call[ReplayRules, None]) -> Answer:
    """What these rules would have done with the newest payments; writes nothing, and says what it cannot know."""
    call.claim.begin()
    rules = [each.rule() for each in call.body.routing_rules]
    done = replay.replay(call.caller.merchant_id, rules, call.body.last)
    return Answer(200, answers.replayed(done))


@app.route("GET", "/v1/routing/segments", scope="payments:read", query=ListQuery, answer=answers.SegmentList)
def list_segments(call: Call[None, ListQuery]) -> Answer:
    """What routing knows of the merchant's connectors; kept where there is a choice between them."""
    rows, more = store.page(call.caller.merchant_id, call.position("segments"), call.query.limit)
    data = [answers.segment(row) for row in rows]
    return Answer(200, answers.SegmentList(data=data, next_cursor=call.next_cursor("segments", more)))


@app.route("GET", "/v1/routing/experiments/{experiment_id}", scope="payments:read", answer=answers.ExperimentArmsView)
def show_experiment(call: Call[None, None]) -> Answer:
    """An experiment, and how the payments of each arm went."""
    item = arms.find(call.caller.merchant_id, call.path["experiment_id"])
    return Answer(200, answers.experiment(item, arms.count(item)))
