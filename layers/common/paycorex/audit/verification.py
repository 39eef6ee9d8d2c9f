"""Walking an audit chain from its first entry: numbers without a gap, hashes that link and fit, seals that are signed and fit."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from paycorex.audit import chain, sealing
from paycorex.audit.entry import GENESIS, AuditItem, hash_of
from paycorex.audit.sealing import SealItem
from paycorex.ledger.proof import proof_key

# Entries that one step walks.
STEP: Final = 1000
# Behind the last entry that is there: seals of entries that are missing. The first say where to look.
_MOST_WITHOUT_ENTRY: Final = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many entries and seals, what is wrong, the first of it first, and whether nothing is left to walk."""

    entries: int
    seals: int
    wrong: tuple[str, ...]
    is_whole: bool


def verify(merchant_id: str, own_key: str) -> Verified:
    """Walk a merchant's chain to its end, or to what is wrong. own_key: the id of the key that signs. Raises storage.Unavailable."""
    done = Verified(0, 0, (), is_whole=False)
    while not done.is_whole:
        found = step(merchant_id, own_key, done.entries)
        done = replace(found, entries=done.entries + found.entries, seals=done.seals + found.seals)
    return done


def step(merchant_id: str, own_key: str, after: int) -> Verified:
    """Walk the next entries behind the one of this number, which was found right, with the seals of them.

    The walk is over (`is_whole`) at the chain's end and at what is wrong. Raises storage.Unavailable.
    """
    # What is sealed while entries are read is behind the last of them, and not missing.
    newest = sealing.newest(merchant_id)
    wrong: list[str] = []
    hashes: dict[int, str] = {}
    previous = _hash_of(merchant_id, after)
    for entry in _entries(merchant_id, after):
        seq, expected = int(entry.seq), after + len(hashes) + 1
        if seq != expected:
            wrong.append(f"entry {expected} is missing")
        if entry.prev_hash != previous:
            wrong.append(f"entry {seq} does not follow the one before it")
        if hash_of(entry) != entry.hash:
            wrong.append(f"entry {seq} was changed")
        hashes[seq] = previous = entry.hash
        if wrong or len(hashes) == STEP:
            break
    is_whole = bool(wrong) or len(hashes) < STEP
    last = after + len(hashes)
    known = 0 if newest is None else int(newest.seq)
    seals = list(_seals_of(merchant_id, after, known if is_whole else min(known, last), last))
    broken = _check(seals, merchant_id, own_key, after, None if wrong else hashes)
    return Verified(len(hashes), len(seals), (*wrong, *broken), is_whole=is_whole or bool(broken))


def _hash_of(merchant_id: str, seq: int) -> str | None:
    """What the entry behind this one names; None where it is gone since it was walked."""
    if not seq:
        return GENESIS
    found = chain.after(merchant_id, seq - 1, limit=1)
    return found[0].hash if found and int(found[0].seq) == seq else None


def _check(seals: list[SealItem], merchant_id: str, own_key: str, after: int, hashes: dict[int, str] | None) -> list[str]:
    """What is wrong with these seals. hashes: of the entries that they name; None where those are wrong already."""
    keys = proof_key.only(own_key)
    before = sealing.newest(merchant_id, up_to=after) if after else None
    previous, wrong = GENESIS if before is None else sealing.digest(before), []
    for item in seals:
        seq, key = int(item.seq), keys(item.key_id)
        if key is None or not proof_key.is_signed(sealing.message(item), base64.b64decode(item.signature), key):
            wrong.append(f"the seal of entry {seq} is not signed by the ledger's key")
        if item.prev_seal != previous:
            wrong.append(f"the seal of entry {seq} does not follow the one before it")
        if hashes is not None and hashes.get(seq) != item.hash:
            wrong.append(f"entry {seq} is not the one that was sealed" if seq in hashes else f"entry {seq}, which was sealed, is missing")
        previous = sealing.digest(item)
    return wrong


def _entries(merchant_id: str, after: int) -> Iterator[AuditItem]:
    while found := chain.after(merchant_id, after):
        yield from found
        after = int(found[-1].seq)


def _seals_of(merchant_id: str, after: int, up_to: int, last: int) -> Iterator[SealItem]:
    """Seals of the entries behind `after` to `up_to`; of those behind the last entry that is there, the first."""
    without_entry = 0
    while found := sealing.seals(merchant_id, after):
        for item in found:
            without_entry += int(item.seq) > last
            if int(item.seq) > up_to or without_entry > _MOST_WITHOUT_ENTRY:
                return
            yield item
        after = int(found[-1].seq)
