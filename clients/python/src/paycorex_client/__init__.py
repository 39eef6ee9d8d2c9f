"""PayCoreX for Python: a typed client of its HTTP API, sync and async, and the check of its webhooks."""

from paycorex_client import error_codes, models, webhooks
from paycorex_client.client import AsyncPayCoreX, PayCoreX
from paycorex_client.errors import ApiError, NotSigned, PayCoreXError, Unreachable, UnreadableAnswer, WebhookRefused
from paycorex_client.values import NOT_GIVEN

__all__ = [
    "NOT_GIVEN",
    "ApiError",
    "AsyncPayCoreX",
    "NotSigned",
    "PayCoreX",
    "PayCoreXError",
    "Unreachable",
    "UnreadableAnswer",
    "WebhookRefused",
    "error_codes",
    "models",
    "webhooks",
]
