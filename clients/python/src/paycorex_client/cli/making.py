"""Events that need more than one call: a payer at a checkout, an endpoint that is gone, a key, a payout, a provider's own refund."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from paycorex_client.client import PayCoreX
from paycorex_client.error_codes import InvalidState
from paycorex_client.errors import ApiError, PayCoreXError, Unreachable

POLL_SECONDS: Final = 0.5
GONE_SECONDS: Final = 60
# The longest that a clock is waited for, and how far it is advanced: the sandbox pays out two days after the day.
CLOCK_SECONDS: Final = 600
PAYOUT_DAYS: Final = "P3D"
_PAGE_SECONDS: Final = 30.0
_MANAGING: Final = "merchant:write"
_NO_LONGER: Final = 604_800


class NotHere(PayCoreXError):
    """This cannot be made to happen where the command runs; the message says what to do."""


def until[T](look: Callable[[], T | None], seconds: float, what: str) -> T:
    """Ask until there is something. Raises Unreachable when there is nothing in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = look()
        if found is not None:
            return found
        time.sleep(POLL_SECONDS)
    raise Unreachable(f"{what} did not come within {seconds:.0f} seconds", idempotency_key=None)


def checkout(client: PayCoreX, amount: str) -> tuple[str, str]:
    """A new checkout that is paid by UPI: its id and its page."""
    made = client.checkout.create(amount=amount, methods=["upi_intent"])
    if made.url is None:
        raise NotHere("this checkout has no page")
    return made.session_id, made.url


def paid_checkout(client: PayCoreX, amount: str) -> str:
    """A checkout whose payer chooses UPI, and pays at the sandbox: what a browser would send, without one. The checkout's id."""
    session_id, page = checkout(client, amount)
    with httpx.Client(timeout=_PAGE_SECONDS) as browser:
        chosen = _sent(browser, page, "/pay", {"method": "upi_intent"})
        _sent(browser, str(chosen["url"]), "/sandbox", {"outcome": "approve"})
    return session_id


def _sent(browser: httpx.Client, page: str, action: str, content: dict[str, str]) -> Any:
    """The answer to a form of a payer's page. Raises NotHere when the page refuses it, httpx's errors as Unreachable."""
    parts = urlsplit(page)
    try:
        answer = browser.post(urlunsplit(parts._replace(path=parts.path + action)), json=content)
    except httpx.TransportError as error:
        raise Unreachable(f"{parts.netloc} did not answer: {error}", idempotency_key=None) from error
    if answer.is_error:
        raise NotHere(f"the payer's page refused it (HTTP {answer.status_code}): {answer.text[:300]}")
    return answer.json()


def rotated_key(client: PayCoreX, api_key: str) -> str:
    """A key made for this, which may read payments alone and is revoked at once; the key that signs goes on. Its id.

    Raises NotHere where the key that signs would end by it.
    """
    keys = [key for key in client.api_keys.list() if key.status == "active"]
    own = next((key for key in keys if api_key.startswith(key.prefix)), None)
    others = [key for key in keys if key is not own and _MANAGING in key.scopes]
    if own is None or _MANAGING not in own.scopes:
        raise NotHere(f"the key of this profile cannot make keys: sign in with one that has {_MANAGING}")
    if any(key.expires_at is None or (own.expires_at is not None and key.expires_at >= own.expires_at) for key in others):
        raise NotHere("another key manages keys as long, so that this profile's key would end: use a merchant of `pcx register` for this")
    made = client.api_keys.rotate(scopes=["payments:read"], overlap_seconds=_NO_LONGER)
    return client.api_keys.revoke(made.key_id).key_id


def disabled_endpoint(client: PayCoreX, event: Any, happen: Callable[[], object]) -> str:
    """An endpoint on this machine that answers 410 to an event, and is disabled by it; it is deleted afterwards. Its id.

    happen: makes that event happen.
    Raises NotHere where the platform does not send to this machine.
    """
    with _gone() as url:
        try:
            endpoint_id = client.endpoints.create(url=url, events=[event]).endpoint_id
        except ApiError as error:
            advice = "make an endpoint at a public address that answers 410, and let an event happen"
            raise NotHere(f"this platform sends nothing to this machine ({error.code}): {advice}") from error
        try:
            happen()
            until(lambda: _is_disabled(client, endpoint_id), GONE_SECONDS, f"the end of {endpoint_id}")
        finally:
            client.endpoints.delete(endpoint_id)
    return endpoint_id


def _is_disabled(client: PayCoreX, endpoint_id: str) -> bool | None:
    found = next((each for each in client.endpoints.list() if each.endpoint_id == endpoint_id), None)
    return True if found is not None and not found.is_active else None


class _Gone(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Read it, and answer 410."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(410)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet."""


@contextmanager
def _gone() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gone)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gone"
    finally:
        server.shutdown()
        server.server_close()


def paid_out(client: PayCoreX, charge: Callable[[], str]) -> str:
    """A charge whose payout comes at once: three days pass on the merchant's test clock. The charge's id."""
    payment_id = charge()
    # An advance of someone else's is under way: after it there is room for this one.
    until(lambda: _advanced(client), CLOCK_SECONDS, "the test clock's rest")
    return payment_id


def _advanced(client: PayCoreX) -> bool | None:
    try:
        client.test_clock.advance(advance=PAYOUT_DAYS)
    except InvalidState:
        return None
    return True
