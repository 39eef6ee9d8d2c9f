"""What stands before a person's dangerous act: a passkey that was just used, and where the merchant says so a second person."""

from dataclasses import replace
from typing import Any

from paycorex.http.routes import Call, Route
from paycorex.idempotency import claims
from paycorex.loading import later

with later():
    # Few requests are a person's, and few of those dangerous.
    from paycorex.approvals import demands


def checked(route: Route, call: Call[Any, Any]) -> Call[Any, Any]:
    """The call as it is let through, or refused with what is missing. A retry of what was carried out is a replay, and no act.

    Raises approvals.demands.StepUpNeeded, SecondPersonNeeded, Conflict, what the route's `danger` raises, and KeyReused.
    """
    assert route.danger is not None
    assert route.scope is not None
    kinds = route.danger(call)
    if not kinds or _is_replay(route, call):
        return call
    request = call.request
    demands.check_fresh(request.authorizer, route.scope)
    digest = claims.hash_request(request.method, request.path, None, call.body)
    if route.digest is not None:
        digest = f"{digest}#{route.digest(call)}"
    demands.check_second(
        demands.Act(
            caller=call.caller,
            kinds=kinds,
            scope=route.scope,
            method=request.method,
            path=request.path,
            body=call.body,
            digest=digest,
            claim=call.claim.names[0],
            source_ip=request.source_ip,
            context=request.authorizer,
        )
    )
    return replace(call, dangers=frozenset(kinds))


def _is_replay(route: Route, call: Call[Any, Any]) -> bool:
    claim = call.claim if route.digest is None else call.claim.including(route.digest(call))
    return claim.find() is not None
