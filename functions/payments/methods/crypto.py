"""Method `crypto`: a fresh address of the merchant's own wallet, a quote that holds until the payment expires, and a link for wallets.

Settled by what the chain monitor finds (see `crypto.settlement`); keys exist in the merchant's wallet and nowhere else.
"""

from dataclasses import dataclass
from typing import Any, Final

from crypto_monitor import deposit_addresses
from paycorex import clock, credentials
from paycorex.errors import InvalidAmount, InvalidRequest, InvalidState, NotFound
from paycorex.evm import networks
from paycorex.evm.address import checksummed
from paycorex.evm.networks import Asset, Network, format_units
from paycorex.ledger.lanes import choose
from paycorex.records.payment import PaymentItem
from payments.connectors.routing import NoConnector
from payments.crypto import quotes
from payments.crypto.links import transfer_link
from payments.crypto.quotes import Rates
from payments.crypto.state import GRACE_MS, CryptoState, required_units
from payments.payer_page import links as payer_links
from payments.payment import creation, due
from payments.payment.dry_run import Explained, expected_entries
from payments.payment.orders import Order, Recorded, draft
from payments.risk import guard

DEFAULT_SECONDS: Final = 1_800


@dataclass(frozen=True, slots=True)
class _Quote:
    """What is asked for, in which asset, at which rates."""

    network: Network
    asset: Asset
    xpub: str
    units: int
    tolerance_percent: str
    rates: Rates


def start(order: Order) -> Recorded:
    """Make a payment that waits for its money on a chain.

    Raises InvalidRequest, UnsupportedNetwork, UnsupportedCurrency, InvalidState without an xpub, InvalidAmount below the dust limit,
    PriceUnavailable, KeyReused. A retry is answered from the first request and takes no further address.
    """
    known = creation.find(order)
    if known is not None:
        return known
    quote = _quote(order)
    lane = choose(order.caller.merchant_id, order.caller.lanes)
    if order.payer_ip is not None:
        admitted = guard.admitted(order, lane=lane, plan=_quote)
        if isinstance(admitted, Recorded):
            return admitted
        order, quote = admitted.order, admitted.planned
    deposit = deposit_addresses.deposit(
        order.caller.merchant_id, quote.xpub, quote.network, payment_id=order.payment_id, user_id=order.user_id
    )
    payment = _first_version(order, quote, deposit.address, deposit.index)
    payment.next_action = _action(order, payment, quote, deposit.address)
    return creation.record_first(order, payment, also=[deposit.watch])


def explain(order: Order) -> Explained:
    """What `start` would do if the payer paid. Takes no address, so the answer shows none."""
    quote = _quote(order)
    payment = _first_version(order, quote, "", 0)
    entries = expected_entries(order, quote.network.name)
    return Explained(payment, None, entries, ("payment.created", "payment.processing", "payment.success"))


def _quote(order: Order) -> _Quote:
    if order.is_manual:
        raise NoConnector("Money that is paid in this way cannot be held.", details={"field": "capture_method"})
    if order.network is None:
        raise InvalidRequest("A crypto payment names its network.", details={"field": "network"})
    network = networks.named(order.network)
    asset = network.asset(order.asset)
    merchant = credentials.find_merchant(order.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    xpub = merchant.settings.xpubs.get(network.name)
    if xpub is None:
        raise InvalidState(f"Set the xpub for {network.name} first: PATCH /v1/merchants/me.", details={"field": "xpubs"})
    rates = quotes.rates_of(network, order.amount.currency)
    units = rates.units_for(order.amount, asset)
    if asset.is_dust(units):
        raise InvalidAmount(f"Too little to be paid in {asset.symbol}.", details={"field": "amount"})
    return _Quote(network, asset, xpub, units, merchant.settings.crypto_tolerance_percent, rates)


def _first_version(order: Order, quote: _Quote, address: str, index: int) -> PaymentItem:
    now = clock.now_ms()
    payment = draft(order, "pending", lane=choose(order.caller.merchant_id, order.caller.lanes), now_ms=now)
    payment.asset = quote.asset.symbol
    payment.provider = quote.network.name
    payment.expires_at = now + (order.expires_in_seconds or DEFAULT_SECONDS) * 1000
    required = required_units(quote.units, quote.tolerance_percent)
    state = CryptoState(quote.network.name, quote.asset.symbol, address, index, quote.units, required, quote.rates)
    payment.method_state = state.stored()
    due.set_due(payment, int(payment.expires_at) + GRACE_MS)
    return payment


def _action(order: Order, payment: PaymentItem, quote: _Quote, address: str) -> dict[str, Any]:
    """What the payer does next."""
    return {
        "type": "crypto_transfer",
        "network": quote.network.name,
        "chain_id": quote.network.chain_id,
        "asset": quote.asset.symbol,
        "address": checksummed(address),
        "crypto_amount": format_units(quote.units, quote.asset.decimals),
        "crypto_uri": transfer_link(quote.network, quote.asset, address, quote.units),
        "qr_svg_url": payer_links.qr_url(order.base_url, payment, "svg"),
        "qr_png_url": payer_links.qr_url(order.base_url, payment, "png"),
        "pay_url": payer_links.page_url(order.base_url, payment, order.caller.cursor_key),
        "expires_at": clock.rfc3339(int(payment.expires_at or 0)),
    }
