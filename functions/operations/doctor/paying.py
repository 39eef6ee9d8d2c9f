"""The trial payment over HTTP, and with the same merchant: its providers' credentials, and a webhook that goes out."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from operations import trial_payment
from operations.doctor import outside
from operations.doctor.findings import Finding, ok, skipped, wrong
from operations.doctor.stack import Stack
from operations.trial_payment import Credentials, Send, TrialFailed
from paycorex import parameters, safe_http
from paycorex.ledger.proof import proof_key
from paycorex.records.delivery import SENT

_TODO: Final = "see docs/runbook.md; the log of the function that answered has the request's id"


def sender(stack: Stack, base_url: str) -> Send:
    """Requests over HTTP. No answer is TrialFailed."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        try:
            answer = safe_http.send(method, base_url + path, headers, body, policy=outside.policy(stack), timeout_seconds=30)
        except (safe_http.NotSent, safe_http.OutcomeUnknown) as error:
            raise TrialFailed(f"{method} {path}", f"no answer: {error}") from error
        return answer.status, answer.headers, answer.body

    return send


def credentials() -> Credentials | None:
    """The reserved merchant's; None when there is none. Raises ValueError for a parameter that is none of `check-merchant`'s."""
    try:
        return Credentials.parse(parameters.read(trial_payment.PARAMETER))
    except parameters.ParameterMissing:
        return None


def payment(stack: Stack, base_url: str, *, wait_for_proof_seconds: float) -> Iterator[Finding]:
    """A payment by the reserved merchant, and its proof."""
    reserved = credentials()
    if reserved is None:
        yield skipped("payment", "there is no reserved merchant", f"paycorex --stack {stack.name} admin check-merchant")
        return
    key = proof_key.pem(proof_key.public_key(stack.outputs["ProofKeyArn"])).encode()
    try:
        trial = trial_payment.run(sender(stack, base_url), reserved, public_key_pem=key, wait_for_proof_seconds=wait_for_proof_seconds)
    except TrialFailed as failed:
        yield wrong("payment", str(failed), _TODO)
        return
    yield ok("payment", f"{trial.payment_id} was paid once, by a signed request")
    if trial.is_proven:
        yield ok("proof", f"checked offline with the stack's key after {trial.proof_seconds:.0f} seconds")
    else:
        todo = "see 'The newest checkpoint is too old' in docs/runbook.md: the streams, the schedule of CheckpointFunction, its key"
        yield wrong("proof", f"no checkpoint covers the payment after {trial.proof_seconds:.0f} seconds", todo)


def providers(stack: Stack, base_url: str) -> Iterator[Finding]:
    """Providers that the reserved merchant has credentials for accept them, asked through the deployed functions."""
    reserved = credentials()
    if reserved is None:
        return
    client = trial_payment.Client(sender(stack, base_url), reserved)
    try:
        merchant = client.call("the merchant", "GET", "/v1/merchants/me", expected=(200,))
        for name in merchant.get("connectors") or {}:
            said = client.call("credentials", "POST", f"/v1/merchants/connectors/{name}/verify", expected=(200,))
            if said.get("accepted"):
                yield ok(f"provider {name}", "accepts the reserved merchant's credentials")
            else:
                what = f"refuses the reserved merchant's credentials: {said.get('reason')}"
                yield wrong(f"provider {name}", what, "PATCH /v1/merchants/me with new ones, as that merchant")
    except TrialFailed as failed:
        yield wrong("providers", str(failed), _TODO)


def processors(stack: Stack, base_url: str) -> Iterator[Finding]:
    """Processors that the deployed functions cannot use, and why. Everything else works without them."""
    reserved = credentials()
    if reserved is None:
        return
    client = trial_payment.Client(sender(stack, base_url), reserved)
    listed: list[Mapping[str, Any]] = []
    try:
        cursor: str | None = ""
        while cursor is not None:
            page = client.call("the processors", "GET", f"/v1/processors?limit=100{cursor and f'&cursor={cursor}'}", expected=(200,))
            listed += page["data"]
            cursor = page["next_cursor"]
    except TrialFailed as failed:
        yield wrong("processors", str(failed), _TODO)
        return
    lost = [one for one in listed if one["unavailable_reason"]]
    if lost:
        what = f"{len(lost)} of {len(listed)} cannot be used: {lost[0]['unavailable_reason']}"
        yield skipped("processors", what, "make build where the package index has their library, and deploy again")
    else:
        yield ok("processors", f"{len(listed)} can be used")


def webhook(stack: Stack, base_url: str, target: str | None) -> Iterator[Finding]:
    """A webhook goes out to a receiver that answers, and its endpoint is taken away again."""
    reserved = credentials()
    if target is None or reserved is None:
        yield skipped("webhook", "none was sent", "name a receiver of yours with --webhook-url https://…")
        return
    client = trial_payment.Client(sender(stack, base_url), reserved)
    try:
        made = client.call("a webhook endpoint", "POST", "/v1/webhooks/provider", {"url": target}, expected=(201,))
        try:
            sent = client.call("a webhook", "POST", f"/v1/webhooks/provider/{made['endpoint_id']}/test", expected=(200,))
        finally:
            client.call("an endpoint's removal", "DELETE", f"/v1/webhooks/provider/{made['endpoint_id']}", expected=(200, 204))
    except TrialFailed as failed:
        yield wrong("webhook", str(failed), _TODO)
        return
    yield _delivered(sent)


def _delivered(sent: Mapping[str, object]) -> Finding:
    if sent.get("status") == SENT:
        return ok("webhook", "it was delivered")
    return wrong(
        "webhook", f"it was not delivered: {json.dumps(sent)[:300]}", "look at the receiver, and whether its address may be called"
    )
