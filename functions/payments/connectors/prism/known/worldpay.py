"""Worldpay (Access), https://docs.worldpay.com/access/products/payments. A payment is known by the data of its links, which are long.

It has no keys: a second `transactionReference` is another payment. Its answers state no amount; a capture, a release and a refund are taken
first (202) and made later.

3-D Secure, https://docs.worldpay.com/access/products/payments/enable-3ds-authentication/web/: the payer's browser posts a form in a frame
(device data), and, where the bank asks, another one at the bank. After each the payment goes on by the link that its answer gave.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from payments.connectors import documents
from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.forms import Forms
from payments.connectors.requests import Captures, HoldAbility
from payments.connectors.results import BrowserForm

_LINK = "_links.self.href"
_HOSTS: Final = ("try.access.worldpay.com", "access.worldpay.com")
_DEVICE_DATA, _CHALLENGE = "supply3dsDeviceData", "complete3dsChallenge"
# What the device data's page calls its session, and what the bank's page brings back of the challenge.
_SESSION, _TRANSACTION = "SessionId", "TransactionId"


def _asking(body: bytes) -> bytes:
    """A charge whose bank has to ask (`challenge.preference`)."""
    request = json.loads(body)
    request["instruction"]["threeDS"]["challenge"]["preference"] = "challengeMandated"
    return json.dumps(request, ensure_ascii=False).encode()


def _form(answer: Any) -> BrowserForm | None:
    outcome = documents.find(answer, "outcome")
    if outcome == "3dsDeviceDataRequired":
        url, jwt, card = (documents.text_or(answer, "", "deviceDataCollection", name) for name in ("url", "jwt", "bin"))
        fields = {"Bin": card, "JWT": jwt}
        return BrowserForm(url, fields, _DEVICE_DATA, _path(answer, _DEVICE_DATA), brings=(_SESSION,), is_unseen=True)
    if outcome == "3dsChallenged":
        url, jwt, reference = (documents.text_or(answer, "", "challenge", name) for name in ("url", "jwt", "reference"))
        return BrowserForm(url, {"JWT": jwt}, _CHALLENGE, _path(answer, _CHALLENGE), proof=(_TRANSACTION, reference))
    return None


def _path(answer: Any, action: str) -> str:
    """Of the link by which the payment goes on; nothing where it is none of Worldpay's."""
    parts = urlsplit(documents.text_or(answer, "", "_actions", action, "href"))
    is_its_own = parts.scheme == "https" and parts.netloc in _HOSTS and parts.path.startswith("/api/payments/")
    return parts.path if is_its_own else ""


def _call(step: str, state: str, brought: Mapping[str, str]) -> tuple[str, bytes]:
    if step == _CHALLENGE:
        return state, b""
    # A browser from which no device data could be had is reported without.
    return state, json.dumps({"collectionReference": brought[_SESSION]} if _SESSION in brought else {}).encode()


def _signed(credentials: Mapping[str, str]) -> dict[str, str]:
    secret = base64.b64encode(f"{credentials.get('username', '')}:{credentials.get('password', '')}".encode()).decode()
    return {"Authorization": f"Basic {secret}", "WP-Api-Version": "2024-06-01"}


FACTS = Processor(
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY}),
    limits={
        "increment": "The library asks another product of Worldpay's than the one that is paid by, without a key against a second one.",
    },
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    # Asked where it is demanded: a charge with it wants to know the payer's browser.
    three_ds=False,
    asks=_asking,
    forms=Forms(_form, _call),
    hosts=_HOSTS,
    signs=_signed,
    witnesses={
        "authorize": Witness(_LINK, "transactionReference"),
        "capture": Witness(_LINK),
        "refund": Witness(_LINK),
    },
)
