"""One domain's HTTP door: routes, and the handler that Lambda calls.

The order of checks: authenticate, scope, parse, claim, call. Nothing of a handler's own runs before the signature has passed in full.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from paycorex import ids, loading, request_rates, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest, Refusal, TemporarilyUnavailable, Unauthorized
from paycorex.gateway_event import headers_of, is_greedy, path_of
from paycorex.http import authentication, compression, dangers, no_route, once, recording, validation
from paycorex.http.answers import Answer, gateway_response, internal_error, refusal_answer
from paycorex.http.later_modules import LaterModules
from paycorex.http.request import Request, docs_url_of
from paycorex.http.request_log import RequestLog
from paycorex.http.router import Router
from paycorex.http.routes import MUTATING, Call, RefusedPage, Route
from paycorex.http.single_use import SignatureUse
from paycorex.idempotency import Claim, claims

Event = Mapping[str, Any]
IDEMPOTENCY_KEY_MAX: Final = 255


class App:
    """The routes of one domain. `handler` is the Lambda's.

    known: methods by path of the whole API, for the one domain that answers where no route is; the domain's own when None.
    """

    def __init__(self, service: str, *, known: Callable[[], no_route.Paths] | None = None) -> None:
        self.service: Final = service
        self._known = known
        self._routes: Final[list[Route]] = []
        self._router = Router[Route]()
        self._later = LaterModules()
        self._log = RequestLog(service)

    @property
    def routes(self) -> list[Route]:
        """All of them: loads the modules that wait."""
        self.load()
        return self._routes

    def later(self, module: str, *paths: str) -> None:
        """A module of routes for the first request below one of these paths: it registers them when it is imported."""
        if not self._later:
            loading.with_the_rest(self.load)
        self._later.add(module, paths)

    def load(self) -> None:
        """Import what waits."""
        self._later.load()

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
        files: Mapping[str, str] = MappingProxyType({}),
        refused: RefusedPage | None = None,
        addressed: Callable[[Call[Any, Any], Any], BaseModel] | None = None,
        before: Callable[[Call[Any, Any]], BaseModel] | None = None,
        danger: Callable[[Call[Any, Any]], Collection[str]] | None = None,
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Register a function for a method and path.

        A route needs a scope or must say that it is public. A mutating one either says `replay` (how a replay finds its record; the
        function must then write `call.claim.rows(...)` in its transaction) or `self_idempotent` (it answers replays itself). files: media
        types by format. Each is a route too, `path/format`, whose function finds that format in its query.
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
                before,
                danger,
                tuple(files),
            )
            self._add(found)
            for name, media_type in files.items():
                self._add(replace(found, path=f"{path}/{name}", answer=None, media_types=(media_type,), files=(), file=name))
            return function

        return register

    def _add(self, route: Route) -> None:
        self._routes.append(route)
        self._router.add(route.method, route.path, route)

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        self._later.load_below(path)
        return self._router.find(method, path)

    def handler(self, event: Event, _context: object) -> dict[str, Any]:
        """The Lambda handler: always answers, never raises."""
        event = {**event, "path": path_of(event)}
        self._log.begin(event)
        # The gateway's own, so that what it answers by itself and what a door answers look alike.
        self._request_id = str((event.get("requestContext") or {}).get("requestId") or ids.new("req"))
        method = str(event.get("httpMethod", "")).upper()
        # What came by the route for everything else is for no route, whatever it looks like: no authorizer was asked.
        found = None if is_greedy(event) else self._find(method, event["path"])
        if found is None:
            # Methods are case-sensitive (RFC 9110, 9.1): `get` is none of ours.
            refusal = no_route.refusal((self._known or self._own)(), str(event.get("httpMethod", "")), event["path"])
            return gateway_response(self._finished(event, refusal_answer(refusal, self._request_id)))
        answer = self._run(event, *found)
        # What a session opens is never compressed: `compression` says why.
        return gateway_response(compression.packed(answer, headers_of(event)) if found[0].public else answer)

    def _run(self, event: Event, route: Route, parameters: Mapping[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            return self._finished(event, self._answer(event, route, parameters), route, started)
        except Refusal as refusal:
            self._log.reason(refusal.reason if isinstance(refusal, Unauthorized) else None)
            answer = refusal_answer(refusal, self._request_id)
        except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
            self._log.reason(f"{type(trouble).__name__}: {trouble}")
            answer = refusal_answer(TemporarilyUnavailable(), self._request_id)
        except Exception as error:  # noqa: BLE001 - the last line of defence: logged with its stack, answered with a fixed text
            self._log.failure(error)
            answer = internal_error(self._request_id)
        if route.refused is not None:
            answer = _as_page(route.refused, answer, headers_of(event))
        return self._finished(event, answer, route, started)

    def _answer(self, event: Event, route: Route, parameters: Mapping[str, str]) -> Answer:
        request = Request.from_event(event)
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
        authentication.check_scope(request, caller, route.scope)
        key = _idempotency_key(request)
        validation.check_path(parameters)
        body = validation.parse_body(route.body, request)
        query = validation.parse_query(route.query, request, file=route.file)
        claim = Claim.of(
            caller.merchant_id,
            # A session signs nothing: without a key each of its requests is a new one.
            signature=(request.header("x-signature") or "") if caller.signs else ids.new("req"),
            key=key,
            key_is_signed=use is None,
            request_hash=claims.hash_request(request.method, request.path, key, body),
            unsigned_hash=use.unsigned_hash if use else None,
        )
        call = Call(caller, body, query, dict(parameters), claim, request, self._request_id)
        if route.danger is not None and caller.is_person:
            call = dangers.checked(route, call)
        answer = (
            recording.recorded(route, call, lambda: once.run(route, call, self._log.reason)) if route.mutating else route.function(call)
        )
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

    def _finished(self, event: Event, answer: Answer, route: Route | None = None, started: float | None = None) -> Answer:
        seconds = 0.0 if started is None else time.perf_counter() - started
        self._log.finish(self._request_id, route.path if route else None, answer, seconds)
        answer = answer.documented(docs_url_of(event))
        return replace(answer, headers={"X-Request-Id": self._request_id, **answer.headers})

    def _own(self) -> no_route.Paths:
        return no_route.by_path((route.method, route.path) for route in self.routes)


def _as_page(page: RefusedPage, refusal: Answer, headers: Mapping[str, tuple[str, ...]]) -> Answer:
    shown = page(refusal, headers)
    return replace(shown, headers={**refusal.headers, **shown.headers}, code=refusal.code)


def _idempotency_key(request: Request) -> str | None:
    key = request.header("idempotency-key")
    if key is not None and not (1 <= len(key) <= IDEMPOTENCY_KEY_MAX and key.isascii() and key.isprintable()):
        raise InvalidRequest(f"An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_MAX} printable ASCII characters.")
    return key
