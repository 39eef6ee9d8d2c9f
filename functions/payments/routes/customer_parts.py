"""What belongs to a customer, as the customer's own page shows it: the newest of each kind, and only what the caller may read by itself."""

from typing import Final

from paycorex import clock
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.loading import later
from paycorex.records import payment, token
from paycorex.records import wallet as wallet_record
from paycorex.records.hold import authorization_view
from paycorex.records.payment import PaymentItem, PaymentView
from paycorex.records.payment_amounts import MANUAL, is_manual
from paycorex.records.token import TokenView
from paycorex.records.wallet import WalletView
from payments.routes.list_requests import PaymentsQuery

with later():
    from payments.methods import kept_cards
    from payments.routes import lists
    from wallet import wallets

# What one customer is shown with; the lists of payments, tokens and wallets have the rest.
SHOWN: Final = 10
_UPI: Final = "upi_intent"


class MandateView(View):
    """A UPI one-time mandate: what the payer's bank blocks for one payment, and how much of it was taken.

    `type`: upi_one_time, the only kind there is. `status`: as `authorization.status` of its payment.
    """

    payment_id: str
    type: str
    status: str
    amount: str
    captured: str
    capturable: str
    currency: str
    expires_at: str | None
    created_at: str


class Belongings(View):
    """The newest payments, mandates and stored instruments of a customer, and its wallets: ten of each at most."""

    payments: list[PaymentView]
    tokens: list[TokenView]
    wallets: list[WalletView]
    mandates: list[MandateView]


NOTHING: Final = Belongings(payments=[], tokens=[], wallets=[], mandates=[])


def of_customer(caller: Caller, reference: str) -> Belongings:
    """What the merchant's records have under this reference. Without a kind's own scope its list is empty."""
    made, agreed = _payments(caller, reference) if "payments:read" in caller.scopes else ([], [])
    kept = kept_cards.of_user(caller.merchant_id, reference, SHOWN) if "tokens:read" in caller.scopes else []
    held = wallets.of_user(caller.merchant_id, reference, limit=SHOWN) if "wallet:read" in caller.scopes else []
    return Belongings(
        payments=[payment.view(each) for each in made],
        tokens=[token.view(each) for each in kept],
        wallets=[wallet_record.view(each, wallets.balance(each), wallets.held(each)) for each in held],
        mandates=[_mandate(each) for each in agreed],
    )


def _payments(caller: Caller, reference: str) -> tuple[list[PaymentItem], list[PaymentItem]]:
    """The newest payments, and the newest mandates. The list is read a second time only where mandates may be older than those payments."""
    newest = lists.payments(caller, PaymentsQuery(user_id=reference, limit=SHOWN), None)
    if newest.position is None:
        return newest.items, [each for each in newest.items if each.method == _UPI and is_manual(each)]
    wanted = PaymentsQuery(user_id=reference, method=_UPI, capture_method=MANUAL, limit=SHOWN)
    return newest.items, lists.payments(caller, wanted, None).items


def _mandate(item: PaymentItem) -> MandateView:
    held = authorization_view(item)
    return MandateView(
        payment_id=item.payment_id,
        type="upi_one_time",
        status=held.status,
        amount=held.amount,
        captured=held.captured,
        capturable=held.capturable,
        currency=item.currency,
        expires_at=held.expires_at,
        created_at=clock.rfc3339(int(item.created_at)),
    )
