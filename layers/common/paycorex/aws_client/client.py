"""The client: one call is a body, a signature, a send or a few, and an answer or an error."""

import email.utils
import time
import uuid
from binascii import crc32
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from paycorex import clock
from paycorex.aws_client.answers import HttpAnswer
from paycorex.aws_client.codec import decode, encode
from paycorex.aws_client.connection import Pool
from paycorex.aws_client.credentials import Credentials, Provider
from paycorex.aws_client.endpoints import Endpoint
from paycorex.aws_client.errors import client_error, metadata
from paycorex.aws_client.retries import Retries
from paycorex.aws_client.services import Service, may_repeat
from paycorex.aws_client.signature import Signer, amz_date

# What lies between forgets a connection after 350 seconds, and says nothing of it.
_MAX_IDLE_SECONDS: Final = 300.0
# A request that may not be sent twice takes no connection that the other side may have ended meanwhile.
_MAX_IDLE_ONCE_SECONDS: Final = 20.0
_SKEWED: Final = frozenset(
    {"InvalidSignatureException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed", "SignatureDoesNotMatch"}
)
# AWS accepts five minutes; below this the clock is not what is wrong.
_MIN_SKEW_SECONDS: Final = 240
_FIXED_LINES: Final = "User-Agent: paycorex lean\r\nAccept-Encoding: identity\r\n"
_ENDED: Final = frozenset({"ExpiredToken", "ExpiredTokenException"})


class LeanClient:
    """One service's operations as methods (`get_item(TableName=..., Key=...)`), and `_make_api_call` and `meta` as botocore has them.

    Calls raise botocore's ClientError for what the service refuses, and its BotoCoreError or HTTPClientError for what did not reach it or
    came back unreadable. Safe for threads.
    """

    def __init__(
        self,
        service: Service,
        endpoint: Endpoint,
        *,
        pool: Pool,
        credentials: Provider,
        retries: Retries,
        environment: Mapping[str, str],
        sleep: Callable[[float], None] = clock.sleep,
        now: Callable[[], float] = clock.system_seconds,
    ) -> None:
        self.meta = SimpleNamespace(region_name=endpoint.region, endpoint_url=endpoint.url, partition=endpoint.partition)
        self._service = service
        self._pool = pool
        self._credentials = credentials
        self._retries = retries
        self._sleep = sleep
        self._now = now
        self._skew_seconds = 0.0
        self._signer = Signer(service.name, endpoint.region)
        self._authority = endpoint.authority
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        operation = self._service.operations.get(name)
        if operation is None:
            msg = f"the lean client's {self._service.name} has no {name}"
            raise AttributeError(msg)
        return lambda **request: self._make_api_call(operation, request)

    def close(self) -> None:
        """End the idle connections."""
        self._pool.close()

    def _make_api_call(self, operation_name: str, api_params: Mapping[str, Any]) -> dict[str, Any]:
        request = api_params
        if operation_name == "TransactWriteItems" and "ClientRequestToken" not in request:
            # The same token at each send: DynamoDB carries the transaction out once.
            request = {**request, "ClientRequestToken": str(uuid.uuid4())}
        body = encode(request)
        repeatable = may_repeat(operation_name, request)
        started = time.monotonic()
        sent = 0
        while True:
            sent += 1
            credentials = self._credentials.current()
            try:
                answer = self._send(operation_name, body, credentials, repeatable=repeatable)
                members = self._read(operation_name, answer, retries=sent - 1)
            except (ClientError, BotoCoreError) as error:
                elapsed = time.monotonic() - started
                wait = self._retries.wait_after(error, sent=sent, elapsed_seconds=elapsed, may_repeat=repeatable)
                if wait is None and not (sent == 1 and self._is_mended(error, credentials)):
                    raise
                self._sleep(wait or 0)
            else:
                self._retries.succeeded(sent=sent)
                return members

    def _send(self, operation: str, body: bytes, credentials: Credentials, *, repeatable: bool) -> HttpAnswer:
        idle = _MAX_IDLE_SECONDS if repeatable else _MAX_IDLE_ONCE_SECONDS
        message = self._message(operation, body, credentials)
        return self._pool.exchange(message, self._service.max_answer_bytes, max_idle_seconds=idle)

    def _message(self, operation: str, body: bytes, credentials: Credentials) -> bytes:
        moment = amz_date(self._now() + self._skew_seconds)
        # In the order of their names, as they are signed.
        headers = {"content-type": self._service.content_type, "host": self._authority, "x-amz-date": moment}
        if credentials.token is not None:
            headers["x-amz-security-token"] = credentials.token
        headers["x-amz-target"] = f"{self._service.target_prefix}.{operation}"
        headers |= self._service.headers
        authorization = self._signer.authorization(credentials, moment, headers, body)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = (
            f"POST / HTTP/1.1\r\n{lines}Authorization: {authorization}\r\n{_FIXED_LINES}{self._trace_line()}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body

    def _read(self, operation: str, answer: HttpAnswer, *, retries: int) -> dict[str, Any]:
        expected = answer.headers.get("x-amz-crc32") if self._service.has_items else None
        if expected is not None and expected != str(crc32(answer.body)):
            raise HTTPClientError(error="the answer's checksum does not match")
        if answer.status >= 300:
            raise client_error(self._service, operation, answer, retries=retries)
        try:
            members = decode(self._service, answer.body)
        except (ValueError, TypeError, RecursionError) as error:
            raise HTTPClientError(error="the answer is no JSON of this protocol") from error
        members["ResponseMetadata"] = metadata(answer, retries)
        return members

    def _is_mended(self, error: Exception, credentials: Credentials) -> bool:
        """Whether what the service refused the request for is different now: the clock's deviation, or ended credentials."""
        if not isinstance(error, ClientError):
            return False
        code = error.response["Error"]["Code"]
        if code in _ENDED:
            return self._credentials.replace(credentials)
        return code in _SKEWED and self._is_skew_corrected(error)

    def _is_skew_corrected(self, error: ClientError) -> bool:
        text = error.response["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        try:
            skew = email.utils.parsedate_to_datetime(text).timestamp() - self._now()
        except (ValueError, OverflowError):
            return False
        if abs(skew - self._skew_seconds) < _MIN_SKEW_SECONDS:
            return False
        self._skew_seconds = skew
        return True

    def _trace_line(self) -> str:
        """X-Ray's header, which Lambda sets for each invocation."""
        trace = self._environment.get("_X_AMZN_TRACE_ID", "")
        if not trace or not (trace.isascii() and trace.isprintable()):
            return ""
        return f"X-Amzn-Trace-Id: {trace}\r\n"
