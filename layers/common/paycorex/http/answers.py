"""Answers and errors in API Gateway's shape."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from pydantic import BaseModel

from paycorex import redaction
from paycorex.errors import MethodNotAllowed, Refusal

JSON_TYPE = "application/json"
# What a Lambda may answer, as the JSON that its runtime makes of the response (AWS Lambda quotas, synchronous invocation).
MAX_RESPONSE_BYTES: Final = 6_291_556

# Browsers that were here once never come by plain HTTP again (RFC 6797). They ignore it where there is no TLS, as on the local platform.
_EVERY_ANSWER: Final = {"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000"}


def bytes_in_response(text: str) -> int:
    """How many bytes of a response a text takes at most: escaped as JSON, and as ASCII, as the older of Lambda's runtimes write it."""
    return len(json.dumps(text)) - len('""')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers: a model (or JSON-ready dict), text, or bytes such as an image."""

    status: int
    body: BaseModel | dict[str, Any] | str | bytes
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    # For the log line only.
    code: str | None = None

    def replayed(self) -> Self:
        """The same answer, marked as the outcome of an earlier request."""
        return replace(self, headers={**self.headers, "Idempotent-Replayed": "true"})

    def saying_replayed(self) -> Self:
        """The same answer; a replay says so in its body too: `replayed`, of a refusal among its details."""
        if "Idempotent-Replayed" not in self.headers or isinstance(self.body, str | bytes):
            return self
        body = self.body.model_dump(mode="json") if isinstance(self.body, BaseModel) else dict(self.body)
        if "error" in body:
            body["error"] = {**body["error"], "details": {**body["error"]["details"], "replayed": True}}
        else:
            body["replayed"] = True
        return replace(self, body=body)

    def documented(self, docs: str) -> Self:
        """The same answer; an error says where its code is explained: in the catalogue of the documentation at `docs`."""
        if not isinstance(self.body, dict) or not isinstance(self.body.get("error"), dict):
            return self
        error = self.body["error"]
        return replace(self, body={**self.body, "error": {**error, "doc_url": doc_url(docs, str(error["code"]))}})

    def content(self) -> str | bytes:
        """The body as it is sent."""
        if isinstance(self.body, BaseModel):
            return self.body.model_dump_json(exclude_unset=False)
        if isinstance(self.body, dict):
            return json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        return self.body


def doc_url(docs: str, code: str) -> str:
    """Where a code is explained. docs: the root of the documentation."""
    return f"{docs}/reference/errors/#{code}"


def gateway_response(answer: Answer) -> dict[str, Any]:
    """The answer as API Gateway takes it from a proxy function. Bytes go as base64."""
    content = answer.content()
    is_binary = isinstance(content, bytes)
    headers = {**_EVERY_ANSWER, "Content-Type": answer.content_type, **answer.headers}
    return {
        "statusCode": answer.status,
        "body": base64.b64encode(content).decode() if isinstance(content, bytes) else content,
        "isBase64Encoded": is_binary,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def refusal_answer(refusal: Refusal, request_id: str) -> Answer:
    """The documented error body. A 401 has no challenge: API Gateway renames that header of a function, and so shows who refused."""
    headers = {} if refusal.retry_after_seconds is None else {"Retry-After": str(refusal.retry_after_seconds)}
    if isinstance(refusal, MethodNotAllowed):
        headers["Allow"] = ", ".join(refusal.allow)
    return Answer(refusal.status, error_body(refusal, request_id), headers=headers, code=refusal.code)


def error_body(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """`{"error": {code, message, details, request_id}}`; the app adds `doc_url`, which needs to know where it was asked."""
    return {
        "error": {
            "code": refusal.code,
            # Messages quote names of fields, and a name may be anything.
            "message": redaction.mask(refusal.message),
            "details": refusal.details,
            "request_id": request_id,
        }
    }


def internal_error(request_id: str) -> Answer:
    """The one text for everything that should not have happened."""
    refusal = Refusal("Something went wrong on our side. The request id names it in the log.", code="internal_error")
    return refusal_answer(refusal, request_id)
