"""Walking an audit chain from its first entry: numbers without a gap, hashes that link and fit, seals that are signed and fit."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from paycorex.audit import chain, sealing
from paycorex.audit.entry import GENESIS, AuditItem, hash_of
from paycorex.audit.sealing import SealItem
from paycorex.ledger.proof import proof_key


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many entries and seals, and what is wrong, the first of it first."""

    entries: int
    seals: int
    wrong: tuple[str, ...]


def verify(merchant_id: str, own_key: str) -> Verified:
    """Walk a merchant's chain. own_key: the id of the key that signs. Reads every entry. Raises storage.Unavailable."""
    wrong: list[str] = []
    hashes: dict[int, str] = {}
    previous = GENESIS
    for entry in _entries(merchant_id):
        seq = int(entry.seq)
        if seq != len(hashes) + 1:
            wrong.append(f"entry {len(hashes) + 1} is missing")
        if entry.prev_hash != previous:
            wrong.append(f"entry {seq} does not follow the one before it")
        if hash_of(entry) != entry.hash:
            wrong.append(f"entry {seq} was changed")
        hashes[seq] = previous = entry.hash
        if wrong:
            break
    seals, broken = _seals(merchant_id, own_key, hashes, whole=not wrong)
    return Verified(len(hashes), seals, (*wrong, *broken))


def _seals(merchant_id: str, own_key: str, hashes: dict[int, str], *, whole: bool) -> tuple[int, list[str]]:
    keys = proof_key.only(own_key)
    count, previous, wrong = 0, GENESIS, []
    for item in _all_seals(merchant_id):
        count += 1
        seq, key = int(item.seq), keys(item.key_id)
        if key is None or not proof_key.is_signed(sealing.message(item), base64.b64decode(item.signature), key):
            wrong.append(f"the seal of entry {seq} is not signed by the ledger's key")
        if item.prev_seal != previous:
            wrong.append(f"the seal of entry {seq} does not follow the one before it")
        if whole and hashes.get(seq) != item.hash:
            wrong.append(f"entry {seq} is not the one that was sealed" if seq in hashes else f"entry {seq}, which was sealed, is missing")
        previous = sealing.digest(item)
    return count, wrong


def _entries(merchant_id: str) -> Iterator[AuditItem]:
    seq = 0
    while found := chain.after(merchant_id, seq):
        yield from found
        seq = int(found[-1].seq)


def _all_seals(merchant_id: str) -> Iterator[SealItem]:
    seq = 0
    while found := sealing.seals(merchant_id, seq):
        yield from found
        seq = int(found[-1].seq)
