"""Risk rules and the blocklist: who tests stolen cards is stopped within a few tries, and a payer beside is not disturbed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from paycorex import clock, storage
from paycorex.rate_limits import GuardItem
from paycorex.records.blocklist_entry import BlocklistItem
from paycorex.records.risk_rule import CARD_TESTING_PAYMENTS, CARD_TESTING_WINDOW_SECONDS
from payments.risk import counters, subjects
from tests.fakes.faults import Call, Fault, FaultyClient, Killed
from tests.integration.payments.test_checkout import CARD, UPI, begin, choose, customer, decide, page
from tests.integration.payments.test_checkout import payments as stored_payments
from tests.integration.payments.test_payer_access import follow
from tests.integration.payments.test_payment_links import begin as begin_from_link
from tests.integration.payments.test_payment_links import make as make_link
from tests.integration.payments.test_provider_fields import begun, typed
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply, coming_from
from tests.support.world import PREFIX, Signer, World

THIEF, PAYER = "198.51.100.7", "203.0.113.20"
BLOCKED = {"rule_id": "card-testing", "action": "block", "entry_id": None, "decision": None}
BY_CARD = {"rule_id": "one-card", "by": "card", "max_payments": 2, "window_seconds": 3600}


def change(world: World, who: Signer, *rules: dict[str, Any]) -> Reply:
    changed = world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": list(rules)})
    world.clock.now += 120
    return changed


def block(world: World, who: Signer, kind: str, value: str, **more: Any) -> Reply:
    return world.call(who, "POST", "/v1/blocklist", {"kind": kind, "value": value, **more})


def is_at_the_fields(chosen: Reply) -> bool:
    assert chosen.status == 200, chosen.raw
    url: str = chosen.body["url"]
    return url.startswith("/pay/")


def test_a_storm_of_stolen_cards_is_stopped_within_ten_tries_and_a_payer_beside_is_not_disturbed(world: World, who: Signer) -> None:
    link = make_link(world, who, amount="1.00")
    reached = 0
    for number in range(500):
        if number % 19 == 0:
            world.clock.now += 61  # as fast as a link lets one address begin
        with coming_from(THIEF):
            session = begin_from_link(world, link).body
            reached += is_at_the_fields(choose(world, session, CARD))
    assert reached == CARD_TESTING_PAYMENTS
    assert page(world, session["url"]).raw.decode().count("The payment was not accepted.") == 1
    refused = [each for each in stored_payments() if each.failure_code == "risk_rule"]
    assert len(refused) == 500 - CARD_TESTING_PAYMENTS
    shown = support.show(world, who, refused[-1].payment_id)
    assert (shown["status"], shown["risk"], shown["attempts"]) == ("failed", BLOCKED, [])
    with coming_from(PAYER):
        beside = begin_from_link(world, link).body
        assert is_at_the_fields(choose(world, beside, CARD))
        decide(world, choose(world, beside, UPI).body["url"], "approve")
        assert "Paid" in page(world, beside["url"]).raw.decode()


def test_a_payer_who_was_blocked_may_pay_when_the_time_is_over(world: World, who: Signer) -> None:
    with coming_from(THIEF):
        tries = [is_at_the_fields(choose(world, begin(world, who), CARD)) for _ in range(CARD_TESTING_PAYMENTS + 1)]
        assert tries == [True] * CARD_TESTING_PAYMENTS + [False]
        world.clock.now += CARD_TESTING_WINDOW_SECONDS * (counters.SLICES + 1) / counters.SLICES
        assert is_at_the_fields(choose(world, begin(world, who), CARD))


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.5", "::ffff:203.0.113.5", True),
        ("203.0.113.5", "203.0.113.6", False),
    ],
)
def test_an_ipv6_network_is_one_payer(world: World, who: Signer, one: str, other: str, together: bool) -> None:
    change(world, who, {"rule_id": "once", "by": "ip", "max_payments": 1, "window_seconds": 600})
    with coming_from(one):
        assert is_at_the_fields(choose(world, begin(world, who), CARD))
    with coming_from(other):
        assert is_at_the_fields(choose(world, begin(world, who), CARD)) is not together


def test_a_choice_that_is_sent_again_is_not_counted_again(world: World, who: Signer) -> None:
    change(world, who, {"rule_id": "twice", "by": "ip", "max_payments": 2, "window_seconds": 600})
    first = begin(world, who)
    assert {is_at_the_fields(choose(world, first, CARD)) for _ in range(5)} == {True}
    assert is_at_the_fields(choose(world, begin(world, who), CARD))
    assert not is_at_the_fields(choose(world, begin(world, who), CARD))


def test_a_card_is_counted_for_signed_requests_and_a_retry_is_not(world: World, who: Signer) -> None:
    assert change(world, who, BY_CARD).status == 200
    for key in ("one", "one", "two", "two"):
        assert support.charge(world, who, support.APPROVE, key=key).status == 201
    refused = support.charge(world, who, support.APPROVE, key="three")
    assert (refused.status, refused.code) == (402, "payment_declined")
    payment = refused.body["error"]["details"]["payment"]
    assert (payment["failure_code"], payment["risk"]["rule_id"], payment["attempts"]) == ("risk_rule", "one-card", [])
    assert "one-card" not in refused.body["error"]["message"]
    again = support.charge(world, who, support.APPROVE, key="three")
    assert again.without_request_id() == refused.without_request_id()
    assert support.charge(world, who, support.APPROVE, key="two").status == 201
    assert support.charge(world, who, "4000000000003220").status == 201


def test_amounts_are_summed_in_the_merchants_currency(world: World, who: Signer) -> None:
    change(world, who, {"rule_id": "a-lot", "by": "customer", "max_amount": "100.00", "window_seconds": 86400})
    assert support.charge(world, who, support.APPROVE, "60.00").status == 201
    assert support.charge(world, who, support.APPROVE, "500.00", currency="USD").status == 201
    assert support.charge(world, who, support.APPROVE, "40.00").status == 201
    assert support.charge(world, who, support.APPROVE, "0.01").code == "payment_declined"


def test_an_email_address_is_counted_however_it_is_written(world: World, who: Signer) -> None:
    change(world, who, {"rule_id": "mail", "by": "email", "max_payments": 1, "window_seconds": 3600})
    assert support.charge(world, who, support.APPROVE, payer={"email": "Asha@Example.com"}).status == 201
    assert support.charge(world, who, support.APPROVE, payer={"email": "asha@example.com"}).code == "payment_declined"
    assert support.charge(world, who, support.APPROVE, payer={"email": "ravi@example.com"}).status == 201
    assert "asha" not in str([item for table, items in world.dump().items() if "guard" in table for item in items]).lower()


def test_a_bin_is_counted_over_many_cards(world: World, who: Signer) -> None:
    change(world, who, {"rule_id": "bank", "by": "bin", "max_payments": 1, "window_seconds": 600})
    assert support.charge(world, who, support.REDIRECT).status == 201
    assert support.charge(world, who, support.SLOW).code == "payment_declined"
    assert support.charge(world, who, support.APPROVE).status == 201


def test_counters_are_exact_under_a_hundred_at_once(world: World) -> None:
    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(lambda _: counters.add("mer_x", "ip", "v", {600, 3600}, 7), range(100)))
    assert sorted(each[600].payments for each in seen) == list(range(1, 101))
    assert counters.look("mer_x", "ip", "v", {600})[600] == counters.Seen(100, 700)


FAULTS = (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.THROTTLED)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", range(5))
def test_a_choice_that_is_cut_off_anywhere_counts_exactly_once(world: World, who: Signer, place: int, fault: Fault) -> None:
    session, guards = begin(world, who), f"{PREFIX}replay_guard"
    places = iter(range(100))
    once = FaultyClient(world.dynamo, lambda call: fault if call.tables == (guards,) and next(places) == place else Fault.PASS)
    world.install(once, world.kms, world.sqs)
    with coming_from(THIEF):
        with suppress(Killed):
            choose(world, session, CARD)
        world.install(world.dynamo, world.kms, world.sqs)
        world.restart()
        for _ in range(3):
            assert is_at_the_fields(choose(world, session, CARD))
    value = subjects.of_address(who.merchant_id, THIEF)
    assert counters.look(who.merchant_id, "ip", value, {600})[600].payments == 1


def test_who_was_counted_is_noted_for_a_while_and_the_counter_stays_small(world: World) -> None:
    for number in range(200):
        for _ in range(2):
            seen = counters.add("mer_x", "ip", "v", {600}, 7, once=f"pay_{number}")
    assert seen[600] == counters.Seen(200, 1400)
    (row,) = (item for item in storage.scan_all(GuardItem) if item.guard_id.startswith("risk#mer_x"))
    stored = storage.get_raw(GuardItem.physical_table(), GuardItem.wire_key(row.guard_id))
    assert stored is not None
    assert len(stored) < counters.MAX_OVER + counters.MAX_NOTED + 10


def test_a_counter_that_is_used_for_weeks_stays_small(world: World) -> None:
    for _ in range(400):
        world.clock.now += 7200
        seen = counters.add("mer_x", "ip", "v", {600, 86400}, 1)
    assert seen[600].payments == 1
    assert 12 <= seen[86400].payments <= 14
    rows = [item for item in storage.scan_all(GuardItem) if item.guard_id.startswith("risk#mer_x")]
    assert len(rows) == 1
    stored = storage.get_raw(GuardItem.physical_table(), GuardItem.wire_key(rows[0].guard_id))
    assert stored is not None
    assert len(stored) < counters.MAX_OVER + 40


@pytest.mark.parametrize(
    ("kind", "value", "body"),
    [
        ("customer", "asha", {}),
        ("email", "ASHA@example.com", {"payer": {"email": "asha@example.com"}}),
    ],
)
def test_who_is_blocked_pays_nothing_until_unblocked(world: World, who: Signer, kind: str, value: str, body: dict[str, Any]) -> None:
    made = block(world, who, kind, value, reason="Three chargebacks")
    assert (made.status, made.body["kind"], made.body["reason"]) == (201, kind, "Three chargebacks")
    assert made.body["value"] is None
    refused = support.charge(world, who, support.APPROVE, **body)
    assert refused.code == "payment_declined"
    risk = refused.body["error"]["details"]["payment"]["risk"]
    assert risk == {"rule_id": "blocklist", "action": "block", "entry_id": made.body["entry_id"], "decision": None}
    removed = world.call(who, "DELETE", f"/v1/blocklist/{made.body['entry_id']}")
    assert removed.status == 200
    assert support.charge(world, who, support.APPROVE, **body).status == 201


def test_a_card_is_blocked_by_its_fingerprint(world: World, who: Signer) -> None:
    token_id = support.token(world, who, support.APPROVE)
    fingerprint = world.call(who, "GET", f"/v1/tokens/{token_id}").body["fingerprint"]
    assert block(world, who, "card", fingerprint).body["value"] == fingerprint
    assert support.charge(world, who, support.APPROVE).code == "payment_declined"
    assert support.charge(world, who, support.REDIRECT).status == 201


def test_a_block_ends_with_its_time(world: World, who: Signer) -> None:
    until = clock.rfc3339(clock.now_ms() + 3_600_000)
    assert block(world, who, "ip", "198.51.100.7", expires_at=until).body["expires_at"] == until
    with coming_from(THIEF):
        assert not is_at_the_fields(choose(world, begin(world, who), CARD))
        world.clock.now += 3600
        assert is_at_the_fields(choose(world, begin(world, who), CARD))


def test_the_blocklist_is_listed_asked_and_the_merchants_own(world: World, who: Signer) -> None:
    entries = [block(world, who, "email", f"a{number}@example.com").body["entry_id"] for number in range(5)]
    assert block(world, who, "email", "A1@example.com", reason="again").body["entry_id"] == entries[1]
    first = world.call(who, "GET", "/v1/blocklist?limit=3").body
    rest = world.call(who, "GET", f"/v1/blocklist?limit=3&cursor={first['next_cursor']}").body
    assert sorted(each["entry_id"] for each in first["data"] + rest["data"]) == sorted(entries)
    asked = world.call(who, "GET", "/v1/blocklist?kind=email&value=a3@EXAMPLE.com").body["data"]
    assert [each["entry_id"] for each in asked] == [entries[3]]
    assert world.call(who, "GET", "/v1/blocklist?kind=email&value=b@example.com").body["data"] == []
    assert_refused(world.call(who, "GET", "/v1/blocklist?kind=email"), "invalid_request")
    other = world.register("Other Shop")
    assert world.call(other, "GET", "/v1/blocklist").body["data"] == []
    assert_refused(world.call(other, "DELETE", f"/v1/blocklist/{entries[0]}"), "not_found")
    assert "example.com" not in str([item.attribute_values for item in storage.scan_all(BlocklistItem)])


@pytest.mark.parametrize(
    ("kind", "value"),
    [("ip", "300.1.1.1"), ("ip", "shop"), ("bin", "424242"), ("card", "4242424242424242"), ("email", "asha")],
)
def test_what_no_payment_can_have_is_not_blocked(world: World, who: Signer, kind: str, value: str) -> None:
    with nothing_written(world):
        assert_refused(block(world, who, kind, value), "invalid_request")


def test_rules_are_the_default_until_set_and_again_with_null(world: World, who: Signer) -> None:
    default = world.call(who, "GET", "/v1/merchants/me").body["risk_rules"]
    assert [(rule["rule_id"], rule["by"], rule["max_payments"], rule["then"]) for rule in default] == [("card-testing", "ip", 8, "block")]
    assert change(world, who).body["risk_rules"] == []
    with coming_from(THIEF):
        assert {is_at_the_fields(choose(world, begin(world, who), CARD)) for _ in range(12)} == {True}
    again = world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": None})
    assert again.body["risk_rules"] == default


@pytest.mark.parametrize(
    "rule",
    [
        BY_CARD | {"max_amount": "1.00"},
        {"rule_id": "x", "by": "card", "window_seconds": 600},
        BY_CARD | {"window_seconds": 59},
        BY_CARD | {"by": "phone"},
        BY_CARD | {"rule_id": "blocklist"},
        BY_CARD | {"rule_id": "Not A Name"},
        {"rule_id": "x", "by": "card", "max_amount": "1.001", "window_seconds": 600},
    ],
)
def test_a_rule_that_cannot_act_is_refused(world: World, who: Signer, rule: dict[str, Any]) -> None:
    refused = change(world, who, rule)
    assert refused.code in {"invalid_request", "invalid_amount"}
    assert world.call(who, "GET", "/v1/merchants/me").body["risk_rules"][0]["rule_id"] == "card-testing"


def test_two_rules_have_two_names(world: World, who: Signer) -> None:
    assert_refused(change(world, who, BY_CARD, BY_CARD), "invalid_request")


def test_a_payer_at_many_payments_of_a_shop_is_shown_fields_of_a_few(world: World, who: Signer) -> None:
    made = [begun(world, who) for _ in range(CARD_TESTING_PAYMENTS + 1)]
    with coming_from(THIEF):
        shown = [follow(world, payment).status for payment in made for _ in range(2)]
    assert shown == [200] * 2 * CARD_TESTING_PAYMENTS + [402] * 2
    with coming_from(PAYER):
        assert follow(world, made[-1]).status == 200


def test_a_payer_who_types_one_card_after_another_is_stopped(world: World, who: Signer) -> None:
    payment = begun(world, who)
    with coming_from(THIEF):
        said = [typed(world, payment, card="decline") for _ in range(CARD_TESTING_PAYMENTS + 3)]
    assert said[0].status == 200
    assert said[-1].code == "payment_declined"


@pytest.fixture
def unanswered(world: World) -> Iterator[None]:
    """The table of counters does not answer; every other one does."""

    def silent(call: Call) -> Fault:
        return Fault.INTERNAL_ERROR if call.tables == (f"{PREFIX}replay_guard",) and call.operation == "PutItem" else Fault.PASS

    world.install(FaultyClient(world.dynamo, silent), world.kms, world.sqs)
    yield
    world.install(world.dynamo, world.kms, world.sqs)


def test_a_stranger_waits_while_nothing_can_be_counted_and_is_not_charged(world: World, who: Signer, unanswered: None) -> None:
    session = begin(world, who)
    with coming_from(PAYER):
        assert_refused(choose(world, session, CARD), "temporarily_unavailable")
    assert stored_payments() == []


def test_a_merchants_own_request_goes_on_while_nothing_can_be_counted(world: World, who: Signer, unanswered: None) -> None:
    change(world, who, BY_CARD)
    assert support.charge(world, who, support.APPROVE).body["status"] == "success"


def test_what_was_not_counted_may_be_chosen_again(world: World, who: Signer) -> None:
    session = begin(world, who)

    def silent(call: Call) -> Fault:
        return Fault.INTERNAL_ERROR if call.tables == (f"{PREFIX}replay_guard",) and call.operation == "PutItem" else Fault.PASS

    world.install(FaultyClient(world.dynamo, silent), world.kms, world.sqs)
    assert_refused(choose(world, session, CARD), "temporarily_unavailable")
    world.install(world.dynamo, world.kms, world.sqs)
    assert is_at_the_fields(choose(world, session, CARD))


def test_the_customers_own_token_counts_too(world: World, who: Signer) -> None:
    """A stored card on the payer's page is counted by the payer's address, as a typed one is."""
    change(world, who, {"rule_id": "once", "by": "ip", "max_payments": 1, "window_seconds": 600})
    customer_id, vouched = customer(world, who)
    card = support.token(world, who, support.APPROVE)
    with coming_from(THIEF):
        for expected in ("success", "failed"):
            session = begin(world, who, customer_id=customer_id)
            chosen = choose(world, session, {"method": "tokenized", "token_id": card, "customer_token": vouched})
            assert (chosen.status, chosen.body["status"]) == (200, expected)
