"""The people of a merchant: invited, changed, removed, and never another merchant's."""

import pytest

from paycorex.credentials.sessions import IDLE_SECONDS, LIFETIME_SECONDS
from people import commands
from tests.support.people import Person, invite, join, newcomer, ticket_of
from tests.support.world import Signer, World

USERS = "/v1/console/users"


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


def joined_by(who: Person, role: str, email: str) -> Person:
    """A person whom another person invited."""
    invited = who.send("POST", USERS, {"email": email, "name": "A person", "role": role})
    assert invited.status == 201, invited.raw
    person = newcomer(who.world)
    assert person.accept(ticket_of(invited)).status == 201
    return person


def test_an_owner_invites_and_the_list_shows_who_there_is(world: World, owner: Person) -> None:
    invited = owner.send("POST", USERS, {"email": "Asha@Example.com", "name": "Asha", "role": "finance"})
    assert (invited.status, invited.body["status"], invited.body["email"]) == (201, "invited", "asha@example.com")
    assert invited.body["invitation_url"].startswith("https://console.example.com/#welcome=")
    listed = owner.send("GET", USERS).body["data"]
    assert [(each["email"], each["role"], each["status"]) for each in listed] == [
        ("asha@example.com", "finance", "invited"),
        ("owner@example.com", "owner", "active"),
    ]
    assert "invitation_url" not in listed[0]
    assert owner.send("GET", f"{USERS}/{listed[0]['person_id']}").body == listed[0]


def test_an_address_is_there_once(world: World, merchant: Signer, owner: Person) -> None:
    before = world.dump()["test-people"]
    again = invite(world, merchant, "admin", email="owner@example.com")
    assert (again.status, again.code) == (409, "conflict")
    assert world.dump()["test-people"] == before


def test_a_repeated_invitation_is_one_and_shows_no_link_again(world: World, merchant: Signer) -> None:
    body = {"email": "a@example.com", "name": "A", "role": "owner"}
    first = world.call(merchant, "POST", USERS, body, key="one")
    second = world.call(merchant, "POST", USERS, body, key="one")
    assert first.body["invitation_url"]
    assert second.body["invitation_url"] is None
    assert first.body["person_id"] == second.body["person_id"]


def test_an_admin_neither_makes_nor_touches_an_owner(world: World, merchant: Signer, owner: Person) -> None:
    admin = join(world, merchant, "admin")
    before = [item for item in world.dump()["test-people"] if "challenge#" not in repr(item)]
    asked = [
        admin.send("POST", USERS, {"email": "x@example.com", "name": "X", "role": "owner"}),
        admin.send("PATCH", f"{USERS}/{owner.person_id}", {"role": "read_only"}),
        admin.send("PATCH", f"{USERS}/{owner.person_id}", {"status": "disabled"}),
        admin.send("PATCH", f"{USERS}/{admin.person_id}", {"role": "owner"}),
        admin.send("DELETE", f"{USERS}/{owner.person_id}"),
    ]
    assert {(reply.status, reply.code) for reply in asked} == {(403, "forbidden")}
    assert [item for item in world.dump()["test-people"] if "challenge#" not in repr(item)] == before


def test_an_admin_becomes_no_owner_by_a_key_that_the_admin_made(world: World, merchant: Signer, owner: Person) -> None:
    admin = joined_by(owner, "admin", "admin@example.com")
    pending = owner.send("POST", USERS, {"email": "late@example.com", "name": "Late", "role": "owner"}).body["person_id"]
    made = admin.send("POST", "/v1/merchants/apikey", {})
    key = Signer(made.body["api_key"], made.body["secret"], merchant.merchant_id)
    before = {person: owner.send("GET", f"{USERS}/{person}").body["role"] for person in (owner.person_id, admin.person_id, pending)}
    asked = [
        invite(world, key, "owner", email="mine@example.com"),
        world.call(key, "PATCH", f"{USERS}/{admin.person_id}", {"role": "owner"}),
        world.call(key, "PATCH", f"{USERS}/{owner.person_id}", {"status": "disabled"}),
        world.call(key, "POST", f"{USERS}/{pending}/invitation", {}),
        world.call(key, "DELETE", f"{USERS}/{pending}"),
    ]
    assert [(reply.status, reply.code) for reply in asked] == [(403, "forbidden")] * 5
    assert {person: owner.send("GET", f"{USERS}/{person}").body["role"] for person in before} == before


def test_an_admin_does_not_rename_an_owner(world: World, merchant: Signer, owner: Person) -> None:
    admin = joined_by(owner, "admin", "admin@example.com")
    reply = admin.send("PATCH", f"{USERS}/{owner.person_id}", {"name": "Someone else"})
    assert (reply.status, reply.code) == (403, "forbidden")
    assert owner.send("GET", f"{USERS}/{owner.person_id}").body["name"] == "A owner"


def test_the_last_owner_cannot_go(world: World, merchant: Signer, owner: Person) -> None:
    target = f"{USERS}/{owner.person_id}"
    for reply in (
        owner.send("DELETE", target),
        owner.send("PATCH", target, {"role": "admin"}),
        owner.send("PATCH", target, {"status": "disabled"}),
    ):
        assert (reply.status, reply.code) == (409, "invalid_state")
    second = joined_by(owner, "owner", "second@example.com")
    assert owner.send("PATCH", target, {"role": "admin"}).status == 200
    assert second.send("DELETE", f"{USERS}/{second.person_id}").status == 409


def test_a_change_of_role_acts_with_the_next_request(world: World, merchant: Signer, owner: Person) -> None:
    asha = join(world, merchant, "developer")
    assert asha.send("GET", "/v1/requests").status == 200
    assert asha.send("PATCH", "/v1/merchants/me", {"payee_name": "Chai"}).status == 200
    assert owner.send("PATCH", f"{USERS}/{asha.person_id}", {"role": "read_only"}).status == 200
    assert asha.send("PATCH", "/v1/merchants/me", {"payee_name": "Tea"}).code == "forbidden"


def test_who_is_disabled_or_removed_is_out_at_once_and_cannot_come_back(world: World, merchant: Signer, owner: Person) -> None:
    asha, ravi = join(world, merchant, "finance"), join(world, merchant, "support")
    assert owner.send("PATCH", f"{USERS}/{asha.person_id}", {"status": "disabled"}).status == 200
    assert owner.send("DELETE", f"{USERS}/{ravi.person_id}").body == {"person_id": ravi.person_id, "removed": True}
    for each in (asha, ravi):
        assert each.send("GET", "/v1/merchants/me").status == 401
        assert each.sign_in().status == 401
        assert newcomer(world).accept(each.codes[0]).status == 404
    assert owner.send("PATCH", f"{USERS}/{asha.person_id}", {"status": "active"}).status == 200
    assert asha.sign_in().status == 201


def test_no_merchant_sees_or_touches_anothers_people(world: World, owner: Person) -> None:
    stranger = join(world, world.register("Other"), email="stranger@example.com")
    target = f"{USERS}/{owner.person_id}"
    replies = [
        stranger.send("GET", target),
        stranger.send("PATCH", target, {"name": "Mine"}),
        stranger.send("DELETE", target),
        stranger.send("POST", f"{target}/invitation"),
        stranger.send("GET", f"/v1/console/sessions?person_id={owner.person_id}"),
        stranger.send("DELETE", f"/v1/console/sessions/{owner.session_id}"),
    ]
    assert {(reply.status, reply.code) for reply in replies} == {(404, "not_found")}
    assert owner.send("GET", "/v1/merchants/me").status == 200


def test_sessions_are_listed_and_ended_by_their_person_and_by_who_manages_people(world: World, merchant: Signer, owner: Person) -> None:
    asha = join(world, merchant, "support")
    elsewhere = Person(world, asha.authenticator)
    assert elsewhere.sign_in().status == 201
    mine = asha.send("GET", "/v1/console/sessions").body["data"]
    assert {(each["session_id"], each["current"]) for each in mine} == {(asha.session_id, True), (elsewhere.session_id, False)}
    assert asha.send("DELETE", f"/v1/console/sessions/{owner.session_id}").status == 404
    assert asha.send("GET", f"/v1/console/sessions?person_id={owner.person_id}").status == 403
    assert asha.send("DELETE", f"/v1/console/sessions/{elsewhere.session_id}").status == 200
    assert elsewhere.send("GET", "/v1/merchants/me").status == 401
    assert owner.send("DELETE", f"/v1/console/sessions/{asha.session_id}").status == 200
    assert asha.send("GET", "/v1/merchants/me").status == 401


def test_signing_out_ends_the_session_and_takes_the_cookie_away(owner: Person) -> None:
    reply = owner.send("DELETE", f"/v1/console/sessions/{owner.session_id}")
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert owner.send("GET", "/v1/merchants/me").status == 401
    assert owner.send("GET", "/v1/console/session").body["signed_in"] is None


def test_a_session_ends_without_use_and_after_twelve_hours(world: World, owner: Person) -> None:
    for _ in range(LIFETIME_SECONDS // (IDLE_SECONDS - 400)):
        world.clock.now += IDLE_SECONDS - 400
        assert owner.send("GET", "/v1/merchants/me").status == 200
    world.clock.now += IDLE_SECONDS - 400
    assert owner.send("GET", "/v1/merchants/me").status == 401
    assert owner.sign_in().status == 201
    world.clock.now += IDLE_SECONDS + 1
    assert owner.send("GET", "/v1/merchants/me").status == 401


def test_the_cookie_alone_opens_nothing(owner: Person) -> None:
    for method, target, body in (("GET", "/v1/merchants/me", None), ("PATCH", "/v1/merchants/me", {"payee_name": "Mine"})):
        assert owner.send(method, target, body, x_csrf_token=None).status == 401
        assert owner.send(method, target, body, x_csrf_token="0" * 64).status == 401
        assert owner.send(method, target, body, sec_fetch_site="cross-site").status == 401
        assert owner.send(method, target, body, sec_fetch_site="same-site").status == 401
    assert owner.send("GET", "/v1/merchants/me").body["payee_name"] is None


def test_the_token_alone_opens_nothing_and_two_cookies_are_none(owner: Person) -> None:
    assert owner.send("GET", "/v1/merchants/me", cookie=None).status == 401
    twice = f"__Host-paycorex={owner.cookie}; __Host-paycorex={owner.cookie}"
    assert owner.send("GET", "/v1/merchants/me", cookie=twice).status == 401


def test_a_suspended_merchants_people_are_out(world: World, merchant: Signer, owner: Person) -> None:
    from paycorex import storage
    from paycorex.records.merchant import MerchantItem

    storage.run(storage.update(MerchantItem, MerchantItem.wire_key(merchant.merchant_id), [MerchantItem.status.set("suspended")], None))
    world.restart()
    assert owner.send("GET", "/v1/merchants/me").status == 401
    assert owner.sign_in().status == 401


def test_a_person_makes_a_key_with_no_more_than_the_own_role(world: World, merchant: Signer, owner: Person) -> None:
    developer = join(world, merchant, "developer")
    made = developer.send("POST", "/v1/merchants/apikey", {})
    assert made.status == 201
    assert "payments:write" not in made.body["scopes"]
    assert "console:own" not in made.body["scopes"]
    assert made.body["previous"] is None
    key = Signer(made.body["api_key"], made.body["secret"], merchant.merchant_id)
    assert world.call(key, "GET", "/v1/merchants/me").status == 200
    more = developer.send("POST", "/v1/merchants/apikey", {"scopes": ["payments:write"]})
    assert (more.status, more.code) == (400, "invalid_request")


def test_a_key_has_no_sessions_and_no_passkeys_of_its_own(world: World, merchant: Signer) -> None:
    for method, target in (
        ("GET", "/v1/console/sessions"),
        ("POST", f"{USERS}/me/recovery_codes"),
        ("POST", f"{USERS}/me/passkeys/challenge"),
    ):
        assert world.call(merchant, method, target).code == "forbidden"


def test_an_operator_lets_an_owner_in_again(world: World, merchant: Signer, owner: Person) -> None:
    invited = commands.invite_owner(merchant.merchant_id, email="owner@example.com", name="-", operator="ops")
    found = newcomer(world)
    assert found.accept(invited.ticket.secret).status == 201
    assert found.person_id == owner.person_id
    assert owner.send("GET", "/v1/merchants/me").status == 401
    fresh = commands.invite_owner(merchant.merchant_id, email="new@example.com", name="New", operator="ops")
    assert newcomer(world).accept(fresh.ticket.secret).status == 201


def test_an_invitation_goes_by_mail_where_there_is_a_sender(world: World, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from paycorex import aws, settings

    sent = []

    class Mail:
        def send_email(self, **asked: object) -> None:
            sent.append(asked)

    settings.use(world.settings.model_copy(update={"mail_from": "console@example.com"}))
    aws.use("sesv2", Mail())
    try:
        reply = owner.send("POST", USERS, {"email": "asha@example.com", "name": "Asha", "role": "support"})
    finally:
        aws.use("sesv2", None)
    assert (reply.body["sent"], reply.body["invitation_url"]) == (True, None)
    assert sent[0]["Destination"] == {"ToAddresses": ["asha@example.com"]}
    text = repr(sent[0]["Content"])
    assert "https://console.example.com/#welcome=" in text


def test_a_merchant_has_only_so_many_invitations_mailed_in_an_hour(world: World, owner: Person) -> None:
    from paycorex import aws, settings
    from people.routes import accounts

    sent = []

    class Mail:
        def send_email(self, **asked: object) -> None:
            sent.append(asked)

    person_id = owner.send("POST", USERS, {"email": "victim@example.com", "name": "V", "role": "support"}).body["person_id"]
    settings.use(world.settings.model_copy(update={"mail_from": "console@example.com"}))
    aws.use("sesv2", Mail())
    try:
        again = [owner.send("POST", f"{USERS}/{person_id}/invitation") for _ in range(accounts.MAILED.times)]
        more = [
            owner.send("POST", f"{USERS}/{person_id}/invitation"),
            owner.send("POST", USERS, {"email": "v@example.com", "name": "V", "role": "support"}),
        ]
        assert {reply.status for reply in again} == {200}
        assert {(reply.status, reply.code) for reply in more} == {(429, "rate_limited")}
        assert len(sent) == accounts.MAILED.times
        world.clock.now += 3600
        assert owner.sign_in().status == 201
        assert owner.send("POST", f"{USERS}/{person_id}/invitation").status == 200
    finally:
        aws.use("sesv2", None)


def test_a_merchant_has_at_most_a_hundred_people(world: World, merchant: Signer) -> None:
    for number in range(100):
        assert invite(world, merchant, "support", email=f"p{number}@example.com").status == 201
    full = invite(world, merchant, "support", email="more@example.com")
    assert (full.status, full.code, full.body["error"]["details"]) == (429, "rate_limited", {"limit": 100})


def test_two_owners_cannot_remove_each_other_at_once(
    world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people import store

    second = joined_by(owner, "owner", "second@example.com")
    stale = store.roster(merchant.merchant_id)
    assert owner.send("DELETE", f"{USERS}/{second.person_id}").status == 200
    monkeypatch.setattr(store, "roster", lambda _merchant_id: stale)
    reply = owner.send("DELETE", f"{USERS}/{owner.person_id}")
    assert reply.status in {409, 503}
    assert owner.send("GET", "/v1/merchants/me").status == 200


def test_an_invitation_that_was_used_needs_no_second_one(world: World, merchant: Signer, owner: Person) -> None:
    reply = owner.send("POST", f"{USERS}/{owner.person_id}/invitation")
    assert (reply.status, reply.code) == (409, "invalid_state")
    waiting = invite(world, merchant, "support")
    assert owner.send("PATCH", f"{USERS}/{waiting.body['person_id']}", {"status": "disabled"}).status == 409
    assert ticket_of(waiting)


def test_on_a_machine_of_ones_own_a_link_leads_to_the_name_that_passkeys_need(world: World, owner: Person) -> None:
    from paycorex import settings

    settings.use(world.settings.model_copy(update={"console_base_url": "http://127.0.0.1:8080"}))
    invited = owner.send("POST", USERS, {"email": "asha@example.com", "name": "Asha", "role": "support"})
    assert invited.body["invitation_url"].startswith("http://localhost:8080/#welcome=")
    assert owner.send("POST", "/v1/console/sessions/challenge").body["rp_id"] == "localhost"
