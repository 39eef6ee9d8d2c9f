"""Calls of a processor's API that the library does not make: with the merchant's access token, to the processor's own host."""

from collections.abc import Mapping
from typing import Final

from paycorex import safe_http
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.prism import exchange, preludes
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.translation import Untranslatable
from payments.connectors.results import Declined

_JSON: Final = "application/json"


def ask(desk: Desk, method: str, path: str, content: bytes = b"", key: str | None = None) -> ProviderResponse:
    """What it answers, in JSON. content: JSON. key: the same again is one. Raises NotSent, OutcomeUnknown, Malformed."""
    headers = {**_signed(desk), "Content-Type": _JSON, "Accept": _JSON}
    if key is not None and desk.known.idempotency is not None:
        headers[desk.known.idempotency] = key
    return calls.ask(method, _address(desk, path), headers, content, timeout_seconds=calls.LOOKUP_SECONDS)


def send(desk: Desk, path: str, content: bytes, content_type: str) -> ProviderResponse:
    """The same of something that may be long, such as files. Raises what ask raises."""
    headers = {**_signed(desk), "Content-Type": content_type, "Accept": _JSON}
    address = exchange.address(f"https://{desk.known.takes_files or _host(desk)}{path}")
    return calls.ask("POST", address, headers, content, timeout_seconds=calls.CHARGE_SECONDS)


def charge(desk: Desk, path: str, content: bytes) -> safe_http.Answer:
    """The same of what may take money: the answer as it comes, for the library to read. Raises NotSent, OutcomeUnknown."""
    headers = {**_signed(desk), "Content-Type": _JSON, "Accept": _JSON}
    return calls.exchange("POST", _address(desk, path), headers, content, timeout_seconds=calls.CHARGE_SECONDS)


def _address(desk: Desk, path: str) -> str:
    return exchange.address(f"https://{_host(desk)}{path}")


def _host(desk: Desk) -> str:
    if desk.known.hosts is None:
        raise AssertionError("a processor whose host is not known")
    return desk.known.hosts[desk.exchange.translator.is_live]


def _signed(desk: Desk) -> Mapping[str, str]:
    """In the merchant's name. Raises NotSent."""
    if desk.known.signs is not None:
        return desk.known.signs(desk.exchange.credentials)
    try:
        known = preludes.with_access(desk.exchange, desk.messages, desk.start(""))
    except Untranslatable as problem:
        raise calls.NotSent(documents.shown(problem.reason)) from problem
    if isinstance(known, Declined):
        raise calls.NotSent(known.reason)
    return {"Authorization": f"Bearer {known.access_token}"}
