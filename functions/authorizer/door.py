"""Lambda authorizer of the REST API (type REQUEST, result caching off).

A refusal is a Deny policy, which the gateway answers with the 401 body for every cause alike; trouble is an exception, which it answers
with 503. Where the door has the last word (v1 with a body), a refusal goes to the door as well, without a caller: a wrong
signature is answered there, and who answers would tell a known key from an unknown one. So does one that needs no key to be explained,
with its text; and outside production all, since there the door shows what the signature had to be over.

A request without a signature and with a session's cookie is a person's (`authorizer.people`). The routes of the operators' page are open
to operators' sessions alone, whatever else a request brings (`authorizer.operators`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from paycorex import loading

with loading.at_once():
    from authorizer import checks, operators, people, usage
    from paycorex import aws, redaction, settings, storage
    from paycorex.credentials.operators import is_operators
    from paycorex.errors import Unauthorized
    from paycorex.gateway_event import headers_of, path_of, query_of

    aws.warm("dynamodb", "kms")

_NO_ONE: Final = "anonymous"
# Who sends none of them has not tried to sign: a browser, or a robot. The gateway answers alone.
_OURS: Final = ("x-api-key", "x-timestamp", "x-signature", "authorization")
# Principal and context of who comes in.
_Decision = tuple[str, Mapping[str, str]]
logger = redaction.logger("authorizer")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """The policy: Allow with the caller's context or with a refusal for the door, or Deny. Raises when it cannot decide."""
    method, path = str(event.get("httpMethod", "")), path_of(event)
    where = {"method": method, "path": path[:200], "gateway_request_id": (event.get("requestContext") or {}).get("requestId")}
    signed = None
    headers = headers_of(event)
    resource = str(event.get("resource", ""))
    if is_operators(path) or is_operators(resource):
        return _by_session(event, where, lambda: operators.decide(headers, method, resource, logger))
    if people.has_session(headers):
        return _by_session(event, where, lambda: people.decide(headers, resource, logger))
    try:
        signed = checks.read_headers(headers)
        checks.check_use(signed, headers, method)
        verdict = checks.decide(signed, method=method, path=path, query=query_of(event))
    except Unauthorized as refusal:
        logger.info("denied", extra={**where, "reason": refusal.reason})
        return _refused(event, refusal, is_for_the_door=signed is not None and checks.is_body_pending(signed, method))
    try:
        usage.note(verdict.key)
    except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
        logger.warning("last use not noted", extra={**where, "reason": str(trouble)})
    context = {
        **verdict.caller.to_context(),
        "signature_version": verdict.signature_version,
        "signature_state": verdict.signature_state,
        "body_sha256": verdict.body_sha256,
    }
    return _policy(verdict.caller.key_id, "Allow", str(event["methodArn"]), context)


def _by_session(event: Mapping[str, Any], where: Mapping[str, Any], decide: Callable[[], _Decision]) -> dict[str, Any]:
    try:
        principal, context = decide()
    except Unauthorized as refusal:
        logger.info("denied", extra={**where, "reason": refusal.reason})
        return _policy(_NO_ONE, "Deny", str(event["methodArn"]), {})
    return _policy(principal, "Allow", str(event["methodArn"]), context)


def _refused(event: Mapping[str, Any], refusal: Unauthorized, *, is_for_the_door: bool) -> dict[str, Any]:
    """A refusal that has something to say is answered by the door, which can say it.

    In production not to who sent no header of a signature.
    """
    is_answered = settings.current().stage != "prod" or any(name in headers_of(event) for name in _OURS)
    if refusal.hint is not None and is_answered:
        context = {"signature_version": "1", "signature_state": checks.REFUSED, "signature_hint": refusal.hint}
        return _policy(_NO_ONE, "Allow", str(event["methodArn"]), context)
    if is_for_the_door or settings.current().stage != "prod":
        context = {"signature_version": "1", "signature_state": checks.REFUSED}
        return _policy(_NO_ONE, "Allow", str(event["methodArn"]), context)
    return _policy(_NO_ONE, "Deny", str(event["methodArn"]), {})


def _policy(principal: str, effect: str, resource: str, context: Mapping[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
