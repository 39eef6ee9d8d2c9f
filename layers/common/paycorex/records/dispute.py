"""A dispute: a payer's bank asks for a payment's money back. Its contract object; `dispute_item` has the stored shape."""

from typing import Any, Final

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records import dispute_item
from paycorex.records.payment import TimelineStep

# Where records and their views are read together, as everywhere, one name is enough.
DisputeItem = dispute_item.DisputeItem
# Where the disputed money is: as far as the books go with the merchant, in `disputed`, or taken by the provider.
WITH_MERCHANT: Final = "merchant"
HELD: Final = "disputed"
TAKEN: Final = "clearing"
# In the evidence: whose claim it is to ask the provider for an answer that is asked for once only.
ASKED: Final = "asked"


class DisputeJournal(View):
    """A journal of a dispute: how much went from which account to which."""

    journal_id: str
    debit: str
    credit: str
    amount: str
    currency: str


class EvidenceFile(View):
    """A file of evidence. `status`: awaiting_upload, ready (uploaded and of its type), or refused."""

    file_id: str
    kind: str
    name: str
    content_type: str
    size: int
    status: str


class Evidence(View):
    """What the merchant answers: texts by kind (not in events, only here), and files.

    status: none, draft, sending, submitted. problem: why the provider did not take the last answer.
    """

    status: str
    text: dict[str, str]
    files: list[EvidenceFile]
    submitted_at: str | None
    problem: str | None


class DisputeView(View):
    """The contract's dispute object."""

    dispute_id: str
    payment_id: str
    merchant_id: str
    mode: Mode
    amount: str
    currency: str
    # needs_response, under_review, won, lost, accepted, expired, or closed.
    status: str
    # inquiry (no money is asked for yet), chargeback, pre_arbitration, or arbitration.
    stage: str
    reason_code: str | None
    reason: str | None
    network: str | None
    due_at: str | None
    # Hours until `due_at` for which the last warning was given.
    warned_hours: int | None
    provider: str
    provider_reference: str
    provider_status: str
    charge_reference: str
    # Where the money is in the books: merchant, disputed, or clearing.
    funds: str
    # In the payment's currency: how much of the payment cannot be refunded because of it, and how much was lost twice.
    payment_currency: str
    amount_counted: str
    double_loss: str
    evidence: Evidence
    ledger: list[DisputeJournal]
    timeline: list[TimelineStep]
    version: int
    created_at: str
    updated_at: str


def move_reference(of: str, number: int) -> Reference:
    """The reference of the n-th journal of a dispute, from 1."""
    return Reference(ReferenceType.DISPUTE, f"{of}.{number}")


def funds(item: DisputeItem) -> str:
    """Where its money is."""
    return str(item.moves[-1][1]) if item.moves else WITH_MERCHANT


def has_unknown_answer(item: DisputeItem) -> bool:
    """True while an answer was asked for that is not asked for again, and its outcome is not known."""
    return item.answering is not None and ASKED in (item.evidence or {})


def event_view(item: DisputeItem) -> DisputeView:
    """The object as events have it: without the texts of the evidence, which are long and about a payer."""
    without = type(item).load(item.serialize())
    without.evidence = {**(item.evidence or {}), "text": {}} if item.evidence is not None else None
    return view(without)


def view(item: DisputeItem) -> DisputeView:
    """The contract object of a stored dispute."""
    respond_by = item.respond_by
    return DisputeView(
        dispute_id=item.dispute_id,
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        amount=format_minor(int(item.amount), item.currency),
        currency=item.currency,
        status=item.status,
        stage=item.stage,
        reason_code=item.reason_code,
        reason=item.reason,
        network=item.network,
        due_at=None if respond_by is None else clock.rfc3339(int(respond_by)),
        warned_hours=None if item.warned_hours is None else int(item.warned_hours),
        provider=item.provider,
        provider_reference=item.provider_reference,
        provider_status=item.provider_status,
        charge_reference=item.charge_reference,
        funds=funds(item),
        payment_currency=item.payment_currency,
        amount_counted=format_minor(int(item.counted), item.payment_currency),
        double_loss=format_minor(int(item.double_loss), item.payment_currency),
        evidence=_evidence(item),
        ledger=[_journal(item.dispute_id, number, move) for number, move in enumerate(item.moves, start=1)],
        timeline=[
            TimelineStep(status=step[0], at=clock.rfc3339(step[1]), reason=step[2] if len(step) > 2 else None) for step in item.timeline
        ],
        version=int(item.version),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )


def _evidence(item: DisputeItem) -> Evidence:
    given = item.evidence or {}
    files = [EvidenceFile.model_validate({name: one[name] for name in EvidenceFile.model_fields}) for one in given.get("files", ())]
    text = {kind: words for kind, words in given.get("text", {}).items() if words}
    if item.answering == "submit":
        status = "sending"
    elif given.get("submitted_at"):
        status = "submitted"
    else:
        status = "draft" if given.get("text") or files else "none"
    return Evidence(status=status, text=text, files=files, submitted_at=given.get("submitted_at"), problem=given.get("problem"))


def _journal(of: str, number: int, move: list[Any]) -> DisputeJournal:
    source, target, minor, currency = move
    journal_id = move_reference(of, number).journal_id
    return DisputeJournal(journal_id=journal_id, debit=source, credit=target, amount=format_minor(int(minor), currency), currency=currency)
