"""A mutation runs once: its claim is looked for first, a retry is answered from the record, an outcome that is a refusal is remembered."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from paycorex import clock, storage
from paycorex.backoff import jitter
from paycorex.errors import Refusal, TemporarilyUnavailable
from paycorex.http.answers import Answer, error_body, refusal_answer
from paycorex.http.routes import Call, Route
from paycorex.idempotency import Claim, Remembered, items
from paycorex.idempotency.items import ClaimItem, Overtaken

# Another transaction is busy with the same rows, which does not mean that they are taken.
_REMEMBERING_TRIES: Final = 6
_REMEMBERING_SECONDS: Final = 0.05


def run(route: Route, call: Call[Any, Any], note: Callable[[str], None]) -> Answer:
    """Run a mutation unless its claim is taken; a refusal that is the request's outcome is remembered too.

    note: takes the reason of a lost write, for the log. Raises Overtaken when other rows than the claim were in the way,
    TemporarilyUnavailable rather than answer with an outcome that a retry might not repeat, and what the route's function raises.
    """
    if route.self_idempotent:
        return _claimed_by_record(route, call)
    if route.digest is not None:
        call = replace(call, claim=call.claim.including(route.digest(call)))
    known = call.claim.find()
    if known is not None:
        return _replayed(route, call, known)
    try:
        return route.function(call)
    except storage.WriteRefused as refused:
        known = call.claim.find()
        if known is None:
            note(f"{type(refused).__name__}: {refused}")
            raise Overtaken from refused
        return _replayed(route, call, known)
    except Refusal as refusal:
        known = _remember(call.claim, refusal)
        if known is None:
            raise
        # The effect is there: a concurrent equal request was faster, or the first try succeeded and its answer was lost.
        return _replayed(route, call, known)


def _claimed_by_record(route: Route, call: Call[Any, Any]) -> Answer:
    try:
        return route.function(call)
    except Remembered as known:
        return _replayed(route, call, known.item)


def _replayed(route: Route, call: Call[Any, Any], known: ClaimItem) -> Answer:
    if known.refusal is not None:
        refusal = items.refusal_of(known.refusal)
        return replace(refusal_answer(refusal, call.request_id), body=error_body(refusal, call.request_id)).replayed()
    assert route.replay is not None
    shown = route.replay(call.caller, known.reference or "")
    return Answer(int(known.status), shown if route.addressed is None else route.addressed(call, shown)).replayed()


def _remember(claim: Claim, refusal: Refusal) -> ClaimItem | None:
    """Remember a refusal that is the request's outcome; what is remembered instead, when the claim is taken.

    Raises TemporarilyUnavailable rather than answer with an outcome that a retry might not repeat.
    """
    if not items.is_remembered(refusal):
        return None
    for attempt in range(_REMEMBERING_TRIES):
        try:
            storage.transact(claim.refusal_rows(refusal))
        except storage.TransactionRefused as refused:
            if any(reason.is_condition for reason in refused.reasons):
                return claim.find()
            clock.sleep(jitter(_REMEMBERING_SECONDS * (attempt + 1)))
        else:
            return None
    raise TemporarilyUnavailable from refusal
