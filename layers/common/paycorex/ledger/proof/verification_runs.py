"""Verifications that operators start and Lambdas carry out, tick by tick: how far each is and what it found. Kept in `ledger_work`."""

from collections.abc import Callable, Sequence
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, redaction, storage
from paycorex.ledger.links import Finding
from paycorex.ledger.proof import checkpoint_store, sealed_check
from paycorex.ledger.proof.proof_key import PublicKeys

# Given whose audit log and the number of the entry that was walked last: how many more were, what is wrong, whether nothing is left.
AuditStep = Callable[[str, int], tuple[int, Sequence[str], bool]]

FOUND: Final = "ledger verification found something"
RUNNING: Final = "running"
SOUND: Final = "sound"
UNSOUND: Final = "unsound"
# More are counted, not kept: the first ones say where to look.
MAX_FINDINGS: Final = 100
_SCOPE: Final = "verification"

logger = redaction.logger("verification")


class VerificationItem(storage.Item):
    """One verification. Times in milliseconds; number and runs_done: the checkpoint that is being checked and its runs that are.

    audit_log: whose chained log it walks in place of the ledger.
    """

    class Meta:
        """Which table."""

        table_name = "ledger_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    status = UnicodeAttribute(null=True)
    audit_log = UnicodeAttribute(null=True)
    version = NumberAttribute(default=0)
    started_at = NumberAttribute(null=True)
    updated_at = NumberAttribute(null=True)
    number = NumberAttribute(default=1)
    runs_done = NumberAttribute(default=0)
    until = NumberAttribute(default=0)
    entries = NumberAttribute(default=0)
    total_entries = NumberAttribute(default=0)
    found = NumberAttribute(default=0)
    # Pairs of where and problem.
    findings = JSONAttribute(null=True)


class Overtaken(Exception):
    """Another tick advanced this verification; it finds again what this one found since."""


def newest(limit: int = 1) -> list[VerificationItem]:
    """The last verifications, newest first. Raises storage.Unavailable."""
    return storage.query(VerificationItem, VerificationItem.scope == _SCOPE, newest_first=True, limit=limit, consistent=True).items


def start(audit_log: str | None = None, audit_entries: int = 0) -> tuple[VerificationItem, bool]:
    """Begin a verification of everything sealed so far, or find the one that runs; and whether it is new.

    audit_log: of whom, and how many entries it has, to walk that in place of the ledger. Raises storage.Unavailable or OutcomeUnknown.
    """
    last = newest()
    if last and last[0].status == RUNNING:
        return last[0], False
    head = checkpoint_store.newest() if audit_log is None else None
    now = clock.now_ms()
    item = VerificationItem(
        scope=_SCOPE,
        # One after the last, so that of two that start at once one is refused and finds the other's.
        position=f"{int(last[0].position) + 1 if last else 1:012d}",
        status=RUNNING if head or audit_log else SOUND,
        audit_log=audit_log,
        started_at=now,
        updated_at=now,
        until=head.number if head else 0,
        total_entries=head.statement.total_entries if head else audit_entries,
        findings=[],
    )
    try:
        storage.run(storage.put(item, VerificationItem.position.does_not_exist()))
    except storage.ConditionRefused:
        return newest()[0], False
    return item, True


def work(public_keys: PublicKeys, may_go_on: Callable[[], bool], audit_step: AuditStep) -> VerificationItem | None:
    """Go on with the verification that runs, if one does, for as long as it may. Raises storage.Unavailable, Overtaken."""
    last = newest()
    if not last or last[0].status != RUNNING:
        return None
    item = last[0]

    def report(number: int, runs_done: int, entries: int, findings: Sequence[Finding]) -> None:
        item.number, item.runs_done = number, runs_done
        _save(item, entries, findings)

    if item.audit_log is not None:
        is_done = _walk(item, item.audit_log, may_go_on, audit_step)
    else:
        is_done = sealed_check.check((int(item.number), int(item.runs_done)), int(item.until), public_keys, report, may_go_on)
    if is_done:
        item.status = UNSOUND if int(item.found) else SOUND
        _save(item, 0, ())
    return item


def _walk(item: VerificationItem, audit_log: str, may_go_on: Callable[[], bool], audit_step: AuditStep) -> bool:
    """Steps along an audit log, for as long as it may; whether nothing is left."""
    while may_go_on():
        entries, wrong, is_whole = audit_step(audit_log, int(item.entries))
        # The log may have grown since, by the entry of this verification at least.
        item.total_entries = max(int(item.total_entries), int(item.entries) + entries)
        _save(item, entries, [Finding(f"audit log of {audit_log}", problem) for problem in wrong])
        if is_whole:
            return True
    return False


def _save(item: VerificationItem, entries: int, findings: Sequence[Finding]) -> None:
    kept = list(item.findings or ())
    # A tick that died may have reported some of them already.
    findings = [finding for finding in findings if [finding.where, finding.problem] not in kept]
    for finding in findings:
        logger.critical(FOUND, extra={"where": finding.where, "problem": finding.problem})
    kept += [[finding.where, finding.problem] for finding in findings[: MAX_FINDINGS - len(kept)]]
    version = int(item.version)
    item.version, item.updated_at = version + 1, clock.now_ms()
    item.entries, item.found, item.findings = int(item.entries) + entries, int(item.found) + len(findings), kept
    try:
        storage.run(storage.put(item, VerificationItem.version == version))
    except storage.ConditionRefused as refused:
        raise Overtaken(item.position) from refused
