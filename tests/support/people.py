"""People of a merchant in tests: invited by the merchant's key, with a passkey in software and a session like a browser's."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from paycorex.credentials import sessions
from tests.support.authenticator import Authenticator
from tests.support.gateway import Reply
from tests.support.world import Signer, World

HOST: Final = "console.example.com"
ORIGIN: Final = f"https://{HOST}"
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36"


@dataclass
class Person:
    """A person in a browser: a passkey, and the cookie and token of a session, where there is one."""

    world: World
    authenticator: Authenticator
    person_id: str = ""
    cookie: str = ""
    token: str = ""
    session_id: str = ""
    codes: list[str] = field(default_factory=list)

    def send(self, method: str, target: str, body: Any = None, **headers: str | None) -> Reply:
        """A request as this browser sends it; headers by their names with underscores, None leaves one out."""
        raw = b"" if body is None else json.dumps(body).encode()
        given = {
            "host": HOST,
            "user-agent": AGENT,
            "cookie": f"{sessions.COOKIE}={self.cookie}" if self.cookie else None,
            "x-csrf-token": self.token or None,
            "sec-fetch-site": "same-origin",
            "content-type": "application/json" if raw else None,
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.world.send(method, target, [(name, value) for name, value in given.items() if value is not None], raw)

    def accept(self, ticket: str, **changed: Any) -> Reply:
        """Add a passkey by a ticket."""
        begun = self.send("POST", "/v1/console/passkeys/challenge", {"ticket": ticket})
        if begun.status != 201:
            return begun
        credential = self.authenticator.create(begun.body, **changed)
        return self._entered(self.send("POST", "/v1/console/passkeys", {"ticket": ticket, "credential": credential}))

    def sign_in(self, **changed: Any) -> Reply:
        """Sign in with the passkey."""
        challenge = self.send("POST", "/v1/console/sessions/challenge").body
        return self._entered(self.send("POST", "/v1/console/sessions", {"credential": self.authenticator.get(challenge, **changed)}))

    def _entered(self, reply: Reply) -> Reply:
        if reply.status == 201:
            self.cookie = reply.headers["set-cookie"].partition(";")[0].partition("=")[2]
            self.token, self.session_id = reply.body["csrf_token"], reply.body["session"]["session_id"]
            self.person_id = reply.body["person"]["person_id"]
            self.codes = reply.body["recovery_codes"] or self.codes
        return reply


def ticket_of(reply: Reply) -> str:
    """The secret in an invitation's link."""
    return str(reply.body["invitation_url"].partition("#welcome=")[2])


def newcomer(world: World, **options: Any) -> Person:
    """A person without an invitation."""
    return Person(world, Authenticator(ORIGIN, HOST, **options))


def invite(world: World, who: Signer, role: str = "owner", *, email: str | None = None) -> Reply:
    """Invite a person with the merchant's key."""
    body = {"email": email or f"{role}@example.com", "name": f"A {role}", "role": role}
    return world.call(who, "POST", "/v1/console/users", body)


def join(world: World, who: Signer, role: str = "owner", *, email: str | None = None, **options: Any) -> Person:
    """A person who is invited, has added a passkey and is signed in."""
    invited = invite(world, who, role, email=email)
    assert invited.status == 201, invited.raw
    person = newcomer(world, **options)
    entered = person.accept(ticket_of(invited))
    assert entered.status == 201, entered.raw
    return person
