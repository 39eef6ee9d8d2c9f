"""Profiles: where the API is and as whom to ask, in the user's configuration folder, readable by the user alone."""

import json
import os
import secrets
from base64 import b64encode
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_config_path

FOLDER_VARIABLE = "PCX_CONFIG"
PROFILE_VARIABLE = "PCX_PROFILE"


class NoProfile(Exception):
    """No such profile; the message says how to make it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A merchant's access. listen_secret: what `pcx listen` signs with."""

    base_url: str
    api_key: str
    secret: str
    listen_secret: str

    def __repr__(self) -> str:
        return f"Profile({self.base_url})"


def new(base_url: str, api_key: str, secret: str) -> Profile:
    """A profile with a listening secret of its own."""
    return Profile(base_url.rstrip("/"), api_key, secret, "whsec_" + b64encode(secrets.token_bytes(24)).decode())


def folder() -> Path:
    """Where profiles and positions are kept. PCX_CONFIG names another folder."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else user_config_path("paycorex")


def _file() -> Path:
    return folder() / "profiles.json"


def load(name: str) -> Profile:
    """A profile. Raises NoProfile."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))[name]
    except (FileNotFoundError, KeyError):
        raise NoProfile(f"no profile {name!r}: run pcx login --profile {name}") from None
    return Profile(**found)


def names() -> list[str]:
    """All profiles."""
    try:
        return sorted(json.loads(_file().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []


def save(name: str, profile: Profile) -> Path:
    """Keep a profile. Returns its file."""
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = {}
    write_private(_file(), json.dumps({**known, name: asdict(profile)}, indent=1))
    return _file()


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, with a mode of 0600 from the start."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
