"""`paycorex admin recover-key …`: a new key for a merchant that is locked out, made with the operator's own AWS permissions."""

import argparse
from typing import TYPE_CHECKING

from merchants import accounts, keys
from paycorex import ids, storage
from paycorex.errors import Refusal

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to those of `paycorex admin`."""
    recover = subparsers.add_parser("recover-key", help="a new key for a merchant that has none it can use; shown once, and written down")
    recover.add_argument("merchant", metavar="mer_...")
    recover.add_argument("--by", required=True, type=_text, help="who does this, for the audit row")
    recover.add_argument("--reason", required=True, type=_text, help="why, and how it was found that it is the merchant who asks")
    recover.add_argument("--revoke-others", action="store_true", help="revoke every other live key; takes effect within a minute")
    recover.set_defaults(run=_recover)


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return value.strip()


def _recover(arguments: argparse.Namespace) -> int:
    try:
        merchant = accounts.find(arguments.merchant)
        issued = keys.recover(
            merchant.merchant_id, ids.new("key"), operator=arguments.by, reason=arguments.reason, revoke_others=arguments.revoke_others
        )
    except Refusal as refusal:
        print(refusal.message)
        return 1
    except storage.TransactionRefused:
        print("The merchant's keys were changed at the same moment. Nothing was done; try again.")
        return 1
    print(f"merchant {merchant.merchant_id} ({merchant.status}), key {issued.item.key_id}. Shown once:")
    print(f"api_key {issued.api_key}")
    print(f"secret {issued.secret}")
    return 0
