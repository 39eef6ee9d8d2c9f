"""Where webhooks may be sent: registration refuses what delivery would refuse."""

from typing import Final
from urllib.parse import urlsplit

from paycorex import settings
from paycorex.errors import InvalidRequest

MAX_URL_CHARACTERS: Final = 2048


def check(url: str) -> None:
    """Raises InvalidRequest for a URL that no webhook will ever be sent to."""
    schemes = {"https", "http"} if settings.current().allow_loopback_webhooks else {"https"}
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise refused("is not a URL") from error
    if len(url) > MAX_URL_CHARACTERS or parts.scheme not in schemes or not parts.hostname:
        raise refused("is not a URL that webhooks can be sent to")


def refused(why: str) -> InvalidRequest:
    """The refusal; never repeats the URL, which may carry credentials."""
    return InvalidRequest(f"url {why}.", details={"field": "url"})
