"""Operators in tests: invited as by the command, with a passkey in software and a session like a browser's."""

import json
from dataclasses import dataclass, field
from typing import Any

from paycorex import clock
from paycorex.credentials import operators
from tests.support.authenticator import Authenticator
from tests.support.gateway import Reply
from tests.support.people import AGENT, HOST, ORIGIN
from tests.support.world import World

V1 = "/operator/v1"


@dataclass
class Operator:
    """An operator in a browser: a passkey, and the cookie and token of a session, where there is one."""

    world: World
    authenticator: Authenticator = field(default_factory=lambda: Authenticator(ORIGIN, HOST))
    operator_id: str = ""
    cookie: str = ""
    token: str = ""
    codes: list[str] = field(default_factory=list)

    def send(self, method: str, target: str, body: Any = None, **headers: str | None) -> Reply:
        """A request as this browser sends it; headers by their names with underscores, None leaves one out."""
        raw = b"" if body is None else json.dumps(body).encode()
        given = {
            "host": HOST,
            "user-agent": AGENT,
            "cookie": f"{operators.COOKIE}={self.cookie}" if self.cookie else None,
            "x-csrf-token": self.token or None,
            "sec-fetch-site": "same-origin",
            "content-type": "application/json" if raw else None,
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        path = target if target.startswith("/v1/") or target == "/" else V1 + target
        return self.world.send(method, path, [(name, value) for name, value in given.items() if value is not None], raw)

    def accept(self, ticket: str, **changed: Any) -> Reply:
        """Add a passkey by a ticket."""
        begun = self.send("POST", "/passkeys/challenge", {"ticket": ticket})
        if begun.status != 201:
            return begun
        credential = self.authenticator.create(begun.body, **changed)
        return self.entered(self.send("POST", "/passkeys", {"ticket": ticket, "credential": credential}))

    def sign_in(self, **changed: Any) -> Reply:
        """Sign in with the passkey, a minute later: attempts of an address are counted."""
        self.world.clock.now += 61
        challenge = self.send("POST", "/sessions/challenge").body
        return self.entered(self.send("POST", "/sessions", {"credential": self.authenticator.get(challenge, **changed)}))

    def step_up(self) -> Reply:
        """Use the passkey again."""
        challenge = self.send("POST", "/session/step_up/challenge").body
        return self.send("POST", "/session/step_up", {"credential": self.authenticator.get(challenge)})

    def entered(self, reply: Reply) -> Reply:
        """Keep what an answer to signing in gave."""
        if reply.status == 201:
            self.cookie = reply.headers["set-cookie"].partition(";")[0].partition("=")[2]
            self.token = reply.body["csrf_token"]
            self.operator_id = reply.body["operator"]["person_id"]
            self.codes = reply.body["recovery_codes"] or self.codes
        return reply


def ticket(role: str = "admin", *, email: str | None = None) -> str:
    """The secret of an invitation, as `paycorex operators invite` makes it."""
    from people import operators as service

    return service.invite(email=email or f"{role}@platform.example", name=f"An {role}", role=role, by="test").ticket.secret


def join(world: World, role: str = "admin", *, email: str | None = None) -> Operator:
    """An operator who is invited, has added a passkey and is signed in."""
    operator = Operator(world)
    world.clock.now += 61
    entered = operator.accept(ticket(role, email=email))
    assert entered.status == 201, entered.raw
    return operator


def grow_stale(world: World) -> None:
    """So much later that a passkey is no longer fresh, and a session still holds."""
    world.clock.now += operators.FRESH_SECONDS + 1
    assert clock.now_seconds() > 0


class Watch:
    """CloudWatch with alarms, one a page."""

    def __init__(self, *alarms: dict[str, Any]) -> None:
        self.alarms = alarms

    def describe_alarms(self, **asked: Any) -> dict[str, Any]:
        """Those of the stack, from the token on."""
        assert asked["AlarmNamePrefix"].endswith("-")
        at = int(asked.get("NextToken", 0))
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.alarms) else {}
        return {
            "MetricAlarms": [each for each in self.alarms[at : at + 1] if each["AlarmName"].startswith(asked["AlarmNamePrefix"])],
            **more,
        }
