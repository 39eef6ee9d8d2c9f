"""Who paid by a link: what its page asked for, sealed for each payer, shown to the merchant alone, and found by its hashes to be erased.

What a payer typed as a reference is no part of it: that is the merchant's name of what is paid, and stands on the payment.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pynamodb.expressions.condition import Condition

from paycorex import clock, sealing, storage
from paycorex.credentials import find_merchant
from paycorex.errors import InvalidRequest
from paycorex.records import payer, payment_link
from paycorex.records.checkout_session import SessionItem
from paycorex.records.order import order_key
from paycorex.records.payer import PayerItem
from paycorex.records.payment_link import LinkItem
from paycorex.sealing import Context
from payments.checkout import phone_numbers
from payments.keyed_hashes import hash_of

# By what a payer is found, and the index that has it.
_INDEXES: Final = {payer.EMAIL: ("by_email", PayerItem.email_hash), payer.PHONE: ("by_phone", PayerItem.phone_hash)}
PAGE_ROWS: Final = 100


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


def sessions_with(merchant_id: str, person: Mapping[str, str | None]) -> Iterator[str]:
    """The sessions that someone with this e-mail address or phone number began by a link, each once, read as they are asked for.

    Anyone may type anyone's address on a public page, so they may be very many. Those that are erased meanwhile do not disturb the reading.
    """
    given: set[str] = set()
    for kind, (index, column) in _INDEXES.items():
        hashed = _hash(merchant_id, kind, person.get(kind))
        for session_id in () if hashed is None else _sessions(column == hashed, index):
            if session_id not in given:
                given.add(session_id)
                yield session_id


def _sessions(condition: Condition, index: str) -> Iterator[str]:
    start = None
    while True:
        page = storage.query(PayerItem, condition, index=index, newest_first=True, limit=PAGE_ROWS, start=start)
        yield from (payer.session_of(item) for item in page.items)
        start = page.next_start
        if start is None:
            return


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
    """The hash of an address or a number in its one form, so that a person is found however either was written."""
    if value is None:
        return None
    if kind == payer.PHONE:
        merchant = find_merchant(merchant_id)
        value = phone_numbers.normal(value, None if merchant is None else merchant.currency)
    return hash_of(merchant_id, f"payer_{kind}", value)


def _context(merchant_id: str) -> Context:
    return Context("customer", merchant_id)
