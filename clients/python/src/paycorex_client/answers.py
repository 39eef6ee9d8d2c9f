"""What calls answer: objects of the contract, and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


class Answered(BaseModel):
    """An object of the contract. Fields that a later server adds are kept in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)


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
