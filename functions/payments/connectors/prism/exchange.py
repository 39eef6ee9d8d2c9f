"""One question to a processor and its answer: translated, sent by our own client, given back to the library."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from paycorex import safe_http, settings
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.translation import Translator

# Of a request's body.
Change = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Answered:
    """message: of the kind that was asked for, or Refused. http: as it came."""

    message: Any
    http: safe_http.Answer

    @property
    def is_accepted_only(self) -> bool:
        """True for 202: taken, and not done yet (RFC 9110 15.3.3), whatever is made of it."""
        return self.http.status == 202


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """A processor, with one merchant's credentials."""

    translator: Translator
    known: Processor
    credentials: Mapping[str, str] = field(default_factory=dict)

    def ask(
        self,
        flow: str,
        message: Any,
        kind: Any,
        *,
        key: str | None = None,
        timeout_seconds: int | None = None,
        must_confirm: bool = False,
        change: Change | None = None,
    ) -> Answered:
        """What the processor answers. key: the same again is one. must_confirm: of a charge; the payer's bank must ask the payer. change:
        what makes of the request's body the one that is sent.

        Raises Untranslatable (nothing was sent), NotSent, OutcomeUnknown, Malformed.
        """
        http = self.send(flow, message, key=key, timeout_seconds=timeout_seconds, must_confirm=must_confirm, change=change)
        return Answered(self.translator.answer(flow, message, self._as_read(flow, http), kind), http)

    def _as_read(self, flow: str, http: safe_http.Answer) -> safe_http.Answer:
        """The answer as the library reads it. Raises Malformed."""
        reader = self.known.reads.get(flow)
        if reader is None or not 200 <= http.status < 300:
            return http
        try:
            read = reader(documents.parse(http.body))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            # A reader takes the processor's form for granted.
            raise documents.Malformed(f"no answer to {flow}") from error
        return replace(http, body=json.dumps(read, ensure_ascii=False).encode())

    def send(
        self,
        flow: str,
        message: Any,
        *,
        key: str | None = None,
        timeout_seconds: int | None = None,
        must_confirm: bool = False,
        change: Change | None = None,
    ) -> safe_http.Answer:
        """The answer as it comes. Raises Untranslatable, NotSent, OutcomeUnknown."""
        request = self.translator.request(flow, message)
        if flow in self.known.sends:
            request = self.known.sends[flow](request, message, self.credentials)
        headers, mend = self._headers(request.headers, key), self.known.mends.get(flow)
        body = request.body if mend is None else json.dumps(mend(json.loads(request.body), message), ensure_ascii=False).encode()
        if must_confirm:
            body = self._asking(body)
        if change is not None:
            body = change(body)
        return calls.exchange(request.method, address(request.url), headers, body, timeout_seconds=timeout_seconds)

    def _asking(self, body: bytes) -> bytes:
        """The charge as one that the payer's bank must ask about. Raises NotSent where that cannot be demanded."""
        if self.known.asks is None:
            raise calls.NotSent("This processor cannot be made to let the payer's bank ask.")
        return self.known.asks(body)

    def _headers(self, made: Mapping[str, str], key: str | None) -> Mapping[str, str]:
        name = self.known.idempotency
        if key is None or name is None:
            return made
        return {**{other: value for other, value in made.items() if other.lower() != name.lower()}, name: key}


def address(url: str) -> str:
    """Where the request goes: to the processor itself, unless this deployment sends all of them elsewhere, the host first in the path."""
    elsewhere = settings.current().prism_base_url.rstrip("/")
    if not elsewhere:
        return url
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{elsewhere}/{parts.netloc}{parts.path}{query}"
