"""What clients send to the people's routes."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from paycorex.contract import Body, ListQuery, Moment, Query
from paycorex.credentials import operators
from paycorex.credentials.roles import Role
from paycorex.modes import Mode
from paycorex.text import Text, at_most, clean

# Of a credential's id, by WebAuthn; of the rest, more than any authenticator writes.
_ID_CHARACTERS: Final = 1366
_CLIENT_DATA_CHARACTERS: Final = 4096
_ATTESTATION_CHARACTERS: Final = 16_384
_PART_CHARACTERS: Final = 2048
_HANDLE_CHARACTERS: Final = 86
_TICKET_CHARACTERS: Final = 64
_NAME_CHARACTERS: Final = 80
# A person, a key, or an operator.
_ACTOR: Final = r"^(?:[a-z]{3}_[a-z2-7]{26}|arn:[A-Za-z0-9:/_+=,.@-]{1,180})$"
_OBJECT: Final = r"^[A-Za-z0-9_.:-]{1,200}$"
_BASE64URL: Final = r"^[A-Za-z0-9_-]+$"
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,185}\.[^@\s.]{1,63}")


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("not an e-mail address")
    return value.lower()


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(clean), AfterValidator(_email)]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=_NAME_CHARACTERS),
    AfterValidator(clean),
    AfterValidator(at_most(_NAME_CHARACTERS)),
]
TicketText = Annotated[str, StringConstraints(min_length=16, max_length=_TICKET_CHARACTERS), AfterValidator(clean)]


class NewCredential(Body):
    """What `navigator.credentials.create` gave, each part in base64url without padding."""

    id: Annotated[str, Field(min_length=1, max_length=_ID_CHARACTERS, pattern=_BASE64URL)]
    client_data_json: Annotated[str, Field(min_length=1, max_length=_CLIENT_DATA_CHARACTERS, pattern=_BASE64URL)]
    attestation_object: Annotated[str, Field(min_length=1, max_length=_ATTESTATION_CHARACTERS, pattern=_BASE64URL)]

    def answer(self) -> dict[str, Any]:
        """As WebAuthn's JSON names the parts."""
        response = {"clientDataJSON": self.client_data_json, "attestationObject": self.attestation_object}
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}


class Assertion(Body):
    """What `navigator.credentials.get` gave, each part in base64url without padding."""

    id: Annotated[str, Field(min_length=1, max_length=_ID_CHARACTERS, pattern=_BASE64URL)]
    client_data_json: Annotated[str, Field(min_length=1, max_length=_CLIENT_DATA_CHARACTERS, pattern=_BASE64URL)]
    authenticator_data: Annotated[str, Field(min_length=1, max_length=_PART_CHARACTERS, pattern=_BASE64URL)]
    signature: Annotated[str, Field(min_length=1, max_length=_PART_CHARACTERS, pattern=_BASE64URL)]
    user_handle: Annotated[str, Field(min_length=1, max_length=_HANDLE_CHARACTERS, pattern=_BASE64URL)]

    def answer(self) -> dict[str, Any]:
        """As WebAuthn's JSON names the parts."""
        response = {
            "clientDataJSON": self.client_data_json,
            "authenticatorData": self.authenticator_data,
            "signature": self.signature,
            "userHandle": self.user_handle,
        }
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}


class SignIn(Body):
    """POST /v1/console/sessions."""

    credential: Assertion


class BeginPasskey(Body):
    """POST /v1/console/passkeys/challenge."""

    ticket: TicketText


class AcceptTicket(Body):
    """POST /v1/console/passkeys."""

    ticket: TicketText
    credential: NewCredential
    name: Name = "Passkey"


class ChooseMode(Body):
    """PATCH /v1/console/session."""

    mode: Mode


class StepUp(Body):
    """PATCH /v1/console/session/step_up."""

    credential: Assertion


class DecideApproval(Body):
    """PATCH /v1/approvals/{approval_id}."""

    decision: Literal["approve", "reject", "withdraw"]
    reason: Text | None = None


class AddPasskey(Body):
    """POST /v1/console/users/me/passkeys."""

    credential: NewCredential
    name: Name = "Passkey"


class Invite(Body):
    """POST /v1/console/users."""

    email: Email
    name: Name
    role: Role


class ChangePerson(Body):
    """PATCH /v1/console/users/{person_id}."""

    name: Name | None = None
    role: Role | None = None
    status: Literal["active", "disabled"] | None = None


class InviteOperator(Body):
    """POST /operator/v1/operators."""

    email: Email
    name: Name
    role: operators.Role


class ChangeOperator(Body):
    """PATCH /operator/v1/operators/{operator_id}."""

    name: Name | None = None
    role: operators.Role | None = None
    status: Literal["active", "disabled"] | None = None


class BeginView(Body):
    """POST /operator/v1/merchants/{merchant_id}/view."""

    reason: Text


class LetOwnerIn(Body):
    """POST /operator/v1/merchants/{merchant_id}/owners. reason: why, and how it was found that it is the person who asks."""

    email: Email
    name: Name
    reason: Text


class PeopleQuery(ListQuery):
    """GET /v1/console/users."""


class ApprovalsQuery(ListQuery):
    """GET /v1/approvals."""


class SessionsQuery(Query):
    """GET /v1/console/sessions."""

    person_id: Annotated[str, StringConstraints(pattern=r"^usr_[a-z2-7]{26}$")] | None = None


class AuditQuery(ListQuery):
    """GET /v1/audit."""

    actor: Annotated[str, StringConstraints(pattern=_ACTOR)] | None = None
    object_id: Annotated[str, StringConstraints(pattern=_OBJECT)] | None = None
    operation: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")] | None = None
    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None
    format: Literal["json", "csv"] = "json"
