"""The proof of a stated day: its document, and what leads from it and from each lane's newest entry to signed checkpoints."""

import json
import zlib
from typing import Any

from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.ledger import Account, Entity
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.proofs import Proof, prove
from settlements.stores import reconciliation as store


def of_day(caller: Caller, source: str, currency: str, day: str) -> tuple[dict[str, Any], list[Proof]]:
    """The document and the proofs: of its own entry first, then of each lane's newest. What nothing seals yet is sealed by the next tick.

    Raises NotFound, storage.Unavailable, Unprovable.
    """
    first = store.find_day(caller.merchant_id, source, currency, day)
    if first is None:
        raise NotFound("stated day")
    document: dict[str, Any] = json.loads(zlib.decompress(store.day_parts(first)))
    places = [
        (Account(first.merchant_id, Entity(entity), entity_id, first.currency, int(lane)), int(seq))
        for entity, entity_id, lane, seq in first.entries or ()
    ]
    places += [(Account.from_key(lane["account"]), int(lane["seq"])) for lane in document["lanes"]]
    proofs = [prove(account, seq) for account, seq in places]
    unsealed = [proof.entry.account.key for proof in proofs if proof.seal is None]
    if unsealed:
        sealing_work.ask(unsealed)
    return document, proofs
