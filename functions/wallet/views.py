"""What the wallets' routes show beside the wallet itself."""

from paycorex.contract import View
from paycorex.records import transfer
from paycorex.records import wallet as wallet_record
from paycorex.records.transfer import TransferView
from paycorex.records.wallet import WalletView
from wallet import wallets


class MovedView(View):
    """A wallet with its new balance, and the transfer that changed it."""

    wallet: WalletView
    transfer: TransferView


class WalletList(View):
    """A user's wallets; one per currency, so there is one page."""

    data: list[WalletView]
    next_cursor: str | None = None


def moved(done: wallets.TransferResult) -> MovedView:
    """A transfer's result, as clients see it."""
    return MovedView(wallet=wallet_record.view(done.wallet, done.balance, done.held), transfer=transfer.view(done.transfer))
