"""HTTP door of the crypto room. The payments' deposit addresses are made by the payments; here they are listed with the others."""

from crypto_monitor import deposit_addresses as addresses
from crypto_monitor import status, watched_addresses
from crypto_monitor.requests import PreviewKey, RegisterAddress, StatusQuery
from crypto_monitor.status import StatusView
from crypto_monitor.stores import addresses as address_store
from crypto_monitor.stores import transfers as transfer_store
from paycorex import aws
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.evm import networks
from paycorex.evm.address import checksummed
from paycorex.http import Answer, App, Call
from paycorex.records import crypto_address, crypto_transaction
from paycorex.records.crypto_address import CryptoAddressView
from paycorex.records.crypto_transaction import CryptoTransactionView

app = App("crypto")


class AddressList(View):
    """A page of watched addresses, newest first."""

    data: list[CryptoAddressView]
    next_cursor: str | None


class TransactionList(View):
    """A page of transfers that the monitor found, newest first."""

    data: list[CryptoTransactionView]
    next_cursor: str | None


class PreviewedAddress(View):
    """An address that a key derives."""

    index: int
    address: str


class Preview(View):
    """The first addresses that a key derives."""

    addresses: list[PreviewedAddress]


def _replay_address(caller: Caller, address_id: str) -> CryptoAddressView:
    return crypto_address.view(watched_addresses.find(caller.merchant_id, address_id))


@app.route(
    "POST",
    "/v1/crypto/address",
    scope="crypto:write",
    body=RegisterAddress,
    answer=CryptoAddressView,
    status=201,
    other_status=200,
    replay=_replay_address,
)
def register_address(call: Call[RegisterAddress, None]) -> Answer:
    """Watch a user's address; 200 with the existing record when it is watched already."""
    body = call.body
    order = watched_addresses.Registration(call.caller.merchant_id, body.network, body.address, body.user_id, body.label)
    item, is_new = watched_addresses.register(order, call.claim)
    return Answer(201 if is_new else 200, crypto_address.view(item))


@app.route("GET", "/v1/crypto/addresses", scope="crypto:read", query=ListQuery, answer=AddressList)
def list_addresses(call: Call[None, ListQuery]) -> Answer:
    """The watch list, newest first."""
    page = address_store.of_merchant(call.caller.merchant_id, limit=call.query.limit, position=call.position("crypto_addresses"))
    data = [crypto_address.view(item) for item in page.items]
    return Answer(200, AddressList(data=data, next_cursor=call.next_cursor("crypto_addresses", page.position)))


@app.route("DELETE", "/v1/crypto/addresses/{id}", scope="crypto:write", answer=CryptoAddressView, replay=_replay_address)
def stop_watching(call: Call[None, None]) -> Answer:
    """Stop watching an address."""
    item = watched_addresses.stop(call.caller.merchant_id, call.path["id"], call.claim)
    return Answer(200, crypto_address.view(item))


@app.route("GET", "/v1/crypto/status/{tx_hash}", scope="crypto:read", query=StatusQuery, answer=StatusView)
def show_transaction_status(call: Call[None, StatusQuery]) -> Answer:
    """The status of a transaction, read from the chain."""
    return Answer(200, status.status(call.caller.merchant_id, networks.named(call.query.network), call.path["tx_hash"]))


@app.route("POST", "/v1/crypto/xpub/preview", scope="crypto:write", body=PreviewKey, answer=Preview, self_idempotent=True)
def preview_xpub(call: Call[PreviewKey, None]) -> Answer:
    """The first addresses that an xpub derives, before it is saved. Changes nothing, so a replay is answered again."""
    networks.named(call.body.network)
    found = addresses.preview(call.body.xpub)
    return Answer(200, Preview(addresses=[PreviewedAddress(index=index, address=checksummed(address)) for index, address in found]))


@app.route("GET", "/v1/crypto/transactions", scope="crypto:read", query=ListQuery, answer=TransactionList)
def list_crypto_transactions(call: Call[None, ListQuery]) -> Answer:
    """The transfers that the monitor found, newest first."""
    page = transfer_store.of_merchant(call.caller.merchant_id, limit=call.query.limit, position=call.position("crypto_transactions"))
    data = [crypto_transaction.view(item) for item in page.items]
    return Answer(200, TransactionList(data=data, next_cursor=call.next_cursor("crypto_transactions", page.position)))


aws.warm("dynamodb", "kms")
handler = app.handler
