"""What clients send to the crypto routes."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from paycorex.contract import Body, Query
from paycorex.text import Reference, Text

Network = Literal["ethereum", "polygon", "bsc"]


class RegisterAddress(Body):
    """POST /v1/crypto/address."""

    address: Annotated[str, StringConstraints(max_length=128)]
    network: Network
    user_id: Reference | None = None
    label: Text | None = None


class PreviewKey(Body):
    """POST /v1/crypto/xpub/preview."""

    network: Network
    xpub: Annotated[str, StringConstraints(max_length=256)]


class StatusQuery(Query):
    """GET /v1/crypto/status/{tx_hash}."""

    network: Network
