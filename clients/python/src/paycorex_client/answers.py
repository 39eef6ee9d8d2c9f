"""What calls answer: objects of the contract, and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_validator


class Answered(BaseModel):
    """An object of the contract. Fields that a later server adds are kept in `model_extra`.

    A field that an earlier server does not have yet is None where the contract's may be null: what a call did has happened by then, and an
    answer that cannot be read would hide it.
    """

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_server(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {**{sent: None for name, sent in _may_be_null(cls) if name not in given and sent not in given}, **given}


@cache
def _may_be_null(kind: type[Answered]) -> tuple[tuple[str, str], ...]:
    """The fields without a default that may be null: the name here, and the one in an answer."""
    fields = kind.model_fields.items()
    return tuple((name, field.alias or name) for name, field in fields if field.is_required() and type(None) in get_args(field.annotation))


@dataclass(frozen=True, slots=True)
class Content:
    """A file, such as a picture or CSV. next_cursor: where the next page of a CSV list begins."""

    media_type: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The file as UTF-8 text."""
        return self.body.decode()

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page; None at the end."""
        return self.headers.get("x-next-cursor") or None


type Json = dict[str, Any]
