"""Links to objects of a bucket, signed for a while (AWS Signature Version 4, in the query), and reading an object by one.

Everyone who has a link may do what it says, once or more, until it ends. The service's model is not needed for it, so no function has one.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from paycorex import safe_http, settings

_READ_SECONDS: Final = 60
_RANGE: Final = re.compile(r"bytes (?:([0-9]+)-[0-9]+|\*)/([0-9]+)", re.ASCII)


class Unreadable(Exception):
    """The bucket did not give the object: it cannot be asked now."""


@dataclass(frozen=True, slots=True)
class Link:
    """A signed address, and the headers that must be sent with it, exactly."""

    url: str
    method: str
    headers: Mapping[str, str]


def address(bucket: str) -> str:
    """Where the bucket's objects are: what every link to one begins with. Raises ValueError, botocore's NoRegionError."""
    from paycorex.aws_client import endpoints  # noqa: PLC0415 - see below

    return f"{endpoints.endpoint_of('s3', settings.aws_environment()).url}/{bucket}/"


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of an object, how many it has, and the name of its version: what was put there since has another one."""

    content: bytes
    size: int
    etag: str


def to_write(bucket: str, key: str, *, content_type: str, size: int, seconds: int, sha256: bytes | None = None) -> Link:
    """A link that takes an object of this type and of exactly so many bytes; sha256: and only with this digest, as S3 checks."""
    headers = {"Content-Type": content_type, "Content-Length": str(size)}
    if sha256 is not None:
        headers["x-amz-checksum-sha256"] = base64.b64encode(sha256).decode("ascii")
    return Link(_signed("PUT", bucket, key, headers, seconds), "PUT", headers)


def read(bucket: str, key: str, *, max_bytes: int) -> bytes | None:
    """An object; None when there is none, or when it is longer. Raises Unreadable."""
    answer = _get(bucket, key, {}, max_bytes)
    if answer.status in {403, 404}:
        # Without the right to list a bucket, what is not there is forbidden.
        return None
    if answer.status != 200:
        raise Unreadable(f"status {answer.status}")
    return None if answer.truncated else answer.body


def part(bucket: str, key: str, *, start: int, size: int, etag: str | None = None) -> Part | None:
    """At most so many bytes from an offset on; None when the object is not there, or is another one than `etag` names.

    Raises Unreadable.
    """
    headers = {"Range": f"bytes={start}-{start + size - 1}"} | ({"If-Match": etag} if etag is not None else {})
    answer = _get(bucket, key, headers, size)
    if answer.status in {403, 404, 412}:
        return None
    found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    if answer.status == 416 and found is not None:
        return Part(b"", int(found[2]), etag or answer.headers.get("etag", ""))
    if answer.status != 206 or found is None or int(found[1] or -1) != start or answer.truncated:
        raise Unreadable(f"status {answer.status}")
    return Part(answer.body, int(found[2]), answer.headers.get("etag", ""))


def _get(bucket: str, key: str, headers: Mapping[str, str], max_bytes: int) -> safe_http.Answer:
    is_local = settings.current().stage == "local"
    policy = safe_http.Policy.local() if is_local else safe_http.Policy.public()
    policy = replace(policy, max_body_bytes=max_bytes, max_url_characters=8192)
    try:
        return safe_http.send("GET", _signed("GET", bucket, key, {}, _READ_SECONDS), headers, b"", policy=policy)
    except safe_http.SendError as trouble:
        raise Unreadable(trouble.error_class) from trouble


def _signed(method: str, bucket: str, key: str, headers: Mapping[str, str], seconds: int) -> str:
    # Costly imports, which few requests need.
    from botocore.auth import S3SigV4QueryAuth  # noqa: PLC0415
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    from paycorex.aws_client import endpoints, sources  # noqa: PLC0415

    environment = settings.aws_environment()
    endpoint = endpoints.endpoint_of("s3", environment)
    held = sources.source_of(environment)()
    request = AWSRequest(method, f"{endpoint.url}/{bucket}/{quote(key)}", headers=dict(headers))
    S3SigV4QueryAuth(Credentials(held.access_key, held.secret_key, held.token), "s3", endpoint.region, expires=seconds).add_auth(request)
    return str(request.url)
