"""The meaning of a node's error: decided by HTTP status, JSON-RPC code and shape, and only then by its text.

Providers have no common code for "too many blocks or logs": with one code some mean the size of the request and some its rate.
What is not known here is `Refused`: a smaller question is tried, then another node, and the next tick begins again. So an unknown
text costs a few calls and does not stop the scan.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from crypto_monitor.chain.failures import NodeFailure, RangeTooLarge, RateLimited, Refused, StateGone, Unreachable

# How long a node is left alone that does not say for how long, and at most, whatever it says. The next tick is a minute away anyhow.
REST_SECONDS: Final = 1
MAX_REST_SECONDS: Final = 300
MAX_TEXT_CHARACTERS: Final = 500
# -32005 is "limit exceeded" of EIP-1474, which some use for the size of an answer, too; the others only ever mean the rate.
_LIMIT_EXCEEDED: Final = -32005
_RATE_CODES: Final = frozenset({429, -32029, -32007, -32097, _LIMIT_EXCEEDED})
_RATE: Final = re.compile(
    r"\brate[ -]?limit|\btoo many requests?\b|\brequests? (count|rate|limit)|\bcompute units?\b|\bquota\b|\bdaily (request|limit)|\bthrottl"
)
_SIZE_CODES: Final = frozenset({413, -32614, -32062})
_SIZE: Final = re.compile(
    r"\bblock[ _]?range|\bblocks? (span|limit)|\brange\b.{0,60}\b(too|exceed|limit|large|wide|max)"
    r"|\b(max\w*|exceeds?|limited to).{0,60}\brange\b"
    r"|\branges over\b|\bmore than \d+ (results|logs|blocks|events)|\btoo many (results|logs|blocks|events)"
    r"|\bresponse (size|is too|too|exceed)|\bresponse.{0,40}\btoo (large|big)|\bmax(imum)? (results|logs|response)|\bquery timeout\b"
)
_STATE: Final = re.compile(
    r"\bmissing trie node|\bstate is not available|\bhistorical state|\bpruned\b|\bstate already|\bno state available|\bstate unavailable"
)
_SECONDS: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_UNAUTHORIZED: Final = frozenset({401, 402, 403, 404, 405, 407, 451})


def failure_of(error: Any, *, status: int = 200, retry_after: str | None = None) -> NodeFailure:
    """What a refusal means. error: the `error` member of a JSON-RPC answer, of any shape; status: of the HTTP answer that carried it."""
    code, text, data = _parts(error)
    rest = _rest(retry_after, data)
    if status != 200 and (known := _by_status(status, rest)) is not None:
        return known
    if _STATE.search(text):
        return StateGone("state of an old block is gone")
    if code in _SIZE_CODES or _is_range(data) or (_SIZE.search(text) and not _RATE.search(text)):
        return RangeTooLarge(f"refused with code {code}")
    if code in _RATE_CODES or _RATE.search(text):
        return RateLimited(rest)
    return Refused(f"error {code}" if status == 200 else f"status {status}, error {code}")


def _by_status(status: int, rest_seconds: int) -> NodeFailure | None:
    """What an HTTP status says by itself; None for one that leaves it to the body (400 of some providers)."""
    if status == 429:
        return RateLimited(rest_seconds)
    if status == 413:
        return RangeTooLarge("status 413")
    return Unreachable(f"status {status}") if status in _UNAUTHORIZED or status >= 500 or status < 400 else None


def _parts(error: Any) -> tuple[int | None, str, Mapping[str, Any]]:
    """Code, words in lower case and data of an error, as far as they have the shape of such."""
    if not isinstance(error, Mapping):
        return None, error[:MAX_TEXT_CHARACTERS].lower() if isinstance(error, str) else "", {}
    code, message, data = error.get("code"), error.get("message"), error.get("data")
    number = code if isinstance(code, int) and not isinstance(code, bool) and abs(code) < 10**9 else None
    text = message[:MAX_TEXT_CHARACTERS].lower() if isinstance(message, str) else ""
    return number, text, data if isinstance(data, Mapping) else {}


def _is_range(data: Mapping[str, Any]) -> bool:
    """Infura's proposal of a range that would do."""
    return "from" in data and "to" in data


def _rest(retry_after: str | None, data: Mapping[str, Any]) -> int:
    """For how long to leave the node alone: by its header, or by what Infura says in the body."""
    if retry_after is not None and _SECONDS.fullmatch(retry_after):
        return min(max(int(retry_after), REST_SECONDS), MAX_REST_SECONDS)
    rate = data.get("rate")
    seconds = (rate if isinstance(rate, Mapping) else data).get("backoff_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < MAX_REST_SECONDS:
        return MAX_REST_SECONDS if isinstance(seconds, int) and seconds >= MAX_REST_SECONDS else REST_SECONDS
    return max(int(seconds), REST_SECONDS)
