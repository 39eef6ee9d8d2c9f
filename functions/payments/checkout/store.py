"""The `checkout_sessions` and `payment_links` tables."""

from collections.abc import Sequence
from typing import Any, Final

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
    condition = SessionItem.link_id == link_id
    start = _start("session_id", "link_id", link_id, position)
    page = storage.query(SessionItem, condition, index=_BY_LINK, newest_first=True, limit=limit, start=start)
    return page.items, _position("session_id", page.next_start)


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


def take_slot(link: LinkItem) -> storage.Write:
    """Take one of the payments that a link may make. Refused where none is left."""
    condition: Condition = (LinkItem.taken < int(link.max_payments or 0)) & (LinkItem.is_active == True)  # noqa: E712 - a condition
    return storage.update(LinkItem, LinkItem.wire_key(link.link_id), [LinkItem.taken.add(1)], condition)


def give_slot_back(link_id: str) -> storage.Write:
    """Give back the one that a session took and made no payment of."""
    return storage.update(LinkItem, LinkItem.wire_key(link_id), [LinkItem.taken.add(-1)], LinkItem.taken > 0)


def links_of(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[LinkItem], str | None]:
    """A merchant's links, newest first, and the position to go on after."""
    condition = LinkItem.merchant_id == merchant_id
    start = _start("link_id", "merchant_id", merchant_id, position)
    page = storage.query(LinkItem, condition, index=_BY_MERCHANT, newest_first=True, limit=limit, start=start)
    return page.items, _position("link_id", page.next_start)


def _start(key: str, partition: str, value: str, position: str | None) -> dict[str, Any] | None:
    if position is None:
        return None
    order_key, _, record_id = position.partition(" ")
    return {key: {"S": record_id}, partition: {"S": value}, "order_key": {"S": order_key}}


def _position(key: str, following: Any) -> str | None:
    return f"{following['order_key']['S']} {following[key]['S']}" if following else None
