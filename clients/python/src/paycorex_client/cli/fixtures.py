"""A file of calls, made one after another: the form of `clients/cases.json`.

A step has `call`, such as `payments.create`, with `path`, `query`, `body` and `key`; `keep` names values of its answer that later steps
use as ${name}; `expect` (fields of the answer) and `error` (status and code) make the run fail when they differ.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from paycorex_client.answers import Content
from paycorex_client.cli.output import plain
from paycorex_client.client import PayCoreX
from paycorex_client.errors import ApiError, PayCoreXError
from paycorex_client.pages import Pages

_KEPT = re.compile(r"\$\{(\w+)\}")


class BadFixture(PayCoreXError):
    """A file that is no list of steps, or a step that names no operation or no kept value."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was made. wrong: how it differs from what it expects; empty when it does not."""

    name: str
    answer: Any
    wrong: str


@dataclass
class Run:
    """A run of steps with what they kept."""

    client: PayCoreX
    kept: dict[str, str] = field(default_factory=dict)

    def steps(self, path: Path) -> Iterator[Done]:
        """Make the steps of a file. Raises BadFixture."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadFixture(f"{path} is no JSON: {error}") from error
        steps = content.get("cases") if isinstance(content, dict) else content
        if not isinstance(steps, list) or not all(isinstance(step, dict) and "call" in step for step in steps):
            raise BadFixture(f"{path} is no list of steps with a call each")
        for step in steps:
            yield self._step(step)

    def _step(self, step: Mapping[str, Any]) -> Done:
        name, wanted = str(step.get("name", step["call"])), self._fill(step)
        try:
            answer = call(self.client, wanted)
        except ApiError as error:
            found = {"status": error.status, "code": error.code}
            return Done(name, found, "" if found == wanted.get("error") else f"refused: {error}")
        if "error" in wanted:
            return Done(name, answer, f"not refused, but {wanted['error']} was expected")
        wrong = [f"{place} is {at(answer, place)!r}" for place, value in wanted.get("expect", {}).items() if at(answer, place) != value]
        self.kept |= {kept: str(at(answer, place)) for kept, place in step.get("keep", {}).items()}
        return Done(name, answer, ", ".join(wrong))

    def _fill(self, value: Any) -> Any:
        if isinstance(value, str):
            return _KEPT.sub(lambda found: self._known(found[1]), value)
        if isinstance(value, Mapping):
            return {name: self._fill(content) for name, content in value.items()}
        return [self._fill(each) for each in value] if isinstance(value, list) else value

    def _known(self, name: str) -> str:
        if name not in self.kept:
            raise BadFixture(f"${{{name}}} was kept by no step before")
        return self.kept[name]


def call(client: PayCoreX, step: Mapping[str, Any]) -> Any:
    """Make the call of a step. The answer as JSON has it; of a list, all objects. Raises BadFixture, and what the call raises."""
    name, given = str(step["call"]), {**step.get("query", {}), **step.get("body", {})}
    if given.pop("dry_run", False):
        name = f"{name}_dry_run"
    if given.get("format") == "csv":
        del given["format"]
        name = f"{name}_csv"
    resource, _, method = name.partition(".")
    operation = getattr(getattr(client, resource, None), method, None)
    if operation is None or method.startswith("_"):
        raise BadFixture(f"no operation {name}")
    key = {"idempotency_key": step["key"]} if "key" in step else {}
    try:
        answer = operation(
            *step.get("path", {}).values(), **{f"{each}_" if each == "from" else each: value for each, value in given.items()}, **key
        )
    except TypeError as error:
        raise BadFixture(f"{name}: {error}") from error
    if isinstance(answer, Pages):
        return [plain(each) for each in answer]
    if isinstance(answer, Content):
        return {"media_type": answer.media_type, "bytes": len(answer.body)}
    return plain(answer) if isinstance(answer, BaseModel) else answer


def at(body: Any, place: str) -> Any:
    """The value at `data.0.wallet_id`; None when there is none."""
    for part in place.split("."):
        try:
            body = body[int(part)] if isinstance(body, list) else body[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return body
