"""What a processor refuses, as the library reads it: whose fault it is, its code, and whether another processor may see it otherwise."""

import re
from collections.abc import Collection
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.translation import Refused, Untranslatable
from payments.connectors.results import Declined, Fault

# ISO 8583's response codes of an issuer or a network that could not answer, and the words for it.
_RETRYABLE: Final = frozenset(
    {"19", "90", "91", "92", "96", "issuer_not_available", "processing_error", "reenter_transaction", "try_again_later"}
)
_AMOUNT: Final = re.compile(r"amount", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_WORDLESS: Final = "The processor refused it."


def refusal(refused: Refused, known: Processor, hidden: Collection[str] = (), reference: str | None = None) -> Declined:
    """An answer whose status says no. Raises OutcomeUnknown where it does not say that nothing happened."""
    is_payers = refused.status in {200, 402} or has_issuer(refused.error) or refused.error.connector_details.code in known.payers
    return declined(refused.error, known, hidden, reference, is_payers=is_payers)


def declined(
    error: Any, known: Processor, hidden: Collection[str] = (), reference: str | None = None, *, is_payers: bool = True
) -> Declined:
    """A refusal. Raises OutcomeUnknown when the processor was asked for this before: an earlier request may have taken the money."""
    its_own = error.connector_details.code
    if its_own in known.earlier or error.issuer_details.code in known.earlier:
        raise OutcomeUnknown("The processor has been asked for this before.")
    words = error.connector_details.message or error.issuer_details.message or error.unified_details.message
    reason = documents.shown(words or _WORDLESS, hidden)
    code = _code(error)
    if is_payers and its_own not in known.setup:
        return Declined(code, reason, code in _RETRYABLE or error.issuer_details.network_details.decline_code in _RETRYABLE, reference)
    fault = Fault.AMOUNT if _AMOUNT.search(its_own) else Fault.SETUP
    return Declined(code, reason, retryable=True, provider_reference=reference, fault=fault)


def untranslatable(problem: Untranslatable) -> Declined:
    """The library makes no request of it: nothing was sent, and another processor may take it."""
    return Declined(problem.code[: documents.MAX_CODE_CHARACTERS], documents.shown(problem.reason), retryable=True, fault=Fault.SETUP)


def has_issuer(error: Any) -> bool:
    """True when the refusal is the issuer's own."""
    issuer = error.issuer_details
    return bool(issuer.code or issuer.message or issuer.network_details.decline_code)


def _code(error: Any) -> str:
    """The issuer's word for it, where it is a word; else its number; else the processor's own code."""
    issuer = error.issuer_details
    said = (issuer.message, issuer.network_details.decline_code, issuer.code, error.connector_details.code, error.unified_details.code)
    found = next((text for text in said if _CODE.fullmatch(text)), "declined")
    return documents.shown(found)[: documents.MAX_CODE_CHARACTERS]
