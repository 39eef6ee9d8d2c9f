"""The library's calls: a message becomes an HTTP request, an HTTP answer becomes a message. Nothing is sent here."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from paycorex import safe_http
from payments.connectors.documents import Malformed
from payments.connectors.prism.library import Library

# Ours to say, or not to be said: who made the request is the merchant, and the client frames it.
_DROPPED_HEADERS: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "paypal-partner-attribution-id", "user-agent", "via"}
)
# Credentials are a part of some addresses.
_HOST: Final = re.compile(r"[a-z0-9.-]+(:[0-9]+)?", re.ASCII)
_LABEL: Final = re.compile(r"[A-Za-z0-9-]{1,63}", re.ASCII)
# The library read the answer, and it is an error of the processor's own form. Other codes: the answer could not be read.
_REFUSED: Final = "CONNECTOR_ERROR_RESPONSE"


# Where the library has the test address for production too: the processor's own, by the test one.
# https://www.cashfree.com/docs/api-reference/payments/overview
_LIVE_HOSTS: Final = {"sandbox.cashfree.com": "api.cashfree.com"}


def _live(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=_LIVE_HOSTS.get(parts.netloc, parts.netloc)).geturl()


class Untranslatable(Exception):
    """The library makes no request of it: a field is missing, or this processor cannot be asked that. Nothing was sent."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code.lower()
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """What the processor is to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The processor's own refusal. error: the library's `ErrorInfo`. status: of the HTTP answer."""

    error: Any
    status: int


@dataclass(frozen=True, slots=True, repr=False)
class Translator:
    """The library for one processor with one merchant's credentials. options: a serialized `FfiOptions`. given: the credentials' values."""

    library: Library
    options: bytes
    given: tuple[str, ...] = ()
    is_live: bool = False

    @classmethod
    def of(cls, library: Library, processor: str, credentials: Mapping[str, str], *, is_live: bool) -> "Translator":
        """credentials: by the names of the processor's own type; others are left out. Raises Untranslatable for one that is none."""
        environment = library.config.PRODUCTION if is_live else library.config.SANDBOX
        options = library.config.FfiOptions(environment=environment)
        chosen = getattr(options.connector_config, processor)
        chosen.SetInParent()
        for name, value in credentials.items():
            field = chosen.DESCRIPTOR.fields_by_name.get(name)
            if field is not None:
                _set(chosen, field, value)
        return cls(library, options.SerializeToString(), tuple(credentials.values()), is_live)

    def request(self, flow: str, message: Any) -> HttpRequest:
        """Raises Untranslatable."""
        if self.is_live and "test_mode" in message.DESCRIPTOR.fields_by_name:
            # Without it some addresses of production are left as a pattern.
            message.test_mode = False
        try:
            made = self._result(f"{flow}_req_transformer", message.SerializeToString())
        except Malformed as failure:
            raise Untranslatable("library_failed", "The processors' library failed at this request.") from failure
        if made.type != self.library.config.FfiResult.HTTP_REQUEST:
            error = made.integration_error if made.HasField("integration_error") else made.connector_error
            raise Untranslatable(error.error_code, error.error_message)
        http = made.http_request
        _check_address(http.url, self.given)
        headers = {name: value for name, value in http.headers.items() if name.lower() not in _DROPPED_HEADERS}
        url = _live(http.url) if self.is_live else http.url
        return HttpRequest(http.method.upper(), url, headers, b"" if http.method.upper() in {"GET", "HEAD"} else http.body)

    def answer(self, flow: str, message: Any, answer: safe_http.Answer, kind: Any) -> Any:
        """The answer as a message of this kind, or Refused. Raises Malformed for what the library cannot read."""
        http = self.library.config.FfiConnectorHttpResponse(status_code=answer.status, headers=answer.headers, body=answer.body)
        read = self._result(f"{flow}_res_transformer", http.SerializeToString(), message.SerializeToString())
        if read.type == self.library.config.FfiResult.HTTP_RESPONSE:
            return kind.FromString(read.http_response.body)
        if read.HasField("connector_error") and read.connector_error.error_code == _REFUSED:
            return Refused(read.connector_error.error_info, answer.status)
        raise Malformed(f"no answer to {flow}")

    def direct(self, flow: str, message: Any, kind: Any) -> Any:
        """What needs no call: events. Raises Malformed."""
        read = self._result(f"{flow}_transformer", message.SerializeToString())
        if read.type != self.library.config.FfiResult.PROTO_RESPONSE:
            raise Malformed(f"no {flow}")
        return kind.FromString(read.proto_response)

    def _result(self, function: str, *given: bytes) -> Any:
        """Raises Malformed where the library itself fails: a panic in it comes out as its InternalError."""
        try:
            made = getattr(self.library.ffi, function)(*given, self.options)
        except self.library.ffi.InternalError as panic:
            raise Malformed("the library failed") from panic
        return self.library.config.FfiResult.FromString(made)


def _check_address(url: str, given: Collection[str]) -> None:
    """The request goes to the processor: of an address's host a credential gives one label at most. Raises Untranslatable."""
    scheme, _, rest = url.casefold().partition("://")
    host = rest.partition("/")[0]
    if scheme != "https" or not _HOST.fullmatch(host):
        raise Untranslatable("invalid_credential", "The processor's address cannot be made of these credentials.")
    for value in given:
        if value and 0 <= rest.find(value.casefold()) < len(host) and not _LABEL.fullmatch(value):
            raise Untranslatable("invalid_credential", "A credential that is a part of the processor's address is no name.")


def _set(message: Any, field: Any, value: str) -> None:
    """One credential. Text and secrets as they are, switches as `true` or `false`, what has parts as JSON."""
    if field.message_type is not None and field.message_type.name == "SecretString":
        getattr(message, field.name).value = value
    elif field.type == field.TYPE_BOOL:
        setattr(message, field.name, value == "true")
    elif field.message_type is None and not field.is_repeated:
        setattr(message, field.name, value)
    else:
        _set_parts(message, field.name, value)


def _set_parts(message: Any, name: str, value: str) -> None:
    # The library's own runtime; it is where the library is.
    from google.protobuf import json_format  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types

    try:
        json_format.ParseDict({name: json.loads(value)}, message)
    except (ValueError, json_format.ParseError) as error:
        raise Untranslatable("invalid_credential", f"{name} is not the JSON that this processor describes.") from error
