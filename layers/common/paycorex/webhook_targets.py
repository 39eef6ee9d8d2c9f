"""Where webhooks may be sent: one policy for registration and delivery."""

from typing import Final

from paycorex import settings
from paycorex.errors import InvalidRequest
from paycorex.safe_http import Blocked, Policy, SendError, parse_target
from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.resolution import resolve

MAX_URL_CHARACTERS: Final = 2048
# Registration waits no longer for a name server than this; each delivery looks and checks again.
_LOOKUP_SECONDS: Final = 2.0

_replacement: list[Policy] = []


def use(policy: Policy | None) -> None:
    """Replace the policy, such as one with a resolver of its own (None: the stage's again)."""
    _replacement.clear()
    if policy is not None:
        _replacement.append(policy)


def policy() -> Policy:
    """What a webhook may be sent to: the internet, and in the local stage loopback."""
    if _replacement:
        return _replacement[0]
    return Policy.local() if settings.current().allow_loopback_webhooks else Policy.public()


def check(url: str) -> None:
    """Raises InvalidRequest for a URL that no webhook will ever be sent to; the reason never repeats the URL.

    A name that does not resolve now is accepted: every delivery resolves and checks it again.
    """
    rules = policy()
    try:
        resolve(parse_target(url, rules), rules, Deadline(_LOOKUP_SECONDS))
    except Blocked as blocked:
        raise InvalidRequest(f"url: {blocked.reason}.", details={"field": "url"}) from blocked
    except SendError:
        return
