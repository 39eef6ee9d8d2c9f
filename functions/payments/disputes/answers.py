"""A merchant's answer to a dispute: contest it with evidence, or give in. Stored before the provider is asked, so that none is forgotten.

When it is not known whether the provider took it, the janitor looks first and asks again under the same key. A provider that cannot be
asked about disputes is asked for an answer once only (`asked_once`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from paycorex import storage
from paycorex.errors import InvalidRequest, Refusal
from paycorex.records.dispute import DisputeItem
from payments.connectors import calls as calling
from payments.connectors.disputing import Answer, Answered, AnswersDisputes, AnswerTaken
from payments.connectors.model import Connector
from payments.connectors.notices import Dispute, Ruling
from payments.connectors.results import Contradicts, Declined, Unavailable
from payments.disputes import answer_records, asked_once, bookings, evidence, look_ups, reports, states, versions
from payments.disputes.evidence import EvidenceClosed
from payments.disputes.states import News
from payments.payment import store as payment_store

SUBMIT: Final = asked_once.SUBMIT
ACCEPT: Final = asked_once.ACCEPT
_NOT_DISPUTING: Final = Declined("unsupported_method", "This connector takes no answers to disputes. Answer in the provider's dashboard.")


class NotAnswerable(Refusal):
    """The provider of this dispute takes no answers through this API."""

    code = "unsupported_method"


def submit(item: DisputeItem, claim: Sequence[storage.Write]) -> DisputeItem:
    """Contest a dispute with its evidence; the dispute as it then stands.

    Raises EvidenceClosed, InvalidRequest (nothing to submit, a file that is not there), NotAnswerable, TemporarilyUnavailable;
    storage.TransactionRefused when the claim is taken.
    """
    evidence.refuse_closed(item)
    _refuse_unanswerable(item)
    if not evidence.texts(item) and not (item.evidence or {}).get("files"):
        raise InvalidRequest("There is no evidence yet.", details={"field": "evidence"})
    # Looked at before anything is stored: a file that is wrong is the merchant's to mend.
    evidence.check_uploaded(item)

    def edit(found: DisputeItem) -> bool:
        evidence.refuse_closed(found)
        answer_records.begin(found, SUBMIT)
        return False

    return go_on(reports.revise(item, edit, claim=claim))


def accept(item: DisputeItem, claim: Sequence[storage.Write]) -> DisputeItem:
    """Give in; the dispute as it then stands. Raises what submit raises."""
    _refuse_over(item)
    _refuse_unanswerable(item)

    def edit(found: DisputeItem) -> bool:
        _refuse_over(found)
        answer_records.begin(found, ACCEPT)
        return False

    return go_on(reports.revise(item, edit, claim=claim))


def would_accept(item: DisputeItem) -> DisputeItem:
    """The dispute as accepting would leave it, with its journals. Nothing is stored. Raises EvidenceClosed, NotAnswerable."""
    _refuse_over(item)
    _refuse_unanswerable(item)
    after, _ = versions.ruled(storage.copy_of(item), News.GAVE_IN)
    while (move := bookings.next_move(after)) is not None and len(after.moves) < bookings.MAX_MOVES:
        after.moves = [*after.moves, move]
    return after


def go_on(item: DisputeItem) -> DisputeItem:
    """Ask the provider to take the answer that is under way, and apply what it says. Raises TemporarilyUnavailable."""
    finds = None if item.answering is None else asked_once.finds(item)
    if finds is None:
        return item
    return _go_on(item, None) if finds else _once(item)


def _once(item: DisputeItem) -> DisputeItem:
    ours = asked_once.new_claim()
    if item.answering == SUBMIT:
        # Claimed when its files are there.
        return _go_on(item, ours)
    item, is_ours = asked_once.claim(item, ours)
    return _go_on(item, ours) if is_ours else item


def _go_on(item: DisputeItem, ours: str | None) -> DisputeItem:
    """ours: the claim on an answer that is asked for once."""
    answered = calling.call(item.merchant_id, item.provider, lambda connector: _ask(connector, item, ours))

    def refused(problem: str) -> DisputeItem:
        return reports.revise(item, lambda found: asked_once.is_ours(found, ours) and answer_records.ended(found, problem=problem))

    match answered:
        case Dispute():
            return _taken(item, answered)
        case AnswerTaken():
            return reports.revise(item, lambda found: answer_records.ended(found, kind=str(found.answering)))
        case Declined(reason=reason):
            return refused(reason)
        case Unavailable() if ours is not None:
            # It was not asked, so it may be.
            return reports.revise(item, lambda found: asked_once.give_back(found, ours))
        case Contradicts(detail=detail):
            return refused(f"The provider's answer contradicts the request: {detail}")
        case _:
            # The janitor looks at it in a minute.
            return item


def look_again(item: DisputeItem, found: object) -> DisputeItem:
    """Of an answer whose outcome is not known: taken, when the provider no longer waits for one; else it is asked for again."""
    if item.answering is None:
        return item
    if not isinstance(found, Dispute):
        return _by_report(item)
    if found.ruling not in {Ruling.NEEDS_RESPONSE, None}:
        return _taken(item, found)
    return go_on(item)


def _by_report(item: DisputeItem) -> DisputeItem:
    """Of one whose provider was not asked how it stands now: what it reported since then."""
    if not asked_once.is_asked(item):
        return go_on(item) if asked_once.finds(item) is False else item
    if item.status not in asked_once.ENDS[str(item.answering)]:
        return item
    is_taken = item.status in asked_once.TAKEN[str(item.answering)]
    if is_taken:
        return reports.revise(item, lambda found: answer_records.ended(found, kind=str(found.answering)))
    return reports.revise(item, lambda found: answer_records.ended(found, problem=asked_once.NEVER_KNOWN))


def _ask(connector: Connector, item: DisputeItem, ours: str | None) -> Answered:
    if not isinstance(connector, AnswersDisputes):
        return _NOT_DISPUTING
    known = look_ups.known_as(item)
    if item.answering == ACCEPT:
        return connector.accept_dispute(known)
    try:
        given = Answer(_answer_id(item), known, evidence.texts(item), evidence.documents(item))
        return connector.submit_evidence(given if ours is None else replace(given, claims=lambda: asked_once.claim(item, ours)[1]))
    except InvalidRequest as missing:
        # A file is read when it is sent, and is not there any more.
        return Declined("evidence_missing", missing.message)


def _answer_id(item: DisputeItem) -> str:
    """The provider's key of the answer that is under way: a mended one is another, for which an old key would bring the old outcome."""
    ended = int((item.evidence or {}).get("ended", 0))
    return f"answer-{item.dispute_id}-{ended}" if ended else f"answer-{item.dispute_id}"


def _taken(item: DisputeItem, answered: Dispute) -> DisputeItem:
    kind = str(item.answering)
    payment = payment_store.find(item.payment_id)
    if payment is None:
        raise AssertionError("a dispute without its payment")
    if kind == ACCEPT:
        # Before what the provider says is applied: it calls this lost.
        item = reports.revise(item, lambda found: answer_records.ended(found, kind=ACCEPT))
        return reports.report(payment, item.provider, answered, is_looked_up=True) or item
    reports.report(payment, item.provider, answered, is_looked_up=True)
    return reports.revise(item, lambda found: answer_records.ended(found, kind=SUBMIT))


def _refuse_over(item: DisputeItem) -> None:
    if item.status not in states.ANSWERABLE or item.answering is not None:
        raise EvidenceClosed(f"The dispute is {item.status} and takes no answer.", details={"status": item.status})


def _refuse_unanswerable(item: DisputeItem) -> None:
    found = calling.call(item.merchant_id, item.provider, lambda connector: isinstance(connector, AnswersDisputes))
    if found is False:
        raise NotAnswerable(_NOT_DISPUTING.reason, details={"connector": item.provider})
