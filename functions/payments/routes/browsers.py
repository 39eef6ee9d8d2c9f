"""What the payer's browser says of itself with each request (RFC 9110), as far as a processor may be given it (EMV 3-D Secure)."""

import re
from typing import Final

from paycorex.http import Request

# As long as `payer` of a payment may say it; what is longer is cut, as EMVCo's rules for these two fields have it.
_MOST_CHARACTERS: Final = 512
_VISIBLE: Final = re.compile(r"[\x20-\x7e]+", re.ASCII)
_HEADERS: Final = {"user_agent": "user-agent", "accept_header": "accept"}


def described(request: Request) -> dict[str, str]:
    """`ip_address`, `user_agent` and `accept_header`, as `Payer` names them; a header that is missing or no plain text is left out."""
    said = {name: ",".join(request.headers.get(header, ()))[:_MOST_CHARACTERS] for name, header in _HEADERS.items()}
    return {"ip_address": request.source_ip, **{name: text for name, text in said.items() if _VISIBLE.fullmatch(text)}}
