"""The test merchant beside a live one: made on request, once, with an id that follows from the live one's.

Whatever is stored names its merchant, so a test merchant has books, webhooks, keys and sealed secrets of its own, and no way to the live
one's. It begins with the name, the address and the currency, and no setting.
"""

import secrets
from typing import Final

from merchants import accounts, keys, store
from merchants.accounts import Registered
from paycorex import clock, ids, modes, storage
from paycorex.credentials import ALL_SCOPES
from paycorex.errors import InvalidState
from paycorex.idempotency import Claim
from paycorex.records.merchant import MerchantItem

_FIRST: Final = "first"


def make(merchant_id: str, *, claim: Claim, with_key: bool) -> Registered:
    """Make the test merchant of a live one. with_key: with a first key; people make theirs in the console.

    Raises InvalidState where there is one already, and for a test merchant; storage.TransactionRefused when another request was faster.
    """
    if modes.of(merchant_id) == modes.TEST:
        raise InvalidState("This is a test merchant: only a live one has another beside it.", details={"mode": modes.TEST})
    live = accounts.find(merchant_id)
    if live.test_merchant_id is not None:
        known = {"test_merchant_id": live.test_merchant_id}
        raise InvalidState("There is a test merchant already. Sign in to the console and switch to test mode for its keys.", details=known)
    made = _beside(live)
    issued = None
    if with_key:
        key_id = ids.derive("key", made.merchant_id, _FIRST)
        issued = keys.issue(made.merchant_id, key_id, scopes=ALL_SCOPES, expires_at=None, rotated=False)
    named = store.change_merchant(live, [MerchantItem.test_merchant_id.set(made.merchant_id)])
    first = [] if issued is None else keys.first_writes(issued)
    storage.transact([store.new_merchant(made), named, *first, *claim.rows(reference=made.merchant_id)])
    return Registered(made, issued, None)


def _beside(live: MerchantItem) -> MerchantItem:
    return MerchantItem(
        merchant_id=modes.test_id(live.merchant_id),
        name=live.name,
        email=live.email,
        currency=live.currency,
        status=live.status,
        created_at=clock.now_ms(),
        version=1,
        cursor_key=secrets.token_hex(16),
        live_merchant_id=live.merchant_id,
    )


def of(merchant_id: str) -> Registered:
    """What was made, without its secrets. Raises NotFound."""
    return Registered(accounts.find(merchant_id), None, None)
