"""The proof of a payment: its entries are in a signed checkpoint of the ledger."""

from typing import Any, Final

from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.ledger import Account, Entity
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.proofs import Proof, prove
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.captures import store as captures_store
from payments.payment import store as payments_store

# More than a payment has captures by requests (`payments.captures.guards.MAX_CAPTURES`).
MOST_CAPTURES: Final = 100


def of_payment(caller: Caller, payment_id: str) -> list[Proof]:
    """A proof for each entry of the payment's settlement, or of its captures, the newest first; none while it has none.

    Entries that nothing seals yet are sealed by the next tick, whatever the stack's window is.
    Raises NotFound for a payment that is not the merchant's, storage.Unavailable, Unprovable.
    """
    payment = payments_store.find(payment_id)
    if payment is None or payment.merchant_id != caller.merchant_id:
        raise NotFound("payment")
    entries = [
        (Account(payment.merchant_id, Entity(entity), entity_id, payment.currency, int(lane)), int(seq))
        for entity, entity_id, lane, seq in payment.entries or _of_captures(payment)
    ]
    proofs = [prove(account, seq) for account, seq in entries]
    unsealed = [proof.entry.account.key for proof in proofs if proof.seal is None]
    if unsealed:
        sealing_work.ask(unsealed)
    return proofs


def _of_captures(payment: PaymentItem) -> list[list[Any]]:
    """Where the entries of its captures are."""
    if not is_manual(payment):
        return []
    made = captures_store.captures_of(payment.payment_id, limit=MOST_CAPTURES, position=None).items
    return [place for capture in made for place in capture.entries or ()]
