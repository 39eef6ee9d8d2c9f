"""What can be known of a processor beside what the library knows: the form of each file in `known`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from payments.connectors.notices import Dispute, ProviderNotice
from payments.connectors.prism.forms import Forms
from payments.connectors.prism.keeper import Keeps
from payments.connectors.prism.names import Names, Pay
from payments.connectors.prism.translation import HttpRequest
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls, Incoming
from payments.connectors.requests import Attempt, Captures, HoldAbility
from payments.connectors.results import Authorized, Found


def as_it_is(body: bytes) -> bytes:
    """A charge by which the payer's bank asks the payer as the library makes it."""
    return body


_LEAST: Final = HoldAbility(Captures.ONE_FULL, hold_days=5)


class Step(StrEnum):
    """What comes before a charge, and moves no money."""

    ACCESS = "access"
    ORDER = "order"
    SESSION = "session"
    TOKENIZE = "tokenize"


@dataclass(frozen=True, slots=True)
class Witness:
    """Where an answer itself says what it is about; paths into its JSON, such as `data.0.id`, several with `|` between; `*` is the only
    member of an object, whatever its name. in_major: amounts are decimal, in the currency's main unit.

    reference: the processor's name of what was made. ours: our reference. charge: of a refund, the processor's name of what is refunded.
    The library fills some of these from what was asked, so they are read from the answer. Beside the library's flows there are
    `event_payment` and `event_refund`, of callbacks.
    """

    reference: str = ""
    ours: str = ""
    amount: str = ""
    currency: str = ""
    in_major: bool = False
    charge: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """What the payer's browser pays in, and payments of it have names of their own.

    is_one: whether a name is a session's. brings: what its script gives the browser, by which the processor is asked for the result.
    read: what the answer says of an attempt with our reference. Raises Malformed, Contradiction.
    """

    is_one: Callable[[str], bool]
    brings: str
    read: Callable[[Any, Attempt, str], Found]


@dataclass(frozen=True, slots=True)
class Fields:
    """Card fields of the processor's own, in the payer's browser.

    reference: the processor's name of what was begun, from what the browser gets. is_open: whether a payment whose last try was refused may
    still be paid, from the answer to a question about it. asks: of the library's request the one that is sent for this attempt with these
    credentials: the library makes none that holds money. session: where what was begun is no payment yet, how its result is asked for.
    """

    reference: Callable[[Mapping[str, str]], str]
    is_open: Callable[[Any], bool]
    asks: Callable[[bytes, Attempt, Mapping[str, str]], bytes]
    session: Session | None = None


# What such a payment is known by until it is made.
ORDER: Final = "order_"


@dataclass(frozen=True, slots=True)
class Held:
    """What an answer says of money that is or was held, where the library does not read it.

    status: the library's word for it. captured: what was taken, decimal in the currency's main unit, where that is said.
    """

    status: str
    captured: object = None


@dataclass(frozen=True, slots=True)
class Processor:
    """One processor.

    idempotency: the header that makes the same request twice one. repeats: a second request with our reference is carried out too, so that
    it is found by that and never asked for again. finds: the flows (`get`, `refund_get`) that find what was made by our reference alone.
    longest_reference: characters of ours that it keeps. before: steps before a charge, in their order. holds: what it can do with held
    money. captures_itself: an authorization is as good as the money, unless it was made to be captured later. witnesses: by flow. notes:
    what the library wants to be given with a flow, as JSON with the processor's name of the payment as `{reference}`, and the currency as
    `{currency}` (`get`, or `get/manual` for held money). noted: flows for which a question about the payment brings that first; what the
    library notes of the answer, or (a function) what is in it. earlier: codes by which it says that it was asked before, so that money may
    have moved. setup: codes that are about the account or the request. payers: codes of the payer's bank, whatever the status. unknown:
    codes by which a question by our reference is answered "no such object". released: codes by which a release is answered "released
    already". refused_currencies: counted otherwise than ISO 4217 does. house_first: the library takes the first line of an address for the
    house and the second for the street. refund_reason: a word that it accepts. three_ds: the payer may be sent to confirm. asks: what
    makes of a charge's body one by which the payer's bank must ask the payer (`as_it_is` where every charge with `three_ds` says so); None
    where that cannot be demanded. mends: by flow, what makes of the library's JSON (and the message that it is made of) the one that the
    processor documents. reads: by flow, what makes of the processor's JSON the one that the library reads. sends: by flow, what makes of
    the library's request, its message and the credentials the one that the processor documents: another address or form, signed anew.
    fields: where the payer may type the card into the processor's own, which pay by themselves. names: where they give a name instead.
    forms: what the payer's browser posts to confirm, from our page, where that is no link.
    completes_by: what its page adds to the address to which it sends the payer back, and wants to be given before it goes on. signed_at:
    the header of its callbacks that has the time of its signature (`t=…,v1=…`), at which the library does not look. dispute: what a
    callback says of one; without it such callbacks are not applied. callback: verifies and reads callbacks, where the library does not
    (raises CallbackRefused, Malformed). hosts: of the API in the test environment and in production, for calls that the library does not
    make. takes_files: the host that files are sent to, where it is another one, in both environments.
    disputes: how it is asked about them. answers: how those are answered that it cannot be asked about. signs: headers of calls that
    the library does not make, from the credentials; None: they carry the access token. confirmed: where the payer confirms an order, and
    the payment is made by a call of its own afterwards: what became of the order (by a call, its name, the attempt and our reference).
    mandates: what can be done with an amount that a payer's bank blocks by a UPI mandate. held: what an answer (to a question, a capture,
    a release) says of held money; None where nothing is held. limits: flows that the library or the processor has and this connector does
    not, each with the reason, for merchants. confirms_after: codes by which the payer's bank wants to ask the payer, of a processor that
    sends no payer to confirm before (`three_ds`): the payer is sent then. one_time: kinds of what pays one payment only that it takes
    (`payments.connectors.one_time`); None: what the library makes requests of. tokenizes: those of which it makes a token first.
    shows_captures: a question about a hold says whether it was captured; where each step is a transaction of its own, the first one is
    approved whatever followed, and that nothing was captured does not follow. keeps: where it keeps cards for later payments.
    of_some_holds: what some holds there allow beside what every one does (`increment`, `over_capture`). terms: what an answer about held
    money says of this very hold (`expires_ms`, `ability`); raises Malformed, Contradiction.
    """

    idempotency: str | None = None
    repeats: bool = False
    finds: frozenset[str] = frozenset()
    longest_reference: int = 30
    before: tuple[Step, ...] = ()
    holds: HoldAbility = _LEAST
    captures_itself: bool = False
    witnesses: Mapping[str, Witness] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    noted: Mapping[str, Callable[[Any], str] | None] = field(default_factory=lambda: MappingProxyType({}))
    earlier: frozenset[str] = frozenset()
    setup: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()
    refused_currencies: frozenset[str] = frozenset()
    house_first: bool = False
    refund_reason: str = "Refund"
    three_ds: bool = True
    asks: Callable[[bytes], bytes] | None = None
    confirms_after: frozenset[str] = frozenset()
    one_time: frozenset[str] | None = frozenset()
    tokenizes: frozenset[str] = frozenset()
    shows_captures: bool = True
    of_some_holds: frozenset[str] = frozenset()
    terms: Callable[[Any], Authorized] | None = None
    limits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: Fields | None = None
    keeps: Keeps | None = None
    names: Names | None = None
    forms: Forms | None = None
    completes_by: tuple[str, ...] = ()
    signed_at: str | None = None
    dispute: Callable[[Any], Dispute] | None = None
    callback: Callable[[Incoming], ProviderNotice | None] | None = None
    hosts: tuple[str, str] | None = None
    takes_files: str | None = None
    disputes: DisputeCalls | None = None
    answers: DisputeAnswers | None = None
    signs: Callable[[Mapping[str, str]], Mapping[str, str]] | None = None
    confirmed: Pay | None = None
    mandates: HoldAbility | None = None
    held: Callable[[Any], Held | None] | None = None
    mends: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=lambda: MappingProxyType({}))
    reads: Mapping[str, Callable[[Any], Any]] = field(default_factory=lambda: MappingProxyType({}))
    sends: Mapping[str, Callable[[HttpRequest, Any, Mapping[str, str]], HttpRequest]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def refunds_once(self) -> bool:
        """True when a refund that is asked for twice is made once: by a key, or because it has our id there."""
        return self.idempotency is not None or ("refund_get" in self.finds and not self.repeats)
