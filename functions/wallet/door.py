"""HTTP door of the wallets: create, top up, show. Paying from a wallet and refunding to one are payments: `payments.routes.wallet`."""

from collections.abc import Collection

from paycorex import aws, ledger
from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.http import Answer, App, Call
from paycorex.money import Money, exponent_of
from paycorex.records import ledger_entry
from paycorex.records import wallet as wallet_record
from paycorex.records.ledger_entry import EntryList
from paycorex.records.wallet import WalletView, account_of
from wallet import wallets
from wallet.requests import CreateWallet, MoveMoney, WalletQuery
from wallet.views import MovedView, WalletList, moved

app = App("wallet")


def _replay_wallet(caller: Caller, wallet_id: str) -> WalletView:
    found = wallets.find(caller.merchant_id, wallet_id=wallet_id, user_id=None, currency=caller.currency)
    return wallet_record.view(found, wallets.balance(found), wallets.held(found))


@app.route("POST", "/v1/wallet/create", scope="wallet:write", body=CreateWallet, answer=WalletView, status=201, replay=_replay_wallet)
def create_wallet(call: Call[CreateWallet, None]) -> Answer:
    """Create a user's wallet; one per user and currency."""
    currency = call.body.currency or call.caller.currency
    exponent_of(currency)
    made = wallets.create(call.caller.merchant_id, call.body.user_id, currency, claim=call.claim)
    return Answer(201, wallet_record.view(made, 0, 0))


def _replay_transfer(caller: Caller, transfer_id: str) -> MovedView:
    return moved(wallets.find_transfer(caller.merchant_id, transfer_id))


def _tops_up(_: Call[MoveMoney, None]) -> Collection[str]:
    """By hand it makes money that a payer can spend: a person's fresh passkey is asked for, and no second person."""
    return ("top_ups",)


@app.route(
    "POST", "/v1/wallet/topup", scope="wallet:write", body=MoveMoney, answer=MovedView, status=201, replay=_replay_transfer, danger=_tops_up
)
def top_up_wallet(call: Call[MoveMoney, None]) -> Answer:
    """Credit a wallet from outside."""
    body = call.body
    found = wallets.find(call.caller.merchant_id, wallet_id=body.wallet_id, user_id=body.user_id, currency=call.caller.currency)
    amount = Money.parse(body.amount, found.currency)
    return Answer(201, moved(wallets.top_up(found, amount, body.reference, claim=call.claim, lanes=call.caller.lanes)))


@app.route("GET", "/v1/wallet/{wallet_id}", scope="wallet:read", answer=WalletView)
def show_wallet(call: Call[None, None]) -> Answer:
    """A wallet with its balance."""
    return Answer(200, _replay_wallet(call.caller, call.path["wallet_id"]))


@app.route("GET", "/v1/wallet", scope="wallet:read", query=WalletQuery, answer=WalletList)
def list_wallets(call: Call[None, WalletQuery]) -> Answer:
    """The wallets of a user."""
    found = wallets.of_user(call.caller.merchant_id, call.query.user_id)
    return Answer(200, WalletList(data=[wallet_record.view(item, wallets.balance(item), wallets.held(item)) for item in found]))


@app.route("GET", "/v1/wallet/{wallet_id}/ledger", scope="wallet:read", query=ListQuery, answer=EntryList)
def list_wallet_entries(call: Call[None, ListQuery]) -> Answer:
    """A wallet's ledger entries, newest first."""
    found = wallets.find(call.caller.merchant_id, wallet_id=call.path["wallet_id"], user_id=None, currency=call.caller.currency)
    name = f"wallet/{found.wallet_id}"
    position = call.position(name)
    before = int(position) if position else None
    page = ledger.page_of(account_of(found), limit=call.query.limit, before_seq=before)
    data = [ledger_entry.view(entry) for entry in page.entries]
    return Answer(200, EntryList(data=data, next_cursor=call.next_cursor(name, page.position)))


aws.warm("dynamodb", "kms")
handler = app.handler
