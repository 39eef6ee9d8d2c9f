"""What a merchant says before card numbers may be kept for it."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex.card_storage import VAULT
from paycorex.errors import InvalidRequest

FIELDS: Final = ("card_storage", "i_am_pci_dss_assessed", "allow_inr_pan")


def check(given: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """given: what the request changes. after: the settings with it. Raises InvalidRequest for a vault without an assessment."""
    if not set(FIELDS) & set(given):
        return
    if after.get("card_storage") == VAULT and after.get("i_am_pci_dss_assessed") is not True:
        raise InvalidRequest(
            "card_storage vault keeps card numbers here, for a company that was assessed: send i_am_pci_dss_assessed true with it.",
            details={"field": "i_am_pci_dss_assessed"},
        )
