"""What clients send to the routes of static codes."""

from paycorex.contract import AmountText, Body, CurrencyCode
from paycorex.text import Text
from payments.routes.requests import Metadata


class CreateQrCode(Body):
    """POST /v1/qr_codes: of a fixed amount, or without one, and then each payer types it."""

    name: Text
    amount: AmountText | None = None
    currency: CurrencyCode | None = None
    metadata: Metadata | None = None


class PayTestCode(Body):
    """POST /v1/qr_codes/{qr_code_id}/payments. amount: what the sandbox's payer types; of a code with an amount, that one."""

    amount: AmountText | None = None
