"""HTTP door of the wallets. Paying and refunding are the payments' business; here they are shown with the wallet."""

from paycorex import aws, ledger
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, App, Call
from paycorex.money import Money, exponent_of
from paycorex.records import ledger_entry, payment, transfer
from paycorex.records import wallet as wallet_record
from paycorex.records.ledger_entry import EntryList
from paycorex.records.payment import PaymentView
from paycorex.records.transfer import TransferView
from paycorex.records.wallet import WalletItem, WalletView, account_of
from payments import orchestrator
from payments.payment import lookup
from payments.payment.orders import Order
from payments.refunds import to_wallet
from payments.routes.answers import payment_answer
from wallet import wallets
from wallet.requests import CreateWallet, MoveMoney, RefundToWallet, WalletQuery

app = App("wallet")


class MovedView(View):
    """A wallet with its new balance, and the transfer that changed it."""

    wallet: WalletView
    transfer: TransferView


class PaidView(View):
    """A wallet with its new balance, and the payment that changed it."""

    wallet: WalletView
    payment: PaymentView


class WalletList(View):
    """A user's wallets; one per currency, so there is one page."""

    data: list[WalletView]
    next_cursor: str | None = None


def _replay_wallet(caller: Caller, wallet_id: str) -> WalletView:
    found = wallets.find(caller.merchant_id, wallet_id=wallet_id, user_id=None, currency=caller.currency)
    return wallet_record.view(found, wallets.balance(found))


@app.route("POST", "/v1/wallet/create", scope="wallet:write", body=CreateWallet, answer=WalletView, status=201, replay=_replay_wallet)
def create_wallet(call: Call[CreateWallet, None]) -> Answer:
    """Create a user's wallet; one per user and currency."""
    currency = call.body.currency or call.caller.currency
    exponent_of(currency)
    made = wallets.create(call.caller.merchant_id, call.body.user_id, currency, claim=call.claim)
    return Answer(201, wallet_record.view(made, 0))


def _replay_transfer(caller: Caller, transfer_id: str) -> MovedView:
    return _moved(wallets.find_transfer(caller.merchant_id, transfer_id))


def _moved(done: wallets.TransferResult) -> MovedView:
    return MovedView(wallet=wallet_record.view(done.wallet, done.balance), transfer=transfer.view(done.transfer))


@app.route("POST", "/v1/wallet/topup", scope="wallet:write", body=MoveMoney, answer=MovedView, status=201, replay=_replay_transfer)
def top_up_wallet(call: Call[MoveMoney, None]) -> Answer:
    """Credit a wallet from outside."""
    found = _wallet_of(call)
    amount = Money.parse(call.body.amount, found.currency)
    return Answer(201, _moved(wallets.top_up(found, amount, call.body.reference, claim=call.claim, lanes=call.caller.lanes)))


@app.route("POST", "/v1/wallet/pay", scope="wallet:write", body=MoveMoney, answer=PaidView, status=201, self_idempotent=True)
def pay_from_wallet(call: Call[MoveMoney, None]) -> Answer:
    """Pay the merchant from a wallet: a payment with method `wallet`."""
    found = _wallet_of(call)
    order = Order(
        caller=call.caller,
        claim=call.claim,
        amount=Money.parse(call.body.amount, found.currency),
        method="wallet",
        wallet_id=found.wallet_id,
        description=call.body.reference,
        body_fits_elsewhere=True,
    )
    recorded = orchestrator.create(order)
    if recorded.payment.status != "success":
        return payment_answer(recorded, call.request_id)
    shown = wallet_record.view(found, wallets.balance(found))
    answer = Answer(201, PaidView(wallet=shown, payment=payment.view(recorded.payment)))
    return answer.replayed() if recorded.replayed else answer


@app.route("POST", "/v1/wallet/refund", scope="wallet:write", body=RefundToWallet, answer=MovedView, status=201, replay=_replay_transfer)
def refund_to_wallet(call: Call[RefundToWallet, None]) -> Answer:
    """Refund a wallet payment to its wallet."""
    body = call.body
    paid = lookup.find(call.caller.merchant_id, body.payment_id)
    if body.wallet_id or body.user_id:
        named = wallets.find(call.caller.merchant_id, wallet_id=body.wallet_id, user_id=body.user_id, currency=paid.currency)
        if named.wallet_id != paid.wallet_id:
            raise InvalidRequest("This payment was not made from that wallet.", details={"field": "wallet_id"})
    return Answer(201, _moved(to_wallet.refund(call.caller, call.claim, paid, body.amount, body.reference)))


@app.route("GET", "/v1/wallet/{wallet_id}", scope="wallet:read", answer=WalletView)
def show_wallet(call: Call[None, None]) -> Answer:
    """A wallet with its balance."""
    return Answer(200, _replay_wallet(call.caller, call.path["wallet_id"]))


@app.route("GET", "/v1/wallet", scope="wallet:read", query=WalletQuery, answer=WalletList)
def list_wallets(call: Call[None, WalletQuery]) -> Answer:
    """The wallets of a user."""
    found = wallets.of_user(call.caller.merchant_id, call.query.user_id)
    return Answer(200, WalletList(data=[wallet_record.view(item, wallets.balance(item)) for item in found]))


@app.route("GET", "/v1/wallet/{wallet_id}/ledger", scope="wallet:read", query=ListQuery, answer=EntryList)
def show_history(call: Call[None, ListQuery]) -> Answer:
    """A wallet's ledger entries, newest first."""
    found = wallets.find(call.caller.merchant_id, wallet_id=call.path["wallet_id"], user_id=None, currency=call.caller.currency)
    name = f"wallet/{found.wallet_id}"
    position = call.position(name)
    before = int(position) if position else None
    page = ledger.page_of(account_of(found), limit=call.query.limit, before_seq=before)
    data = [ledger_entry.view(entry) for entry in page.entries]
    return Answer(200, EntryList(data=data, next_cursor=call.next_cursor(name, page.position)))


def _wallet_of(call: Call[MoveMoney, None]) -> WalletItem:
    body = call.body
    return wallets.find(call.caller.merchant_id, wallet_id=body.wallet_id, user_id=body.user_id, currency=call.caller.currency)


aws.warm("dynamodb", "kms")
handler = app.handler
