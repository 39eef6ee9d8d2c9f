"""What operators see of the ledger's proof: checkpoints, and verifications with their progress."""

from operations.proof_views import CheckpointPage, FindingLine, VerificationLine, Verifications
from paycorex import clock
from paycorex.audit import chain
from paycorex.credentials.operators import REALM
from paycorex.ledger.proof import checkpoint_store, verification_runs
from paycorex.ledger.proof.verification_runs import VerificationItem
from paycorex.records import ledger_proof


def checkpoints(limit: int, before: int | None) -> CheckpointPage:
    """Some checkpoints, newest first."""
    found = checkpoint_store.page(limit=limit, before=before)
    more = found[-1].number if found and found[-1].number > 1 else None
    return CheckpointPage(data=[ledger_proof.checkpoint_view(one) for one in found], next_before=more)


def verify() -> tuple[VerificationLine, bool]:
    """Start a verification of the ledger. Returns it, or the one that already runs, and whether it is new."""
    item, is_new = verification_runs.start()
    return _line(item), is_new


def verify_audit(merchant_id: str | None) -> tuple[VerificationLine, bool]:
    """Start a verification of a merchant's audit log, None: of the operators' own. Returns like `verify`."""
    audit_log = merchant_id or REALM
    head = chain.head(audit_log)
    item, is_new = verification_runs.start(audit_log, 0 if head is None else int(head.seq))
    return _line(item), is_new


def verifications(limit: int) -> Verifications:
    """The last verifications, newest first."""
    return Verifications(data=[_line(item) for item in verification_runs.newest(limit)])


def _line(item: VerificationItem) -> VerificationLine:
    return VerificationLine(
        number=int(item.position),
        status=item.status or "",
        audit_log=item.audit_log,
        started_at=clock.rfc3339(int(item.started_at or 0)),
        updated_at=clock.rfc3339(int(item.updated_at or 0)),
        checkpoint=min(int(item.number), int(item.until)),
        of_checkpoints=int(item.until),
        entries=int(item.entries),
        of_entries=int(item.total_entries),
        found=int(item.found),
        findings=[FindingLine(where=where, problem=problem) for where, problem in item.findings or ()],
    )
