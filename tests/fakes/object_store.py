"""A bucket's service on 127.0.0.1 that checks every signed link as S3 does: a wrong header, size or key is refused."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.fakes.http_servers import Recorded, RecordingServer, Reply

ACCESS_KEY, SECRET_KEY, REGION = "AKIDEVIDENCE", "evidence-secret", "ap-south-1"
ANY_ORIGIN = [("Access-Control-Allow-Origin", "*")]


@lru_cache(maxsize=8)
def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def _part(content: bytes, headers: dict[str, str]) -> Reply:
    """All of an object, or the range that was asked for, as S3 answers."""
    etag = _etag(content)
    if headers.get("if-match", etag) != etag:
        return Reply(412)
    asked = re.fullmatch(r"bytes=([0-9]+)-([0-9]+)", headers.get("range", ""))
    if asked is None:
        return Reply(200, content)
    start, end = int(asked[1]), min(int(asked[2]) + 1, len(content))
    if start >= len(content):
        return Reply(416, headers=[("Content-Range", f"bytes */{len(content)}")])
    return Reply(206, content[start:end], headers=[("Content-Range", f"bytes {start}-{end - 1}/{len(content)}"), ("ETag", etag)])


class ObjectStore(RecordingServer):
    """Objects by path. `refused`: requests whose signature did not fit."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.refused = 0
        self.is_down = False
        super().__init__()

    def environment(self) -> dict[str, str]:
        """The variables by which a function finds it."""
        address = self.url("").rstrip("/")
        keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
        return {"AWS_ENDPOINT_URL_S3": address, "AWS_DEFAULT_REGION": REGION, **keys}

    def behaviour_for(self, request: Recorded) -> Reply:
        if self.is_down:
            return Reply(503)
        if request.method == "OPTIONS":
            # As the bucket's CORS configuration has it.
            allowed = [("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "content-type,x-amz-checksum-sha256")]
            return Reply(200, headers=[*ANY_ORIGIN, *allowed])
        parts = urlsplit(request.path)
        if not self._is_signed(request):
            self.refused += 1
            return Reply(403)
        if request.method == "PUT":
            self.objects[parts.path] = request.body
            return Reply(200, headers=ANY_ORIGIN)
        found = self.objects.get(parts.path)
        return Reply(404) if found is None else _part(found, request.headers)

    def _is_signed(self, request: Recorded) -> bool:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        signed = [name for name in query.get("X-Amz-SignedHeaders", "").split(";") if name != "host"]
        if any(name not in request.headers for name in signed):
            return False
        auth = S3SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "s3", REGION, expires=int(query["X-Amz-Expires"]))
        unsigned = request.path.partition("&X-Amz-Signature=")[0]
        headers = {name: request.headers[name] for name in signed}
        again = AWSRequest(request.method, self.url("").rstrip("/") + unsigned, headers=headers)
        again.context["timestamp"] = query["X-Amz-Date"]
        text = auth.string_to_sign(again, auth.canonical_request(again))
        return str(auth.signature(text, again)) == query["X-Amz-Signature"]
