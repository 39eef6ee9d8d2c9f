"""An HTTP request as API Gateway's REST proxy event carries it."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from paycorex import settings
from paycorex.errors import InvalidRequest
from paycorex.gateway_event import Event, headers_of, query_of

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; `path` is as signed: without the stage and the base path of a custom domain."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    source_ip: str
    gateway_request_id: str
    # Where this API was reached, for links to it: scheme, host and stage, without a final slash.
    base_url: str
    authorizer: Mapping[str, object]
    # Who signed with AWS IAM, as the gateway verified; empty for every other caller.
    operator: str

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """Raises InvalidRequest when the body's base64 is broken."""
        context = event.get("requestContext") or {}
        headers = headers_of(event)
        return cls(
            method=str(event.get("httpMethod", "")),
            path=str(event.get("path", "")),
            query=query_of(event),
            headers=headers,
            body=_body_of(event),
            source_ip=client_address(event, headers),
            gateway_request_id=str(context.get("requestId", "")),
            base_url=base_url_of(event, headers),
            authorizer=context.get("authorizer") or {},
            operator=_operator_of(context),
        )

    def header(self, name: str) -> str | None:
        """The only value of a header; None when it is absent. Raises InvalidRequest when it is given twice."""
        values = self.headers.get(name, ())
        if len(values) > 1:
            raise InvalidRequest(f"The header {name} is given twice.")
        return values[0] if values else None


def client_address(event: Event, headers: Mapping[str, tuple[str, ...]]) -> str:
    """The client's address as the gateway saw it, or as the stack's own distribution of pages did, where the request came by that.

    The distribution appends the address that it saw to X-Forwarded-For and the gateway the distribution's, so it is the last but one:
    what a client sends in that header itself stands before, and is never read.
    """
    seen = str(((event.get("requestContext") or {}).get("identity") or {}).get("sourceIp", ""))
    token = settings.current().pages_origin_mark
    given = headers.get("x-pages-origin", ())
    if not token or len(given) != 1 or not hmac.compare_digest(given[0].encode(), token.encode()):
        return seen
    hops = [hop.strip() for line in headers.get("x-forwarded-for", ()) for hop in line.split(",")]
    return hops[-2] if len(hops) > 1 else seen


def docs_url_of(event: Event) -> str:
    """The root of the documentation: where it is published, else below this API's own address, which then has the catalogue of errors.

    The stage's own variable says so, which every function gets with the request: it needs no new version of any.
    """
    published = str((event.get("stageVariables") or {}).get("DocsUrl") or "")
    return published or f"{base_url_of(event, headers_of(event))}/docs"


def base_url_of(event: Event, headers: Mapping[str, tuple[str, ...]]) -> str:
    """Where this API was reached, without a final slash: the setting, else what the request says of itself.

    API Gateway hands on only its own names as Host.
    """
    if settings.current().public_base_url:
        return settings.current().public_base_url.rstrip("/")
    host, scheme = (headers.get(name, ("",))[0] for name in ("host", "x-forwarded-proto"))
    if not _HOST.fullmatch(host):
        return ""
    whole, path = str((event.get("requestContext") or {}).get("path", "")), str(event.get("path", ""))
    stage = whole.removesuffix(path) if path and whole.endswith(path) else ""
    return f"{'http' if scheme == 'http' else 'https'}://{host}{stage}"


def _operator_of(context: Mapping[str, Any]) -> str:
    """Empty unless both facts are there: the gateway fills them in only behind a route with IAM authorization."""
    identity = context.get("identity") or {}
    arn, account = identity.get("userArn"), identity.get("accountId")
    return str(arn) if arn and account else ""


def _body_of(event: Event) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest("The body could not be read.") from error
