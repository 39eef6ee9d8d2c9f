"""Names that providers give charges, captures and refunds, compared: what is reported of another object is not this one's."""

from typing import Final

from payments.connectors import capabilities
from payments.payment.attempts import AttemptRecord

_KIND: Final = "_"


def is_another(known: str | None, reported: str | None) -> bool:
    """True when both name an object of the same kind (`pi_…`, `pay_…`), and not the same one. A code's payments are named otherwise.

    Names that say no kind are of one kind: what a report calls an object is what its provider called it when it was made.
    """
    if known is None or reported is None or known == reported:
        return False
    if _KIND in known or _KIND in reported:
        return known.partition(_KIND)[0] == reported.partition(_KIND)[0]
    return True


def is_another_than(attempt: AttemptRecord | None, reported: str | None) -> bool:
    """The same of an attempt's charge. What the payer's browser pays in is none: each payment of it has a name of its own."""
    if attempt is None or attempt.provider_reference is None or capabilities.is_session(attempt.connector, attempt.provider_reference):
        return False
    return is_another(attempt.provider_reference, reported)
