"""Forms that the payer's browser posts to confirm a payment: how a processor asks for one, what one may be, and how the payment goes on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from paycorex import safe_http, settings
from payments.connectors.documents import Malformed
from payments.connectors.results import BrowserForm

# Signed documents among them have a few thousand characters.
_MOST_FIELDS: Final = 8
_MOST_CHARACTERS: Final = 16_384
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
# Visible ASCII.
_VALUE: Final = re.compile(r"[!-~]{1,8192}", re.ASCII)
_STATE: Final = re.compile(r"[!-~]{1,2048}", re.ASCII)
_PROOF: Final = re.compile(r"[!-~]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Forms:
    """shown: the form that an answer asks for; None where it asks for none. It need not be checked, and raises nothing.

    call: path and content, as JSON, of the call by which the payment goes on: of a step, its state and what the browser brought.
    """

    shown: Callable[[Any], BrowserForm | None]
    call: Callable[[str, str, Mapping[str, str]], tuple[str, bytes]]


def checked(form: BrowserForm) -> BrowserForm:
    """The form as our page may show it: to a public host by https, of a bounded number and size of fields. Raises Malformed."""
    is_local = settings.current().stage == "local"
    try:
        url = safe_http.parse_target(form.url, safe_http.Policy.local() if is_local else safe_http.Policy.public()).url
    except safe_http.BlockedTarget as blocked:
        raise Malformed("no address of a form") from blocked
    if not 0 < len(form.fields) <= _MOST_FIELDS or sum(map(len, form.fields.values())) > _MOST_CHARACTERS:
        raise Malformed("no fields of a form")
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in form.fields.items()):
        raise Malformed("no fields of a form")
    if not _STATE.fullmatch(form.state) or (form.proof is not None and not _PROOF.fullmatch(form.proof[1])):
        raise Malformed("no state of a form")
    return replace(form, url=url)
