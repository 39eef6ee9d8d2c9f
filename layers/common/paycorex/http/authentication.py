"""The door's half of the signature check: what the authorizer, which never sees a body, had to leave open.

Fails closed: without an authorizer's context every request is refused.
"""

import hmac
from typing import NoReturn

from paycorex import credentials, settings, signing
from paycorex.credentials import Caller, operators
from paycorex.errors import Forbidden, Unauthorized
from paycorex.http.request import Request
from paycorex.loading import later

with later():
    from paycorex.credentials import operator_sessions

# Such a request needs a body, or version 1 would sign its time alone.
MUTATING = frozenset({"POST", "PATCH", "PUT"})
VERIFIED = "verified"
BODY_PENDING = "body_pending"
# A person's: the authorizer has checked the session, and there is no signature over a body.
BY_SESSION = "session"
# The authorizer has refused it. It is answered from here, because a wrong signature over a body is: both answers look the same.
REFUSED = "refused"
# Never the secret of a key.
_NO_SECRET = b"no such key, same work as with one, and never equal"


def authenticate(request: Request) -> Caller:
    """The caller, once both halves have passed. Raises Unauthorized; the store's trouble stays the store's trouble (503)."""
    try:
        return _authenticated(request)
    except Unauthorized as refusal:
        # Of a signature that cannot be right, the hint says enough; in production the rest is the same for every cause.
        if refusal.hint is not None:
            raise
        details = {"string_to_sign": _string_to_sign(request)} if settings.current().stage != "prod" else None
        raise Unauthorized(refusal.reason, hint=_without_its_version(request), details=details) from None


def _without_its_version(request: Request) -> str | None:
    """For who signed by version 2 and did not say so. By the request alone, after everything else was done alike."""
    if "x-signature-version" in request.headers or not {"x-nonce", "x-content-sha256"} & set(request.headers):
        return None
    return "Without the header X-Signature-Version: 2 a request is read as version 1, which has no X-Nonce and no X-Content-SHA256."


def check_scope(request: Request, caller: Caller, scope: str | None) -> None:
    """Raises Forbidden when the caller lacks a route's scope; of an operator the authorizer has said what is missing."""
    if scope in caller.scopes:
        return
    details: dict[str, object] = {"scope": scope}
    if caller.is_operator and request.authorizer.get("missing") == operator_sessions.NO_FRESH_PASSKEY:
        text = "Use your passkey again: this asks for one that was used in the last five minutes."
        raise Forbidden(text, details=details | {"step_up": True})
    who = "This key" if caller.signs else "Your role"
    raise Forbidden(f"{who} lacks the scope {scope}.", details=details)


def _authenticated(request: Request) -> Caller:
    context = request.authorizer
    if context.get("signature_state") == REFUSED:
        hint = context.get("signature_hint")
        if isinstance(hint, str):
            raise Unauthorized("refused by the authorizer", hint=hint)
        _refuse_like_a_wrong_signature(request)
    try:
        caller = Caller.from_context(context)
    except (KeyError, ValueError) as error:
        raise Unauthorized("no authorizer context") from error
    version, state = context.get("signature_version"), context.get("signature_state")
    # The operators' page and all other routes have no caller in common, whatever an authorizer says.
    if len({caller.is_operator, version == operators.SIGNATURE_VERSION, operators.is_operators(request.path)}) != 1:
        raise Unauthorized("an operator on a merchant's route, or the reverse")
    if version in {BY_SESSION, operators.SIGNATURE_VERSION} and state == VERIFIED:
        return caller
    if version == "2" and state == VERIFIED:
        _check_v2_body(request, str(context.get("body_sha256", "")))
    elif version == "1" and state == BODY_PENDING:
        _check_v1_body(request, caller)
    elif version == "1" and state == VERIFIED:
        if request.body:
            raise Unauthorized("v1 signature without a body came with one", hint="Under version 1 a GET takes no body.")
    else:
        raise Unauthorized("unknown authorizer state")
    return caller


def _refuse_like_a_wrong_signature(request: Request) -> NoReturn:
    """With the same lookup and the same comparison as a wrong one, so that the time says nothing either."""
    _need_a_body(request)
    api_key, timestamp = (request.headers.get(name, ("",)) for name in ("x-api-key", "x-timestamp"))
    credentials.find_key(credentials.key_hash(api_key[0]))
    signing.matches(_NO_SECRET, signing.v1_input(timestamp[0], request.body), "0" * 64)
    raise Unauthorized("refused by the authorizer")


def _check_v2_body(request: Request, signed_hash: str) -> None:
    if not hmac.compare_digest(signing.body_sha256(request.body).encode(), signed_hash.encode()):
        raise Unauthorized("body does not match its signed hash", hint="X-Content-SHA256 is not the SHA-256 of the body that came.")


def _check_v1_body(request: Request, caller: Caller) -> None:
    _need_a_body(request)
    api_key, timestamp, signature = (request.headers.get(name, ()) for name in ("x-api-key", "x-timestamp", "x-signature"))
    if not (len(api_key) == len(timestamp) == len(signature) == 1) or not signing.SIGNATURE.fullmatch(signature[0]):
        raise Unauthorized("signature headers changed after the authorizer")
    key = credentials.find_key(credentials.key_hash(api_key[0]))
    if key is None or key.key_id != caller.key_id:
        raise Unauthorized("key changed after the authorizer")
    if not signing.matches(key.secret, signing.v1_input(timestamp[0], request.body), signature[0]):
        raise Unauthorized("v1 body signature does not match")


def _need_a_body(request: Request) -> None:
    if not request.body and request.method in MUTATING:
        raise Unauthorized("v1 mutation without a body", hint=f"Under version 1 a {request.method} needs a body, such as {{}}.")


def _string_to_sign(request: Request) -> str:
    """What the signature had to be over, by the request alone. Of a body, which may hold a card, version 1 shows only the size and hash."""
    digest = signing.body_sha256(request.body)
    given = {name: request.headers.get(name, ("",))[0] for name in ("x-timestamp", "x-nonce", "idempotency-key", "x-signature-version")}
    if given["x-signature-version"] != "2":
        body = f"<the {len(request.body)} bytes of the body, whose SHA-256 is {digest}>" if request.body else ""
        return f"{given['x-timestamp']}{body}"
    return signing.v2_input(
        method=request.method,
        path=request.path,
        query=request.query,
        timestamp=given["x-timestamp"],
        nonce=given["x-nonce"],
        idempotency_key=given["idempotency-key"],
        body_hash=digest,
    ).decode()
