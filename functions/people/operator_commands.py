"""`paycorex operators invite …`: a way in for an operator, the first one too, by the caller's own AWS permissions."""

import argparse
from typing import TYPE_CHECKING

from paycorex import storage
from paycorex.credentials.operators import ADMIN, REALM, ROLE_NAMES
from paycorex.errors import Refusal
from people import operators, store
from people.operator_views import link_of
from people.recorded import note

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def add_to(subparsers: "Subparsers") -> None:
    """Add the commands `operators`."""
    commands = subparsers.add_parser("operators", help="who may sign in to the operators' page").add_subparsers(
        required=True, metavar="command"
    )
    invite = commands.add_parser("invite", help="a link by which an operator adds a passkey; one who is there gets the role too")
    invite.add_argument("--email", required=True, type=str.lower, help="of the person")
    invite.add_argument("--name", default="Operator", help="what the person is called, if new")
    invite.add_argument("--role", default=ADMIN, choices=ROLE_NAMES)
    invite.add_argument("--url", required=True, help="where the API is, such as https://pay.example.com")
    invite.add_argument("--by", required=True, help="who does this; stands in the operators' audit log")
    invite.set_defaults(run=_invite)
    commands.add_parser("list", help="all operators").set_defaults(run=_list)


def _invite(arguments: argparse.Namespace) -> int:
    try:
        invited = operators.invite(email=arguments.email, name=arguments.name, role=arguments.role, by=arguments.by)
    except Refusal as refusal:
        print(refusal.message)
        return 1
    except storage.TransactionRefused:
        print("The operators were changed at the same moment. Nothing was done; try again.")
        return 1
    note(REALM, "operator_invited_by_command", actor=arguments.by, person=invited.person)
    print(f"{invited.person.email}, {invited.person.role}, {invited.person.person_id}. Works once, for seven days:")
    # Browsers know this machine's address by a name, which a passkey belongs to.
    print(link_of(arguments.url.rstrip("/").replace("://127.0.0.1", "://localhost", 1), invited))
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    for person_id in store.roster(REALM).people:
        person = store.find(person_id)
        if person is not None:
            print(f"{person.person_id} {person.email} {person.role} {person.status}, {len(person.passkeys)} passkeys")
    return 0
