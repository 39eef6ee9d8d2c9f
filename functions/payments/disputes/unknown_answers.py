"""Answers to disputes of which it is not known whether their provider took them: operators list them, look there, and end them."""

from paycorex import storage
from paycorex.errors import InvalidState, NotFound
from paycorex.records import operator_work
from paycorex.records.dispute import DisputeItem, has_unknown_answer
from payments.disputes import answer_records, asked_once, reports, store


def waiting(*, limit: int, position: str | None) -> tuple[list[DisputeItem], str | None]:
    """Disputes with such an answer, of all merchants, and the position to go on after. Raises storage.Unavailable."""
    rows, more = operator_work.page(operator_work.ANSWERS, limit=limit, position=position)
    found = storage.get_many(DisputeItem, [DisputeItem.wire_key(row.position) for row in rows])
    return sorted(filter(has_unknown_answer, found), key=lambda item: item.dispute_id), more


def find(dispute_id: str) -> DisputeItem:
    """A dispute whose answer waits for an operator. Raises NotFound."""
    item = store.find(dispute_id)
    if item is None or not has_unknown_answer(item):
        raise NotFound("dispute with an answer whose outcome is not known")
    return item


def end(item: DisputeItem, *, is_taken: bool, reason: str) -> DisputeItem:
    """End its answer as the provider's dashboard shows it; the dispute as it then stands.

    reason: the merchant sees it where the answer was not taken.
    Raises InvalidState when the answer ended meanwhile, TemporarilyUnavailable.
    """
    seen = (item.evidence or {})[asked_once.ASKED]

    def edit(found: DisputeItem) -> bool:
        if found.answering is None or (found.evidence or {}).get(asked_once.ASKED) != seen:
            raise InvalidState("The answer ended meanwhile: look at the dispute.", details={"status": found.status})
        if is_taken:
            return answer_records.ended(found, kind=str(found.answering))
        return answer_records.ended(found, problem=f"An operator looked at the provider: {reason}"[:500])

    return reports.revise(item, edit)
