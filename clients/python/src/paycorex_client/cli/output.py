"""What commands print, for people or as JSON, and the exit status of what goes wrong."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from paycorex_client.cli.profiles import NoProfile
from paycorex_client.errors import ApiError, PayCoreXError, Unreachable


class Exit(IntEnum):
    """Exit statuses; 2 is a wrong command line, as typer has it."""

    REFUSED = 1
    UNREACHABLE = 3
    NO_PROFILE = 4


@dataclass(frozen=True, slots=True)
class Output:
    """Prints results on standard output, and everything else on standard error."""

    as_json: bool

    @property
    def notes(self) -> Console:
        """Where people read what happens meanwhile."""
        return Console(stderr=True, quiet=self.as_json)

    def one(self, answer: BaseModel | Mapping[str, Any], *fields: str) -> None:
        """One object: all of it as JSON, or the named fields."""
        content = plain(answer)
        if self.as_json:
            print(json.dumps(content, ensure_ascii=False))
            return
        table = Table(show_header=False, box=None)
        for field in fields or content:
            table.add_row(field, str(content.get(field)))
        Console().print(table)

    def many(self, answers: Iterable[BaseModel], *fields: str) -> None:
        """A list: a line of JSON for each, or a table."""
        if self.as_json:
            for each in answers:
                print(json.dumps(plain(each), ensure_ascii=False))
            return
        table = Table(*fields)
        for each in answers:
            content = plain(each)
            table.add_row(*(str(content.get(field)) for field in fields))
        Console().print(table)

    def line(self, **fields: Any) -> None:
        """One line of something that goes on."""
        print(json.dumps(fields, ensure_ascii=False) if self.as_json else "  ".join(str(value) for value in fields.values()), flush=True)

    @contextmanager
    def progress(self, text: str) -> Iterator[None]:
        """Show people that it goes on, on a terminal, for the time of the block."""
        with self.notes.status(text):
            yield

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Says what went wrong, and ends with its exit status."""
        try:
            yield
        except NoProfile as error:
            self._end(Exit.NO_PROFILE, {"message": str(error)})
        except ApiError as error:
            shown = {"code": error.code, "message": error.message, "status": error.status, "request_id": error.request_id}
            self._end(Exit.REFUSED, {**shown, "details": dict(error.details)})
        except Unreachable as error:
            self._end(Exit.UNREACHABLE, {"message": str(error), "idempotency_key": error.idempotency_key})
        except PayCoreXError as error:
            self._end(Exit.REFUSED, {"message": str(error)})

    def _end(self, status: Exit, error: Mapping[str, Any]) -> None:
        if self.as_json:
            print(json.dumps({"error": error}, ensure_ascii=False))
        else:
            lines = [f"{name}: {value}" for name, value in error.items() if value not in (None, "", {})]
            Console(stderr=True).print("\n".join(lines), style="red", markup=False)
        raise typer.Exit(status)


def plain(answer: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """An object as JSON has it."""
    return answer.model_dump(mode="json", by_alias=True) if isinstance(answer, BaseModel) else dict(answer)
