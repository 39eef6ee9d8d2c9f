"""Routes that pay from a wallet and refund to one. Wallets themselves, and top-ups, have a door of their own."""

from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import Money
from paycorex.records import payment
from paycorex.records import wallet as wallet_record
from paycorex.records.payment import PaymentView
from paycorex.records.wallet import WalletView
from payments import orchestrator
from payments.payment import lookup
from payments.payment.orders import Order
from payments.routes.answers import payment_answer
from payments.routes.app import app
from payments.routes.refund_requests import RefundToWallet
from wallet import wallets
from wallet.requests import MoveMoney
from wallet.views import MovedView, moved

with later():
    from payments.refunds import large, to_wallet


class PaidView(View):
    """A wallet with its new balance, and the payment that changed it."""

    wallet: WalletView
    payment: PaymentView


@app.route("POST", "/v1/wallet/pay", scope="wallet:write", body=MoveMoney, answer=PaidView, status=201, self_idempotent=True)
def pay_from_wallet(call: Call[MoveMoney, None]) -> Answer:
    """Pay the merchant from a wallet: a payment with method `wallet`."""
    body = call.body
    found = wallets.find(call.caller.merchant_id, wallet_id=body.wallet_id, user_id=body.user_id, currency=call.caller.currency)
    order = Order(
        caller=call.caller,
        claim=call.claim,
        amount=Money.parse(body.amount, found.currency),
        method="wallet",
        wallet_id=found.wallet_id,
        description=body.reference,
        body_fits_elsewhere=True,
    )
    recorded = orchestrator.create(order)
    if recorded.payment.status != "success":
        return payment_answer(recorded, call.request_id)
    shown = wallet_record.view(found, wallets.balance(found), wallets.held(found))
    answer = Answer(201, PaidView(wallet=shown, payment=payment.view(recorded.payment)))
    return answer.replayed() if recorded.replayed else answer


def _replay_refund(caller: Caller, transfer_id: str) -> MovedView:
    return moved(wallets.find_transfer(caller.merchant_id, transfer_id))


@app.route(
    "POST",
    "/v1/wallet/refund",
    scope="wallet:write",
    body=RefundToWallet,
    answer=MovedView,
    status=201,
    replay=_replay_refund,
    danger=lambda call: large.kinds(call.caller.merchant_id, call.body.payment_id, call.body.amount),
)
def refund_to_wallet(call: Call[RefundToWallet, None]) -> Answer:
    """Refund a wallet payment to its wallet."""
    body = call.body
    paid = lookup.find(call.caller.merchant_id, body.payment_id)
    if body.wallet_id or body.user_id:
        named = wallets.find(call.caller.merchant_id, wallet_id=body.wallet_id, user_id=body.user_id, currency=paid.currency)
        if named.wallet_id != paid.wallet_id:
            raise InvalidRequest("This payment was not made from that wallet.", details={"field": "wallet_id"})
    most = large.unasked(call.caller, call.dangers)
    return Answer(201, moved(to_wallet.refund(call.caller, call.claim, paid, body.amount, body.reference, most)))
