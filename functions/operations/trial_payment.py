"""A payment that shows that a stack works: signed, paid from a wallet, repeated under the same key, and its proof checked offline.

It is made by a merchant that is reserved for it, in money of its own wallet. Who carries requests to the stack is the caller's business:
over HTTP, or by invoking a function that gets no traffic yet.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from paycorex import clock, signing
from paycorex.ledger.proof import proof_check

# method, path with query, headers, body -> status, headers, body.
type Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

AMOUNT: Final = "1.00"
# The parameter with the reserved merchant's credentials, below the stack's prefix.
PARAMETER: Final = "check-merchant"
USER: Final = "release-check"
_POLL_SECONDS: Final = 5.0


class TrialFailed(Exception):
    """A step did not do what it should. step: its name; the message says what was answered, without secrets."""

    def __init__(self, step: str, what: str) -> None:
        super().__init__(f"{step}: {what}")
        self.step = step


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """The reserved merchant's key."""

    api_key: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> "Credentials":
        """From the parameter's JSON. Raises ValueError."""
        content = json.loads(text)
        if not isinstance(content, dict) or not all(isinstance(content.get(name), str) for name in ("api_key", "secret")):
            raise ValueError("the credentials of the reserved merchant are not readable")
        return cls(content["api_key"], content["secret"])


@dataclass(frozen=True, slots=True)
class Trial:
    """What was shown. is_proven: false when no checkpoint covered the payment in the time that was given."""

    payment_id: str
    is_proven: bool
    proof_seconds: float


def run(send: Send, credentials: Credentials, *, public_key_pem: bytes, wait_for_proof_seconds: float) -> Trial:
    """Pay and prove. public_key_pem: the stack's proof key, from KMS and not from the proof.

    Raises TrialFailed, and whatever `send` raises.
    """
    client = Client(send, credentials)
    # There from the last time on.
    client.call("a wallet", "POST", "/v1/wallet/create", {"user_id": USER}, expected=(201, 409))
    client.call("a top-up", "POST", "/v1/wallet/topup", {"user_id": USER, "amount": AMOUNT}, expected=(201,))
    order, key = {"amount": AMOUNT, "method": "wallet", "user_id": USER}, secrets.token_hex(16)
    paid = client.call("a payment", "POST", "/v1/payments/create", order, key=key, expected=(201,))
    if paid.get("status") != "success":
        raise TrialFailed("a payment", f"its status is {paid.get('status')!r}, not success")
    payment_id = str(paid["payment_id"])
    again = client.call("the same payment again", "POST", "/v1/payments/create", order, key=key, expected=(200, 201))
    if again.get("payment_id") != payment_id:
        raise TrialFailed("the same payment again", "the same Idempotency-Key made another payment")
    _refuse_forgery(client, payment_id)
    return _prove(client, payment_id, public_key_pem, wait_for_proof_seconds)


def _refuse_forgery(client: "Client", payment_id: str) -> None:
    """A stack that lets anyone in would pass every other step."""
    status = client.status("GET", f"/v1/payments/{payment_id}", forged=True)
    if status != 401:
        raise TrialFailed("a forged signature", f"it was answered {status}, not 401")


def _prove(client: "Client", payment_id: str, public_key_pem: bytes, wait_seconds: float) -> Trial:
    began = clock.now_seconds()
    while True:
        document = client.call("a proof", "GET", f"/v1/payments/{payment_id}/proof", expected=(200,))
        waited = clock.now_seconds() - began
        try:
            proof_check.check(document, public_key_pem)
        except proof_check.NotSealedYet:
            if waited + _POLL_SECONDS > wait_seconds:
                return Trial(payment_id, is_proven=False, proof_seconds=waited)
            clock.sleep(_POLL_SECONDS)
        except proof_check.ProofRefused as refused:
            raise TrialFailed("a proof", str(refused)) from refused
        else:
            return Trial(payment_id, is_proven=True, proof_seconds=waited)


@dataclass(frozen=True, slots=True)
class Client:
    """Signs with v2 and reads answers."""

    send: Send
    credentials: Credentials

    def call(
        self, step: str, method: str, target: str, body: Any = None, *, key: str | None = None, expected: tuple[int, ...]
    ) -> dict[str, Any]:
        raw = b"" if body is None else json.dumps(body).encode()
        status, _headers, answer = self.send(method, target, self._signed(method, target, raw, key), raw)
        if status not in expected:
            raise TrialFailed(step, f"{method} {target} was answered {status}: {answer[:300].decode(errors='replace')}")
        try:
            content = json.loads(answer)
        except ValueError as error:
            raise TrialFailed(step, f"{method} {target} was answered {status} without JSON") from error
        return content if isinstance(content, dict) else {}

    def status(self, method: str, target: str, *, forged: bool) -> int:
        headers = self._signed(method, target, b"", None)
        if forged:
            headers["X-Signature"] = hmac.new(secrets.token_bytes(32), target.encode(), "sha256").hexdigest()
        return self.send(method, target, headers, b"")[0]

    def _signed(self, method: str, target: str, raw: bytes, key: str | None) -> dict[str, str]:
        path, _, query = target.partition("?")
        moment, nonce, digest = str(int(clock.outside_seconds() * 1000)), secrets.token_hex(16), signing.body_sha256(raw)
        message = signing.v2_input(
            method=method,
            path=path,
            query=parse_qsl(query, keep_blank_values=True),
            timestamp=moment,
            nonce=nonce,
            idempotency_key=key or "",
            body_hash=digest,
        )
        headers = {
            "Content-Type": "application/json",
            "X-API-Key": self.credentials.api_key,
            "X-Timestamp": moment,
            "X-Nonce": nonce,
            "X-Content-SHA256": digest,
            "X-Signature-Version": "2",
            "X-Signature": signing.sign(self.credentials.secret.encode(), message),
        }
        return headers | ({"Idempotency-Key": key} if key else {})
