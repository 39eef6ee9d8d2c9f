"""Payers of links who are no customers: what they type is sealed, shown to the merchant alone, and erased without a change to the books."""

import zlib
from contextlib import suppress
from typing import Any

import pytest

from dashboard.search import terms
from paycorex import events, storage
from paycorex.audit import chain
from paycorex.ledger.proof import proof_key
from paycorex.ledger.proof.proof_check import check
from paycorex.records.payer import PayerItem
from payments.payment import settlement
from tests.integration.payments.test_checkout import UPI, choose, decide, page
from tests.integration.payments.test_customers import Killed
from tests.integration.payments.test_payment_links import begin, make, of_link, pay
from tests.support import payments as support
from tests.support import proofs
from tests.support.engine import handler_of
from tests.support.expectations import assert_refused, nothing_written
from tests.support.people import join
from tests.support.rollups import STREAMS, roll
from tests.support.world import PREFIX, Signer, World

ASK = ["name", "email", "phone", "reference"]
PERSON = {"name": "Asha Canary", "email": "asha.canary@example.com", "phone": "+919876501234"}
REFERENCE = "canary-invoice-7"
AUDIT = ("audit", "audit_work")
# What of a person must stand nowhere in the clear, and what the contract shows until it is erased.
CANARIES = ("Asha Canary", "asha.canary", "9876501234")


def paid(world: World, who: Signer, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A link that asks for everything, and its payer's checkout, paid."""
    link = make(world, who, ask=ASK)
    pay(world, link, **{**PERSON, "reference": REFERENCE, **more})
    return link, of_link(world, who, link)[0]


def erase(world: World, who: Signer, session: dict[str, Any], **more: Any) -> Any:
    return world.call(who, "DELETE", f"/v1/checkout/sessions/{session['session_id']}", **more)


def follow(world: World) -> None:
    """All that reads the streams does so: statistics, the search, and the event log."""
    brought = {noun: world.dynamo.drain_stream(PREFIX + noun) for noun in {*STREAMS, *events.KINDS}}
    roll([record for noun in STREAMS for record in brought[noun]])
    records = [record for noun in events.KINDS for record in brought[noun]]
    assert not records or handler_of("dispatcher_door")({"Records": records}, None) == {"batchItemFailures": []}


def readable(stored: Any) -> str:
    """What is stored, as text; what is packed is unpacked."""
    if isinstance(stored, dict):
        return " ".join(f"{name} {readable(value)}" for name, value in stored.items())
    if isinstance(stored, list | tuple):
        return " ".join(map(readable, stored))
    if isinstance(stored, bytes):
        with suppress(zlib.error):
            stored = zlib.decompress(stored)
        return str(stored)
    return str(stored)


def lying_in(world: World, wanted: tuple[str, ...] = (*CANARIES, REFERENCE)) -> list[str]:
    """What of it lies in some table. The one exception that the documents name: events keep a reference until they end."""
    tables = {name.removeprefix(PREFIX): readable(items) for name, items in world.dump().items()}
    tables["events"] = tables["events"].replace(REFERENCE, "")
    return [part for part in wanted if any(part in text for text in tables.values())]


def test_what_a_payer_typed_is_shown_to_the_merchant_and_lies_nowhere_in_the_clear(
    world: World, who: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    link, session = paid(world, who)
    assert link["ask"] == ASK
    assert session["payer"] == {**PERSON, "erased_at": None}
    assert world.call(who, "GET", f"/v1/checkout/sessions/{session['session_id']}").body["payer"] == session["payer"]
    world.call(who, "GET", "/v1/checkout/sessions")
    follow(world)
    support.tick(world, after_seconds=60)
    assert lying_in(world, CANARIES) == []
    # What is packed is looked into: an event has the reference, and no person.
    assert REFERENCE in readable(world.dump()[PREFIX + "events"])
    written = "".join(capsys.readouterr())
    assert [part for part in (*CANARIES, REFERENCE) if part in written] == []
    # The reference is the shop's name of what is paid: the contract has it on the payment, and in its events.
    payment = support.show(world, who, session["payment_id"])
    assert (session["reference"], payment["metadata"]) == (REFERENCE, {"reference": REFERENCE})
    assert [part for part in CANARIES if part in str(payment)] == []


def test_events_exports_and_the_audit_log_know_no_payer(world: World, who: Signer) -> None:
    _, session = paid(world, who)
    owner = join(world, who)
    assert owner.send("DELETE", f"/v1/checkout/sessions/{session['session_id']}").status == 200
    seen = [
        world.call(who, "GET", path).raw.decode() for path in ("/v1/audit", "/v1/dashboard/payments?format=csv", "/v1/checkout/sessions")
    ]
    assert session["session_id"] in seen[0]
    assert [part for part in (*CANARIES, REFERENCE) for text in seen if part in text] == []
    changed = list(world.dynamo.drain_stream(f"{PREFIX}checkout_sessions"))
    assert changed
    assert [part for part in CANARIES if part in readable(changed)] == []


def test_what_a_person_does_to_a_payment_leaves_nothing_in_the_audit_log_that_its_payer_typed(world: World, who: Signer) -> None:
    owner = join(world, who)
    link = make(world, who, ask=ASK, max_payments=9)
    for _ in range(2):
        choose(world, begin(world, link, {**PERSON, "reference": REFERENCE}).body, UPI)
    ended, canceled = of_link(world, who, link)
    late = support.charge(world, who, support.TIMEOUT_APPROVED, metadata={"reference": REFERENCE}).body["payment_id"]
    assert owner.send("POST", f"/v1/checkout/sessions/{ended['session_id']}/expire").body["reference"] == REFERENCE
    for payment_id in (canceled["payment_ids"][0], late):
        assert owner.send("POST", f"/v1/payments/{payment_id}/cancel").body["metadata"] == {"reference": REFERENCE}
    support.tick(world, after_seconds=600)
    accepted = owner.send("POST", f"/v1/payments/{late}/late", {"action": "accept"})
    assert (accepted.status, accepted.body["status"]) == (200, "success")
    named = {"amount": "10.00", "method": "upi_intent", "metadata": {"reference": REFERENCE}}
    assert owner.send("POST", "/v1/payments/create", named).status == 201
    assert owner.send("DELETE", f"/v1/checkout/sessions/{canceled['session_id']}").status == 200
    entries = chain.after(who.merchant_id, 0)
    assert [entry.operation for entry in entries][-6:] == [
        "expire_session",
        *("cancel_payment", "cancel_payment", "decide_late_money", "create_payment", "erase_payer"),
    ]
    assert [part for part in (*CANARIES, REFERENCE) if part in readable([world.dump()[PREFIX + table] for table in AUDIT])] == []


def test_a_key_that_may_not_read_customers_sees_no_payer(world: World, who: Signer) -> None:
    link, session = paid(world, who)
    made = world.call(who, "POST", "/v1/merchants/apikey", {"scopes": ["checkout:read", "checkout:write"]}).body
    reader = Signer(made["api_key"], made["secret"], who.merchant_id, made["key_id"])
    world.restart()
    assert world.call(reader, "GET", f"/v1/checkout/sessions/{session['session_id']}").body["payer"] is None
    assert of_link(world, reader, link)[0]["payer"] is None
    assert_refused(erase(world, reader, session), "forbidden")
    assert of_link(world, who, link)[0]["payer"]["name"] == PERSON["name"]


@pytest.mark.parametrize("missing", ["name", "email", "phone"])
def test_a_payer_answers_all_that_says_who_it_is(world: World, who: Signer, missing: str) -> None:
    link = make(world, who, ask=ASK)
    with nothing_written(world, but_outcomes=True):
        refused = begin(world, link, {name: value for name, value in PERSON.items() if name != missing})
    assert_refused(refused, "invalid_request")
    assert refused.body["error"]["details"]["field"] == missing


@pytest.mark.parametrize("answer", [{"name": "Asha"}, {"email": "a@example.com"}, {"phone": "+919876501234"}, {"reference": "7"}])
def test_what_a_link_does_not_ask_for_is_not_kept(world: World, who: Signer, answer: dict[str, str]) -> None:
    link = make(world, who)
    with nothing_written(world, but_outcomes=True):
        assert_refused(begin(world, link, answer), "invalid_request")


@pytest.mark.parametrize("answer", [{"email": "no address"}, {"phone": "call me"}, {"name": ""}, {"name": "x" * 129}])
def test_an_answer_has_its_form(world: World, who: Signer, answer: dict[str, str]) -> None:
    link = make(world, who, ask=ASK)
    with nothing_written(world):
        assert_refused(begin(world, link, {**PERSON, **answer}), "invalid_request")


def test_erasure_leaves_nothing_of_the_payer_and_the_books_provable(world: World, who: Signer) -> None:
    link, session = paid(world, who)
    follow(world)
    assert lying_in(world) == [REFERENCE]
    before = support.show(world, who, session["payment_id"])
    proofs.seal(world)
    gone = erase(world, who, session)
    assert gone.status == 200, gone.raw
    assert [gone.body["reference"], *(gone.body["payer"][name] for name in PERSON)] == [None] * 4
    assert gone.body["payer"]["erased_at"] is not None
    assert {**gone.body, "url": None} == {**of_link(world, who, link)[0], "url": None}
    follow(world)
    assert lying_in(world) == []
    (kept,) = [each for each in storage.scan_all(PayerItem) if each.customer_id.startswith("payer#")]
    assert not any((kept.sealed, kept.email_hash, kept.phone_hash))
    # The payment is as it was but for what the payer typed, no event says so, and the books hold.
    after = support.show(world, who, session["payment_id"])
    changes = {name for name in before if before[name] != after[name]}
    assert changes == {"metadata", "updated_at", "version"}
    assert after["metadata"] is None
    assert support.findings() == []
    key = proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()
    check(proofs.proof(world, who, session["payment_id"]), key)


def test_erasing_again_changes_nothing(world: World, who: Signer) -> None:
    _, session = paid(world, who)
    first = erase(world, who, session, key="once").body
    assert erase(world, who, session, key="once").body == first
    assert erase(world, who, session).body == first


def test_an_open_checkout_ends_before_its_payer_is_erased(world: World, who: Signer) -> None:
    link = make(world, who, ask=ASK, max_payments=1)
    begun = begin(world, link, {**PERSON, "reference": REFERENCE})
    chosen = choose(world, begun.body, UPI)
    session = of_link(world, who, link)[0]
    gone = erase(world, who, session).body
    assert (gone["status"], gone["reference"]) == ("expired", None)
    assert support.show(world, who, gone["payment_ids"][0])["status"] == "failed"
    assert lying_in(world) == []
    # A payer who pays all the same is booked as ever, and names no person.
    page(world, chosen.body["url"], "/sandbox", {"outcome": "approve"})
    assert lying_in(world) == []


def test_a_customers_erasure_takes_what_the_same_person_typed_on_links(world: World, who: Signer) -> None:
    by_phone = {**PERSON, "email": "another@example.com"}
    stranger = {"name": "Ravi", "email": "ravi@example.com", "phone": "+919876500000"}
    first, second, third = paid(world, who)[1], paid(world, who, **by_phone)[1], paid(world, who, **stranger)[1]
    customer = world.call(who, "POST", "/v1/customers", {"reference": "asha", **PERSON}).body
    # A search for customers meets no payer.
    found = world.call(who, "GET", f"/v1/customers?email={PERSON['email']}").body["data"]
    assert [one["customer_id"] for one in found] == [customer["customer_id"]]
    assert len(world.call(who, "GET", "/v1/customers").body["data"]) == 1
    assert world.call(who, "DELETE", f"/v1/customers/{customer['customer_id']}").status == 200
    shown = [world.call(who, "GET", f"/v1/checkout/sessions/{each['session_id']}").body["payer"] for each in (first, second, third)]
    assert [one["name"] for one in shown] == [None, None, "Ravi"]


def test_another_merchants_payers_are_another_persons(world: World, who: Signer) -> None:
    other = world.register("Other")
    theirs = paid(world, other)[1]
    with nothing_written(world, but_outcomes=True):
        assert_refused(erase(world, who, theirs), "not_found")
    customer = world.call(who, "POST", "/v1/customers", {"reference": "asha", **PERSON}).body
    assert world.call(who, "DELETE", f"/v1/customers/{customer['customer_id']}").status == 200
    assert world.call(other, "GET", f"/v1/checkout/sessions/{theirs['session_id']}").body["payer"]["name"] == PERSON["name"]


@pytest.mark.parametrize("after", range(2))
def test_an_erasure_that_is_killed_is_ended_by_its_repetition(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    _, session = paid(world, who)
    steps = iter(range(10))

    def dies(real: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            if next(steps) == after:
                raise Killed
            return real(*given, **named)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(settlement, "revise", dies(settlement.revise))
        patched.setattr(storage, "transact", dies(storage.transact))
        with pytest.raises(Killed):
            erase(world, who, session, key="once")
    follow(world)
    done = erase(world, who, session, key="once")
    assert (done.status, done.body["payer"]["name"]) == (200, None)
    follow(world)
    assert lying_in(world) == []


def test_a_search_finds_no_payment_by_an_erased_reference_and_still_the_others_of_its_batch(world: World, who: Signer) -> None:
    link = make(world, who, ask=["reference"])
    pay(world, link, reference="table-7")
    pay(world, link, reference="table-7")
    follow(world)
    second, first = of_link(world, who, link)
    term = terms.Term(who.merchant_id, terms.METADATA, "table-7")
    assert set(terms.payments_of(term, limit=10)) == {first["payment_id"], second["payment_id"]}
    assert erase(world, who, first).body["payer"] is None
    follow(world)
    assert terms.payments_of(term, limit=10) == [second["payment_id"]]


def test_the_page_asks_for_each_thing_with_what_a_browser_may_fill_in(world: World, who: Signer) -> None:
    shown = world.send("GET", f"/l/{make(world, who, ask=ASK)['code']}", []).raw.decode()
    for name in ASK:
        assert f'id="{name}" name="{name}" data-ask' in shown
    assert [shown.count(f'autocomplete="{kind}"') for kind in ("name", "email", "tel")] == [1, 1, 1]


def test_a_payer_who_is_asked_pays_as_any_other(world: World, who: Signer) -> None:
    link = make(world, who, ask=["email"])
    begun = begin(world, link, {"email": PERSON["email"]})
    decide(world, choose(world, begun.body, UPI).body["url"], "approve")
    (session,) = of_link(world, who, link)
    assert (session["status"], session["payer"]["email"], session["payer"]["name"]) == ("paid", PERSON["email"], None)
