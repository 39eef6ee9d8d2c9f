"""Tenant isolation: no route shows another merchant's records; and lists show every record exactly once."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from paycorex import clock, ids, storage
from paycorex import settings as deployment
from paycorex.credentials.roles import OWN
from paycorex.records import event
from paycorex.records.bank_line import BankLineItem
from paycorex.records.event import EventItem
from paycorex.records.order import order_key
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.stamps import stamp
from settlements.sources.asked import import_of
from settlements.stores import imports
from tests.support import gateway
from tests.support.expectations import assert_refused, nothing_written
from tests.support.payments import charge, settings, tick
from tests.support.settlements import stored
from tests.support.world import Signer, World

# The sandbox's card of a payment that is disputed.
DISPUTED = "4000000000000259"


@pytest.fixture
def other(world: World) -> Signer:
    """Another merchant, with something of every kind."""
    other = world.register("Other", webhook_url="https://example.com/hook")
    world.wallet(other, "asha", "1000.00")
    return other


@pytest.fixture(params=["strangers", "test and live", "live and test"])
def apart(request: pytest.FixtureRequest, world: World) -> tuple[Signer, Signer]:
    """Who asks, and who owns: two merchants, or one merchant's two worlds, either way round."""
    if request.param == "strangers":
        return request.getfixturevalue("merchant"), request.getfixturevalue("other")
    # A live merchant with the sandbox has something of every kind, too.
    world.settings = world.settings.model_copy(update={"allow_sandbox_connector": True})
    deployment.use(world.settings)
    live = world.register("Other", webhook_url="https://example.com/hook", mode="live")
    made = world.call(live, "POST", "/v1/test").body
    test = Signer(made["api_key"], made["secret"], made["merchant_id"], made["key_id"], made)
    assert world.call(test, "POST", "/v1/webhooks/provider", {"url": "https://example.com/hook"}).status == 201
    asks, owns = (test, live) if request.param == "test and live" else (live, test)
    world.wallet(owns, "asha", "1000.00")
    return asks, owns


def belongings(world: World, owner: Signer) -> dict[str, str]:
    """{kind: id} of one object of each kind that there is a route for."""
    paid = world.pay(owner, "asha", "10.00").body["payment_id"]
    card = {"user_id": "asha", "type": "card", "number": "4111111111111111", "expiry_month": 12, "expiry_year": 2030}
    address = {"address": "0x52908400098527886E0F7030069857D2E4169EE7", "network": "ethereum"}
    arms = {arm: [{"use": [{"connector": connector}]}] for arm, connector in (("a", "sandbox"), ("b", "sandbox_backup"))}
    assert charge(world, owner, DISPUTED).status == 201
    tick(world, after_seconds=60)
    settings(world, owner, payee_vpa="chai@okbank", payee_name="Chai & Co")
    replies = {
        "customer_id": world.call(owner, "POST", "/v1/customers", {"reference": "asha"}).body,
        "session_id": world.call(owner, "POST", "/v1/checkout/sessions", {"amount": "1.00"}).body,
        "link_id": world.call(owner, "POST", "/v1/links", {"name": "Tea", "amount": "1.00"}).body,
        "qr_code_id": world.call(owner, "POST", "/v1/qr_codes", {"name": "Counter 1"}).body,
        "entry_id": world.call(owner, "POST", "/v1/blocklist", {"kind": "customer", "value": "user-123"}).body,
        "experiment_id": world.call(owner, "POST", "/v1/routing/experiments", {**arms, "share": 10}).body,
        "dispute_id": world.call(owner, "GET", "/v1/disputes").body["data"][0],
        "refund_id": world.call(owner, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "1.00"}).body,
        "wallet_id": world.call(owner, "GET", "/v1/wallet?user_id=asha").body["data"][0],
        "token_id": world.call(owner, "POST", "/v1/tokens/create", card).body,
        "endpoint_id": world.call(owner, "GET", "/v1/webhooks/provider").body["data"][0],
        "key_id": {"key_id": owner.key_id},
        "id": world.call(owner, "POST", "/v1/crypto/address", address).body,
    }
    found = {kind: content["address_id" if kind == "id" and "address_id" in content else kind] for kind, content in replies.items()}
    # Stored and not asked for, because what an import or a settlement begins with is not here: a file, a report.
    asked = import_of(owner.merchant_id, "sandbox", 0, 1, "asked")
    storage.run(imports.new(asked))
    found |= {"settlement_id": stored(owner, "setl_1", count=1).settlement_id, "import_id": asked.import_id}
    found |= {"bank_line_id": bank_line(owner), "item_id": reconciliation_item(owner)}
    person = world.call(owner, "POST", "/v1/console/users", {"email": "a@example.com", "name": "A", "role": "owner"})
    found |= {"person_id": person.body["person_id"], "event_id": an_event(owner)}
    return {"payment_id": paid, "delivery_id": ids.new("whd"), **found}


def bank_line(owner: Signer) -> str:
    now, found_id = clock.now_ms(), ids.new("bnk")
    item = BankLineItem(
        bank_line_id=found_id, merchant_id=owner.merchant_id, account="IN1", currency="INR", amount=100, booked_on="2026-11-01",
        state="unexpected", version=1, created_at=now, updated_at=now, order_key=order_key(now, found_id),
    )  # fmt: skip
    storage.run(storage.put(item))
    return found_id


def reconciliation_item(owner: Signer) -> str:
    now, found_id = clock.now_ms(), ids.new("rcn")
    item = ReconciliationItem(
        item_id=found_id, merchant_id=owner.merchant_id, side="ours", source="sandbox", currency="INR", record="payment:x", booked=100,
        state="expected", since=now, version=1, created_at=now, updated_at=now, order_key=order_key(now, found_id),
        **stamp("reconciliation.exception", now),
    )  # fmt: skip
    storage.run(storage.put(item))
    return found_id


def an_event(owner: Signer) -> str:
    now, found_id = clock.now_ms(), ids.new("evt")
    shard = event.merchant_shard(owner.merchant_id, found_id)
    item = EventItem(merchant_shard=shard, event_id=found_id, event="payment.success", event_at=now, sequence=1, data=event.packed({}))
    storage.run(storage.put(item))
    return found_id


def random_like(identifier: str) -> str:
    return ids.new(identifier[:3]) if identifier[3:4] == "_" else identifier[::-1]


# No ids of objects: a transaction of a public chain, and what connectors and files are called.
NO_OWNER = {"tx_hash", "connector", "name", "merchant_id", "file", "month", "number", "day"}


# That the two worlds of one merchant are there, and that a live merchant made its test merchant with a key.
SAYS_WHAT_IS_BESIDE = {"/v1/merchants/me", "/v1/audit", "/v1/audit/csv"}


def test_another_merchants_object_is_answered_like_none(world: World, apart: tuple[Signer, Signer]) -> None:
    """Every route with an id in its path (acceptance 55); those for what is a person's own refuse every key."""
    merchant, other = apart
    theirs = belongings(world, other)
    routes = [route for route in gateway.merchants_routes() if route.path_parameters and not route.public and route.scope != OWN]
    tried = 0
    for route in routes:
        (name,) = route.path_parameters
        if name in NO_OWNER:
            continue
        body = json.dumps(minimal(route)).encode() if route.body is not None else b""
        with nothing_written(world):
            foreign = world.call(merchant, route.method, route.path.replace(f"{{{name}}}", theirs[name]), body)
            nobodys = world.call(merchant, route.method, route.path.replace(f"{{{name}}}", random_like(theirs[name])), body)
        assert_refused(foreign, "not_found")
        assert foreign.without_request_id() == nobodys.without_request_id(), route.path
        tried += 1
    assert tried >= 8


def minimal(route: Any) -> dict[str, Any]:
    """A body that the route would take."""
    return {"PATCH /v1/webhooks/provider/{endpoint_id}": {"is_active": False}}.get(f"{route.method} {route.path}", fields_of(route))


def fields_of(route: Any) -> dict[str, Any]:
    samples = {"amount": "1.00", "reason": "x", "decision": "refund", "to": "refund"}
    required = [name for name, field in route.body.model_fields.items() if field.is_required()]
    return {name: allowed(route.body.model_fields[name]) or samples.get(name, "x") for name in required}


def allowed(field: Any) -> Any:
    choices = getattr(field.annotation, "__args__", ())
    return choices[0] if choices and isinstance(choices[0], str) else None


BODIES = [
    ("/v1/payments/refund", {"payment_id": "payment_id"}),
    ("/v1/payments/refund", {"payment_id": "payment_id", "amount": "=1.00"}),
    ("/v1/wallet/refund", {"payment_id": "payment_id"}),
    ("/v1/wallet/topup", {"wallet_id": "wallet_id", "amount": "=1.00"}),
    ("/v1/wallet/pay", {"wallet_id": "wallet_id", "amount": "=1.00"}),
    ("/v1/payments/create", {"wallet_id": "wallet_id", "amount": "=1.00", "method": "=wallet"}),
    ("/v1/payments/create", {"token_id": "token_id", "amount": "=1.00", "method": "=tokenized"}),
    ("/v1/payments/create", {"customer_id": "customer_id", "amount": "=1.00", "method": "=wallet"}),
    ("/v1/payments/create", {"user_id": "=asha", "amount": "=1.00", "method": "=wallet"}),
]


@pytest.mark.parametrize(("target", "fields"), BODIES)
def test_another_merchants_object_in_a_body_is_answered_like_none(
    world: World, apart: tuple[Signer, Signer], target: str, fields: dict[str, str]
) -> None:
    """Acceptance 55: and no balance moves."""
    merchant, other = apart
    theirs = belongings(world, other)

    def body(known: dict[str, str]) -> dict[str, str]:
        return {name: value[1:] if value.startswith("=") else known[value] for name, value in fields.items()}

    with nothing_written(world, but_outcomes=True):
        foreign = world.call(merchant, "POST", target, body(theirs))
        nobodys = world.call(merchant, "POST", target, body({kind: random_like(known) for kind, known in theirs.items()}))
    assert_refused(foreign, "not_found")
    assert foreign.without_request_id() == nobodys.without_request_id()


def test_no_list_shows_another_merchants_rows(world: World, apart: tuple[Signer, Signer]) -> None:
    merchant, other = apart
    beside = other.merchant_id in world.call(merchant, "GET", "/v1/merchants/me").raw.decode()
    theirs = belongings(world, other)
    world.wallet(merchant, "asha", "5.00")
    routes = [
        route
        for route in gateway.merchants_routes()
        if route.method == "GET" and not route.path_parameters and route.scope and route.scope != OWN
    ]
    assert len(routes) >= 8
    for route in routes:
        needs_user = route.query is not None and "user_id" in route.query.model_json_schema().get("required", [])
        shown = world.call(merchant, "GET", route.path + ("?user_id=asha" if needs_user else "")).raw.decode()
        known = {other.merchant_id, other.key_id} if beside and route.path in SAYS_WHAT_IS_BESIDE else set()
        foreign = {*theirs.values(), other.merchant_id} - known
        assert not [identifier for identifier in foreign if identifier in shown], route.path


def test_the_ledger_of_another_merchant_cannot_be_named(world: World, apart: tuple[Signer, Signer]) -> None:
    merchant, other = apart
    theirs = belongings(world, other)
    for entity, entity_id in (("wallet", theirs["wallet_id"]), ("merchant", other.merchant_id), ("fees", other.merchant_id)):
        assert_refused(world.call(merchant, "GET", f"/v1/dashboard/ledgers?entity={entity}&entity_id={entity_id}"), "not_found")
    for trick in (f"{other.merchant_id}#merchant", "a#b", "../x", "*"):
        target = f"/v1/dashboard/ledgers?entity=clearing&entity_id={quote(trick)}"
        assert_refused(world.call(merchant, "GET", target), "invalid_request")
    assert world.call(merchant, "GET", "/v1/dashboard/ledgers?entity=clearing&entity_id=topup").body["data"] == []


LISTS = [
    "/v1/payments?",
    "/v1/dashboard/payments?",
    "/v1/dashboard/ledgers?",
    "/v1/wallet/{wallet_id}/ledger?",
    "/v1/payments/{payment_id}/refunds?",
]


def busy(world: World, signer: Signer) -> dict[str, str]:
    """A merchant with seven rows in every list; ids of what the lists are about."""
    wallet_id = world.wallet(signer, "asha", "1000.00")
    payments = [world.pay(signer, "asha", "10.00").body["payment_id"] for _ in range(7)]
    for _ in range(7):
        assert world.call(signer, "POST", "/v1/payments/refund", {"payment_id": payments[0], "amount": "1.00"}).status == 201
    return {"wallet_id": wallet_id, "payment_id": payments[0]}


def pages(world: World, signer: Signer, target: str, limit: int) -> list[list[Any]]:
    found: list[list[Any]] = []
    cursor = ""
    while True:
        page = world.call(signer, "GET", f"{target}limit={limit}{cursor}").body
        found.append(page["data"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={quote(page['next_cursor'])}"


@pytest.mark.parametrize("lanes", [1, 8])
@pytest.mark.parametrize("target", LISTS)
def test_pages_show_everything_once_newest_first(world: World, merchant: Signer, target: str, lanes: int) -> None:
    world.spread(merchant, lanes)
    target = target.format(**busy(world, merchant))
    whole = pages(world, merchant, target, 100)
    assert len(whole) == 1
    assert len(whole[0]) >= 7
    assert whole[0] == sorted(whole[0], key=lambda row: row["created_at"], reverse=True)
    for limit in (1, 3, 7):
        paged = pages(world, merchant, target, limit)
        assert [row for page in paged for row in page] == whole[0]
        assert all(len(page) <= limit for page in paged)


@pytest.mark.parametrize("target", LISTS)
def test_a_cursor_serves_its_merchant_alone_and_cannot_be_altered(world: World, merchant: Signer, other: Signer, target: str) -> None:
    """Forged, another merchant's, of another list, altered by one byte anywhere (acceptance 71)."""
    mine = target.format(**busy(world, merchant))
    cursor = world.call(merchant, "GET", f"{mine}limit=1").body["next_cursor"]
    theirs = target.format(**busy(world, world.register("Third")))
    elsewhere = "/v1/payments?" if not target.startswith("/v1/payments?") else "/v1/dashboard/ledgers?"
    for place in range(len(cursor)):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert_refused(world.call(merchant, "GET", f"{mine}cursor={altered}"), "invalid_cursor")
    for forged in ("", "x", "AAAA", "A" * 64, "%00", quote("é"), "A" * 2000, cursor + "=", quote(cursor + "\n")):
        assert_refused(world.call(merchant, "GET", f"{mine}cursor={forged}"), "invalid_cursor")
    assert_refused(world.call(merchant, "GET", f"{elsewhere}cursor={cursor}"), "invalid_cursor")
    assert_refused(world.call(other, "GET", f"{mine}cursor={cursor}"), "invalid_cursor" if "{" not in target else "not_found")
    assert theirs


def test_a_cursor_holds_for_its_filter(world: World, merchant: Signer) -> None:
    busy(world, merchant)
    cursor = world.call(merchant, "GET", "/v1/payments?status=success&limit=1").body["next_cursor"]
    assert world.call(merchant, "GET", f"/v1/payments?status=success&limit=2&cursor={cursor}").status == 200
    for filters in ("status=failed", "", "status=success&user_id=asha"):
        assert_refused(world.call(merchant, "GET", f"/v1/payments?{filters}&cursor={cursor}"), "invalid_cursor")


@pytest.mark.parametrize("target", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "101", "1000000000", "1e2", "1.5", "x", "", "%20", "null", "１"])
def test_a_limit_is_between_one_and_a_hundred(world: World, merchant: Signer, target: str, limit: str) -> None:
    """Acceptance 71."""
    mine = target.format(**busy(world, merchant))
    assert_refused(world.call(merchant, "GET", f"{mine}limit={limit}"), "invalid_request")


@pytest.mark.parametrize(
    "query",
    [
        *("status=begins_with(a)", "status=%23", "status=success%27%20OR%201=1", "method=wallet%00", "merchant_id=x", "from=x", "to=%23"),
        *("user_id=%0A", "user_id=%E2%80%AE", "currency=inr", "status=", "from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "x=1"),
        *("status=success&status=failed", "limit=1&limit=2", "reference=%00", "from=", "page=2", "order_key=1", "%00=1", "user_id="),
    ],
)
def test_a_filter_is_a_value_and_never_an_expression(world: World, merchant: Signer, query: str) -> None:
    """Acceptance 71."""
    busy(world, merchant)
    assert_refused(world.call(merchant, "GET", f"/v1/payments?{query}"), "invalid_request")


@pytest.mark.parametrize("value", ["begins_with(x)", "#status", ":v", "asha' OR '1'='1", "*", "%", "asha#", "mer_a#asha"])
def test_an_odd_value_matches_nothing(world: World, merchant: Signer, value: str) -> None:
    busy(world, merchant)
    for target in ("/v1/payments?user_id=", "/v1/payments?reference=", "/v1/wallet?user_id="):
        assert world.call(merchant, "GET", target + quote(value)).body["data"] == []


def test_filters_select_what_they_say(world: World, merchant: Signer) -> None:
    busy(world, merchant)
    started = world.call(merchant, "GET", "/v1/payments?limit=1").body["data"][0]["created_at"]
    assert_refused(world.pay(merchant, "asha", "9999.00"), "insufficient_funds")
    counts = {
        "status=success": 7,
        "status=failed": 1,
        "method=wallet": 8,
        "method=crypto": 0,
        "min_amount=10.01": 1,
        "max_amount=10": 7,
        "currency=USD": 0,
        f"from={started}": 2,
        f"to={started}": 6,
    }
    found = {query: len(world.call(merchant, "GET", f"/v1/payments?limit=100&{query}").body["data"]) for query in counts}
    assert found == counts


def test_lists_survive_reads_that_lag_behind() -> None:
    """Eventually consistent reads may miss the newest rows, never fail."""
    for seed in range(5):
        with World(seed=seed, eventual_lag=0.5).running() as world:
            signer = world.register()
            things = busy(world, signer)
            targets = [target.format(**things) for target in LISTS]
            moment = world.call(signer, "GET", "/v1/dashboard/ledgers?limit=1").body["data"][0]["created_at"]
            for _ in range(10):
                replies = [world.call(signer, "GET", target) for target in [*targets, f"/v1/dashboard/ledgers?to={moment}"]]
                assert {reply.status for reply in replies} == {200}
