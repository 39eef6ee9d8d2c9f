"""The `qr_codes` table, and the payments that were made by a code."""

from collections.abc import Sequence
from typing import Final

from pynamodb.expressions.update import Action

from paycorex import storage
from paycorex.records.payment import PaymentItem
from paycorex.records.qr_code import QrCodeItem
from payments.payment import store as payment_store

_BY_MERCHANT: Final = "by_merchant"


def find(qr_code_id: str) -> QrCodeItem | None:
    """A code as it stands now."""
    return storage.get(QrCodeItem, qr_code_id)


def new_code(item: QrCodeItem) -> storage.Write:
    """Store a code that is not there yet."""
    return storage.put(item, QrCodeItem.qr_code_id.does_not_exist())


def change(before: QrCodeItem, after: QrCodeItem) -> storage.Write:
    """Store a code's next version, unless another write did since `before` was read."""
    actions: Sequence[Action] = storage.difference(before, after)
    return storage.update(QrCodeItem, QrCodeItem.wire_key(before.qr_code_id), actions, QrCodeItem.version == int(before.version))


def codes_of(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[QrCodeItem], str | None]:
    """A merchant's codes, newest first, and the position to go on after."""
    return storage.listed(QrCodeItem, QrCodeItem.merchant_id, merchant_id, index=_BY_MERCHANT, limit=limit, position=position)


def payments_of(qr_code_id: str, *, limit: int, position: str | None) -> tuple[list[PaymentItem], str | None]:
    """The payments by a code, newest first, and the position to go on after."""
    return payment_store.listed_under(qr_code_id, limit=limit, position=position)
