"""AWS Signature Version 4 of a POST to `/` without a query, which is every request of the JSON protocols.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Final

from paycorex.aws_client.credentials import Credentials

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


def amz_date(epoch_seconds: float) -> str:
    """The moment as X-Amz-Date has it: `20260131T235959Z`."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(epoch_seconds))


class Signer:
    """Signs for one service of one region. The key of a day is derived once (four of the five HMACs of a signature)."""

    def __init__(self, service: str, region: str) -> None:
        self._service = service
        self._region = region
        self._derived: tuple[str, str, bytes] = ("", "", b"")

    def authorization(self, credentials: Credentials, moment: str, headers: Mapping[str, str], body: bytes) -> str:
        """The Authorization header. `headers`: all that are signed, names in lower case and in order; `moment` is their `x-amz-date`."""
        day = moment[:8]
        names = ";".join(headers)
        lines = "".join([f"{name}:{' '.join(value.split())}\n" for name, value in headers.items()])
        request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(self._key(credentials.secret_key, day), text.encode(), "sha256").hex()
        return f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"

    def _key(self, secret: str, day: str) -> bytes:
        known = self._derived
        if known[0] == day and known[1] == secret:
            return known[2]
        key = f"AWS4{secret}".encode()
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        # One assignment: threads see the old triple or the new one.
        self._derived = (day, secret, key)
        return key
