"""Card fields of a processor's own that give the payer's browser a name of the card: how they are begun, and what is known of the name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from payments.connectors.http_calls import ProviderResponse
from payments.connectors.requests import Attempt
from payments.connectors.results import Found

# The library's flow that most of them begin with.
BEGINNING: Final = "create_client_authentication_token"
ORDER_FLOW: Final = "create_order"
# A call of the processor's API that the library does not make, with a key, by which the same again is one: method, path, JSON, key.
# Raises what `http_calls.ask` raises.
Order = Callable[[str, str, bytes, str | None], ProviderResponse]
# What became of an order: by a call, its name, the attempt and our reference.
Pay = Callable[[Order, str, Attempt, str], Found]


@dataclass(frozen=True, slots=True)
class Names:
    """parameters: what the processor's script in the browser needs, from the library's message and the answer as it came; raises Malformed.

    flow: of the library, by which they are begun; None: nothing is asked before the payer's card is known. own: the parameter that the name
    has to be, where it was made for this payment alone; None: the script makes a new name of each card. wants_key: the script needs the
    merchant's `publishable_key`. is_order: what is begun is an order, which is paid by a call of its own (`Processor.confirmed`, or `pays`
    where no other way of paying there ends in an order).
    reads_itself: the library makes the request and cannot read its answer for cards, so `parameters` gets no message.
    wants: what of the payer a charge has to bring along (`requests.Payer`).
    asks: the script can have the payer's bank ask before it gives the name; what makes of a charge's body one that the processor refuses
    unless that was done. None: there is no such demand.
    """

    parameters: Callable[[Any, bytes], Mapping[str, str]]
    flow: str | None = BEGINNING
    own: str | None = None
    wants_key: bool = False
    is_order: bool = False
    reads_itself: bool = False
    wants: tuple[str, ...] = ()
    pays: Pay | None = None
    asks: Callable[[bytes], bytes] | None = None
