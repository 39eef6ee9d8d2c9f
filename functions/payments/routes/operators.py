"""Routes of the operators' page about payments: those in review, and answers to disputes whose outcome is not known."""

from typing import Annotated, Any, Final

from pydantic import StringConstraints

from paycorex import clock, modes
from paycorex.contract import Body, ListQuery, View
from paycorex.credentials.operators import scope_of
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.modes import Mode
from paycorex.money import shown_minor
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem, Review
from paycorex.text import Text
from payments.routes.app import app

with later():
    from payments.disputes import unknown_answers
    from payments.payment import contradictions

_REVIEWS: Final = "/operator/v1/reviews"
_ANSWERS: Final = "/operator/v1/answers"
MerchantId = Annotated[str, StringConstraints(pattern=r"^mer_[a-z2-7]{26}$")]


class EndReview(Body):
    """POST /operator/v1/reviews. merchant_id: whose payment it is, for whom it is in the audit log too."""

    merchant_id: MerchantId
    payment_id: Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}$")]
    reason: Text


class EndAnswer(Body):
    """POST /operator/v1/answers. taken: what the provider's dashboard shows. The merchant sees the reason where it was not taken."""

    merchant_id: MerchantId
    dispute_id: Annotated[str, StringConstraints(pattern=r"^dsp_[a-z2-7]{26}$")]
    taken: bool
    reason: Text


class ReviewLine(View):
    """A payment that a provider's answer contradicts; review is null once its review ended."""

    payment_id: str
    merchant_id: str
    mode: Mode
    status: str
    method: str
    amount: str
    currency: str
    created_at: str
    review: Review | None


class ReviewList(View):
    """Some payments in review, and the cursor of those that follow."""

    data: list[ReviewLine]
    next_cursor: str | None


class AnswerLine(View):
    """A dispute with an answer whose outcome is not known. answering: submit or accept; null once the answer ended."""

    dispute_id: str
    payment_id: str
    merchant_id: str
    mode: Mode
    status: str
    answering: str | None
    amount: str
    currency: str
    due_at: str | None
    provider: str
    provider_reference: str
    problem: str | None


class AnswerList(View):
    """Some disputes with such an answer, and the cursor of those that follow."""

    data: list[AnswerLine]
    next_cursor: str | None


def _review(item: PaymentItem) -> ReviewLine:
    return ReviewLine(
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        status=item.status,
        method=item.method,
        amount=shown_minor(int(item.amount), item.currency),
        currency=item.currency,
        created_at=clock.rfc3339(int(item.created_at)),
        review=None if item.review is None else Review.model_validate(item.review),
    )


def _answer(item: DisputeItem) -> AnswerLine:
    return AnswerLine(
        dispute_id=item.dispute_id,
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        status=item.status,
        answering=item.answering,
        amount=shown_minor(int(item.amount), item.currency),
        currency=item.currency,
        due_at=None if item.respond_by is None else clock.rfc3339(int(item.respond_by)),
        provider=item.provider,
        provider_reference=item.provider_reference,
        problem=(item.evidence or {}).get("problem"),
    )


def _payment(call: Call[Any, Any]) -> PaymentItem:
    item = contradictions.find(call.body.payment_id)
    if item.merchant_id != call.body.merchant_id:
        raise NotFound("payment in review")
    return item


def _dispute(call: Call[Any, Any]) -> DisputeItem:
    item = unknown_answers.find(call.body.dispute_id)
    if item.merchant_id != call.body.merchant_id:
        raise NotFound("dispute with an answer whose outcome is not known")
    return item


@app.route("GET", _REVIEWS, scope=scope_of("GET", _REVIEWS), query=ListQuery, answer=ReviewList)
def operator_list_reviews(call: Call[None, ListQuery]) -> Answer:
    """Payments that a provider's answer contradicts, of all merchants, in no particular order. Nothing was booked by what it said."""
    found, more = contradictions.waiting(limit=call.query.limit, position=call.position("operator_reviews"))
    return Answer(200, ReviewList(data=[_review(item) for item in found], next_cursor=call.next_cursor("operator_reviews", more)))


@app.route(
    "POST",
    _REVIEWS,
    scope=scope_of("POST", _REVIEWS),
    body=EndReview,
    answer=ReviewLine,
    self_idempotent=True,
    before=lambda call: _review(_payment(call)),
)
def operator_end_review(call: Call[EndReview, None]) -> Answer:
    """End a payment's review: it was looked at, and what had to be done is done."""
    return Answer(200, _review(contradictions.end_review(_payment(call), by=call.caller.key_id, reason=call.body.reason)))


@app.route("GET", _ANSWERS, scope=scope_of("GET", _ANSWERS), query=ListQuery, answer=AnswerList)
def operator_list_answers(call: Call[None, ListQuery]) -> Answer:
    """Answers to disputes of which it is not known whether their provider took them, of all merchants, in no particular order."""
    found, more = unknown_answers.waiting(limit=call.query.limit, position=call.position("operator_answers"))
    return Answer(200, AnswerList(data=[_answer(item) for item in found], next_cursor=call.next_cursor("operator_answers", more)))


@app.route(
    "POST",
    _ANSWERS,
    scope=scope_of("POST", _ANSWERS),
    body=EndAnswer,
    answer=AnswerLine,
    self_idempotent=True,
    before=lambda call: _answer(_dispute(call)),
)
def operator_end_answer(call: Call[EndAnswer, None]) -> Answer:
    """End such an answer as the provider's dashboard shows it: the provider has it, or the merchant may answer again."""
    return Answer(200, _answer(unknown_answers.end(_dispute(call), is_taken=call.body.taken, reason=call.body.reason)))
