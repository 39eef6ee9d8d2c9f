"""The `checkout_sessions` and `payment_links` tables."""

from collections.abc import Sequence
from typing import Final

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from paycorex import storage
from paycorex.records.checkout_session import OPEN, SessionItem
from paycorex.records.payment_link import LinkItem

_BY_LINK: Final = "by_link"
_BY_MERCHANT: Final = "by_merchant"
_BY_CODE: Final = "by_code"


def find_session(session_id: str) -> SessionItem | None:
    """A session as it stands now."""
    return storage.get(SessionItem, session_id)


def new_session(item: SessionItem) -> storage.Write:
    """Store a session that is not there yet."""
    return storage.put(item, SessionItem.session_id.does_not_exist())


def change_open(item: SessionItem, actions: Sequence[Action]) -> storage.Write:
    """Change a session that is open, and whose payer chose nothing else since it was read."""
    condition: Condition = (SessionItem.status == OPEN) & (SessionItem.tries == int(item.tries))
    return storage.update(SessionItem, SessionItem.wire_key(item.session_id), actions, condition)


def sessions_of_link(link_id: str, *, limit: int, position: str | None) -> tuple[list[SessionItem], str | None]:
    """A link's sessions, newest first, and the position to go on after."""
    return storage.listed(SessionItem, SessionItem.link_id, link_id, index=_BY_LINK, limit=limit, position=position)


def sessions_of(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[SessionItem], str | None]:
    """A merchant's sessions, newest first, and the position to go on after."""
    return storage.listed(SessionItem, SessionItem.merchant_id, merchant_id, index=_BY_MERCHANT, limit=limit, position=position)


def forget_reference(item: SessionItem) -> storage.Write:
    """Take away what the payer of a session typed as a reference."""
    key = SessionItem.wire_key(item.session_id)
    return storage.update(SessionItem, key, [SessionItem.reference.remove()], SessionItem.status != OPEN)


def find_link(link_id: str) -> LinkItem | None:
    """A link as it stands now."""
    return storage.get(LinkItem, link_id)


def link_with(code: str) -> LinkItem | None:
    """The link of a public address, as it stands now."""
    found = storage.query(LinkItem, LinkItem.code == code, index=_BY_CODE, limit=1).items
    return find_link(found[0].link_id) if found else None


def new_link(item: LinkItem) -> storage.Write:
    """Store a link that is not there yet."""
    return storage.put(item, LinkItem.link_id.does_not_exist())


def change_link(before: LinkItem, after: LinkItem) -> storage.Write:
    """Store a link's next version, unless another write did since `before` was read. How many payments it took is not touched."""
    key, actions = LinkItem.wire_key(before.link_id), storage.difference(before, after)
    return storage.update(LinkItem, key, actions, LinkItem.version == int(before.version))


def take_place(link: LinkItem, minor: int) -> storage.Write | None:
    """Take one of the payments that a link may make, and of an amount that is paid in parts this part. None: nothing is counted.

    Refused where none, or less, is left.
    """
    condition: Condition = LinkItem.is_active == True  # noqa: E712 - a condition
    actions: list[Action] = []
    if link.max_payments is not None:
        condition &= LinkItem.taken < int(link.max_payments)
        actions.append(LinkItem.taken.add(1))
    if link.first_min is not None:
        # The first part has a least, so what was read decides whether this is the first.
        condition &= LinkItem.claimed == int(link.claimed or 0)
        actions.append(LinkItem.claimed.add(minor))
    return storage.update(LinkItem, LinkItem.wire_key(link.link_id), actions, condition) if actions else None


def give_place_back(session: SessionItem) -> storage.Write | None:
    """Give back what a session took of its link and made no payment of. None: it took nothing."""
    condition: Condition | None = None
    actions: list[Action] = []
    if session.holds_slot:
        condition = LinkItem.taken > 0
        actions.append(LinkItem.taken.add(-1))
    if session.holds_part:
        enough: Condition = LinkItem.claimed >= int(session.amount)
        condition = enough if condition is None else condition & enough
        actions.append(LinkItem.claimed.add(-int(session.amount)))
    if session.link_id is None or not actions:
        return None
    return storage.update(LinkItem, LinkItem.wire_key(session.link_id), actions, condition)


def links_of(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[LinkItem], str | None]:
    """A merchant's links, newest first, and the position to go on after."""
    return storage.listed(LinkItem, LinkItem.merchant_id, merchant_id, index=_BY_MERCHANT, limit=limit, position=position)
