"""What a second person is asked: what is shown, and what one must be able to do to approve it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self

from paycorex.credentials.roles import may_give
from paycorex.errors import Forbidden
from paycorex.records.approval import ApprovalItem


@dataclass(frozen=True, slots=True)
class Second:
    """shown: in place of the request's body, without secrets; None for that body. An approval of what would be shown otherwise is none.

    scopes, roles: that the act gives, beside the scope that it takes: who approves could give them too.
    """

    shown: Any = None
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Danger(frozenset[str]):
    """The kinds of an act that says more to a second person than its body. second: asked for only where a second person is needed."""

    second: Callable[[], Second]

    def __new__(cls, kinds: Iterable[str], second: Callable[[], Second]) -> Self:
        """Of these kinds."""
        made = super().__new__(cls, kinds)
        made.second = second
        return made


def second_of(kinds: Collection[str]) -> Second:
    """What is said of an act of these kinds."""
    return kinds.second() if isinstance(kinds, Danger) else Second()


def refuse_unable(item: ApprovalItem, scopes: Collection[str], role: str) -> None:
    """Raises Forbidden for one who could not do the act: without its scope, or with less than the act gives."""
    lacking = [scope for scope in (item.scope, *(item.given_scopes or "").split()) if scope not in scopes]
    if lacking:
        raise Forbidden(f"Your role lacks the scope {lacking[0]}.", details={"scope": lacking[0]})
    for given in (item.given_roles or "").split():
        if not may_give(scopes, role, given):
            raise Forbidden(f"The role {given} can be given and taken only by who has it, or more.", details={"role": given})
