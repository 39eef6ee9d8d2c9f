"""What operators are shown of the ledger's proof: checkpoints and verifications."""

from paycorex.contract import View
from paycorex.records.ledger_proof import SignedCheckpoint


class CheckpointPage(View):
    """One page of checkpoints, newest first, and the value of `before` for the next page."""

    data: list[SignedCheckpoint]
    next_before: int | None


class CheckpointList(View):
    """Some checkpoints, newest first, and the cursor of those that follow."""

    data: list[SignedCheckpoint]
    next_cursor: str | None


class FindingLine(View):
    """A difference between the ledger and its checkpoints."""

    where: str
    problem: str


class VerificationLine(View):
    """A verification of the ledger against its checkpoints: running, sound or unsound. `findings` are the first hundred of `found`.

    `audit_log`: whose chained log was walked in place of the ledger, a merchant's id or `operators`; it has no checkpoints, but seals.
    """

    number: int
    status: str
    audit_log: str | None
    started_at: str
    updated_at: str
    checkpoint: int
    of_checkpoints: int
    entries: int
    of_entries: int
    found: int
    findings: list[FindingLine]


class Verifications(View):
    """The newest first."""

    data: list[VerificationLine]
