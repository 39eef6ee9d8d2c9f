"""Ledger history of a merchant or of one of its wallets, merged over lanes."""

from collections.abc import Iterator

from dashboard.requests import LedgersQuery
from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest, NotFound
from paycorex.ledger import Account, Entity, Entry
from paycorex.records.wallet import WalletItem


def account_of(caller: Caller, query: LedgersQuery) -> Account:
    """The account that a query is about. Every account's key begins with the merchant, so another's can not be named.

    Raises NotFound for a wallet that is not the merchant's.
    """
    entity = Entity(query.entity)
    currency = query.currency or caller.currency
    if entity is Entity.WALLET:
        if query.entity_id is None:
            raise InvalidRequest("Name the wallet in entity_id.", details={"field": "entity_id"})
        wallet = storage.get(WalletItem, query.entity_id, consistent=False)
        if wallet is None or wallet.merchant_id != caller.merchant_id:
            raise NotFound("wallet")
        return Account.of_wallet(caller.merchant_id, wallet.wallet_id, wallet.currency)
    if entity is Entity.HOLD:
        if query.entity_id is None:
            raise InvalidRequest("Name the payment in entity_id.", details={"field": "entity_id"})
        return Account.of_hold(caller.merchant_id, query.entity_id, currency)
    if entity in {Entity.CLEARING, Entity.BANK_IN_TRANSIT}:
        if query.entity_id is None:
            raise InvalidRequest("Name the account in entity_id: topup, a connector, a network.", details={"field": "entity_id"})
        return Account(caller.merchant_id, entity, query.entity_id, currency)
    if query.entity_id not in {None, caller.merchant_id}:
        raise NotFound("account")
    return Account(caller.merchant_id, entity, caller.merchant_id, currency)


def entries(caller: Caller, query: LedgersQuery, position: str | None) -> storage.Merged[Entry]:
    """One page, newest first."""
    account = account_of(caller, query)
    from_ms = clock.parse_rfc3339(query.from_) if query.from_ else 0
    to_ms = clock.parse_rfc3339(query.to) if query.to else None
    start = decode_position(position)
    lanes = ledger.lanes_to_read(caller.merchant_id) if account.is_laned else 1
    streams = [_walk(account.on_lane(lane), from_ms, to_ms, start) for lane in range(lanes)]
    return storage.take_newest(streams, sort_key=sort_key, limit=query.limit)


def sort_key(entry: Entry) -> str:
    """Sorts the newest entry last: time, lane, sequence number. Within a lane, sequence numbers and times have the same order."""
    return f"{entry.created_at:013d}#{entry.account.lane:02d}#{entry.seq:018d}"


def decode_position(position: str | None) -> tuple[int, int, int] | None:
    """Time, lane and sequence number of the last entry shown."""
    if position is None:
        return None
    moment, lane, seq = position.split("#")
    return int(moment), int(lane), int(seq)


def _walk(account: Account, from_ms: int, to_ms: int | None, start: tuple[int, int, int] | None) -> Iterator[Entry]:
    """A lane's entries below the position."""
    if start is None:
        return ledger.entries_between(account, from_ms=from_ms, to_ms=to_ms)
    moment, lane, seq = start
    if account.lane == lane:
        return ledger.entries_between(account, from_ms=from_ms, before_seq=seq)
    # At equal times, lanes are ordered by their number, as in sort_key.
    upper = moment + 1 if account.lane < lane else moment
    return ledger.entries_between(account, from_ms=from_ms, to_ms=upper)
