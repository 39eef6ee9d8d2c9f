"""Challenges: each is signed once, within minutes, for what it was made for."""

import hashlib
import json
from typing import Final

from paycorex import clock
from people import passkeys, store
from people.passkeys import PasskeyRefused
from people.records import ChallengeItem

LIFETIME_SECONDS: Final = 300


def begin(purpose: str, holder: str | None = None) -> bytes:
    """A new challenge. One write unit."""
    challenge = passkeys.new_challenge()
    item = ChallengeItem(person_id=_id(challenge), purpose=purpose, holder=holder, expires_at=int(clock.now_seconds()) + LIFETIME_SECONDS)
    store.new_challenge(item)
    return challenge


def take(client_data: str, purpose: str, holder: str | None = None) -> bytes:
    """The challenge that a browser says it had signed (in clientDataJSON, base64url), which is used up by this.

    Raises PasskeyRefused for one that is over, was used, or was made for something or someone else.
    """
    challenge = _named(client_data)
    found = store.take_challenge(_id(challenge))
    if found is None:
        raise PasskeyRefused("an unknown challenge, or one that was used")
    if clock.now_seconds() >= int(found.expires_at):
        raise PasskeyRefused("the challenge is over")
    if (found.purpose, found.holder) != (purpose, holder):
        raise PasskeyRefused("the challenge was made for something else")
    return challenge


def _named(client_data: str) -> bytes:
    try:
        found = json.loads(passkeys.bytes_of(client_data))["challenge"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PasskeyRefused("no challenge in the client data") from error
    if not isinstance(found, str):
        raise PasskeyRefused("no challenge in the client data")
    return passkeys.bytes_of(found)


def _id(challenge: bytes) -> str:
    return f"challenge#{hashlib.sha256(challenge).hexdigest()}"
