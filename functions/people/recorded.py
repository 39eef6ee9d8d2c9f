"""Entries of the audit log for what comes in by no signed route: people who sign in or add a passkey by a ticket, and operators."""

from paycorex import clock, ids, redaction, storage
from paycorex.audit import chain, contents
from paycorex.audit.entry import DONE
from paycorex.errors import Refusal
from paycorex.records.person import PersonItem
from people.browser import Browser

logger = redaction.logger("audit")
_NOWHERE = Browser({}, "", "")


def note(
    merchant_id: str,
    operation: str,
    *,
    actor: str,
    person: PersonItem,
    browser: Browser = _NOWHERE,
    session_id: str = "",
    reason: str = "",
) -> None:
    """Append an entry. What cannot be written is said in the log: it was done already."""
    after = {"person_id": person.person_id, "email": person.email, "role": person.role, "passkeys": len(person.passkeys)}
    fields = {
        "audit_id": ids.new("aud"),
        "at": clock.now_ms(),
        "actor": actor,
        "actor_name": person.name if actor == person.person_id else "",
        "operation": operation,
        "method": "",
        "path": "",
        "object_id": person.person_id,
        "asked": contents.text({"reason": reason}) if reason else "",
        "before": "",
        "after": contents.text(after),
        "outcome": DONE,
        "source_ip": browser.source_ip,
        "agent": browser.headers.get("user-agent", ("",))[0][:300],
        "session_id": session_id,
        "request_id": "",
    }
    try:
        chain.append(merchant_id, fields)
    except (Refusal, storage.Unavailable, storage.OutcomeUnknown):
        logger.exception("no audit entry", extra={"merchant_id": merchant_id, "operation": operation})
