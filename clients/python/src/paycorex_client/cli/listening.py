"""Following the list of events, so that none is missed however often it is stopped, and those of one object come in order.

The list after a position has events from half a minute ago; then no earlier one can be added any more. So the position moves there, and
what is newer is taken from the newest page meanwhile, as long as that page reaches back to what is known. What was forwarded beyond the
position is kept beside it. An event is forwarded before it is noted: one that was under way when the listener was killed comes again, with
the same id.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from paycorex_client.cli.profiles import write_private
from paycorex_client.client import PayCoreX

PAGE = 100
SETTLED_SECONDS = 60
Event = Mapping[str, Any]


@dataclass
class Position:
    """How far a listener is. ahead: ids of events after `after` that were forwarded."""

    path: Path
    after: str | None = None
    ahead: list[str] = field(default_factory=list)
    begun: bool = False

    @classmethod
    def load(cls, path: Path) -> "Position":
        """The position of a file; a new one when there is none."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path)
        return cls(path, kept["after"], kept["ahead"], begun=True)

    def save(self) -> None:
        """Keep it."""
        self.begun = True
        write_private(self.path, json.dumps({"after": self.after, "ahead": self.ahead}))


@dataclass
class Listener:
    """Forwards events. deliver: what an event is given to; it returns when the event may be noted as forwarded."""

    client: PayCoreX
    position: Position
    deliver: Callable[[Event], None]
    only: frozenset[str] = frozenset()

    def begin(self) -> None:
        """At the first start: what happened before is not forwarded."""
        if not self.position.begun:
            newest = self._newest()
            # Later events may be listed before the newest one for half a minute; they are after the older position all the same.
            self.position.after = newest[-1]["id"] if newest else None
            self.position.ahead = [event["id"] for event in newest]
            self.position.save()

    def step(self) -> int:
        """Forward what is new. Returns how many events there were."""
        return sum(1 for _ in self._settled()) + sum(1 for _ in self._recent())

    def _settled(self) -> Iterator[Event]:
        """Events from half a minute ago and before: the position moves with them."""
        after = self.position.after or self._anchor()
        if after is None:
            return
        for page in self.client.events.list(after=after, limit=PAGE).json_pages():
            for event in page["data"]:
                if event["id"] in self.position.ahead:
                    self.position.ahead.remove(event["id"])
                else:
                    self._forward(event)
                    yield event
                self.position.after = event["id"]
                self.position.save()

    def _recent(self) -> Iterator[Event]:
        """Newer events, oldest first. Left to `_settled` when there are more of them than a page has, or they would come out of order."""
        newest = self._newest()
        known = {*self.position.ahead, self.position.after}
        if self.position.after is not None and len(newest) == PAGE and not known & {event["id"] for event in newest}:
            return
        place = next((number for number, event in enumerate(newest) if event["id"] == self.position.after), len(newest))
        for event in reversed(newest[:place]):
            if event["id"] not in known:
                self._forward(event)
                yield event
                self.position.ahead.append(event["id"])
                self.position.save()

    def _anchor(self) -> str | None:
        """At a merchant without events: the first one is a position once no earlier one can come."""
        newest = self._newest()
        first = newest[-1] if newest else None
        if first is None or first["id"] not in self.position.ahead:
            return None
        if datetime.now(UTC) - datetime.fromisoformat(first["created_at"]) < timedelta(seconds=SETTLED_SECONDS):
            return None
        anchor: str = first["id"]
        self.position.after = anchor
        self.position.ahead.remove(anchor)
        return anchor

    def _forward(self, event: Event) -> None:
        if not self.only or event["event"] in self.only:
            self.deliver(event)

    def _newest(self) -> list[Event]:
        page: list[Event] = next(self.client.events.list(limit=PAGE).json_pages())["data"]
        return page


def find(client: PayCoreX, event_id: str, *, pages: int = 20) -> Event | None:
    """An event among the newest ones; None when it is not there."""
    for number, page in enumerate(client.events.list(limit=PAGE).json_pages()):
        for event in page["data"]:
            if event["id"] == event_id:
                return dict(event)
        if number + 1 == pages:
            break
    return None
