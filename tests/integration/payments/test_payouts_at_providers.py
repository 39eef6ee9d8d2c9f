"""What providers report of payouts: read to the paisa from what they publish, asked for as their own clients do, and bounded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import settings
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.results import Contradicts, NotFound, Unavailable, Unknown
from payments.connectors.settling import LineKind, Page, PayoutStatus, ProviderFee, ProviderPayout, ReportLine, Settling
from payments.connectors.stripe.connector import Stripe
from tests.fakes.http_servers import RecordingServer, Reply
from tests.integration.payments.test_requests_fit_the_providers import KEYS, user_of
from tests.support import published
from tests.support.world import World

RECON = Path(__file__).parents[2] / "fakes" / "published" / "razorpay-recon.json"
MONTH_MS = 30 * 24 * 3600 * 1000
SETTLED = ProviderPayout("setl_DGlQ1Rj8os78Ec", -344_684, "INR", PayoutStatus.PAID, 1_568_176_960_000)


def answer(content: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status, json.dumps(content).encode(), [("Content-Type", "application/json")])


def listed(*objects: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(objects), "has_more": has_more, "url": "/v1/x"}


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


def stripe_at(world: World, server: RecordingServer) -> Stripe:
    settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
    return Stripe({"secret_key": "sk_test_51"})


def razorpay_at(world: World, server: RecordingServer) -> Razorpay:
    settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
    return Razorpay(KEYS)


def query_of(path: str) -> tuple[str, dict[str, list[str]]]:
    """The path and its query; `a[]` and `a[0]` say the same."""
    parts = urlsplit(path)
    return parts.path, {name.replace("[0]", "[]"): value for name, value in parse_qs(parts.query).items()}


def transaction(**more: Any) -> dict[str, Any]:
    charge = published.stripe_object("charge") | {"id": "ch_1", "payment_intent": "pi_1", "metadata": {"payment_id": "pay_ours"}}
    return published.stripe_object("balance_transaction") | {"source": charge} | more


def test_the_connectors_that_know_payouts_are_asked(world: World) -> None:
    assert isinstance(Stripe({}), Settling)
    assert isinstance(Razorpay({}), Settling)


def test_stripes_payouts_and_lines_are_read_from_its_own_objects(world: World) -> None:
    fees = [{"amount": 30, "type": "stripe_fee", "currency": "usd"}, {"amount": 5, "type": "tax", "currency": "usd"}]
    paid = transaction(id="txn_1", amount=1000, fee=35, net=965, fee_details=fees)
    refund = published.stripe_object("refund") | {"id": "re_1", "charge": "ch_1", "payment_intent": "pi_1"}
    refund["metadata"] = {"refund_id": "ref_ours", "payment_id": "pay_ours"}
    back = transaction(id="txn_2", amount=-400, net=-400, reporting_category="refund", type="refund", source=refund)
    kept = transaction(id="txn_3", amount=-50, net=-50, reporting_category="fee", type="stripe_fee", source=None)
    new = transaction(id="txn_4", amount=585, net=585, reporting_category="moon_dust", type="moon", source=None)
    itself = transaction(id="txn_5", amount=-1100, net=-1100, reporting_category="payout", type="payout", source="po_1")
    payout = published.stripe_object("payout") | {"status": "paid"}
    with RecordingServer([answer(listed(payout)), answer(listed(paid, back, kept, new, itself))]) as server:
        connector = stripe_at(world, server)
        payouts = connector.payouts("mer_x", 0, MONTH_MS, None)
        assert isinstance(payouts, Page)
        (found,) = payouts.items
        lines = connector.payout_lines("mer_x", found, None)
    assert found == ProviderPayout(payout["id"], 1100, "USD", PayoutStatus.PAID, 1_234_567_890_000, 1_234_567_890_000, None)
    assert isinstance(lines, Page)
    assert lines.cursor is None
    kinds = [(line.kind, line.gross, line.fee, line.tax) for line in lines.items]
    assert kinds == [
        (LineKind.PAYMENT, 1000, 30, 5),
        (LineKind.REFUND, -400, 0, 0),
        (LineKind.FEE, 0, 50, 0),
        (LineKind.UNKNOWN, 585, 0, 0),
    ]
    assert sum(line.net for line in lines.items) == found.amount
    names = [(line.line_reference, line.charge_reference, line.object_reference, line.our_reference) for line in lines.items]
    assert names[0] == ("txn_1", "pi_1", "ch_1", "pay_ours")
    assert names[1] == ("txn_2", "pi_1", "re_1", "ref_ours")


def test_stripes_own_client_asks_the_same(world: World) -> None:
    payout = ProviderPayout("po_1", 100, "USD", PayoutStatus.PAID, 0)
    intent = published.stripe_object("payment_intent")
    page = listed(transaction(), has_more=True)
    script = [answer(listed()), answer(page), answer(listed()), answer(intent)]
    with RecordingServer(script) as ours, RecordingServer(script) as theirs:
        connector = stripe_at(world, ours)
        assert isinstance(connector.payouts("mer_x", 1_500, MONTH_MS, "po_0"), Page)
        first = connector.payout_lines("mer_x", payout, None)
        assert isinstance(first, Page)
        connector.payout_lines("mer_x", payout, first.cursor)
        assert connector.fee_of("mer_x", intent["id"]) == NotFound()
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses={"api": theirs.url("").rstrip("/")}, max_network_retries=0)
        made: Any = {"created": {"gte": 2, "lt": MONTH_MS // 1000}, "limit": 100, "starting_after": "po_0"}
        client.v1.payouts.list(made)
        lines: Any = {"payout": "po_1", "limit": 100, "expand": ["data.source"]}
        last = client.v1.balance_transactions.list(lines).data[-1].id
        lines["starting_after"] = last
        client.v1.balance_transactions.list(lines)
        client.v1.payment_intents.retrieve(intent["id"], {"expand": ["latest_charge.balance_transaction"]})
        assert len(ours.requests) == len(theirs.requests) == 4
        for our, their in zip(ours.requests, theirs.requests, strict=True):
            assert (our.method, query_of(our.path), user_of(our)) == (their.method, query_of(their.path), "sk_test_51")


def test_razorpays_documented_recon_comes_out_to_the_paisa(world: World) -> None:
    recon = json.loads(RECON.read_text(encoding="utf-8"))
    stranger = recon["items"][0] | {"entity_id": "pay_other", "settlement_id": "setl_other"}
    with RecordingServer([answer({**recon, "items": [*recon["items"], stranger]})]) as server:
        lines = razorpay_at(world, server).payout_lines("mer_x", SETTLED, None)
    assert isinstance(lines, Page)
    assert lines.cursor is None
    found = [(line.line_reference, line.kind, line.gross, line.fee, line.tax, line.net) for line in lines.items]
    assert found == [
        ("pay_DEXrnipqTmWVGE", LineKind.PAYMENT, 100_000, 2_900, 0, 97_100),
        ("rfnd_DGRcGzZSLyEdg1", LineKind.REFUND, -242_500, 0, 0, -242_500),
        ("trf_DEUoCEtdsJgvl7", LineKind.ADJUSTMENT, -100_000, 250, 46, -100_296),
        ("adj_EhcHONhX4ChgNC", LineKind.ADJUSTMENT, 1_012, 0, 0, 1_012),
    ]
    assert [line.charge_reference for line in lines.items] == ["pay_DEXrnipqTmWVGE", "pay_DEXq1pACSqFxtS", "pay_DEApNNTR6xmqJy", None]
    assert {line.bank_reference for line in lines.items} == {"1568176960vxp0rj", None}


def test_razorpays_own_client_asks_the_same(world: World) -> None:
    settlements = published.razorpay_answer("settlement_collection")
    recon = json.loads(RECON.read_text(encoding="utf-8"))
    script = [answer(settlements), answer(recon), answer(published.razorpay_answer("fake_captured_payment"))]
    with RecordingServer(script) as ours, RecordingServer(script) as theirs:
        connector = razorpay_at(world, ours)
        payouts = connector.payouts("mer_x", 1_500_000_000_000, 1_600_000_000_000, None)
        connector.payout_lines("mer_x", SETTLED, None)
        connector.fee_of("mer_x", "pay_1")
        client: Any = razorpay_sdk.Client(auth=(KEYS["key_id"], KEYS["key_secret"]), base_url=theirs.url("").rstrip("/"))
        client.settlement.all({"from": 1_500_000_000, "to": 1_599_999_999, "count": 100, "skip": 0})
        client.settlement.report({"year": 2019, "month": "09", "day": "11", "count": 500, "skip": 0})
        client.payment.fetch("pay_1")
        for our, their in zip(ours.requests, theirs.requests, strict=True):
            assert (our.method, query_of(our.path)) == (their.method, query_of(their.path))
            assert our.headers["authorization"] == their.headers["authorization"]
    assert isinstance(payouts, Page)
    assert (payouts.items[0].amount, payouts.items[0].bank_reference) == (50_000, "RZRP173069230703")


def test_what_a_payment_cost_is_known_once_it_is_captured(world: World) -> None:
    paid = {"id": "pay_1", "entity": "payment", "currency": "INR", "amount": 50_000, "captured": True, "fee": 1_180, "tax": 180}
    balance = transaction(amount=50_000, fee=1_475, net=48_525, fee_details=[])
    charge = published.stripe_object("charge") | {"id": "ch_1", "balance_transaction": balance}
    intent = published.stripe_object("payment_intent") | {"id": "pi_1", "latest_charge": charge}
    with RecordingServer([answer(paid), answer(paid | {"captured": False, "fee": None, "tax": None}), answer({}, 400)]) as server:
        connector = razorpay_at(world, server)
        assert connector.fee_of("mer_x", "pay_1") == ProviderFee("pay_1", 1_000, 180, "INR")
        assert connector.fee_of("mer_x", "pay_1") == NotFound()
        assert connector.fee_of("mer_x", "pay_1") == NotFound()
        assert connector.fee_of("mer_x", "order_1") == NotFound()
        assert len(server.requests) == 3
    with RecordingServer([answer(intent), answer({}, 404), answer(intent)]) as server:
        stripe = stripe_at(world, server)
        assert stripe.fee_of("mer_x", "pi_1") == ProviderFee("pi_1", 1_475, 0, "USD")
        assert stripe.fee_of("mer_x", "pi_1") == NotFound()
        assert isinstance(stripe.fee_of("mer_x", "pi_2"), Contradicts)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"net": 99}, Contradicts),
        ({"amount": 10**15, "net": 10**15}, Contradicts),
        ({"amount": "100"}, Unknown),
        ({"id": "t" * 129}, Unknown),
        ({"id": "txn 1"}, Unknown),
        ({"currency": "xxx"}, Contradicts),
        ({"fee_details": None}, Unknown),
    ],
)
def test_a_line_of_stripe_that_cannot_be_booked_is_not_read(world: World, changed: dict[str, Any], expected: type) -> None:
    with RecordingServer([answer(listed(transaction(**changed)))]) as server:
        payout = ProviderPayout("po_1", 100, "USD", PayoutStatus.PAID, 0)
        assert isinstance(stripe_at(world, server).payout_lines("mer_x", payout, None), expected)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"credit": 97_101}, Contradicts),
        ({"debit": 5}, Contradicts),
        ({"amount": -100_000, "credit": -97_100}, Contradicts),
        ({"amount": 10**15, "credit": 10**15 - 2_900}, Contradicts),
        ({"fee": 29.0}, Unknown),
        ({"currency": None}, Unknown),
        ({"entity_id": None}, Unknown),
    ],
)
def test_a_line_of_razorpay_that_cannot_be_booked_is_not_read(world: World, changed: dict[str, Any], expected: type) -> None:
    item = json.loads(RECON.read_text(encoding="utf-8"))["items"][0] | changed
    with RecordingServer([answer({"items": [item]})]) as server:
        assert isinstance(razorpay_at(world, server).payout_lines("mer_x", SETTLED, None), expected)


def test_a_fee_that_was_paid_by_credits_is_not_taken_out_of_the_money(world: World) -> None:
    item = json.loads(RECON.read_text(encoding="utf-8"))["items"][0] | {"credit": 100_000, "credit_type": "fee"}
    with RecordingServer([answer({"items": [item]})]) as server:
        lines = razorpay_at(world, server).payout_lines("mer_x", SETTLED, None)
    assert isinstance(lines, Page)
    assert [(line.gross, line.fee, line.net) for line in lines.items] == [(100_000, 0, 100_000)]


def test_a_dispute_is_an_adjustment_that_names_it(world: World) -> None:
    adjustment = json.loads(RECON.read_text(encoding="utf-8"))["items"][3] | {"dispute_id": "disp_1", "payment_id": "pay_1"}
    items = [adjustment | {"entity_id": "adj_1", "debit": 1_012, "credit": 0}, adjustment | {"entity_id": "adj_2"}]
    with RecordingServer([answer({"items": items})]) as server:
        lines = razorpay_at(world, server).payout_lines("mer_x", SETTLED, None)
    assert isinstance(lines, Page)
    found = [(line.kind, line.gross, line.object_reference, line.charge_reference) for line in lines.items]
    assert found == [(LineKind.DISPUTE, -1_012, "disp_1", "pay_1"), (LineKind.DISPUTE_WON, 1_012, "disp_1", "pay_1")]


def test_lists_end_however_long_a_provider_makes_them(world: World) -> None:
    item = json.loads(RECON.read_text(encoding="utf-8"))["items"][0]
    payout = ProviderPayout("po_1", 100, "USD", PayoutStatus.PAID, 0)
    with RecordingServer([answer({"items": [item] * 500}), answer({"items": [item] * 501})]) as server:
        connector = razorpay_at(world, server)
        page = connector.payout_lines("mer_x", SETTLED, None)
        assert isinstance(page, Page)
        assert page.cursor == "500"
        assert isinstance(connector.payout_lines("mer_x", SETTLED, "500"), Unknown)
        assert isinstance(connector.payout_lines("mer_x", SETTLED, "200000"), Unknown)
        assert len(server.requests) == 2
    with RecordingServer([answer(listed(*[transaction(source=None)] * 101)), answer(listed(has_more=True))]) as server:
        stripe = stripe_at(world, server)
        assert isinstance(stripe.payout_lines("mer_x", payout, None), Unknown)
        assert stripe.payout_lines("mer_x", payout, None) == Page[ReportLine](())


def test_a_provider_in_trouble_is_a_result(world: World) -> None:
    with RecordingServer([answer({}, 429), answer({}, 500), answer({}, 401)]) as server:
        stripe = stripe_at(world, server)
        assert isinstance(stripe.payouts("mer_x", 0, 1, None), Unavailable)
        assert isinstance(stripe.payouts("mer_x", 0, 1, None), Unknown)
        assert isinstance(stripe.payouts("mer_x", 0, 1, None), Unavailable)
