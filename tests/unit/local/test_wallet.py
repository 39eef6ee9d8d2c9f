"""The test chain's wallet does what a payment link asks for, to the last unit."""

from local import wallet
from paycorex.evm.networks import ETHEREUM
from payments.crypto.links import transfer_link

ADDRESS = "0x52908400098527886e0f7030069857d2e4169ee7"
USDC = ETHEREUM.asset("USDC")


def test_a_link_for_coins_is_a_transfer_of_coins() -> None:
    sent = wallet.transaction(transfer_link(ETHEREUM, ETHEREUM.native, ADDRESS, 5 * 10**15))
    assert (sent["to"].lower(), int(sent["value"], 16), "data" in sent) == (ADDRESS, 5 * 10**15, False)


def test_a_link_for_tokens_is_a_call_of_their_contract() -> None:
    sent = wallet.transaction(transfer_link(ETHEREUM, USDC, ADDRESS, 1_250_000))
    assert (sent["to"].lower(), "value" in sent) == (USDC.contract, False)
    assert sent["data"] == "0xa9059cbb" + ADDRESS[2:].rjust(64, "0") + f"{1_250_000:064x}"
