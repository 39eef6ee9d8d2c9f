"""What a connector that knows disputes can do. One that does not implement this is never asked; its callbacks may report them still."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from paycorex.money import Money
from payments.connectors.notices import Dispute
from payments.connectors.results import Contradicts, Declined, Fault, NotFound, Unavailable, Unknown
from payments.connectors.settling import Page

FoundDispute = Dispute | NotFound | Unavailable | Unknown | Contradicts
ListedDisputes = tuple[Dispute, ...] | Unavailable | Unknown | Contradicts


_ENDINGS: Final[Mapping[str, str]] = MappingProxyType({"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"})


@dataclass(frozen=True, slots=True)
class AnswerTaken:
    """The provider took the answer, and does not say how the dispute stands."""


# The dispute as it stands after the answer; Declined: the provider did not take it, and nothing changed there.
Answered = Dispute | AnswerTaken | Declined | Unavailable | Unknown | Contradicts


@dataclass(frozen=True, slots=True)
class KnownDispute:
    """A dispute by its provider's name, and the charge that it is about."""

    reference: str
    charge_reference: str
    merchant_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ListedDispute:
    """A dispute as an account's list has it: the provider's names of it and of the charge that it is about."""

    reference: str
    charge_reference: str


RecentDisputes = Page[ListedDispute] | Unavailable | Unknown | Contradicts


@dataclass(frozen=True, slots=True)
class Document:
    """A file of evidence, as it was uploaded. `file_id` is the connector's idempotency key for it.

    read: its content, checked; called once, when it is sent, and not kept.
    """

    file_id: str
    kind: str
    name: str
    content_type: str
    read: Callable[[], bytes] = field(repr=False)

    @property
    def ending(self) -> str:
        """What a file of this type is called behind the point."""
        return _ENDINGS[self.content_type]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the merchant answers to a dispute. `answer_id` is the connector's idempotency key. text: by kind of evidence.

    claims: called directly before the one call that gives an answer which must not be given twice; False: another process gives it.
    """

    answer_id: str
    dispute: KnownDispute
    text: Mapping[str, str]
    documents: tuple[Document, ...] = ()
    claims: Callable[[], bool] = field(default=lambda: True, repr=False, compare=False)


def placed(files: Sequence[Document], places: Mapping[str, str], other: str, provider: str) -> dict[str, Document] | Declined:
    """Each file at the place of its kind, one at `other`, for a provider that takes one file of each kind. places: by kind of evidence."""
    found: dict[str, Document] = {}
    for file in files:
        place = next((each for each in (places.get(file.kind, other), other) if each not in found), None)
        if place is None:
            return Declined("too_many_files", f"{provider} takes one file of each kind, and one other.", fault=Fault.SETUP)
        found[place] = file
    return found


@runtime_checkable
class ListsDisputes(Protocol):
    """A connector whose provider lists the disputes of an account, whichever charges they are about. Does not raise."""

    def recent_disputes(self, since_ms: int, until_ms: int, cursor: str | None) -> RecentDisputes:
        """Disputes that were opened from `since_ms` on and before `until_ms`. A page may be empty and have a cursor."""


@runtime_checkable
class FindsDisputes(Protocol):
    """A connector whose provider can be asked about disputes. No method raises for what a provider may answer."""

    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:
        """Every dispute about a charge."""

    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """A dispute as it stands."""


@runtime_checkable
class AnswersDisputes(Protocol):
    """A connector whose provider takes the merchant's answers. One that does not find disputes too is asked for each answer once."""

    def submit_evidence(self, answer: Answer) -> Answered:
        """Contest it."""

    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Give in."""


@runtime_checkable
class Disputing(FindsDisputes, AnswersDisputes, Protocol):
    """One that can be asked about disputes, and answered."""


@runtime_checkable
class GivesBackByRefund(Protocol):
    """A connector that can say whether its provider settles a dispute by a refund of the charge, which it reports as such too."""

    @property
    def gives_back_by_refund(self) -> bool:
        """True when a refund of exactly a lost dispute's amount is that dispute's own money."""
