"""Erasure of payers: what a person typed on a link's page goes, from the checkout and from its payments; amounts, ids and times stay.

The ledger's entries name ids alone, so every payment of an erased payer can still be proven.
"""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.records.checkout_session import EXPIRED, OPEN, SessionItem, payment_id_of
from paycorex.records.customer import CustomerItem
from paycorex.records.payer import REFERENCE
from paycorex.records.payment import PaymentItem
from payments.checkout import payers, sessions, store
from payments.customers import customers, people
from payments.customers import erasure as customer_erasure
from payments.payment import settlement, versions
from payments.payment import store as payment_store

# For how long one request erases checkouts of a person; who has more is erased by the next one, which goes on where this one ended.
BUDGET_SECONDS: Final = 10


def erase_payer(merchant_id: str, session_id: str, *, claim: Claim | None) -> SessionItem:
    """Erase what the payer of a checkout typed; one that is still open ends first. An erased one is answered as it is.

    Raises NotFound, TemporarilyUnavailable, storage.TransactionRefused when another request was faster. The checkout's own record goes
    last: what was interrupted is done by a repetition.
    """
    session = sessions.find(merchant_id, session_id)
    if session.status == OPEN:
        session = sessions.end(session, EXPIRED)
    if session.reference is not None:
        for number in range(1, int(session.tries) + 1):
            _forget_reference(payment_store.find(payment_id_of(session, number)), session.metadata, session.reference)
    payer = payers.find(session)
    writes = [] if payer is None else payers.erased(payer)
    if session.reference is not None:
        writes.append(store.forget_reference(session))
    rows = [] if claim is None else claim.rows(reference=session_id, status=200)
    if writes or rows:
        storage.transact([*writes, *rows])
    return sessions.find(merchant_id, session_id)


def _forget_reference(payment: PaymentItem | None, of_link: Mapping[str, Any] | None, reference: str) -> None:
    """A payment's metadata becomes the link's own, unless it says something else by now."""
    if payment is None or (payment.metadata or {}).get(REFERENCE) != reference:
        return

    def without(found: PaymentItem) -> PaymentItem:
        after = storage.copy_of(found)
        known = {name: value for name, value in (found.metadata or {}).items() if name != REFERENCE}
        own = {} if of_link is None or REFERENCE not in of_link else {REFERENCE: of_link[REFERENCE]}
        after.metadata = {**known, **own} or None
        return versions.next_revision(found, after, clock.now_ms())

    settlement.revise(payment, without)


def erase_customer(merchant_id: str, customer_id: str, *, claim: Claim) -> CustomerItem:
    """Erase a customer, and before it what the same person typed on pages of links.

    Raises as `erase_payer` and `customers.erasure` do, and TemporarilyUnavailable while there are more than one request has time for.
    """
    found = customers.find(merchant_id, customer_id)
    if found.erased_at is None:
        ends_at = clock.now_ms() + BUDGET_SECONDS * 1000
        for done, session_id in enumerate(payers.sessions_with(merchant_id, people.open_person(found))):
            # After one at least: each repetition comes further.
            if done and clock.now_ms() > ends_at:
                raise TemporarilyUnavailable("This person began very many checkouts. Send it again: it goes on where it ended.")
            erase_payer(merchant_id, session_id, claim=None)
    return customer_erasure.erase(merchant_id, customer_id, claim=claim)
