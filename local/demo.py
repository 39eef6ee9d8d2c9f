"""The demonstration: a merchant registers through the API, a user pays from a wallet, and the merchant's webhook arrives."""

import time
from dataclasses import dataclass
from typing import Any, Final

from local.client import Client, Refused
from local.platform_file import DEMO, read, write_private
from local.webhook_receiver import PATH, WebhookReceiver

NAME: Final = "Chai Point"
USER: Final = "alice"
TOP_UP: Final = "1000.00"
PRICE: Final = "250.00"
_WEBHOOK_SECONDS: Final = 30.0
# The first request to a function waits until it has started. Asking again would not help: the emulator would start one more beside it.
_COLD_SECONDS: Final = 150.0


class DemoFailed(RuntimeError):
    """The platform runs, but does not do what it is for; the message says what was asked and answered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration came to. `webhook_seconds` is None when no webhook came."""

    payment: Any
    balance: str
    webhook_seconds: float | None
    webhook_genuine: bool


def merchant(base_url: str, receiver: WebhookReceiver) -> dict[str, str]:
    """The demo merchant with its webhook endpoint: the one of the last start if the state still has it, else a new one.

    Raises DemoFailed.
    """
    try:
        known = _known(base_url) or _register(base_url)
        demo = _listen(_client(base_url, known), known, base_url + PATH)
    except (Refused, OSError, KeyError) as error:
        raise DemoFailed(str(error)) from error
    write_private(DEMO, demo)
    receiver.secret = demo["webhook_secret"]
    return demo


def _client(base_url: str, known: dict[str, str]) -> Client:
    return Client(base_url, known["api_key"], known["secret"], timeout_seconds=_COLD_SECONDS)


def _known(base_url: str) -> dict[str, str] | None:
    known: dict[str, str] | None = read(DEMO)
    if known is None:
        return None
    try:
        _client(base_url, known).call("GET", "/v1/merchants/me")
    except (Refused, KeyError):
        return None
    return known


def _register(base_url: str) -> dict[str, str]:
    client = Client(base_url, timeout_seconds=_COLD_SECONDS)
    answer = client.call("POST", "/v1/merchants/register", {"name": NAME, "email": "demo@example.com"})
    return {name: answer[name] for name in ("merchant_id", "api_key", "secret")}


def _listen(client: Client, known: dict[str, str], url: str) -> dict[str, str]:
    """Make sure that the merchant's endpoint is ours, on the port of this start."""
    if "endpoint_id" not in known:
        made = client.call("POST", "/v1/webhooks/provider", {"url": url})
        return known | {"endpoint_id": made["endpoint_id"], "webhook_secret": made["secret"], "webhook_url": url}
    if known["webhook_url"] != url:
        client.call("PATCH", f"/v1/webhooks/provider/{known['endpoint_id']}", {"url": url, "is_active": True})
    return known | {"webhook_url": url}


def pay(base_url: str, demo: dict[str, str], receiver: WebhookReceiver) -> Shown:
    """Top up the user's wallet, pay from it, and wait for the webhook. Raises DemoFailed when money did not move."""
    client = _client(base_url, demo)
    try:
        _open_wallet(client)
        client.call("POST", "/v1/wallet/topup", {"user_id": USER, "amount": TOP_UP, "reference": f"demo {time.time_ns()}"})
        order = {
            "amount": PRICE,
            "method": "wallet",
            "user_id": USER,
            "description": "Masala chai",
            "metadata": {"at": str(time.time_ns())},
        }
        payment = client.call("POST", "/v1/payments/create", order)
        paid_at = time.time()
        wallet = client.call("GET", f"/v1/wallet?user_id={USER}")["data"][0]
    except (Refused, OSError, KeyError, IndexError) as error:
        raise DemoFailed(str(error)) from error
    if payment["status"] != "success":
        raise DemoFailed(f"the payment {payment['payment_id']} is {payment['status']}")
    received = receiver.wait_for("payment.success", payment["payment_id"], seconds=_WEBHOOK_SECONDS)
    seconds = None if received is None else max(received.at - paid_at, 0.0)
    return Shown(payment, wallet["balance"], seconds, received is not None and received.genuine)


def _open_wallet(client: Client) -> None:
    try:
        client.call("POST", "/v1/wallet/create", {"user_id": USER})
    except Refused as refused:
        # It is there since an earlier start.
        if refused.status != 409:
            raise
