"""Customers: made, changed, found. Erasing one is `erasure`'s."""

from collections.abc import Mapping, Sequence
from typing import Any

from paycorex import clock, storage
from paycorex.contract import MAX_LIMIT
from paycorex.errors import InvalidRequest, InvalidState, NotFound, Refusal
from paycorex.idempotency import Claim
from paycorex.records.customer import CustomerItem, customer_id_of
from paycorex.records.order import order_key
from payments.customers import people, store
from payments.keyed_hashes import hash_of


class CustomerExists(Refusal):
    """There is a customer with this reference already; `details` name it."""

    code = "conflict"

    def __init__(self, customer_id: str) -> None:
        super().__init__("There is a customer with this reference already.", details={"customer_id": customer_id})


class Erased(InvalidState):
    """The person was erased: nothing more is known of it, and nothing new is tied to it."""

    def __init__(self, customer_id: str) -> None:
        super().__init__("This customer was erased. A person who comes back gets a new reference.", details={"customer_id": customer_id})


def create(merchant_id: str, reference: str, person: Mapping[str, Any], *, claim: Claim) -> CustomerItem:
    """Keep a new customer. Raises CustomerExists, Erased for the reference of an erased one, TemporarilyUnavailable."""
    now, customer_id = clock.now_ms(), customer_id_of(merchant_id, reference)
    item = CustomerItem(
        customer_id=customer_id,
        merchant_id=merchant_id,
        reference=reference,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, customer_id),
    )
    people.seal(item, dict(person))
    try:
        storage.transact([store.new_customer(item), *claim.rows(reference=customer_id)])
    except storage.TransactionRefused as refused:
        there, *claims = refused.reasons
        if there.is_condition and not any(reason.is_condition for reason in claims):
            raise _is_there(customer_id) from refused
        raise
    return item


def _is_there(customer_id: str) -> Refusal:
    found = store.find(customer_id)
    return Erased(customer_id) if found is not None and found.erased_at is not None else CustomerExists(customer_id)


def find(merchant_id: str, customer_id: str) -> CustomerItem:
    """A customer of this merchant, an erased one too. Raises NotFound."""
    found = store.find(customer_id)
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("customer")
    return found


def living(merchant_id: str, customer_id: str) -> CustomerItem:
    """The same, for what is to be tied to it. Raises NotFound, Erased."""
    found = find(merchant_id, customer_id)
    if found.erased_at is not None:
        raise Erased(customer_id)
    return found


def user_of(merchant_id: str, customer_id: str | None, user_id: str | None) -> str | None:
    """The user that a request names, by either name or by both. Raises NotFound, Erased, InvalidRequest where they differ."""
    if customer_id is None:
        return user_id
    reference = str(living(merchant_id, customer_id).reference)
    if user_id not in {None, reference}:
        raise InvalidRequest("customer_id and user_id name two people.", details={"field": "user_id"})
    return reference


def change(merchant_id: str, customer_id: str, changes: Mapping[str, Any], *, claim: Claim) -> CustomerItem:
    """Replace what is named; None takes it away. Raises NotFound, Erased, storage.TransactionRefused when another request was faster."""
    before = living(merchant_id, customer_id)
    person = {**people.open_person(before), **changes}
    after = storage.copy_of(before)
    people.seal(after, {name: value for name, value in person.items() if value is not None})
    after.version, after.updated_at = int(before.version) + 1, clock.now_ms()
    storage.transact([store.change_customer(before, after), *claim.rows(reference=customer_id, status=200)])
    return after


def page(
    merchant_id: str, *, reference: str | None, email: str | None, phone: str | None, limit: int, position: str | None
) -> tuple[Sequence[CustomerItem], str | None]:
    """The merchant's customers, newest first; of a search, those that match all that is given (of one address or number 100 at most)."""
    if reference is None and email is None and phone is None:
        return store.page(merchant_id, limit=limit, position=position)
    email_hash = None if email is None else hash_of(merchant_id, "email", email)
    phone_hash = None if phone is None else hash_of(merchant_id, "phone", phone)
    if reference is not None:
        one = store.find(customer_id_of(merchant_id, reference))
        found = [] if one is None or one.reference != reference else [one]
    elif email_hash is not None:
        found = store.with_email(email_hash, limit=MAX_LIMIT)
    else:
        found = store.with_phone(str(phone_hash), limit=MAX_LIMIT)
    matching = [each for each in found if email_hash in {None, each.email_hash} and phone_hash in {None, each.phone_hash}]
    return matching[:limit], None
