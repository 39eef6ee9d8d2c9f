"""The answers about people and passkeys. Those about sessions are `session_views`."""

from paycorex import clock
from paycorex.contract import View
from paycorex.records.approval import ApprovalView
from paycorex.records.person import INVITED, PersonItem
from people.people import Invited


class PasskeyView(View):
    """A passkey of a person."""

    passkey_id: str
    name: str
    created_at: str
    last_used_at: str | None


class PersonView(View):
    """A person of the merchant."""

    person_id: str
    email: str
    name: str
    role: str
    status: str
    created_at: str
    last_signed_in_at: str | None
    invitation_expires_at: str | None
    passkeys: list[PasskeyView]
    recovery_codes_left: int


class InvitedView(PersonView):
    """A person who is invited. `invitation_url` is there once, and where no e-mail carries it; a replay has null instead."""

    invitation_url: str | None
    sent: bool


class RemovedPerson(View):
    """A person who was removed."""

    person_id: str
    removed: bool


class PersonList(View):
    """Some people of a merchant, who came last first."""

    data: list[PersonView]
    next_cursor: str | None


class SignInChallenge(View):
    """What `navigator.credentials.get` takes."""

    challenge: str
    rp_id: str
    timeout_ms: int


class PasskeyChallenge(View):
    """What `navigator.credentials.create` takes. `user_handle` and `exclude` are base64url."""

    challenge: str
    rp_id: str
    rp_name: str
    user_handle: str
    email: str
    name: str
    merchant_name: str
    exclude: list[str]
    timeout_ms: int


class SteppedUp(View):
    """A passkey was used again: until when it counts as fresh."""

    fresh_until: str


class ApprovalList(View):
    """A page of acts that wait for a second person, or waited."""

    data: list[ApprovalView]
    next_cursor: str | None


class NewRecoveryCodes(View):
    """New recovery codes, shown once: a replay has none."""

    recovery_codes: list[str]


def passkey(item: dict[str, object]) -> PasskeyView:
    """A passkey, without its key."""
    used = item["last_used_at"]
    return PasskeyView(
        passkey_id=str(item["passkey_id"]),
        name=str(item["name"]),
        created_at=clock.rfc3339(int(str(item["created_at"]))),
        last_used_at=None if used is None else clock.rfc3339(int(str(used))),
    )


def person(item: PersonItem) -> PersonView:
    """A person, without keys and codes."""
    return PersonView(**_fields(item))


def _fields(item: PersonItem) -> dict[str, object]:
    ends = item.ticket_expires_at if item.status == INVITED else None
    return {
        "person_id": item.person_id,
        "email": item.email,
        "name": item.name,
        "role": item.role,
        "status": item.status,
        "created_at": clock.rfc3339(int(item.created_at)),
        "last_signed_in_at": _moment(item.last_signed_in_at),
        "invitation_expires_at": _moment(ends),
        "passkeys": [passkey(each) for each in item.passkeys],
        "recovery_codes_left": len(item.recovery_codes),
    }


def _moment(milliseconds: float | None) -> str | None:
    return None if milliseconds is None else clock.rfc3339(int(milliseconds))


def invited(item: PersonItem, *, link: str | None = None, sent: bool = False) -> InvitedView:
    """One who is invited, with the link where it is to be handed over."""
    return InvitedView.model_validate(_fields(item) | {"invitation_url": link, "sent": sent})


def link_of(base_url: str, done: Invited) -> str:
    """Where one who is invited goes. The secret stands behind #, which browsers send to no server."""
    return f"{base_url}/#welcome={done.ticket.secret}"
