"""Routes of what waits for a second person, and of the passkey that is used again before a dangerous act."""

from typing import Any

from paycorex import clock
from paycorex.approvals.demands import FRESH_SECONDS
from paycorex.credentials import Caller
from paycorex.credentials.roles import OWN
from paycorex.http import Answer, App, Call
from paycorex.records import approval
from paycorex.records.approval import ApprovalView
from people import approvals, challenges, passkeys, people, recorded, signing_in, views
from people.records import STEP_UP
from people.requests import ApprovalsQuery, DecideApproval, StepUp
from people.routes.signing import TIMEOUT_MS, base_url_of, browser_of

_STEP_UP = "/v1/console/session/step_up"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("POST", _STEP_UP, scope=OWN, answer=views.SignInChallenge, status=201, self_idempotent=True)(begin_step_up)
    app.route("PATCH", _STEP_UP, scope=OWN, body=StepUp, answer=views.SteppedUp, self_idempotent=True)(step_up)
    app.route("GET", "/v1/approvals", scope=OWN, query=ApprovalsQuery, answer=views.ApprovalList)(list_approvals)
    app.route("GET", "/v1/approvals/{approval_id}", scope=OWN, answer=ApprovalView)(show_approval)
    app.route("PATCH", "/v1/approvals/{approval_id}", scope=OWN, body=DecideApproval, answer=ApprovalView, replay=_replay)(decide_approval)


def _replay(caller: Caller, approval_id: str) -> ApprovalView:
    return approval.view(approvals.find(caller, approval_id))


def begin_step_up(call: Call[None, None]) -> Answer:
    """A challenge for one's passkey, within a session."""
    site = passkeys.site_of(base_url_of(call))
    challenge = challenges.begin(STEP_UP, call.caller.key_id)
    return Answer(201, views.SignInChallenge(challenge=passkeys.text_of(challenge), rp_id=site.rp_id, timeout_ms=TIMEOUT_MS))


def step_up(call: Call[StepUp, None]) -> Answer:
    """Use one's passkey again. For five minutes the session may do what asks for a fresh one."""
    person, session_id = people.find(call.caller.merchant_id, call.caller.key_id), _session(call)
    signing_in.step_up(browser_of(call), person, session_id, call.body.credential.answer())
    recorded.note(
        call.caller.merchant_id, "step_up", actor=person.person_id, person=person, browser=browser_of(call), session_id=session_id
    )
    return Answer(200, views.SteppedUp(fresh_until=clock.rfc3339(clock.now_ms() + FRESH_SECONDS * 1000)))


def _session(call: Call[Any, Any]) -> str:
    return str(call.request.authorizer.get("session_id", ""))


def list_approvals(call: Call[None, ApprovalsQuery]) -> Answer:
    """Acts that wait for a second person, or waited: those that one asked for, and those that one could do. The newest first."""
    found, more = approvals.page(call.caller, limit=call.query.limit, position=call.position("approvals"))
    data = [approval.view(item) for item in found]
    return Answer(200, views.ApprovalList(data=data, next_cursor=call.next_cursor("approvals", more)))


def show_approval(call: Call[None, None]) -> Answer:
    """One of them."""
    return Answer(200, approval.view(approvals.find(call.caller, call.path["approval_id"])))


def decide_approval(call: Call[DecideApproval, None]) -> Answer:
    """Approve what another person asked for, reject it, or withdraw what one asked for oneself.

    Approved, it is carried out by the same request of the same person, sent again within a day.
    """
    body, context = call.body, call.request.authorizer
    done = approvals.decide(call.caller, call.path["approval_id"], body.decision, reason=body.reason, context=context, claim=call.claim)
    return Answer(200, approval.view(done))
