"""Erasure: what says who a customer is goes, what the books need stays.

Gone: name, email, phone, metadata, their hashes, the reference, and every stored card or account with its sealed value. What stays are ids,
amounts and times: payments, ledger entries and their proofs are not touched, so every one of them can still be verified. Payments keep the
merchant's own reference, which is no name, address or number of the person (`routes.customer_requests` refuses those).
"""

from typing import Final

from paycorex import clock, storage
from paycorex.idempotency import Claim
from paycorex.records.customer import CustomerItem
from payments.customers import customers, store
from payments.methods import kept_cards

# Of one request; a person with more is erased by the next one, which goes on where this one ended.
MAX_TOKENS: Final = 100


def erase(merchant_id: str, customer_id: str, *, claim: Claim) -> CustomerItem:
    """Erase a person. An erased one is answered as it is.

    Raises NotFound, TemporarilyUnavailable, ProviderUnavailable when a provider could not be asked to forget a card,
    storage.TransactionRefused when another request was faster. The record goes last: what was interrupted is done by a repetition.
    """
    before = customers.find(merchant_id, customer_id)
    if before.erased_at is None:
        kept_cards.delete_all(merchant_id, str(before.reference), most=MAX_TOKENS)
    after = storage.copy_of(before)
    if before.erased_at is None:
        after.reference = after.sealed = after.email_hash = after.phone_hash = None
        after.erased_at = after.updated_at = clock.now_ms()
        after.version = int(before.version) + 1
    changed = [store.change_customer(before, after)] if after.version != before.version else []
    storage.transact([*changed, *claim.rows(reference=customer_id, status=200)])
    return after
