"""The proof of a payment: its entries are in a signed checkpoint of the ledger."""

from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.ledger import Account, Entity
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.proofs import Proof, prove
from payments.payment import store as payments_store


def of_payment(caller: Caller, payment_id: str) -> list[Proof]:
    """A proof for each entry of the payment's settlement; none while it has no settlement.

    Entries that nothing seals yet are sealed by the next tick, whatever the stack's window is.
    Raises NotFound for a payment that is not the merchant's, storage.Unavailable, Unprovable.
    """
    payment = payments_store.find(payment_id)
    if payment is None or payment.merchant_id != caller.merchant_id:
        raise NotFound("payment")
    entries = [
        (Account(payment.merchant_id, Entity(entity), entity_id, payment.currency, int(lane)), int(seq))
        for entity, entity_id, lane, seq in payment.entries or ()
    ]
    proofs = [prove(account, seq) for account, seq in entries]
    unsealed = [proof.entry.account.key for proof in proofs if proof.seal is None]
    if unsealed:
        sealing_work.ask(unsealed)
    return proofs
