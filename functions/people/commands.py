"""`paycorex admin invite-owner …`: a way in for an owner who has none, by the operator's own AWS permissions."""

import argparse
from typing import TYPE_CHECKING

from paycorex import settings, storage
from paycorex.audit import verification
from paycorex.credentials.roles import OWNER
from paycorex.errors import Refusal
from people import people, views
from people.people import Invited
from people.recorded import note

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to those of `paycorex admin`."""
    invite = subparsers.add_parser("invite-owner", help="a link by which an owner of a merchant adds a passkey")
    invite.add_argument("merchant", metavar="mer_...")
    invite.add_argument("--email", required=True, type=str.lower, help="of the person; one who is there becomes owner again")
    invite.add_argument("--name", default="Owner", help="what the person is called, if new")
    invite.add_argument("--url", required=True, help="where the console is, such as https://pay.example.com")
    invite.add_argument("--by", required=True, help="who does this")
    invite.add_argument("--reason", required=True, help="why, and how it was found that it is the person who asks")
    invite.set_defaults(run=_invite)
    verify = subparsers.add_parser("verify-audit", help="walk a merchant's audit log, and compare it with its seals")
    verify.add_argument("merchant", metavar="mer_...")
    verify.set_defaults(run=_verify)


def _invite(arguments: argparse.Namespace) -> int:
    try:
        name = people.merchant_name(arguments.merchant)
        invited = invite_owner(arguments.merchant, email=arguments.email, name=arguments.name, operator=arguments.by)
        note(arguments.merchant, "operator_invites_owner", actor=arguments.by, person=invited.person, reason=arguments.reason)
    except Refusal as refusal:
        print(refusal.message)
        return 1
    except storage.TransactionRefused:
        print("The merchant's people were changed at the same moment. Nothing was done; try again.")
        return 1
    print(f"{name}: {invited.person.email}, {invited.person.person_id}. Works once, for seven days:")
    print(views.link_of(arguments.url.rstrip("/"), invited))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    found = verification.verify(arguments.merchant, settings.current().proof_key_id)
    print(f"{found.entries} entries, {found.seals} seals")
    for line in found.wrong:
        print(line)
    return 1 if found.wrong else 0


def invite_owner(merchant_id: str, *, email: str, name: str, operator: str) -> Invited:
    """A ticket for an owner: a new person, or the one with this address, who becomes owner and active with passkeys as they are.

    Raises Conflict, TooMany, storage.TransactionRefused.
    """
    return people.let_in(merchant_id, "usr", email=email, name=name, role=OWNER, by=operator)
