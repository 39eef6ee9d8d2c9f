"""The deployed template with IAM enforced: what the doors and workers do, their roles allow."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from crypto_monitor import refund_transactions
from local import deploy, wallet
from local.chain import Chain, NoAnvil
from local.crypto_demo import XPUB
from local.emulator import CREDENTIALS, REGION, start_emulator
from paycorex import clock
from paycorex.records.order import order_key
from tests.e2e.conftest import PARAMETERS, watched
from tests.e2e.deployed import Deployed
from tests.e2e.enforcement import enforceable_template
from tests.e2e.test_journey import test_a_signed_payment_moves_money_and_reaches_the_merchants_webhook as journey
from tests.support import tools
from tests.support.gateway import Reply
from tests.support.world import Signer


@pytest.fixture(scope="module")
def enforced(node: Chain | NoAnvil) -> Iterator[Deployed]:
    path = enforceable_template()
    with start_emulator({"AUTH": "true"}) as emulator:
        running, watching = watched(emulator, "enforced", node)
        yield Deployed(emulator, deploy.deploy(emulator, "enforced", PARAMETERS | watching, template=path), running)


def operate(enforced: Deployed, method: str, path: str) -> Reply:
    """As an operator: signed with AWS's Signature Version 4."""
    url = urlsplit(enforced.stack.url)
    request = AWSRequest(method, f"{url.scheme}://{url.netloc}{url.path}{path}")
    SigV4Auth(Credentials(*CREDENTIALS.values()), "execute-api", REGION).add_auth(request)
    return enforced.send(method, path, [(name, str(value)) for name, value in request.headers.items()])


def test_a_merchant_whom_an_operator_suspends_is_refused_within_a_minute_and_let_in_again(enforced: Deployed) -> None:
    who = enforced.register()
    path = f"/admin/merchants/{who.merchant_id}"
    assert enforced.send("POST", f"{path}/suspend", []).status in {403, 404}
    assert enforced.call(who, "GET", "/v1/merchants/me").status == 200
    assert operate(enforced, "POST", f"{path}/suspend").body["status"] == "suspended"
    # Longer than the minute that keys are remembered by what one slow answer takes.
    assert waited(lambda: enforced.call(who, "GET", "/v1/merchants/me").status == 401, seconds=90)
    assert enforced.call(who, "POST", "/v1/wallet/create", {"user_id": "asha"}).status == 401
    assert who.merchant_id in [line["merchant_id"] for line in operate(enforced, "GET", "/admin/merchants").body["data"]]
    assert operate(enforced, "POST", f"{path}/resume").body["status"] == "active"
    assert waited(lambda: enforced.call(who, "GET", "/v1/merchants/me").status == 200, seconds=90)
    assert operate(enforced, "GET", "/admin/queues").status == 200
    assert operate(enforced, "GET", "/admin/payments/stuck").body == {"data": []}
    other = operate(enforced, "DELETE", "/admin/queues")
    assert (other.status, other.code, other.headers["allow"]) == (405, "method_not_allowed", "GET")
    assert (operate(enforced, "GET", "/admin/nowhere").status, enforced.send("GET", "/admin/nowhere", []).status) == (404, 404)


def test_every_role_allows_what_its_function_does(enforced: Deployed) -> None:
    """Register, top up, pay, refund, read the ledger, have the webhook: authorizer, doors, dispatcher and sender, each by its own role."""
    journey(enforced)


def test_instruments_and_settings_stay_within_their_roles(enforced: Deployed) -> None:
    who = enforced.register()
    card = {"type": "card", "user_id": "u", "number": "4242424242424242", "expiry_month": 12, "expiry_year": 2040}
    token = enforced.call(who, "POST", "/v1/tokens/create", card)
    assert token.status == 201, token.raw
    paid = enforced.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "tokenized", "token_id": token.body["token_id"]})
    assert paid.status == 201, paid.raw
    assert enforced.call(who, "DELETE", f"/v1/tokens/{token.body['token_id']}").status == 200
    rotated = enforced.call(who, "POST", "/v1/merchants/apikey", {"overlap_seconds": 60})
    assert rotated.status == 201, rotated.raw
    assert enforced.call(who, "PATCH", "/v1/merchants/me", {"name": "Chai Junction"}).status == 200


def asked_for_coins(enforced: Deployed, who: Signer) -> dict[str, Any]:
    """A payment by crypto that waits for its payer."""
    assert enforced.call(who, "PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": XPUB}}).status == 200
    order = {"amount": "500.00", "method": "crypto", "network": "ethereum", "asset": "USDC"}
    made = enforced.call(who, "POST", "/v1/payments/create", order)
    assert made.status == 201, made.raw
    body: dict[str, Any] = made.body
    return body


def test_money_over_a_chain_stays_within_the_roles(enforced: Deployed, node: Chain | NoAnvil) -> None:
    """Address, scanner, settlement, status, and a refund that the merchant's wallet sends: paid twelve blocks deep."""
    if isinstance(node, NoAnvil):
        tools.missing(f"no anvil: {node}")
    who = enforced.register()
    made = asked_for_coins(enforced, who)
    tx_hash = wallet.pay(node.url, made["next_action"]["crypto_uri"])
    path = f"/v1/payments/{made['payment_id']}"

    def settled() -> bool:
        enforced.invoke("CryptoScannerEthereumFunction", {"network": "ethereum"})
        return bool(enforced.call(who, "GET", path).body["status"] == "success")

    assert waited(settled, seconds=150)
    status = enforced.call(who, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum")
    assert (status.status, status.body["status"]) == (200, "confirmed"), status.raw
    address = {"address": wallet.PAYER, "network": "ethereum"}
    watching = enforced.call(who, "POST", "/v1/crypto/address", address)
    assert watching.status == 201, watching.raw
    assert enforced.call(who, "DELETE", f"/v1/crypto/addresses/{watching.body['address_id']}").status == 200
    refund = enforced.call(who, "POST", "/v1/payments/refund", {"payment_id": made["payment_id"], "refund_address": wallet.PAYER})
    assert refund.status == 201, refund.raw
    tx_hash = wallet.pay(node.url, refund.body["next_action"]["crypto_uri"])
    said = f"/v1/refunds/{refund.body['refund_id']}/sent"
    # Not in a block yet, or not deep enough: then it is asked again, with the same transaction.
    assert waited(lambda: enforced.call(who, "POST", said, {"tx_hash": tx_hash}).body.get("status") == "success", seconds=60)


# A scanner that a busy machine held up waits for its records before it says how far it is.
EXPIRED_WITHIN_SECONDS = 150 + refund_transactions.STREAM_DELAY_MS // 1000


@pytest.mark.timeout(2 * EXPIRED_WITHIN_SECONDS)
def test_a_crypto_payment_that_was_not_paid_ends_within_the_roles(enforced: Deployed, node: Chain | NoAnvil) -> None:
    """The janitor asks how far the monitor has read. Its time is put back by hand: the shortest, with its grace, is eleven minutes."""
    if isinstance(node, NoAnvil):
        tools.missing(f"no anvil: {node}")
    who = enforced.register()
    made = asked_for_coins(enforced, who)
    payment_id: str = made["payment_id"]
    put_back(enforced, payment_id, 20 * 60_000)

    def expired() -> bool:
        enforced.invoke("CryptoScannerEthereumFunction", {"network": "ethereum"})
        enforced.invoke("PaymentsJanitorFunction")
        return bool(enforced.call(who, "GET", f"/v1/payments/{payment_id}").body["failure_code"] == "expired")

    assert waited(expired, seconds=EXPIRED_WITHIN_SECONDS)


def put_back(enforced: Deployed, payment_id: str, milliseconds: int) -> None:
    """Let the end of a payment's time, and the janitor's look at it, have been due that long ago."""
    before = clock.now_ms() - milliseconds
    enforced.emulator.client("dynamodb").update_item(
        TableName=f"{enforced.stack.name}-payments",
        Key={"payment_id": {"S": payment_id}},
        UpdateExpression="SET expires_at = :at, due_at = :due",
        ConditionExpression="attribute_exists(due_shard)",
        ExpressionAttributeValues={":at": {"N": str(before)}, ":due": {"S": order_key(before, payment_id)}},
    )


def waited(happened: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it happened in time."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(2)
    return True
