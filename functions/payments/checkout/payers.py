"""Who paid by a link: what its page asked for, sealed for each payer, shown to the merchant alone, and found by its hashes to be erased.

What a payer typed as a reference is no part of it: that is the merchant's name of what is paid, and stands on the payment.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from paycorex import clock, sealing, storage
from paycorex.errors import InvalidRequest, TemporarilyUnavailable
from paycorex.records import payer, payment_link
from paycorex.records.checkout_session import SessionItem
from paycorex.records.order import order_key
from paycorex.records.payer import PayerItem
from paycorex.records.payment_link import LinkItem
from paycorex.sealing import Context
from payments.keyed_hashes import hash_of

# By what a payer is found, and the index that has it.
_INDEXES: Final = {payer.EMAIL: "by_email", payer.PHONE: "by_phone"}


def check(link: LinkItem, answers: Mapping[str, str | None]) -> dict[str, str]:
    """What a payer typed, by field. Raises InvalidRequest for a field that the link does not ask for, and for one that is missing.

    A reference may be left out, as before links asked for people.
    """
    asked = payment_link.asked_of(link)
    given = {name: value for name, value in answers.items() if value is not None}
    for name in payer.ASKED:
        if name in given and name not in asked:
            raise InvalidRequest(f"This link asks for no {name}.", details={"field": name})
        if name in asked and name not in given and name != payer.REFERENCE:
            raise InvalidRequest(f"This link asks for the payer's {name}.", details={"field": name})
    return given


def new(session: SessionItem, person: Mapping[str, str]) -> list[storage.Write]:
    """Store who pays a session, with the session; nothing where nothing was asked. Raises TemporarilyUnavailable, storage.Unavailable."""
    if not person:
        return []
    key, now = payer.name_of(session.session_id), clock.now_ms()
    item = PayerItem(
        customer_id=key,
        sealed=sealing.seal(json.dumps(dict(person)).encode(), context=_context(session.merchant_id), bound_to=key),
        email_hash=_hash(session.merchant_id, payer.EMAIL, person.get(payer.EMAIL)),
        phone_hash=_hash(session.merchant_id, payer.PHONE, person.get(payer.PHONE)),
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, session.session_id),
    )
    return [storage.put(item, PayerItem.customer_id.does_not_exist())]


def find(session: SessionItem) -> PayerItem | None:
    """Who paid a session, an erased payer too; None where none was asked."""
    return storage.get(PayerItem, payer.name_of(session.session_id)) if session.asks_payer else None


def shown(merchant_id: str, sessions: Iterable[SessionItem]) -> dict[str, payer.Payer]:
    """The payers of sessions, by session. Raises SealBroken, TemporarilyUnavailable, storage.Unavailable."""
    keys = [PayerItem.wire_key(payer.name_of(each.session_id)) for each in sessions if each.asks_payer]
    return {payer.session_of(item): payer.view(item, _open(merchant_id, item)) for item in storage.get_many(PayerItem, keys)}


def _open(merchant_id: str, item: PayerItem) -> dict[str, str]:
    if item.sealed is None:
        return {}
    opened: dict[str, str] = json.loads(sealing.unseal(item.sealed, context=_context(merchant_id), bound_to=item.customer_id))
    return opened


def sessions_with(merchant_id: str, person: Mapping[str, str | None], *, most: int) -> list[str]:
    """The sessions that someone with this e-mail address or phone number began by a link.

    Raises TemporarilyUnavailable when they are more than `most`.
    """
    found: dict[str, None] = {}
    for kind, index in _INDEXES.items():
        hashed = _hash(merchant_id, kind, person.get(kind))
        if hashed is None:
            continue
        column = PayerItem.email_hash if kind == payer.EMAIL else PayerItem.phone_hash
        page = storage.query(PayerItem, column == hashed, index=index, newest_first=True, limit=most + 1)
        found |= dict.fromkeys(payer.session_of(item) for item in page.items)
    if len(found) > most:
        raise TemporarilyUnavailable
    return list(found)


def erased(item: PayerItem) -> list[storage.Write]:
    """Take away who it was; nothing of one that is erased already. Refused when another request was faster."""
    if item.erased_at is not None:
        return []
    after = storage.copy_of(item)
    after.sealed = after.email_hash = after.phone_hash = None
    after.erased_at = after.updated_at = clock.now_ms()
    after.version = int(item.version) + 1
    key, actions = PayerItem.wire_key(item.customer_id), storage.difference(item, after)
    return [storage.update(PayerItem, key, actions, PayerItem.version == int(item.version))]


def _hash(merchant_id: str, kind: str, value: str | None) -> str | None:
    return None if value is None else hash_of(merchant_id, f"payer_{kind}", value)


def _context(merchant_id: str) -> Context:
    return Context("customer", merchant_id)
