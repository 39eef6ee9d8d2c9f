"""One domain's HTTP door: routes, and the handler that Lambda calls.

The order of checks: authenticate, scope, parse, claim, call. Nothing of a handler's own runs before the signature has passed in full.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from paycorex import clock, ids, request_rates, storage
from paycorex.backoff import jitter
from paycorex.credentials import Caller
from paycorex.errors import Forbidden, InvalidRequest, Refusal, TemporarilyUnavailable, Unauthorized
from paycorex.gateway_event import is_greedy, path_of
from paycorex.http import authentication, no_route, recording, validation
from paycorex.http.answers import Answer, error_body, gateway_response, internal_error, refusal_answer
from paycorex.http.request import Request, docs_url_of
from paycorex.http.request_log import RequestLog
from paycorex.http.router import Router
from paycorex.http.routes import MUTATING, Call, Route
from paycorex.http.single_use import SignatureUse
from paycorex.idempotency import Claim, Remembered, claims, items
from paycorex.idempotency.items import ClaimItem, Overtaken

Event = Mapping[str, Any]
IDEMPOTENCY_KEY_MAX: Final = 255
# Another transaction is busy with the same rows, which does not mean that they are taken.
_REMEMBERING_TRIES: Final = 6
_REMEMBERING_SECONDS: Final = 0.05


class App:
    """The routes of one domain. `handler` is the Lambda's.

    known: methods by path of the whole API, for the one domain that answers where no route is; the domain's own when None.
    """

    def __init__(self, service: str, *, known: Callable[[], no_route.Paths] | None = None) -> None:
        self.service: Final = service
        self._known = known
        self.routes: Final[list[Route]] = []
        self._router = Router[Route]()
        self._log = RequestLog(service)

    def route(  # noqa: PLR0913 - a declaration: every argument is named where it is used
        self,
        method: str,
        path: str,
        *,
        scope: str | None = None,
        public: bool = False,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        answer: type[BaseModel] | None = None,
        status: int = 200,
        other_status: int | None = None,
        other_answer: type[BaseModel] | None = None,
        self_idempotent: bool = False,
        replay: Callable[[Caller, str], BaseModel] | None = None,
        digest: Callable[[Call[Any, Any]], str] | None = None,
        raw_body: bool = False,
        media_types: tuple[str, ...] = (),
        refused: Callable[[Answer], Answer] | None = None,
        addressed: Callable[[Call[Any, Any], Any], BaseModel] | None = None,
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Register a function for a method and path.

        A route needs a scope or must say that it is public. A mutating one either says `replay` (how a replay finds its record; the
        function must then write `call.claim.rows(...)` in its transaction) or `self_idempotent` (it answers replays itself).
        """
        if (scope is None) is not public:
            raise AssertionError(f"{path}: a scope or public, one of the two")
        if method in MUTATING and not public and (replay is None) is not self_idempotent:
            raise AssertionError(f"{path}: a mutation says how it is replayed")

        def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
            summary = (function.__doc__ or "").strip().partition("\n")[0]
            found = Route(
                method,
                path,
                function,
                scope,
                body,
                query,
                answer,
                status,
                other_status,
                other_answer,
                public,
                self_idempotent,
                replay,
                digest,
                raw_body,
                media_types,
                summary,
                refused,
                addressed,
            )
            self.routes.append(found)
            self._router.add(method, path, found)
            return function

        return register

    def handler(self, event: Event, _context: object) -> dict[str, Any]:
        """The Lambda handler: always answers, never raises."""
        self._event = event = {**event, "path": path_of(event)}
        self._log.begin(event)
        # The gateway's own, so that what it answers by itself and what a door answers look alike.
        self._request_id = str((event.get("requestContext") or {}).get("requestId") or ids.new("req"))
        method = str(event.get("httpMethod", "")).upper()
        # What came by the route for everything else is for no route, whatever it looks like: no authorizer was asked.
        found = None if is_greedy(event) else self._router.find(method, event["path"])
        if found is None:
            # Methods are case-sensitive (RFC 9110, 9.1): `get` is none of ours.
            refusal = no_route.refusal((self._known or self._own)(), str(event.get("httpMethod", "")), event["path"])
            return gateway_response(self._finished(refusal_answer(refusal, self._request_id)))
        return gateway_response(self._run(*found))

    def _run(self, route: Route, parameters: Mapping[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            return self._finished(self._answer(route, parameters), route, started)
        except Refusal as refusal:
            self._log.reason(refusal.reason if isinstance(refusal, Unauthorized) else None)
            answer = refusal_answer(refusal, self._request_id)
        except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
            self._log.reason(f"{type(trouble).__name__}: {trouble}")
            answer = refusal_answer(TemporarilyUnavailable(), self._request_id)
        except Exception as error:  # noqa: BLE001 - the last line of defence: logged with its stack, answered with a fixed text
            self._log.failure(error)
            answer = internal_error(self._request_id)
        return self._finished(answer if route.refused is None else _as_page(route.refused, answer), route, started)

    def _answer(self, route: Route, parameters: Mapping[str, str]) -> Answer:
        request = Request.from_event(self._event)
        if route.public:
            return self._public(route, request, parameters)
        caller = authentication.authenticate(request)
        self._log.caller(caller)
        request_rates.take(caller)
        by_v1 = request.authorizer.get("signature_version") == "1"
        if not (by_v1 and route.mutating):
            return self._signed(route, request, caller, parameters, None)
        use = SignatureUse(route, request, caller)
        try:
            return self._signed(route, request, caller, parameters, use)
        except Refusal as refusal:
            use.note(refusal)
            raise
        except Exception:
            use.hold()
            raise

    def _signed(self, route: Route, request: Request, caller: Caller, parameters: Mapping[str, str], use: SignatureUse | None) -> Answer:
        """Answer a request whose signature holds. use: of a v1 signature, which must not be used twice."""
        if route.scope not in caller.scopes:
            who = "Your role" if caller.is_person else "This key"
            raise Forbidden(f"{who} lacks the scope {route.scope}.", details={"scope": route.scope})
        key = _idempotency_key(request)
        validation.check_path(parameters)
        body = validation.parse_body(route.body, request)
        query = validation.parse_query(route.query, request)
        claim = Claim.of(
            caller.merchant_id,
            # A session signs nothing: without a key each of its requests is a new one.
            signature=ids.new("req") if caller.is_person else request.header("x-signature") or "",
            key=key,
            key_is_signed=use is None,
            request_hash=claims.hash_request(request.method, request.path, key, body),
            unsigned_hash=use.unsigned_hash if use else None,
        )
        call = Call(caller, body, query, dict(parameters), claim, request, self._request_id)
        answer = recording.recorded(route, call, lambda: self._once(route, call)) if route.mutating else route.function(call)
        # With a key a client knows that this may be a retry; without one, equal requests in one moment of v1 look alike.
        return answer if key is not None else answer.saying_replayed()

    def _public(self, route: Route, request: Request, parameters: Mapping[str, str]) -> Answer:
        validation.check_path(parameters)
        body = None if route.raw_body else validation.parse_body(route.body, request)
        query = validation.parse_query(route.query, request)
        key = _idempotency_key(request)
        hashed = claims.hash_request(request.method, request.path, key, body)
        # A public route has no merchant to scope a key to: the key names this very request only, so another client may use the same key.
        # Without a signature and without a key every request is a new one.
        named = None if key is None else hashed
        claim = Claim.of("public", signature=ids.new("req"), key=named, key_is_signed=True, request_hash=hashed)
        call = Call(None, body, query, dict(parameters), claim, request, self._request_id)  # type: ignore[arg-type]  # a public route has no caller
        return recording.operated(route, call, lambda: route.function(call))

    def _once(self, route: Route, call: Call[Any, Any]) -> Answer:
        """Run a mutation unless its claim is taken; a refusal that is the request's outcome is remembered too."""
        if route.self_idempotent:
            return self._claimed_by_record(route, call)
        if route.digest is not None:
            call = replace(call, claim=call.claim.including(route.digest(call)))
        known = call.claim.find()
        if known is not None:
            return self._replayed(route, call, known)
        try:
            return route.function(call)
        except storage.WriteRefused as refused:
            known = call.claim.find()
            if known is None:
                self._log.reason(f"{type(refused).__name__}: {refused}")
                raise Overtaken from refused
            return self._replayed(route, call, known)
        except Refusal as refusal:
            known = self._remember(call.claim, refusal)
            if known is None:
                raise
            # The effect is there: a concurrent equal request was faster, or the first try succeeded and its answer was lost.
            return self._replayed(route, call, known)

    def _claimed_by_record(self, route: Route, call: Call[Any, Any]) -> Answer:
        try:
            return route.function(call)
        except Remembered as known:
            return self._replayed(route, call, known.item)

    def _replayed(self, route: Route, call: Call[Any, Any], known: ClaimItem) -> Answer:
        if known.refusal is not None:
            refusal = items.refusal_of(known.refusal)
            return replace(refusal_answer(refusal, self._request_id), body=error_body(refusal, self._request_id)).replayed()
        assert route.replay is not None
        shown = route.replay(call.caller, known.reference or "")
        return Answer(int(known.status), shown if route.addressed is None else route.addressed(call, shown)).replayed()

    def _remember(self, claim: Claim, refusal: Refusal) -> ClaimItem | None:
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

    def _finished(self, answer: Answer, route: Route | None = None, started: float | None = None) -> Answer:
        seconds = 0.0 if started is None else time.perf_counter() - started
        self._log.finish(self._request_id, route.path if route else None, answer, seconds)
        answer = answer.documented(docs_url_of(self._event))
        return replace(answer, headers={"X-Request-Id": self._request_id, **answer.headers})

    def _own(self) -> no_route.Paths:
        return no_route.by_path((route.method, route.path) for route in self.routes)


def _as_page(page: Callable[[Answer], Answer], refusal: Answer) -> Answer:
    shown = page(refusal)
    return replace(shown, headers={**refusal.headers, **shown.headers}, code=refusal.code)


def _idempotency_key(request: Request) -> str | None:
    key = request.header("idempotency-key")
    if key is not None and not (1 <= len(key) <= IDEMPOTENCY_KEY_MAX and key.isascii() and key.isprintable()):
        raise InvalidRequest(f"An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_MAX} printable ASCII characters.")
    return key
