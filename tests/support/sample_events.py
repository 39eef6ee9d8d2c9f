"""Sample events for `sam local invoke`: written by `python -m tests.support.sample_events`, one for every route and every other handler.

HTTP events carry what the authorizer would have added, with the body's hash, so a door takes them as verified. Ids in them are made up, so
what names an object is answered 404; what creates one works against empty tables.
"""

import base64
import importlib.util
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from paycorex import fee_work, signing, storage
from paycorex.credentials import ALL_SCOPES, Caller, operators
from paycorex.http.routes import Route
from tests.support import gateway
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto
from tests.support.engine import Engine
from tests.support.world import PREFIX, World

EVENTS = Path(__file__).parents[2] / "events"
# The local stack's tables; a test puts its own prefix in.
LOCAL_PREFIX = "paycorex-local-"
_A, _B = "a" * 26, "b" * 26
MERCHANT = f"mer_{_A}"
CALLER = Caller(MERCHANT, f"key_{_A}", frozenset(ALL_SCOPES), "INR", 1, "00" * 16)
OPERATOR = operators.caller_of(f"opr_{_A}", "made-up", frozenset(operators.SCOPES))
# The account m/44'/60'/0' of the mnemonic that every Ethereum development chain uses.
_XPUB = "xpub6Ce9NcJvTk36xtLSrJLZqE7wtgA5deCeYs7rSQtreh4cj6ByPtrg9sD7V2FNFLPnf8heNP3FGkeV9qwfzvZNSd54JoNXVsXFYSYwHsnJxqP"
_ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
_HASH = "0x" + "ab" * 32
_METHOD_ARN = "arn:aws:execute-api:ap-south-1:000000000000:api/local/GET/v1/payments"

# A challenge that was never made.
_CREDENTIAL = {"id": "AA", "client_data_json": "eyJjaGFsbGVuZ2UiOiJBQSJ9"}

BODIES: dict[str, dict[str, Any]] = {
    "/v1/reconciliation/items/{item_id}/resolve": {"action": "claim", "reason": "asked for at the provider"},
    "/v1/merchants/register": {"name": "Chai Point", "email": "books@chai.example"},
    "/v1/merchants/apikey": {"overlap_seconds": 3600},
    "/v1/console/session": {"mode": "test"},
    "/v1/console/session/step_up": {"credential": {**_CREDENTIAL, "authenticator_data": "AA", "signature": "AA", "user_handle": "AA"}},
    "/v1/approvals/{approval_id}": {"decision": "reject"},
    "/v1/merchants/me": {"payee_vpa": "chai@upi", "payee_name": "Chai Point"},
    "/v1/payments/create": {"amount": "1000.00", "method": "wallet", "user_id": "user-123"},
    "/v1/payments/refund": {"payment_id": f"pay_{_A}", "amount": "250.00", "reason": "spilt"},
    "/admin/merchants/{merchant_id}/periods/{month}/reopen": {"reason": "a supplier wrote a wrong date"},
    "/operator/v1/queues/webhooks_dead/redrive": {"reason": "the receiver is well again"},
    "/admin/merchants/{merchant_id}/fee_plans": {"rates": [{"percent": "1", "tax_percent": "18"}]},
    "/v1/payments/{payment_id}/late": {"action": "accept"},
    "/v1/payments/{payment_id}/capture": {"amount": "250.00", "final": False},
    "/v1/payments/{payment_id}/void": {"reason": "sold out"},
    "/v1/payments/{payment_id}/increment": {"amount": "1250.00"},
    "/pay/{payment_id}/sandbox": {"outcome": "approve"},
    "/pay/{payment_id}/look": {},
    "/pay/{payment_id}/keep": {"keep": True},
    "/pay/{payment_id}/fields": {"client_secret": "made-up", "card": "approve"},
    "/v1/disputes/{dispute_id}/evidence": {"text": {"explanation": "Handed over on Monday."}},
    "/v1/disputes/{dispute_id}/accept": {"dry_run": True},
    "/v1/customers": {"reference": "user-123", "name": "Asha", "email": "asha@example.com"},
    "/v1/customers/{customer_id}/token": {"expires_in": 900},
    "/v1/checkout/sessions": {"amount": "120.00", "success_url": "https://shop.example/thanks"},
    "/v1/links": {"name": "Tea stall", "amount": "25.00"},
    "/v1/links/{link_id}": {"active": False},
    "/c/{session_id}/pay": {"method": "upi_intent"},
    "/c/{session_id}/customer": {"customer_token": f"1800000000.{'A' * 32}"},
    "/l/{code}/pay": {"reference": "table-7"},
    "/v1/qr_codes": {"name": "Counter 1"},
    "/v1/qr_codes/{qr_code_id}/payments": {"amount": "25.00"},
    "/v1/customers/{customer_id}": {"phone": "+919876543210"},
    "/v1/settlements/import": {"source": "sandbox", "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"},
    "/v1/refunds/{refund_id}/sent": {"tx_hash": _HASH},
    "/v1/routing/experiments": {"a": [{"use": [{"connector": "sandbox"}]}], "b": [{"use": [{"connector": "sandbox_backup"}]}], "share": 10},
    "/v1/routing/replay": {"routing_rules": [{"use": [{"connector": "sandbox"}]}], "last": 100},
    "/v1/blocklist": {"kind": "ip", "value": "198.51.100.7", "reason": "tested cards"},
    "/v1/payments/{payment_id}": {"review": "approve"},
    "/v1/risk_replays": {"risk_rules": [{"rule_id": "one-card", "by": "card", "max_payments": 3, "window_seconds": 3600}]},
    "/v1/wallet/create": {"user_id": "user-123"},
    "/v1/wallet/topup": {"user_id": "user-123", "amount": "5000"},
    "/v1/wallet/pay": {"user_id": "user-123", "amount": "1000"},
    "/v1/wallet/refund": {"payment_id": f"pay_{_A}"},
    "/v1/tokens/create": {"user_id": "user-123", "type": "upi", "vpa": "asha@upi"},
    "/v1/webhooks/provider": {"url": "https://hooks.example.com/paycorex"},
    "/v1/webhooks/provider/{endpoint_id}": {"events": ["payment.success"]},
    "/v1/webhooks/provider/{endpoint_id}/rotate": {"overlap_seconds": 3600},
    "/v1/webhooks/replay": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"},
    "/v1/crypto/address": {"address": _ADDRESS, "network": "ethereum", "label": "treasury"},
    "/v1/crypto/xpub/preview": {"network": "ethereum", "xpub": _XPUB},
}
BODIES |= {
    "/v1/bank/lines/{bank_line_id}/resolve": {"action": "accept", "reason": "rent"},
    "/v1/console/sessions": {"credential": {**_CREDENTIAL, "authenticator_data": "AA", "signature": "AA", "user_handle": "AA"}},
    "/v1/console/passkeys/challenge": {"ticket": "made-up-made-up-made-up"},
    "/v1/console/passkeys": {"ticket": "made-up-made-up-made-up", "credential": {**_CREDENTIAL, "attestation_object": "AA"}},
    "/v1/console/users/me/passkeys": {"credential": {**_CREDENTIAL, "attestation_object": "AA"}},
    "/v1/console/users": {"email": "asha@chai.example", "name": "Asha", "role": "finance"},
    "/v1/console/users/{person_id}": {"role": "support"},
    "/v1/test/clock": {"advance": "P7D"},
    "/operator/v1/sessions": {"credential": {**_CREDENTIAL, "authenticator_data": "AA", "signature": "AA", "user_handle": "AA"}},
    "/operator/v1/passkeys/challenge": {"ticket": "made-up-made-up-made-up"},
    "/operator/v1/passkeys": {"ticket": "made-up-made-up-made-up", "credential": {**_CREDENTIAL, "attestation_object": "AA"}},
    "/operator/v1/session/step_up": {"credential": {**_CREDENTIAL, "authenticator_data": "AA", "signature": "AA", "user_handle": "AA"}},
    "/operator/v1/operators": {"email": "ops@paycorex.example", "name": "Omar", "role": "operate"},
    "/operator/v1/operators/{operator_id}": {"role": "read"},
    "/operator/v1/merchants/{merchant_id}/rate": {"requests_per_second": 50, "reason": "a sale begins on Friday"},
    "/operator/v1/merchants/{merchant_id}/fee_plans": {"rates": [{"percent": "1", "tax_percent": "18"}], "reason": "the new contract"},
    **{f"/operator/v1/merchants/{{merchant_id}}/{act}": {"reason": "the merchant asked for it"} for act in ("view", "suspend", "resume")},
    "/operator/v1/merchants/{merchant_id}/owners": {
        "email": "asha@example.com",
        "name": "Asha",
        "reason": "she called back on the number of the contract",
    },
    "/operator/v1/merchants/{merchant_id}/periods/{month}/reopen": {"reason": "a supplier wrote a wrong date"},
    "/operator/v1/reviews": {"merchant_id": "mer_" + "a" * 26, "payment_id": "pay_" + "a" * 26, "reason": "the provider corrected it"},
    "/operator/v1/answers": {
        "merchant_id": "mer_" + "a" * 26,
        "dispute_id": "dsp_" + "a" * 26,
        "taken": True,
        "reason": "the provider's dashboard shows it",
    },
    "/operator/v1/lost_records": {"reason": "the store is well again"},
    "/operator/v1/ledger/verifications": {"reason": "the monthly look"},
    **{f"/operator/v1/set_aside/{{loop}}/{{item_id}}/{act}": {"reason": "the provider answers again"} for act in ("retry", "resolve")},
}
PATHS = {
    "operator_id": f"opr_{_A}",
    "person_id": f"usr_{_A}",
    "approval_id": f"apr_{_A}",
    "passkey_id": "0" * 16,
    "console_session_id": f"ses_{_A}",
    "payment_id": f"pay_{_A}",
    "refund_id": f"ref_{_A}",
    "dispute_id": f"dsp_{_A}",
    "customer_id": f"cus_{_A}",
    "session_id": f"chk_{_A}",
    "link_id": f"lnk_{_A}",
    "qr_code_id": f"qrc_{_A}",
    "code": "a" * 22,
    "settlement_id": f"set_{_A}",
    "import_id": f"imp_{_A}",
    "entry_id": f"blk_{_A}",
    "wallet_id": f"wal_{_A}",
    "token_id": f"tok_{_A}",
    "key_id": f"key_{_B}",
    "experiment_id": f"exp_{_A}",
    "endpoint_id": f"whe_{_A}",
    "delivery_id": f"whd_{_A}",
    "event_id": f"evt_{_A}",
    "id": f"adr_{_A}",
    "tx_hash": _HASH,
    "connector": "sandbox",
    "merchant_id": MERCHANT,
    "name": "sandbox",
    "file": "app.js",
    "loop": "payments.janitor",
    "item_id": f"pay_{_A}",
    "month": "2026-10",
    "number": "INV-2026-000001",
    "day": "2026-11-27",
    "bank_line_id": f"bnk_{_A}",
}
QUERIES = {
    "/c/{session_id}": {"t": "made-up"},
    "/c/{session_id}/pay": {"t": "made-up"},
    "/c/{session_id}/customer": {"t": "made-up"},
    "/c/{session_id}/receipt.pdf": {"t": "made-up"},
    "/pay/{payment_id}": {"t": "made-up"},
    "/pay/{payment_id}/status": {"t": "made-up"},
    "/pay/{payment_id}/back": {"t": "made-up"},
    "/pay/{payment_id}/sandbox": {"t": "made-up"},
    "/pay/{payment_id}/fields": {"t": "made-up"},
    "/pay/{payment_id}/look": {"t": "made-up"},
    "/pay/{payment_id}/keep": {"t": "made-up"},
    "/v1/wallet": {"user_id": "user-123"},
    "/v1/tokens": {"user_id": "user-123"},
    "/v1/crypto/status/{tx_hash}": {"network": "ethereum"},
    "/v1/payments": {"status": "success", "limit": "5"},
    "/v1/search": {"q": "order-17"},
    "/v1/reconciliation/days/{day}": {"source": "stripe", "currency": "INR"},
    **{f"/v1/statements{file}": {"month": "2026-11"} for file in ("", "/csv", "/pdf", "/camt053")},
}


def http_event(route: Route) -> dict[str, Any]:
    """The proxy event of a route."""
    path = route.path.format(**{name: PATHS[name] for name in route.path_parameters})
    query = QUERIES.get(route.path, {})
    body = json.dumps(BODIES[route.path]).encode() if route.body is not None and route.method != "GET" else b""
    target = f"{path}?{urlencode(query)}" if query else path
    headers = [("Accept", "application/json"), *([("Content-Type", "application/json")] if body else [])]
    event = gateway.proxy_event(route.method, target, headers, body)
    event["resource"] = route.path
    event["pathParameters"] = {name: PATHS[name] for name in route.path_parameters} or None
    context = event["requestContext"]
    context["requestId"] = "00000000-0000-4000-8000-000000000000"
    if route.path.startswith(gateway.BY_IAM):
        event |= gateway.by_iam(path)
        context["identity"] |= {"userArn": "arn:aws:iam::000000000000:user/operator", "accountId": "000000000000"}
    if not route.public:
        verified = {"signature_version": "2", "signature_state": "verified", "body_sha256": signing.body_sha256(body)}
        is_operators = operators.is_operators(route.path)
        version = {"signature_version": operators.SIGNATURE_VERSION} if is_operators else {}
        context["authorizer"] = {**(OPERATOR if is_operators else CALLER).to_context(), **verified, **version}
        event["headers"]["X-Signature"] = "0" * 64
        event["multiValueHeaders"]["X-Signature"] = ["0" * 64]
    return event


def worker_events() -> dict[str, Any]:
    """Events of the handlers that are no doors, as a world makes them, by file name."""
    world = World()
    with world.running():
        engine = Engine(world)
        who = world.register()
        assert world.call(who, "POST", "/v1/webhooks/provider", {"url": "https://hooks.example.com/paycorex"}).status == 201
        world.wallet(who, "user-123", "5000")
        for table in world.dynamo.dump():
            world.dynamo.drain_stream(table)
        assert world.pay(who, "user-123", "1000").status == 201
        records = world.dynamo.drain_stream(f"{PREFIX}payments")
        ledger = world.dynamo.drain_stream(f"{PREFIX}ledgers")[:1]
        found = _transfer_found(world)
        fee_work_row = fee_work.FeeWorkItem(payment_id=f"pay_{_A}", merchant_id=MERCHANT, version=1, expires_at=9_999_999_999)
        storage.run(storage.put(fee_work_row))
        costs = world.dynamo.drain_stream(f"{PREFIX}fee_work")
        letter = {"merchant_id": MERCHANT, "delivery_id": f"whd_{_A}", "round": 0}
        queue = engine.url("webhooks")
        world.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(letter))
        messages = world.sqs.event(queue, world.sqs.receive_message(QueueUrl=queue))
        signed = gateway.proxy_event("GET", "/v1/payments", who.v2("GET", "/v1/payments", b""), b"")
    schedule = {"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}}
    changed = {**ledger[0], "eventName": "MODIFY"}
    return {
        "authorizer/request.json": {**signed, "type": "REQUEST", "methodArn": _METHOD_ARN},
        "webhooks/dispatcher.json": {"Records": records},
        "webhooks/sender.json": messages,
        "webhooks/dead_letters.json": messages,
        "webhooks/sweeper.json": schedule,
        "crypto_monitor/scanner.json": {"network": "ethereum"},
        "payments/crypto_settlement.json": {"Records": found},
        "payments/fees.json": {"Records": costs},
        "operations/ledger_watch.json": {"Records": [changed]},
        "dashboard/rollup.json": {"Records": records},
        "operations/checkpoint.json": schedule,
        "settlements/reconciliation.json": schedule,
        "operations/verification.json": schedule,
        "operations/export.json": schedule,
        "settlements/importer.json": schedule,
        "operations/release_check.json": {"DeploymentId": "d-ABCDEF123", "LifecycleEventHookExecutionId": "eyJlbmNyeXB0ZWREYXRhIjoi"},
    }


def _transfer_found(world: World) -> list[dict[str, Any]]:
    """The stream record of a transfer to a payment's address."""
    merchant = merchant_with_key(world)
    monitor = Monitor(world, merchant)
    payment = pay_by_crypto(world, merchant)
    monitor.found(payment, expected_units(payment))
    return monitor.stream()


def write() -> None:
    """Write every file."""
    files = worker_events()
    if importlib.util.find_spec("payments.janitor_door"):
        files["payments/janitor.json"] = files["webhooks/sweeper.json"]
    for app in gateway.apps():
        for route in app.routes:
            room = route.function.__module__.partition(".")[0]
            files[f"{room}/{route.operation_id}.json"] = http_event(route)
    for name, event in files.items():
        target = EVENTS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(event, indent=2, default=_jsonable).replace(f"table/{PREFIX}", f"table/{LOCAL_PREFIX}")
        target.write_text(text + "\n", encoding="utf-8")


def _jsonable(value: object) -> str:
    assert isinstance(value, bytes | bytearray)
    return base64.b64encode(value).decode()


if __name__ == "__main__":
    write()
