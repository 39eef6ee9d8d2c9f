"""Places of a link with a limit: how many of them one address takes, so that one payer cannot keep all others out."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Final

from paycorex import storage
from paycorex.errors import Refusal
from paycorex.rate_limits import Limit
from paycorex.records.checkout_session import SessionItem
from paycorex.records.payment_link import LinkItem

# A place is given back within this, when its payer goes away.
SESSION_SECONDS: Final = 1800
# One address takes a third of a link's places at most in that time.
SHARE: Final = 3
_PLACES: Final = Limit("link_place", 1, SESSION_SECONDS)


@contextmanager
def counted(link: LinkItem, source_ip: str) -> Iterator[None]:
    """Count that this address takes a place inside the block; who is refused one there has taken none. Raises RateLimited."""
    if link.max_payments is None:
        yield
        return
    share = -(-int(link.max_payments) // SHARE)
    replace(_PLACES, times=share).take(f"{link.link_id}#{source_ip}")
    try:
        yield
    except (Refusal, storage.Unavailable):
        # Where it is not known whether the place was taken, the count stands until its time is over.
        _give_back(link.link_id, source_ip)
        raise


def count_back(session: SessionItem, source_ip: str) -> None:
    """Who has left a link's checkout may begin another one: its place is free already."""
    if session.link_id is not None:
        _give_back(session.link_id, source_ip)


def _give_back(link_id: str, source_ip: str) -> None:
    # A count that cannot be changed ends with its time.
    with suppress(storage.Unavailable, storage.OutcomeUnknown):
        _PLACES.give_back(f"{link_id}#{source_ip}")
