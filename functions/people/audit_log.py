"""Reading the audit log: a filter over a merchant's entries, and how they are shown."""

from dataclasses import dataclass
from typing import Final

from paycorex import clock, storage
from paycorex.audit import chain, sealing
from paycorex.audit.entry import AuditItem
from paycorex.contract import View
from people.requests import AuditQuery

# Entries that one request looks at; the cursor goes on behind them.
LOOKED_AT: Final = 1000
_PAGE: Final = 100


class AuditView(View):
    """One change. `asked`, `before` and `after` are JSON without secrets; empty where there is none."""

    audit_id: str
    seq: int
    at: str
    actor: str
    actor_name: str
    operation: str
    method: str
    path: str
    object_id: str
    asked: str
    before: str
    after: str
    outcome: str
    source_ip: str
    agent: str
    session_id: str
    request_id: str
    hash: str
    prev_hash: str


class AuditList(View):
    """Some entries, the newest first. `sealed_up_to`: up to which number the chain is signed."""

    data: list[AuditView]
    sealed_up_to: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What of an entry has to fit."""

    actor: str | None
    object_id: str | None
    operation: str | None
    begins_ms: int | None
    ends_ms: int | None

    @classmethod
    def of(cls, query: AuditQuery) -> "Filter":
        """The filter of a request."""
        moments = [None if text is None else clock.parse_rfc3339(text) for text in (query.from_, query.to)]
        return cls(query.actor, query.object_id, query.operation, *moments)

    def takes(self, item: AuditItem) -> bool:
        """Whether an entry fits."""
        return (
            self.actor in {None, item.actor}
            and self.object_id in {None, item.object_id}
            and self.operation in {None, item.operation}
            and (self.begins_ms is None or int(item.at) >= self.begins_ms)
            and (self.ends_ms is None or int(item.at) < self.ends_ms)
        )


def page(merchant_id: str, wanted: Filter, limit: int, position: str | None) -> storage.Merged[AuditItem]:
    """Entries that fit, the newest first, of the next thousand. Raises storage.Unavailable."""
    found: list[AuditItem] = []
    below = None if position is None else int(position)
    for _ in range(LOOKED_AT // _PAGE):
        items = chain.page(merchant_id, limit=_PAGE, below=below)
        for item in items:
            below = int(item.seq)
            if wanted.takes(item):
                found.append(item)
            if len(found) == limit:
                return storage.Merged(found, str(below) if below > 1 else None)
        if len(items) < _PAGE:
            return storage.Merged(found, None)
    return storage.Merged(found, str(below))


def sealed_up_to(merchant_id: str) -> int:
    """The number of the newest entry that a seal covers; 0 before the first."""
    newest = sealing.newest(merchant_id)
    return 0 if newest is None else int(newest.seq)


def view(item: AuditItem) -> AuditView:
    """An entry as it is shown."""
    texts: dict[str, str] = {name: getattr(item, name) for name in AuditView.model_fields if name not in {"seq", "at"}}
    return AuditView(seq=int(item.seq), at=clock.rfc3339(int(item.at)), **texts)
