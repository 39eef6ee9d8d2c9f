"""Signing in with passkeys: what lets in, and everything that does not."""

import pytest

from paycorex.credentials import sessions
from tests.support.authenticator import PRESENT
from tests.support.people import AGENT, Person, invite, join, newcomer, ticket_of
from tests.support.world import Signer, World


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


def test_an_invited_owner_adds_a_passkey_and_is_signed_in_with_recovery_codes(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    assert len(set(owner.codes)) == 10
    shown = owner.send("GET", "/v1/merchants/me")
    assert (shown.status, shown.body["merchant_id"]) == (200, merchant.merchant_id)
    page = owner.send("GET", "/v1/console/session").body
    assert page["signed_in"]["person"]["status"] == "active"
    assert page["signed_in"]["csrf_token"] == owner.token
    assert page["signed_in"]["recovery_codes"] == []


def test_the_cookie_is_for_this_host_alone_and_for_no_script(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    parts = owner.sign_in().headers["set-cookie"].split("; ")
    assert parts[0].startswith("__Host-")
    assert set(parts[1:]) == {"Path=/", "Max-Age=43200", "Secure", "HttpOnly", "SameSite=Strict"}


def test_a_sign_in_makes_a_new_session_and_ends_the_one_before(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    before = owner.cookie, owner.token
    assert owner.sign_in().status == 201
    assert owner.cookie != before[0]
    assert owner.send("GET", "/v1/merchants/me", cookie=f"{sessions.COOKIE}={before[0]}", x_csrf_token=before[1]).status == 401


def test_a_cookie_that_someone_planted_is_never_taken_over(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    planted = "A" * 43
    owner.cookie = planted
    assert owner.sign_in().status == 201
    assert owner.cookie != planted
    reply = owner.send("GET", "/v1/merchants/me", cookie=f"{sessions.COOKIE}={planted}", x_csrf_token=sessions.csrf_token(planted))
    assert reply.status == 401


def test_an_assertion_is_accepted_once(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    challenge = owner.send("POST", "/v1/console/sessions/challenge").body
    credential = owner.authenticator.get(challenge)
    assert owner.send("POST", "/v1/console/sessions", {"credential": credential}).status == 201
    again = owner.send("POST", "/v1/console/sessions", {"credential": credential})
    assert (again.status, again.code) == (401, "unauthorized")


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://console.example.com.evil.example"},
        {"origin": "http://console.example.com"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"handle": "dXNyX3VuaWNvcm4"},
    ],
)
def test_an_assertion_of_another_page_host_ceremony_or_person_is_refused(world: World, merchant: Signer, changed: dict[str, str]) -> None:
    owner = join(world, merchant)
    before = world.dump()["test-console_sessions"]
    reply = owner.sign_in(**changed)
    assert (reply.status, reply.code, reply.body["error"]["message"]) == (401, "unauthorized", "This passkey was not accepted.")
    assert world.dump()["test-console_sessions"] == before


def test_a_passkey_that_did_not_verify_its_user_is_refused(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    owner.authenticator.flags = PRESENT
    assert owner.sign_in().status == 401


def test_a_counter_that_does_not_grow_is_refused(world: World, merchant: Signer) -> None:
    owner = join(world, merchant, counted=True)
    assert owner.sign_in().status == 201
    owner.authenticator.count -= 1
    assert owner.sign_in().status == 401
    owner.authenticator.count += 5
    assert owner.sign_in().status == 201


def test_a_challenge_for_a_new_passkey_signs_no_one_in_and_ends_after_minutes(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    begun = owner.send("POST", "/v1/console/users/me/passkeys/challenge").body
    assert owner.send("POST", "/v1/console/sessions", {"credential": owner.authenticator.get(begun)}).status == 401
    late = owner.send("POST", "/v1/console/sessions/challenge").body
    credential = owner.authenticator.get(late)
    world.clock.now += 301
    assert owner.send("POST", "/v1/console/sessions", {"credential": credential}).status == 401


def test_known_and_unknown_people_are_answered_alike(world: World, merchant: Signer) -> None:
    owner, stranger = join(world, merchant), newcomer(world)
    stranger.authenticator.handle = "dXNyX2FhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
    wrong = owner.sign_in(rp_id="evil.example").without_request_id()
    assert stranger.sign_in().without_request_id() == wrong
    asked = [
        owner.send("POST", "/v1/console/sessions/challenge").body.keys(),
        stranger.send("POST", "/v1/console/sessions/challenge").body.keys(),
    ]
    assert asked[0] == asked[1] == {"challenge", "rp_id", "timeout_ms"}


def test_an_invitation_works_once_for_a_week_and_says_nothing_when_it_is_over(world: World, merchant: Signer) -> None:
    ticket = ticket_of(invite(world, merchant))
    assert newcomer(world).accept(ticket).status == 201
    used = newcomer(world).accept(ticket)
    assert (used.status, used.code) == (404, "not_found")
    late = ticket_of(invite(world, merchant, "admin"))
    world.clock.now += 7 * 24 * 3600 + 1
    over = newcomer(world).accept(late)
    unknown = newcomer(world).accept("x" * 43)
    assert over.without_request_id() == unknown.without_request_id() == used.without_request_id()


def test_a_newer_invitation_ends_the_older_one(world: World, merchant: Signer) -> None:
    first = invite(world, merchant)
    person_id = first.body["person_id"]
    second = world.call(merchant, "POST", f"/v1/console/users/{person_id}/invitation")
    assert second.status == 200
    assert newcomer(world).accept(ticket_of(first)).status == 404
    assert newcomer(world).accept(ticket_of(second)).status == 201


def test_a_registration_of_another_page_or_host_is_refused_and_leaves_the_invitation(world: World, merchant: Signer) -> None:
    ticket = ticket_of(invite(world, merchant))
    for changed in ({"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"type": "webauthn.get"}):
        assert newcomer(world).accept(ticket, **changed).status == 401
    assert newcomer(world).accept(ticket).status == 201


def test_a_recovery_code_adds_a_passkey_once_and_ends_every_other_session(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    code = owner.codes[3].upper().replace("-", " ")
    found = newcomer(world)
    assert found.accept(code).status == 201
    assert owner.send("GET", "/v1/merchants/me").status == 401
    assert newcomer(world).accept(code).status == 404
    page = found.send("GET", "/v1/console/session").body["signed_in"]
    assert (page["person"]["recovery_codes_left"], len(page["person"]["passkeys"])) == (9, 2)


def test_new_recovery_codes_end_the_older_ones(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    renewed = owner.send("POST", "/v1/console/users/me/recovery_codes")
    assert (renewed.status, len(renewed.body["recovery_codes"])) == (201, 10)
    assert newcomer(world).accept(owner.codes[0]).status == 404
    assert newcomer(world).accept(renewed.body["recovery_codes"][0]).status == 201


def test_no_stored_item_holds_a_secret_of_a_person(world: World, merchant: Signer) -> None:
    ticket = ticket_of(invite(world, merchant, "admin"))
    owner = join(world, merchant)
    stored = repr(world.dump())
    assert not [secret for secret in (ticket, owner.cookie, owner.token, *owner.codes) if secret in stored]


def test_a_person_has_at_most_ten_passkeys_and_keeps_the_last(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    first = owner.send("GET", "/v1/console/session").body["signed_in"]["person"]["passkeys"][0]["passkey_id"]
    assert owner.send("DELETE", f"/v1/console/users/me/passkeys/{first}").code == "invalid_state"
    for _ in range(9):
        assert _add(owner, newcomer(world)) == 201
    assert _add(owner, newcomer(world)) == 409
    assert owner.send("DELETE", f"/v1/console/users/me/passkeys/{first}").status == 200
    assert owner.sign_in().status == 401


def _add(owner: Person, other: Person) -> int:
    begun = owner.send("POST", "/v1/console/users/me/passkeys/challenge").body
    credential = other.authenticator.create(begun)
    status: int = owner.send("POST", "/v1/console/users/me/passkeys", {"credential": credential, "name": "Key"}).status
    return status


def test_one_address_signs_in_so_often_and_no_oftener(world: World, merchant: Signer) -> None:
    stranger = newcomer(world)
    statuses = {stranger.send("POST", "/v1/console/sessions/challenge").status for _ in range(61)}
    assert statuses == {201, 429}


def test_the_users_browser_is_part_of_the_session(world: World, merchant: Signer) -> None:
    owner = join(world, merchant)
    assert owner.send("GET", "/v1/merchants/me", user_agent=AGENT + " Other").status == 401
    assert owner.send("GET", "/v1/merchants/me").status == 200
