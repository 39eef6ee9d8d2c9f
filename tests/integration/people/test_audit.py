"""The audit log: every change leaves one entry, without secrets, in a chain that shows what was taken away."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from paycorex import storage
from paycorex.audit import chain, sealing, verification
from paycorex.audit.entry import AuditItem
from paycorex.credentials import roles
from paycorex.http import Answer, recording
from paycorex.http.routes import Route
from tests.support import gateway
from tests.support.people import AGENT, Person, invite, join, ticket_of
from tests.support.sample_events import BODIES, PATHS, QUERIES
from tests.support.world import Signer, World

# Of the signed operations by POST, those that change nothing.
# A passkey that is used again is noted by its own function, as a sign-in is.
ONLY_ASK = {"replay_rules", "replay_risk_rules", "preview_xpub", "begin_own_passkey", "begin_step_up", "step_up"}


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


def entries(merchant: Signer) -> list[AuditItem]:
    return chain.after(merchant.merchant_id, 0)


def signed_mutations() -> list[Route]:
    with World().running():
        return [route for route in gateway.merchants_routes() if route.mutating and not route.public]


@contextmanager
def carried_out(route: Route) -> Iterator[None]:
    """As if the route's function had done it: what stands around the functions is looked at here."""
    real = route.function

    def done(_call: object) -> Answer:
        return Answer(route.status, {"made_id": "obj_1"})

    done.__name__ = real.__name__
    object.__setattr__(route, "function", done)
    try:
        yield
    finally:
        object.__setattr__(route, "function", real)


def target_of(route: Route) -> str:
    target = route.path.format(**{name: PATHS.get(name, "x") for name in route.path_parameters})
    return target + "".join(f"?{name}={value}" for name, value in QUERIES.get(route.path, {}).items())


def body_of(route: Route) -> dict[str, Any] | None:
    return {name: value for name, value in BODIES.get(route.path, {}).items() if name != "dry_run"} if route.body else None


@pytest.mark.parametrize("route", signed_mutations(), ids=lambda route: route.function.__name__)
def test_every_operation_that_changes_something_leaves_exactly_one_entry(world: World, merchant: Signer, route: Route) -> None:
    owner = join(world, merchant)
    before = len(entries(merchant))
    target = target_of(route)
    with carried_out(route):
        reply = owner.send(route.method, target, body_of(route))
    assert reply.status == route.status, reply.raw
    made = entries(merchant)[before:]
    if route.function.__name__ in ONLY_ASK:
        assert made == []
        return
    (entry,) = made
    assert (entry.operation, entry.method, entry.path) == (route.function.__name__, route.method, target.partition("?")[0])
    assert (entry.actor, entry.actor_name, entry.outcome) == (owner.person_id, "A owner", "done")
    assert (entry.source_ip, entry.agent, entry.session_id) == ("192.0.2.1", AGENT, owner.session_id)


@pytest.mark.parametrize("route", signed_mutations(), ids=lambda route: route.function.__name__)
def test_every_operation_by_key_leaves_one_entry_or_is_named_with_its_own_record(world: World, merchant: Signer, route: Route) -> None:
    name, target = route.function.__name__, target_of(route)
    with carried_out(route):
        reply = world.call(merchant, route.method, target, body_of(route))
    made = entries(merchant)
    if route.scope == roles.OWN:
        # A person's own: no key may.
        assert (reply.status, reply.body["error"]["code"], made) == (403, "forbidden", [])
        return
    assert reply.status == route.status, reply.raw
    if name in ONLY_ASK or name in recording.OWN_RECORDS:
        assert made == []
        return
    (entry,) = made
    assert (entry.operation, entry.method, entry.path) == (name, route.method, target.partition("?")[0])
    assert (entry.actor, entry.actor_name, entry.session_id) == (merchant.key_id, "", "")
    assert (entry.outcome, entry.source_ip) == ("done", "192.0.2.1")


def test_only_payers_traffic_is_left_out_by_key_and_no_removal() -> None:
    """Each name is an operation of that name alone, and none takes a record away."""
    routes = signed_mutations()
    named = [route for route in routes if route.function.__name__ in recording.OWN_RECORDS]
    assert sorted(route.function.__name__ for route in named) == sorted(recording.OWN_RECORDS)
    assert {route.method for route in named} == {"POST"}
    assert all(recording.OWN_RECORDS.values())


def test_a_change_shows_who_what_before_after_and_from_where(world: World, merchant: Signer, owner: Person) -> None:
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai", "payee_vpa": "chai@okbank"}).status == 200
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_vpa": "tea@okbank"}).status == 200
    shown = owner.send("GET", "/v1/audit?limit=1").body["data"][0]
    before, after = json.loads(shown["before"]), json.loads(shown["after"])
    assert (before["payee_vpa"], after["payee_vpa"]) == ("chai@okbank", "tea@okbank")
    assert "payee_name" not in after
    assert json.loads(shown["asked"]) == {"payee_vpa": "tea@okbank"}
    assert (shown["actor"], shown["object_id"], shown["operation"]) == (owner.person_id, merchant.merchant_id, "change_merchant")


def test_what_a_key_changes_is_there_and_what_it_does_for_payers_is_the_ledgers(world: World, merchant: Signer) -> None:
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 200
    world.wallet(merchant, "asha", "100")
    assert world.pay(merchant, "asha", "10").status == 201
    assert [(entry.operation, entry.actor) for entry in entries(merchant)] == [("change_merchant", merchant.key_id)]


def test_what_a_key_erases_ends_or_switches_off_is_there_without_the_payer(world: World, merchant: Signer) -> None:
    customer = {"reference": "r-4711", "name": "Ravi Kumar", "email": "ravi@mail.example", "phone": "+919812345678"}
    customer_id = world.call(merchant, "POST", "/v1/customers", customer | {"metadata": {"street": "Brigade Road"}}).body["customer_id"]
    card = {"user_id": "u1", "type": "card", "number": "4111111111111111", "expiry_month": 12, "expiry_year": 2030, "holder": "Ravi Nair"}
    token_id = world.call(merchant, "POST", "/v1/tokens/create", card).body["token_id"]
    link_id = world.call(merchant, "POST", "/v1/links", {"name": "Tea stall", "amount": "25.00"}).body["link_id"]
    session = {"amount": "10.00", "success_url": "https://shop.example/thanks", "metadata": {"street": "Brigade Road"}}
    session_id = world.call(merchant, "POST", "/v1/checkout/sessions", session).body["session_id"]
    for method, path, body in (
        ("PATCH", f"/v1/customers/{customer_id}", {"name": "Ravi Iyer"}),
        ("DELETE", f"/v1/customers/{customer_id}", None),
        ("DELETE", f"/v1/tokens/{token_id}", None),
        ("PATCH", f"/v1/links/{link_id}", {"active": False}),
        ("POST", f"/v1/checkout/sessions/{session_id}/expire", None),
        ("DELETE", f"/v1/checkout/sessions/{session_id}", None),
    ):
        reply = world.call(merchant, method, path, body)
        assert reply.status == 200, reply.raw
    made = entries(merchant)
    assert [(entry.operation, entry.object_id) for entry in made] == [
        ("create_link", link_id),
        ("change_customer", customer_id),
        ("erase_customer", customer_id),
        ("delete_token", token_id),
        ("change_link", link_id),
        ("expire_session", session_id),
        ("erase_payer", session_id),
    ]
    assert {entry.actor for entry in made} == {merchant.key_id}
    assert (json.loads(made[4].before)["status"], json.loads(made[4].after)["status"]) == ("active", "inactive")
    stored = repr(world.dump()["test-audit"]) + repr(world.dump()["test-audit_work"])
    texts = ("Ravi", "mail.example", "+9198", "r-4711", "Brigade Road", "4111111111111111")
    assert [text for text in texts if text in stored] == []


def test_a_keys_change_that_cannot_be_noted_is_not_made(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    link_id = world.call(merchant, "POST", "/v1/links", {"name": "Tea stall", "amount": "25.00"}).body["link_id"]

    def down(*_: object) -> None:
        raise storage.Unavailable("down")

    monkeypatch.setattr(chain, "begin", down)
    assert world.call(merchant, "PATCH", f"/v1/links/{link_id}", {"active": False}).status == 503
    monkeypatch.undo()
    assert world.call(merchant, "GET", f"/v1/links/{link_id}").body["status"] == "active"


def test_a_persons_refund_is_there_with_what_it_did(world: World, merchant: Signer, owner: Person) -> None:
    world.wallet(merchant, "asha", "100")
    payment_id = world.pay(merchant, "asha", "10").body["payment_id"]
    reply = owner.send("POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"})
    assert reply.status == 201
    entry = entries(merchant)[-1]
    assert (entry.operation, entry.object_id) == ("create_refund", reply.body["refund_id"])
    assert json.loads(entry.asked)["amount"] == "4"


def test_refusals_and_replays_leave_nothing(world: World, merchant: Signer) -> None:
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"payee_name": "Chai"}, key="one").status == 200
    before = world.dump()["test-audit"], world.dump()["test-audit_work"]
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"payee_name": "Chai"}, key="one").status == 200
    assert world.call(merchant, "DELETE", "/v1/merchants/apikeys/key_aaaaaaaaaaaaaaaaaaaaaaaaaa").status == 404
    assert (world.dump()["test-audit"], world.dump()["test-audit_work"]) == before


def test_no_secret_is_in_the_log(world: World, merchant: Signer, owner: Person) -> None:
    key = owner.send("POST", "/v1/merchants/apikey", {}).body
    hook = owner.send("POST", "/v1/webhooks/provider", {"url": "https://hooks.example.com/x"}).body
    connectors = {"connectors": {"stripe": {"secret_key": "sk_test_verysecret1", "webhook_secret": "whsec_verysecret2"}}}
    assert owner.send("PATCH", "/v1/merchants/me", connectors).status == 200
    ticket = ticket_of(owner.send("POST", "/v1/console/users", {"email": "a@example.com", "name": "A", "role": "support"}))
    codes = owner.send("POST", "/v1/console/users/me/recovery_codes").body["recovery_codes"]
    card = {"user_id": "asha", "type": "card", "number": "4111111111111111", "expiry_month": 12, "expiry_year": 2030}
    assert owner.send("POST", "/v1/tokens/create", card).status == 201
    stored = repr(world.dump()["test-audit"]) + owner.send("GET", "/v1/audit?limit=100").raw.decode()
    secrets = [key["api_key"], key["secret"], hook["secret"], ticket, *codes, owner.cookie, owner.token]
    assert [secret for secret in [*secrets, "verysecret", "4111111111111111"] if secret in stored] == []
    operations = {entry.operation for entry in entries(merchant)}
    assert {"rotate_key", "create_endpoint", "change_merchant", "invite_person", "renew_recovery_codes", "create_token"} <= operations


def test_nothing_in_the_log_says_who_a_payer_is_also_not_after_the_payer_was_erased(world: World, merchant: Signer, owner: Person) -> None:
    customer = {"reference": "r-4711", "name": "Ravi Kumar", "email": "ravi@mail.example", "phone": "+919812345678"}
    customer_id = owner.send("POST", "/v1/customers", customer | {"metadata": {"street": "Brigade Road"}}).body["customer_id"]
    changed = {"name": "Ravi Iyer", "phone": "+919812345670"}
    assert owner.send("PATCH", f"/v1/customers/{customer_id}", changed).status == 200
    assert owner.send("DELETE", f"/v1/customers/{customer_id}").status == 200
    card = {"user_id": "u1", "type": "card", "number": "4111111111111111", "expiry_month": 12, "expiry_year": 2030, "holder": "Ravi Nair"}
    token_id = owner.send("POST", "/v1/tokens/create", card).body["token_id"]
    payer = {"name": "Ravi Menon", "email": "menon@mail.example", "line1": "Church Street", "ip_address": "203.0.113.9"}
    pay = {"amount": "10.00", "method": "tokenized", "token_id": token_id, "payer": payer}
    assert owner.send("POST", "/v1/payments/create", pay).status < 500
    operations = [entry.operation for entry in entries(merchant) if entry.operation not in {"invite_person", "accept_ticket"}]
    assert operations[:4] == ["create_customer", "change_customer", "erase_customer", "create_token"]
    stored = repr(world.dump()["test-audit"]) + repr(world.dump()["test-audit_work"])
    texts = ("Ravi", "mail.example", "+9198", "r-4711", "Brigade Road", "Church Street", "203.0.113.9")
    assert [text for text in texts if text in stored] == []
    (change,) = [entry for entry in entries(merchant) if entry.operation == "change_customer"]
    assert json.loads(change.asked) == {"name": "[hidden]", "phone": "[hidden]"}


def test_sign_ins_and_accepted_invitations_are_there(merchant: Signer, owner: Person) -> None:
    assert owner.sign_in().status == 201
    assert [(entry.operation, entry.actor) for entry in entries(merchant)][-2:] == [
        ("accept_ticket", owner.person_id),
        ("sign_in", owner.person_id),
    ]


def test_the_list_is_filtered_paged_and_a_csv(world: World, merchant: Signer, owner: Person) -> None:
    for number in range(5):
        assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": f"Chai {number}"}).status == 200
    invite(world, merchant, "support")
    first = owner.send("GET", "/v1/audit?operation=change_merchant&limit=3").body
    rest = owner.send("GET", f"/v1/audit?operation=change_merchant&limit=3&cursor={first['next_cursor']}").body
    names = [json.loads(entry["after"])["payee_name"] for entry in [*first["data"], *rest["data"]]]
    assert names == [f"Chai {number}" for number in (4, 3, 2, 1, 0)]
    by_key = owner.send("GET", f"/v1/audit?actor={merchant.key_id}").body["data"]
    assert {entry["operation"] for entry in by_key} == {"invite_person"}
    text = owner.send("GET", "/v1/audit?format=csv").raw.decode()
    assert [row["operation"] for row in csv.DictReader(io.StringIO(text))].count("change_merchant") == 5
    assert owner.send("GET", "/v1/audit?from=2040-01-01T00:00:00Z").body["data"] == []
    assert owner.send("GET", f"/v1/audit?object_id={merchant.merchant_id}&to=2040-01-01T00:00:00Z&limit=100").body["data"]


def test_no_merchant_reads_anothers_log(world: World, merchant: Signer, owner: Person) -> None:
    other = join(world, world.register("Other"), email="o@example.com")
    theirs = other.send("GET", "/v1/audit?limit=100").body["data"]
    assert {entry["actor"] for entry in theirs} & {owner.person_id, merchant.key_id} == set()


def test_a_change_that_cannot_be_noted_is_not_made(world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise storage.Unavailable("down")

    monkeypatch.setattr(chain, "begin", down)
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 503
    monkeypatch.undo()
    assert owner.send("GET", "/v1/merchants/me").body["payee_name"] is None


def test_a_change_whose_process_ended_becomes_an_entry_that_says_so(
    world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> AuditItem:
        raise storage.Unavailable("gone")

    monkeypatch.setattr(chain, "append", gone)
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 200
    monkeypatch.undo()
    world.clock.now += 16 * 60
    newest = owner.send("GET", "/v1/audit?limit=1").body["data"][0]
    assert (newest["operation"], newest["outcome"], newest["actor"]) == ("change_merchant", "unknown", owner.person_id)
    assert len(owner.send("GET", "/v1/audit?operation=change_merchant").body["data"]) == 1


def test_two_readers_at_once_make_one_entry_of_what_was_left_over(
    world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = dict.fromkeys(AuditItem.get_attributes(), "") | {"audit_id": "aud_left", "at": 1, "operation": "left_over"}
    for name in ("merchant_id", "seq", "prev_hash", "hash"):
        del note[name]
    chain.begin(merchant.merchant_id, note)
    world.clock.now += 16 * 60
    real = chain.append

    def after_another(merchant_id: str, fields: Any, **options: Any) -> AuditItem:
        monkeypatch.undo()
        real(merchant_id, fields, **options)
        return real(merchant_id, fields, **options)

    monkeypatch.setattr(chain, "append", after_another)
    chain.close_left_over(merchant.merchant_id)
    assert [entry.audit_id for entry in entries(merchant)].count("aud_left") == 1


def test_entries_that_are_appended_at_once_each_have_a_place(merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = chain.head(merchant.merchant_id)
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "One"}).status == 200
    real, looks = chain.head, [stale, stale]
    monkeypatch.setattr(chain, "head", lambda merchant_id: looks.pop() if looks else real(merchant_id))
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Two"}).status == 200
    assert [int(entry.seq) for entry in entries(merchant)] == list(range(1, len(entries(merchant)) + 1))


def sealed(world: World, merchant: Signer) -> None:
    from operations import checkpoint_door

    assert checkpoint_door.handler({}, None)["audit_chains"] >= 1
    assert sealing.newest(merchant.merchant_id) is not None


def test_a_sound_chain_is_verified_with_its_seals(world: World, merchant: Signer, owner: Person) -> None:
    sealed(world, merchant)
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 200
    sealed(world, merchant)
    assert sealing.seal(lambda: True) == 0
    found = verification.verify(merchant.merchant_id, world.settings.proof_key_id)
    assert (found.entries, found.seals, found.wrong) == (len(entries(merchant)), 2, ())
    assert owner.send("GET", "/v1/audit").body["sealed_up_to"] == found.entries


def test_an_entry_that_is_sealed_while_the_chain_is_walked_is_not_missing(
    world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(world, merchant)
    real = chain.after

    def grows(merchant_id: str, seq: int, **options: int) -> list[AuditItem]:
        found = real(merchant_id, seq, **options)
        if not found:
            monkeypatch.undo()
            assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 200
            sealed(world, merchant)
        return found

    monkeypatch.setattr(chain, "after", grows)
    before = len(entries(merchant))
    found = verification.verify(merchant.merchant_id, world.settings.proof_key_id)
    assert (found.entries, found.wrong) == (before, ())
    assert len(entries(merchant)) > before
    assert verification.verify(merchant.merchant_id, world.settings.proof_key_id).wrong == ()


@pytest.mark.parametrize("harm", ["changed", "tail removed", "middle removed", "rewritten", "seal forged"])
def test_what_is_changed_or_taken_away_is_named(world: World, merchant: Signer, owner: Person, harm: str) -> None:
    for name in ("Chai", "Tea"):
        assert owner.send("PATCH", "/v1/merchants/me", {"payee_name": name}).status == 200
    sealed(world, merchant)
    rows: list[Any] = entries(merchant)
    last = rows[-1]
    if harm == "changed":
        last.actor = "usr_someone"
        storage.run(storage.put(last))
    elif harm == "rewritten":
        from paycorex.audit.entry import hash_of

        last.actor = "usr_someone"
        last.hash = hash_of(last)
        storage.run(storage.put(last))
    elif harm == "seal forged":
        seal = sealing.newest(merchant.merchant_id)
        assert seal is not None
        seal.at = int(seal.at) + 1
        storage.run(storage.put(seal))
    else:
        gone = last if harm == "tail removed" else rows[1]
        storage.run(storage.delete(AuditItem, AuditItem.wire_key(merchant.merchant_id, int(gone.seq)), None))
    wrong = verification.verify(merchant.merchant_id, world.settings.proof_key_id).wrong
    expected = {
        "changed": f"entry {int(last.seq)} was changed",
        "tail removed": f"entry {int(last.seq)}, which was sealed, is missing",
        "middle removed": "entry 2 is missing",
        "rewritten": f"entry {int(last.seq)} is not the one that was sealed",
        "seal forged": f"the seal of entry {int(last.seq)} is not signed by the ledger's key",
    }[harm]
    assert expected in wrong


def test_routes_that_only_ask_are_these(world: World) -> None:
    assert {route.function.__name__ for route in signed_mutations() if not recording.is_change(route)} == ONLY_ASK


def test_what_an_operator_changes_of_a_merchant_is_in_its_log(world: World, merchant: Signer) -> None:
    event = gateway.proxy_event("POST", f"/admin/merchants/{merchant.merchant_id}/suspend", [], b"")
    event["requestContext"]["identity"] |= {"userArn": "arn:aws:iam::000000000000:user/op", "accountId": "000000000000"}
    from operations import door

    assert door.handler(event, None)["statusCode"] == 200
    (entry,) = entries(merchant)
    assert (entry.operation, entry.actor) == ("admin_suspend", "arn:aws:iam::000000000000:user/op")


def test_what_an_operator_cannot_note_is_not_done(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise storage.Unavailable("down")

    event = gateway.proxy_event("POST", f"/admin/merchants/{merchant.merchant_id}/suspend", [], b"")
    event["requestContext"]["identity"] |= {"userArn": "arn:aws:iam::000000000000:user/op", "accountId": "000000000000"}
    from operations import door

    monkeypatch.setattr(chain, "begin", down)
    assert door.handler(event, None)["statusCode"] == 503
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 200
