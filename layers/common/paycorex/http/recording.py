"""Every change goes through here on its way to its door's function, and into the merchant's audit log: the one place for all doors.

What is begun is noted first; a change that cannot be noted is not made. Requests that only ask are left out, and of what a shop's own
system does by a key the operations of `OWN_RECORDS`. The same done by a person is recorded.
"""

from collections.abc import Callable
from typing import Any, Final

from paycorex import clock, ids, redaction, storage
from paycorex.credentials import operators
from paycorex.credentials.operators import REALM
from paycorex.errors import Refusal
from paycorex.http.answers import Answer
from paycorex.http.routes import Call, Route
from paycorex.loading import later

with later():
    # What is signed with a key is seldom recorded.
    from paycorex.audit import chain, contents, entry
    from paycorex.credentials import sessions

# Payers' traffic by the machines of a shop, as often as they buy: the operation, and the record of its own that shows it. A chain of
# entries, one behind another, would hold it up. Nothing else is left out: what a key erases, ends or switches off has no record that stays.
OWN_RECORDS: Final = {
    "create_payment": "the payment, its event, the ledger's journal",
    "pay_from_wallet": "the payment, its event, the ledger's journal",
    "capture_payment": "the capture, its event, the ledger's journal",
    "void_payment": "the end of the payment's hold with its reason, its event",
    "increment_hold": "a part of the payment's hold",
    "create_refund": "the refund, its event, the ledger's journal",
    "refund_to_wallet": "the refund, its event, the ledger's journal",
    "create_wallet": "the wallet",
    "top_up_wallet": "the ledger's journal",
    "create_token": "the token",
    "create_session": "the checkout session",
    "create_customer": "the customer",
    "issue_customer_token": "nothing is stored: a signed text that ends by itself",
}
# Of these scopes a route without a claim changes something all the same: the record is the claim.
_CLAIMED_BY_RECORD: Final = frozenset({"payments:write", "wallet:write", "customers:write", "checkout:write"})
_CUSTOMERS: Final = "customers:write"
logger = redaction.logger("audit")


def is_change(route: Route) -> bool:
    """Whether a route changes something of a merchant: a route that only asks by POST writes no claim, or has a scope that reads."""
    if route.public or not route.mutating or route.scope is None or route.scope.endswith(":read"):
        return False
    if route.scope in operators.SCOPES:
        return route.scope != operators.OWN or not route.self_idempotent
    return not route.self_idempotent or route.scope in _CLAIMED_BY_RECORD


def is_recorded(route: Route, call: Call[Any, Any]) -> bool:
    """Whether this call belongs into the audit log."""
    if not is_change(route) or getattr(call.body, "dry_run", False):
        return False
    return not call.caller.signs or route.function.__name__ not in OWN_RECORDS


def recorded(route: Route, call: Call[Any, Any], run: Callable[[], Answer]) -> Answer:
    """Carry the call out and record it, unless it changed nothing (a refusal, a replay).

    Raises what `run` raises; storage.Unavailable or storage.OutcomeUnknown when it could not be noted, so that nothing was done.
    """
    if not is_recorded(route, call):
        return run()
    before = _record(route, call)
    fields = _fields(route, call, contents.text(before))

    def outcome(answer: Answer) -> dict[str, str]:
        return _outcome(route, call, before, answer)

    merchant_id = call.path.get("merchant_id") or getattr(call.body, "merchant_id", None) or ""
    if call.caller.is_operator and ids.is_id("mer", merchant_id):
        # On both sides: what operators do to a merchant is the merchant's to see.
        both = fields | {"audit_id": ids.new("aud"), "actor_name": f"operator {fields['actor_name']}", "session_id": ""}
        return _noted(REALM, fields, lambda: _noted(merchant_id, both, run, outcome), outcome)
    return _noted(call.caller.merchant_id, fields, run, outcome)


def operated(route: Route, call: Call[Any, Any], run: Callable[[], Answer]) -> Answer:
    """The same for what an operator changes of a merchant, by AWS IAM."""
    merchant_id = call.path.get("merchant_id", "")
    if not (route.mutating and call.request.operator and ids.is_id("mer", merchant_id)):
        return run()
    fields = _fields(route, call, "") | {"actor": call.request.operator, "actor_name": "operator"}
    return _noted(merchant_id, fields, run, lambda answer: _outcome(route, call, None, answer))


def _noted(merchant_id: str, fields: dict[str, Any], run: Callable[[], Answer], outcome: Callable[[Answer], dict[str, str]]) -> Answer:
    chain.begin(merchant_id, fields)
    try:
        answer = run()
    except Refusal as refusal:
        # Of a 5xx it is not known what was done before it: the note stays, and becomes an entry that says so.
        if refusal.status < 500:
            _or_later(lambda: chain.drop(merchant_id, fields["audit_id"]))
        raise
    if "Idempotent-Replayed" in answer.headers:
        _or_later(lambda: chain.drop(merchant_id, fields["audit_id"]))
        return answer
    _or_later(lambda: chain.append(merchant_id, fields | outcome(answer)))
    return answer


def _fields(route: Route, call: Call[Any, Any], before: str) -> dict[str, Any]:
    request = call.request
    return {
        "audit_id": ids.new("aud"),
        "at": clock.now_ms(),
        "actor": call.caller.key_id if call.caller else "",
        "actor_name": str(request.authorizer.get("person_name", "")),
        "operation": route.function.__name__,
        "method": route.method,
        "path": request.path,
        "object_id": _last(call, ""),
        "asked": contents.text(_plain(route, call.body)),
        "before": before,
        "after": "",
        "outcome": entry.DONE,
        "source_ip": request.source_ip,
        "agent": sessions.agent_of(request.headers),
        "session_id": str(request.authorizer.get("session_id", "")),
        "request_id": call.request_id,
    }


def _plain(route: Route, content: Any) -> Any:
    return contents.plain(content, of_customer=route.scope == _CUSTOMERS)


def _last(call: Call[Any, Any], otherwise: str) -> str:
    """The last id in the path: of what is changed."""
    return list(call.path.values())[-1] if call.path else otherwise


def _record(route: Route, call: Call[Any, Any]) -> Any:
    """The record before the change, as a replay of the route would show it: so it holds no secret. None where there is none yet."""
    if route.before is not None:
        return _shown_before(route, call)
    if route.replay is None or not (call.path or route.method == "PATCH"):
        return None
    reference = _last(call, call.caller.merchant_id)
    try:
        return _plain(route, route.replay(call.caller, reference))
    except (Refusal, ValueError):
        # None that is there, or a route whose replay reads its answer out of the claim, and not the record by the id in the path.
        return None


def _shown_before(route: Route, call: Call[Any, Any]) -> Any:
    assert route.before is not None
    try:
        return _plain(route, route.before(call))
    except Refusal:
        return None


def _outcome(route: Route, call: Call[Any, Any], before: Any, answer: Answer) -> dict[str, str]:
    shown = None if isinstance(answer.body, str | bytes) else _plain(route, answer.body)
    was, now = contents.differing(before, shown)
    made = "" if call.path or not isinstance(shown, dict) else next((str(v) for k, v in shown.items() if k.endswith("_id") and v), "")
    found = {"before": contents.text(was), "after": contents.text(now)}
    return found | ({"object_id": made} if made else {})


def _or_later(write: Callable[[], object]) -> None:
    """What cannot be written now must not hide what was done: the note is there, and an entry follows."""
    try:
        write()
    except (Refusal, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        logger.warning("audit entry follows later", extra={"reason": str(trouble)})
