"""Pages, scripts and styles, compressed for a browser that takes it (gzip: RFC 1952; how it is asked for: RFC 9110, 12.5.3).

Only what a public route answers: no cookie opens it, so those who can make a browser ask for it may read it themselves, and the length
of an answer says nothing new (BREACH; docs/decisions/0094). Answers as JSON stay as they are.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from paycorex.http.answers import Answer

VARY: Final = {"Vary": "Accept-Encoding"}
_TEXTS: Final = frozenset({"text/html", "text/css", "text/javascript"})
_NO_WEIGHT: Final = re.compile(r"q=0(\.0{0,3})?")
# A shorter one is one packet of the network either way.
_LEAST_BYTES: Final = 1_024
# zlib's name of the format: 15 bits of window, and 16 for gzip's header, which names no time and no file.
_GZIP: Final = 31


def takes_gzip(headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether a browser takes a compressed answer; what it gives no weight it does not take. Header names in lower case."""
    for each in ",".join(headers.get("accept-encoding", ())).split(","):
        coding, _, weight = each.strip().lower().partition(";")
        if coding.strip() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.strip())
    return False


def gzipped(raw: bytes) -> bytes:
    """The same bytes for the same input, whenever and wherever."""
    return zlib.compress(raw, wbits=_GZIP)


def packed(answer: Answer, headers: Mapping[str, Sequence[str]]) -> Answer:
    """The answer as a browser that asks with these headers takes it: text of a page compressed, everything else as it is."""
    if not isinstance(answer.body, str) or answer.content_type.partition(";")[0] not in _TEXTS:
        return answer
    raw, varied = answer.body.encode(), {**answer.headers, **VARY}
    if len(raw) < _LEAST_BYTES or not takes_gzip(headers):
        return replace(answer, headers=varied)
    return replace(answer, body=gzipped(raw), headers={**varied, "Content-Encoding": "gzip"})
