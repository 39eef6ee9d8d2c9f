"""The settings of a processor of the library: exactly its own credentials, by the derived table, and the secret of its callbacks."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import PydanticCustomError

from paycorex import processors, redaction
from paycorex.connectors import is_processor

MAX_CREDENTIAL_CHARACTERS: Final = 8192
_MAX_SHOWN_CHARACTERS: Final = 32
# Not the library's: every processor signs its callbacks with a secret, a few with two; and its card fields want a key for the browser.
OUR_FIELDS: Final = ("webhook_secret", "webhook_additional_secret", "publishable_key")
# Of one processor alone, no secrets: their names, shapes, and the shapes in words.
_FEATURE: Final = "(overcapture|incremental_authorization|extended_authorization)"
_FEATURES: Final = (
    re.compile(rf"{_FEATURE}(,{_FEATURE}){{0,2}}", re.ASCII),
    "some of overcapture, incremental_authorization and extended_authorization, with commas between",
)
_MORE: Final[Mapping[str, Mapping[str, tuple[re.Pattern[str], str]]]] = MappingProxyType({"prism:stripe": {"card_features": _FEATURES}})


def is_name(name: str) -> bool:
    """True for `prism:<processor>` of one that the library has."""
    return is_processor(name) and processors.find(name) is not None


def check(name: str, given: Any) -> Any:
    """The settings as they were given: every field is the processor's own, every required one is there, and each is a text.

    Raises PydanticCustomError, which names fields and no value.
    """
    if not isinstance(given, Mapping):
        raise PydanticCustomError("connector_fields", "an object with the processor's credentials")
    processor = processors.find(name)
    if processor is None:
        raise AssertionError(name)
    required = [field.name for field in processor.credentials if field.required]
    optional = [*(field.name for field in processor.credentials if not field.required), *OUR_FIELDS, *more_fields(name)]
    refuse_fields(name, required, optional, given)
    for field, value in given.items():
        if not _is_credential(value) and (value is not None or field in required):
            raise PydanticCustomError(
                "credential_shape", "{text}", {"text": f"{field} is a text of 1 to {MAX_CREDENTIAL_CHARACTERS} characters"}
            )
    _check_shapes(name, given)
    return given


def more_fields(name: str) -> tuple[str, ...]:
    """Settings of this processor that are neither its credentials nor every processor's; none of them is a secret."""
    return tuple(_MORE.get(name, ()))


def _check_shapes(name: str, given: Mapping[str, Any]) -> None:
    """Raises PydanticCustomError."""
    for field, (shape, words) in _MORE.get(name, {}).items():
        value = given.get(field)
        if value is not None and not shape.fullmatch(value):
            raise PydanticCustomError("credential_shape", "{text}", {"text": f"{field} is {words}"})


def refuse_fields(connector: str, required: list[str], optional: list[str], given: Mapping[str, Any]) -> None:
    """Say at once what is unknown, what is missing, and what the connector takes. Raises PydanticCustomError."""
    unknown = [name for name in given if name not in {*required, *optional}]
    missing = [name for name in required if name not in given]
    if not (unknown or missing or not given):
        return
    problems = [*(f"{named(name)} is no field of it" for name in unknown[:3]), *(f"{name} is missing" for name in missing)]
    takes = [*required, *(f"{name} (optional)" for name in optional)]
    text = f"{connector} takes {listed(takes)}: {listed(problems or ['nothing is given'])}"
    raise PydanticCustomError("connector_fields", "{text}", {"text": text})


def named(name: object) -> str:
    """An unknown name from a client, as it may be repeated in an answer: it may be a key in the wrong place."""
    shown = redaction.mask(str(name)).encode("ascii", "replace").decode()
    return f"'{shown[:_MAX_SHOWN_CHARACTERS]}'"


def listed(words: Iterable[str]) -> str:
    """Words in a sentence."""
    return ", ".join(words)


def _is_credential(value: object) -> bool:
    """A key may have lines (PEM); other control characters have no place in one."""
    return isinstance(value, str) and 0 < len(value) <= MAX_CREDENTIAL_CHARACTERS and all(c.isprintable() or c in "\r\n\t" for c in value)
