"""UPI addresses: the one grammar of a virtual payment address (VPA, NPCI), for payees and payers alike."""

import re
from typing import Final

# `name@handle`. A handle is one word, which NPCI gave to a bank or app; or an address that NPCI itself resolves, such as a bank account's
# `<account>@<IFSC>.ifsc.npci`. An e-mail address is neither.
_VPA: Final = re.compile(r"[a-z0-9.\-_]{2,256}@(?:[a-z][a-z0-9]{1,63}|(?=.{1,64}\Z)[a-z0-9]+(?:\.[a-z0-9]+)*\.npci)", re.ASCII)
# Without an example in one piece: the redaction of error texts would mask it as an address.
PROBLEM: Final = "a VPA is a name, the sign @ and a handle, and has no spaces inside"


def normalised(typed: str) -> str:
    """A VPA as people type it, in lower case: upper and lower case are alike. Raises ValueError, which says what a VPA is."""
    normal = typed.strip(" ").lower()
    # Some letters outside ASCII have an ASCII letter as their lower case.
    if not typed.isascii() or not _VPA.fullmatch(normal):
        raise ValueError(PROBLEM)
    return normal
