"""Routes: what a door declares about one path, and what its function gets to see of a call."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.http.answers import Answer
from paycorex.http.cursors import decode, encode
from paycorex.http.request import Request
from paycorex.idempotency import Claim

# A refusal as a page: made of it and the request's headers, by lower-case name.
RefusedPage = Callable[[Answer, Mapping[str, tuple[str, ...]]], Answer]
MUTATING = frozenset({"POST", "PATCH", "DELETE", "PUT"})


@dataclass(frozen=True, slots=True)
class Call[B, Q]:
    """One authenticated, validated call.

    path: the path parameters. dangers: the kinds of dangerous acts that a person was let through for.
    """

    caller: Caller
    body: B
    query: Q
    path: Mapping[str, str]
    claim: Claim
    request: Request
    request_id: str
    dangers: Collection[str] = frozenset()

    def position(self, listing: str) -> str | None:
        """Where the list's cursor says to go on. Raises InvalidCursor."""
        assert isinstance(self.query, ListQuery)
        return decode(self.caller, listing, self.query)

    def next_cursor(self, listing: str, position: str | None) -> str | None:
        """The cursor of the list's next page."""
        assert isinstance(self.query, ListQuery)
        return encode(self.caller, listing, self.query, position)


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path.

    path: with `{name}` parameters, as in template.yaml. scope: what a key needs; None on public routes. other_status, other_answer: of an
    answer beside the usual one, such as that what was asked for is there already; the same model when none is named. replay: how a replay
    finds the record that the first request made or changed; None where the record itself is the claim, or nothing is changed. digest: a
    keyed hash of what the body keeps out of its dump: it distinguishes a replay from another request without a plain hash of a card number.
    raw_body: the function reads the body's bytes itself, because another party defines their form and signed them. media_types: what a
    success is in place of JSON. files: the formats in which the same is read under a path of its own, `path/format`. file: of such a path,
    its format. refused: how a refusal looks where a person reads it in a browser, made of it and the request's
    headers; the documented JSON when None. addressed: makes a replay
    complete with an address of this API, which the request says and no record has. before: the record that the call is about to change, for
    the audit log, where no replay can show it. danger: which kinds of dangerous acts a person's call is (`paycorex.approvals`); None: none
    ever.
    """

    method: str
    path: str
    function: Callable[..., Answer]
    scope: str | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    other_status: int | None
    other_answer: type[BaseModel] | None
    public: bool
    self_idempotent: bool
    replay: Callable[[Caller, str], BaseModel] | None
    digest: Callable[["Call[Any, Any]"], str] | None
    raw_body: bool
    media_types: tuple[str, ...]
    summary: str
    refused: RefusedPage | None
    addressed: Callable[["Call[Any, Any]", Any], BaseModel] | None = None
    before: Callable[["Call[Any, Any]"], BaseModel] | None = None
    danger: Callable[["Call[Any, Any]"], Collection[str]] | None = None
    files: tuple[str, ...] = ()
    file: str | None = None

    @property
    def mutating(self) -> bool:
        """True when a call changes something and therefore carries a claim."""
        return self.method in MUTATING

    @property
    def operation_id(self) -> str:
        """What the contract calls it."""
        return self.function.__name__ if self.file is None else f"{self.function.__name__}_{self.file}"

    @property
    def path_parameters(self) -> dict[str, Any]:
        """Names of the path parameters, for documentation."""
        return {part[1:-1]: str for part in self.path.split("/") if part.startswith("{")}
