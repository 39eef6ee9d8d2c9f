"""Routes by which a merchant answers a dispute: evidence, submit it, or give in. The lists are the dashboard's."""

from collections.abc import Collection

from paycorex import clock
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest, NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import dispute
from paycorex.records.dispute import DisputeItem, DisputeView
from payments.routes.app import app
from payments.routes.dispute_requests import AcceptDispute, AddEvidence

with later():
    from payments.disputes import answers, evidence, store


class UploadLink(View):
    """Where a file is put, with exactly these headers, until expires_at."""

    file_id: str
    url: str
    method: str
    headers: dict[str, str]
    expires_at: str


class EvidenceAnswer(View):
    """The dispute, and a link for each file that was not uploaded and used yet."""

    dispute: DisputeView
    uploads: list[UploadLink]


def _found(caller: Caller, dispute_id: str) -> DisputeItem:
    item = store.find(dispute_id)
    if item is None or item.merchant_id != caller.merchant_id:
        raise NotFound("dispute")
    return item


def _replay(caller: Caller, dispute_id: str) -> DisputeView:
    return dispute.view(_found(caller, dispute_id))


def _with_links(caller: Caller, dispute_id: str) -> EvidenceAnswer:
    item = _found(caller, dispute_id)
    links = [
        UploadLink(
            file_id=each.file_id,
            url=each.link.url,
            method=each.link.method,
            headers=dict(each.link.headers),
            expires_at=clock.rfc3339(each.expires_ms),
        )
        for each in evidence.uploads(item)
    ]
    return EvidenceAnswer(dispute=dispute.view(item), uploads=links)


@app.route(
    "POST", "/v1/disputes/{dispute_id}/evidence", scope="disputes:write", body=AddEvidence, answer=EvidenceAnswer, replay=_with_links
)
def add_evidence(call: Call[AddEvidence, None]) -> Answer:
    """Keep texts, and announce files: each is then put to its link. Nothing goes to the provider before it is submitted."""
    body, item = call.body, _found(call.caller, call.path["dispute_id"])
    if not body.text and not body.files:
        raise InvalidRequest("Give text or files.", details={"field": "text"})
    files = [evidence.NewFile(each.kind, each.name, each.content_type, each.size) for each in body.files]
    rows = call.claim.rows(reference=item.dispute_id, status=200)
    evidence.add(item, {str(kind): words for kind, words in body.text.items()}, files, call.claim.record_id("dsf"), rows)
    return Answer(200, _with_links(call.caller, item.dispute_id))


@app.route("POST", "/v1/disputes/{dispute_id}/submit", scope="disputes:write", answer=DisputeView, replay=_replay)
def submit_evidence(call: Call[None, None]) -> Answer:
    """Send the evidence to the provider, once. The bank then decides, which takes weeks."""
    item = _found(call.caller, call.path["dispute_id"])
    return Answer(200, dispute.view(answers.submit(item, call.claim.rows(reference=item.dispute_id, status=200))))


def _gives_in(call: Call[AcceptDispute, None]) -> Collection[str]:
    """Money is lost by it for good: a person's fresh passkey is asked for, and no second person. What only shows it loses none."""
    return () if call.body.dry_run else ("disputes",)


@app.route(
    "POST",
    "/v1/disputes/{dispute_id}/accept",
    scope="disputes:write",
    body=AcceptDispute,
    answer=DisputeView,
    replay=_replay,
    danger=_gives_in,
)
def accept_dispute(call: Call[AcceptDispute, None]) -> Answer:
    """Give in: the payer keeps the money. With `dry_run` nothing is done, and the answer shows the dispute as it would be."""
    item = _found(call.caller, call.path["dispute_id"])
    if call.body.dry_run:
        call.claim.begin()
        return Answer(200, dispute.view(answers.would_accept(item)))
    return Answer(200, dispute.view(answers.accept(item, call.claim.rows(reference=item.dispute_id, status=200))))
