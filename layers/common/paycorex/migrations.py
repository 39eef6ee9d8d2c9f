"""A change of what is stored already, item by item: what rooms declare, and `paycorex migrate` carries out.

A release never needs one to start: it reads what the release before has stored. A migration brings old items to what new ones are like.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from paycorex.storage import Item

# Modules with a function that gives their migrations.
GROUP = "paycorex.migrations"


class NotNow(Exception):
    """The migration makes no sense with the stack's settings; the message says which setting is missing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What to write into an item, on which condition. An item that no longer meets it was changed meanwhile, and is left alone."""

    actions: Sequence[Action]
    condition: Condition


@dataclass(frozen=True, slots=True)
class Migration:
    """name: as operators give it, one for ever. about: what it does, a line. change: None for an item that is as it should be.

    prepare raises NotNow. A change must be right twice: a run that was killed goes on one page before. beside: what follows from a page of
    items, in wire shape, is stored beside them, and changes none of them; from how many something followed.
    """

    name: str
    about: str
    model: type[Item]
    key: Callable[[Any], dict[str, Any]]
    change: Callable[[Any], Change | None]
    prepare: Callable[[], None]
    beside: Callable[[Sequence[Mapping[str, Any]]], int] | None = None
